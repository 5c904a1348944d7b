/**
 * The question of a pairing, asked of the two functions as they are: lowered without a state that anybody
 * wrote, with the two fields of the protocol shared and all else free.
 */

import { fieldName } from '../facts/file-facts.ts';
import { GUARD_MACROS } from '../kernel/guards.ts';
import { primitives } from '../kernel/primitives.ts';
import { optionsAround } from '../lowering/configuration.ts';
import { lower } from '../lowering/lower.ts';
import type { Lowered, LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { Program } from '../program/program.ts';
import { settleOpenValues } from '../program/settle-open-values.ts';
import type { AskedProgram, CycleLegs } from './cycle-outcome.ts';
import type { Protocol } from './protocol.ts';

/** The texts in which the functions of a question are looked up. */
export interface QuestionSources {
  /** Files and their headers, those of the roots first. */
  readonly of: (files: readonly string[]) => readonly SourceText[];
  readonly parse: LoweringRequest['parse'];
}

/** What is asked, or why it cannot be. */
export type OpenQuestion =
  | {
      readonly asked: AskedProgram;
      readonly legs: CycleLegs;
      readonly lowered: Lowered;
    }
  | { readonly unknown: string; readonly place?: Lowered['notModelled'][number]['place'] };

/** How often a loop is gone round, and how deep calls are followed. */
const UNROLL = 2;
const DEPTH = 4;

const NOWHERE = { start: 0, end: 0 };

/** The two threads of a protocol, and the cycle that its order forbids. */
export function openQuestion(protocol: Protocol, sources: QuestionSources): OpenQuestion {
  const { order, roots } = protocol;
  const [first, second] = [fieldName(order.first), fieldName(order.second)];
  const texts = sources.of(roots.map(({ file }) => file));
  const lowered = lower(requestOf(protocol, [first, second], texts, sources));
  const [unmodelled] = lowered.notModelled;
  if (unmodelled !== undefined) return { unknown: unmodelled.message, place: unmodelled.place };
  const at = (field: string) =>
    new Set([...lowered.fields].flatMap(([location, of]) => (of === field ? [location] : [])));
  const [firsts, seconds] = [at(first), at(second)];
  if (firsts.size === 0 || seconds.size === 0)
    return { unknown: `the functions do not both come to ${firsts.size === 0 ? first : second}` };
  const { program, unsettled } = settleOpenValues(programOf(lowered), []);
  const [open] = unsettled;
  if (open !== undefined)
    return { unknown: open.message, ...(open.at.origin && { place: open.at.origin }) };
  return {
    lowered,
    asked: {
      programs: [program],
      sites: lowered.sites,
      names: { nameOf: (location) => lowered.fields.get(location) ?? location },
      unroll: UNROLL,
    },
    legs: [
      { thread: 0, first: firsts, last: seconds },
      { thread: 1, first: seconds, last: firsts },
    ],
  };
}

function requestOf(
  { roots, places }: Protocol,
  fields: readonly string[],
  texts: readonly SourceText[],
  { parse }: QuestionSources,
): LoweringRequest {
  const file = roots[0].file;
  return {
    sources: texts,
    stubs: [],
    state: parse('', ''),
    actors: roots.map((root) => ({ body: `${root.function}();`, file: root.file, offset: 0 })),
    parse,
    configuration: { required: requiredBy(places, texts) },
    unroll: UNROLL,
    depth: DEPTH,
    accesses: 'marked',
    open: { fields: new Set(fields), matters: mattersFor(fields, texts, file) },
  };
}

/** The options without which what is asked about is not there. */
function requiredBy(places: Protocol['places'], texts: readonly SourceText[]): ReadonlySet<string> {
  const around = places.flatMap(({ file, span }) => {
    const source = texts.find((text) => text.file === file);
    return source === undefined ? [] : optionsAround(source.parsed.conditionals, span);
  });
  return new Set(around);
}

function programOf({ initial, threads }: Lowered): Program {
  return {
    name: 'open',
    description: '',
    initial,
    threads,
    observed: [],
    condition: { quantifier: 'exists', proposition: { kind: 'true' }, span: NOWHERE },
  };
}

/** How deep a function is looked into for whether it matters. */
const LOOKED_INTO = 2;

/** Names of the fields, of what orders, and of functions whose text uses one of these, directly or through what they call. */
function mattersFor(
  fields: readonly string[],
  texts: readonly SourceText[],
  home: string,
): (name: string) => boolean {
  const own = new Set(fields.map((field) => field.slice(field.lastIndexOf('.') + 1)));
  const known = new Map<string, boolean>();
  const matters = (name: string, depth: number): boolean => {
    if (own.has(name) || ORDERING.has(name)) return true;
    const before = known.get(name);
    if (before !== undefined || depth === 0) return before ?? false;
    known.set(name, false);
    const words = wordsOf(name, texts, home);
    const answer = words !== undefined && [...words].some((word) => matters(word, depth - 1));
    known.set(name, answer);
    return answer;
  };
  return (name) => matters(name, LOOKED_INTO);
}

/** The words of a function's text; undefined where no text defines it. */
function wordsOf(
  name: string,
  texts: readonly SourceText[],
  home: string,
): ReadonlySet<string> | undefined {
  const found = texts.flatMap((source) => {
    const definition = functionsIn(source).get(name);
    return definition === undefined ? [] : [{ source, definition }];
  });
  const best = found.find(({ source }) => source.file === home) ?? found[0];
  if (best === undefined) return undefined;
  const { span } = best.definition;
  const known = words.get(best.definition);
  if (known !== undefined) return known;
  const made = new Set(best.source.text.slice(span.start, span.end).match(/\w+/g));
  words.set(best.definition, made);
  return made;
}

type Definition = SourceText['parsed']['functions'][number];

const words = new WeakMap<Definition, ReadonlySet<string>>();
const tables = new WeakMap<SourceText['parsed'], ReadonlyMap<string, Definition>>();

function functionsIn({ parsed }: SourceText): ReadonlyMap<string, Definition> {
  const known = tables.get(parsed);
  if (known !== undefined) return known;
  const table = new Map(parsed.functions.map((each) => [each.name, each]));
  tables.set(parsed, table);
  return table;
}

/** What orders accesses by itself. */
const ORDERING: ReadonlySet<string> = new Set([
  ...GUARD_MACROS,
  ...[...primitives.values()]
    .filter(({ orders, operation }) => orders.length > 0 || operation?.kind === 'lock')
    .map(({ name }) => name),
]);
