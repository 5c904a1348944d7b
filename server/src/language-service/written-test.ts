/** Litmus tests and scenarios as documents that somebody writes: what is wrong in them, what they have, and what a test comes to. */

import { occurrencesAt } from '../litmus/occurrences.ts';
import { parseLitmus } from '../litmus/parse.ts';
import { PRIMITIVES } from '../litmus/primitives.ts';
import { sectionsOf } from '../litmus/sections.ts';
import { type Candidates, only } from '../program/candidates.ts';
import type { InitialValue, Program } from '../program/program.ts';
import { programValues } from '../program/program-values.ts';
import { scenarioOccurrences } from '../scenario/occurrences.ts';
import { ITEMS, parseScenario } from '../scenario/parse-scenario.ts';
import type { ScenarioPart } from '../scenario/scenario.ts';
import { check } from '../search/check.ts';
import type { Occurrences } from '../text/occurrences.ts';
import type { Problem, Span } from '../text/span.ts';
import type { NamesAround } from './names-around.ts';
import { BUDGET } from './written-execution.ts';

/** A part of the document that an outline names. */
export interface WrittenPart {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'thread' | 'condition' | 'state';
  readonly span: Span;
}

export interface WrittenTest {
  readonly problems: readonly Problem[];
  /** In text order. */
  readonly parts: readonly WrittenPart[];
  /** Of a litmus test without a problem. */
  readonly program?: Program;
  /** Of a scenario without a problem. */
  readonly scenario?: ScenarioPart;
}

/** Whether a file is written in one of the two languages. */
export function isWrittenTest(path: string): boolean {
  return path.endsWith('.litmus') || path.endsWith('.scenario');
}

/** Nobody writes a longer one. */
const MOST_CHARACTERS = 500_000;

/** What the text of a litmus test or a scenario says; total. */
export function readWrittenTest(path: string, text: string): WrittenTest {
  if (text.length > MOST_CHARACTERS) {
    const message = `not read: ${text.length} characters, the limit is ${MOST_CHARACTERS}`;
    return { problems: [{ message, span: { start: 0, end: 0 } }], parts: [] };
  }
  const read = path.endsWith('.scenario') ? readScenario(path, text) : readLitmus(text);
  return { ...read, parts: read.parts.toSorted((a, b) => a.span.start - b.span.start) };
}

function readScenario(path: string, text: string): WrittenTest {
  const { part, problems } = parseScenario(path, text);
  const actors = part.actors.map(({ index, task, body }) => ({
    name: `P${index}`,
    detail: task === undefined ? '' : `as ${task.name}`,
    kind: 'thread' as const,
    span: around(body),
  }));
  const blocks = [
    ...part.state.map((block) => ['state', block] as const),
    ...part.setup.map((block) => ['setup', block] as const),
    ...part.stubs.map((block) => ['stubs', block] as const),
  ].map(([name, block]) => ({ name, detail: '', kind: 'state' as const, span: around(block) }));
  const invariants = part.invariants.map(({ name, words, span }) => ({
    name,
    detail: words,
    kind: 'condition' as const,
    span,
  }));
  return {
    problems,
    parts: [...actors, ...blocks, ...invariants],
    ...(problems.length === 0 && { scenario: part }),
  };
}

/** A block with its braces. */
function around({ offset, text }: { readonly offset: number; readonly text: string }): Span {
  return { start: Math.max(0, offset - 1), end: offset + text.length + 1 };
}

function readLitmus(text: string): WrittenTest {
  const { program, problems } = parseLitmus(text);
  const sections = sectionsOf(text, []);
  const ends =
    sections === undefined
      ? []
      : [
          {
            name: '{ }',
            detail: 'initial state',
            kind: 'state' as const,
            span: around({
              offset: sections.initial.start,
              text: text.slice(sections.initial.start, sections.initial.end),
            }),
          },
        ];
  if (program === undefined) return { problems, parts: ends };
  const threads = program.threads.map(({ index, parameters, span }) => ({
    name: `P${index}`,
    detail: parameters.map(({ name }) => name).join(', '),
    kind: 'thread' as const,
    span,
  }));
  const { quantifier, span } = program.condition;
  const condition = { name: quantifier, detail: '', kind: 'condition' as const, span };
  return { problems, program, parts: [...ends, ...threads, condition] };
}

/** What the executions of a test come to: `Never · 0 of 3 executions`, counted as herd does; and whether that is what its `Result:` says. */
export function observationOf(program: Program): string {
  const { observation, positive, negative, unknown } = check(program, { budget: BUDGET });
  if (observation === undefined)
    return `? not known within ${BUDGET.milliseconds} ms: ${unknown?.reason ?? 'too large'}`;
  const counted = `${observation} · ${positive} of ${positive + negative} executions`;
  const { expected } = program;
  if (expected === undefined) return counted;
  return expected === observation ? `✓ ${counted}` : `✗ ${counted}, expected ${expected}`;
}

