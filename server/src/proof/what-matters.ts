/** What can matter to a question: code that makes one of its accesses, orders accesses or leads to code that does, as far as names tell. */

import { GUARD_MACROS } from '../kernel/guards.ts';
import { waits } from '../kernel/left-out.ts';
import { primitives } from '../kernel/primitives.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { holdersOf } from './struct-holders.ts';

/** How deep a function is looked into for whether it matters. */
export const LOOKED_INTO = 2;

/** Names of the fields, of what orders, and of functions whose text uses one of these, directly or through what they call. */
export function mattersFor(
  fields: readonly string[],
  texts: readonly SourceText[],
  home: string,
  depth: number,
): (name: string) => boolean {
  const own = new Set(fields.flatMap((field) => namesOf(field, texts)));
  // The least depth at which something was found, the greatest at which nothing was: a name is asked at several.
  const found = new Map<string, number>();
  const vain = new Map<string, number>();
  const matters = (name: string, depth: number): boolean => {
    if (own.has(name) || ORDERING.has(name)) return true;
    if ((found.get(name) ?? Number.POSITIVE_INFINITY) <= depth) return true;
    if ((vain.get(name) ?? 0) >= depth) return false;
    const words = wordsOf(name, texts, home);
    const isFound = words !== undefined && [...words].some((word) => matters(word, depth - 1));
    if (isFound) found.set(name, depth);
    else vain.set(name, words === undefined ? Number.POSITIVE_INFINITY : depth);
    return isFound;
  };
  return (name) => matters(name, depth);
}

/** The names by which code comes to a field: its own, and those of what it is copied with. */
function namesOf(field: string, texts: readonly SourceText[]): readonly string[] {
  const [struct = '', ...path] = field.split('.');
  const last = path.at(-1) ?? struct;
  return [last.replace(/^\*/, ''), ...(path.length === 0 ? [] : holdersOf(struct, texts))];
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

/** What orders accesses by itself, or waits. */
const ORDERING: ReadonlySet<string> = new Set([
  ...waits,
  ...GUARD_MACROS,
  ...[...primitives.values()]
    .filter(({ orders, operation }) => orders.length > 0 || operation?.kind === 'lock')
    .map(({ name }) => name),
]);