/** Nobody reads a longer list; who types on has a shorter one. */
const MOST_NAMES = 200;

/** What may stand where a name has been begun before the offset: the primitives that a test can call and what it names itself; in a
 *  scenario also what its language and the files around have. */
export function writtenCompletions(
  path: string,
  text: string,
  offset: number,
  known: () => NamesAround,
): { readonly span: Span; readonly names: readonly string[] } {
  let start = offset;
  while (/\w/.test(text[start - 1] ?? '')) start--;
  const typed = text.slice(start, offset);
  const span = { start, end: offset };
  const before = text.slice(Math.max(0, start - 20), start);
  const isMember = /(?:->|\w\.)$/.test(before);
  if (typed === '' && !isMember) return { span, names: [] };
  const isScenario = path.endsWith('.scenario');
  const all = isMember
    ? isScenario
      ? known().fields
      : []
    : isScenario
      ? scenarioNames(text, start, before, known())
      : [...PRIMITIVES.keys(), ...wordsOf(text, start)];
  const names = [...new Set(all)].filter((name) => name.startsWith(typed) && name !== typed);
  return { span, names: names.slice(0, MOST_NAMES) };
}

function scenarioNames(
  text: string,
  start: number,
  before: string,
  { functions, structs }: NamesAround,
): readonly string[] {
  if (/\bstruct $/.test(before)) return [...structs];
  const begins = start === 0 || text[start - 1] === '\n' ? ITEMS : [];
  return [...begins, ...wordsOf(text, start), ...PRIMITIVES.keys(), ...functions];
}

/** The words of a text but for the one that begins at `start`. */
function wordsOf(text: string, start: number): readonly string[] {
  return [...text.matchAll(/[A-Za-z_]\w*/g)]
    .filter(({ index }) => index !== start)
    .map(([word]) => word);
}

/** The location or the register of a test, or the object or variable of a scenario, without a problem that stands at an offset;
 *  undefined where none does. */
export function placeAt(
  text: string,
  { program, scenario }: WrittenTest,
  offset: number,
): Occurrences | undefined {
  if (scenario !== undefined) return scenarioOccurrences(text, scenario, offset);
  return program && occurrencesAt(text, program, offset);
}

/** What the location or register of a litmus test may hold, in a sentence; undefined where none stands there. */
export function heldAt(
  text: string,
  { program }: WrittenTest,
  offset: number,
): { readonly span: Span; readonly sentence: string } | undefined {
  const place = program && occurrencesAt(text, program, offset);
  const span = place?.spans.find(({ start, end }) => start <= offset && offset <= end);
  if (program === undefined || place === undefined || span === undefined) return undefined;
  const { name, thread } = place;
  const values = programValues(started(program));
  const at = program.threads.findIndex(({ index }) => index === thread);
  const held = thread === undefined ? values.locations.get(name) : values.registers[at]?.get(name);
  const what = thread === undefined ? `${name}, a location` : `${name}, a register of P${thread}`;
  return { span, sentence: `${what}: ${heldWords(held)}` };
}

/** The program with what herd adds: parameters lead to the locations of their names, which are 0 at first. */
function started(program: Program): Program {
  const added = program.threads.flatMap(({ index: thread, parameters }) =>
    parameters.flatMap(({ name, type, span }): readonly InitialValue[] => [
      { target: { kind: 'location', name }, value: ZERO, type: '', span },
      {
        target: { kind: 'register', thread, name },
        value: { kind: 'address', of: name },
        type,
        span,
      },
    ]),
  );
  return { ...program, initial: [...added, ...program.initial] };
}

function heldWords(held: Candidates = only(ZERO)): string {
  if (held === 'any') return 'any value';
  const words = [...held.values()].map((value) =>
    value.kind === 'integer' ? String(value.value) : `&${value.of}`,
  );
  const sorted = words.toSorted((a, b) => Number(a) - Number(b));
  return sorted.length === 1 ? `always ${sorted[0]}` : `one of ${sorted.join(', ')}`;
}

const ZERO = { kind: 'integer', value: 0 } as const;

/** Words of C that a test can have without having said them. */
const KEYWORDS = new Set(
  'auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while'.split(
    ' ',
  ),
);

/** Why a place of a test cannot have that name, in a sentence; undefined where it can. */
export function whyNoName(name: string, { words }: Occurrences): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return `${name} is no name of C`;
  if (KEYWORDS.has(name) || PRIMITIVES.has(name) || /^P\d+$/.test(name))
    return `${name} has a meaning of its own`;
  return words.has(name) ? `${name} stands here already` : undefined;
}
