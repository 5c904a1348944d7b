/** What can matter to a question, as far as names tell: code that makes one of its accesses, orders accesses or holds something. */

import { grouped } from '../facts/grouped.ts';
import { GUARD_MACROS } from '../kernel/guards.ts';
import { waits } from '../kernel/left-out.ts';
import type { Primitive } from '../kernel/primitive.ts';
import { primitives } from '../kernel/primitives.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { Matters, OpenWorld, StoredFunction } from '../lowering/open-world.ts';
import { remembering } from '../memo/once.ts';
import type { Place } from '../text/span.ts';
import { givesBackAll } from './left-held.ts';
import { holdersOf } from './struct-holders.ts';
import { hasUnorderedWay } from './unordered-way.ts';

/** How deep a function is looked into for what orders accesses or holds something, in its own files. */
export const LOOKED_INTO = 2;
/** How deep for an access. */
const MOST_DEPTH = 4;

/**
 * What matters to a question about `fields`: names of these, of what orders, and of functions whose text uses one of them,
 * directly or through what they call, `depth` calls deep for what is no access. It is about the barriers and accesses at
 * `places`; calls through members lead to the functions `stored` in these.
 */
export function mattersFor(
  fields: readonly string[],
  texts: readonly SourceText[],
  home: string,
  depth: number,
  places: readonly Place[],
  stored: OpenWorld['stored'],
): Matters {
  const members = new Set(fields.flatMap((field) => membersOf(field, texts)));
  const globals = new Set(fields.filter((field) => !field.includes('.')).map(bare));
  const definitionsOf = definitionsIn(texts, home, stored);
  const isAccess = (name: string) =>
    name.startsWith('.') ? members.has(name.slice(1)) : members.has(name) || globals.has(name);
  const accesses = led(isAccess, definitionsOf, (name) => members.has(name));
  const orders = led((name) => ORDERING.has(name), definitionsOf);
  const keeps = led((name) => {
    // What waits for others ends what those do.
    if (waits.has(name)) return true;
    if (HOLDING.has(name)) return false;
    return definitionsOf(name).some(({ source, definition }) => !givesBackAll(source, definition));
  }, definitionsOf);
  const asked = new Set(places.flatMap((place) => functionsAround(place, texts)));
  const leadsToAsked = led((name) => asked.has(name), definitionsOf);
  const mayPass = (name: string, left: number): boolean => {
    if (left === 0) return true;
    const meets = (inner: string) =>
      ORDERING.has(inner) || (orders(inner, left) && !mayPass(inner, left - 1));
    const definitions = definitionsOf(name);
    return (
      definitions.length > 0 &&
      definitions.every(({ definition }) => hasUnorderedWay(definition, meets))
    );
  };
  const passing = remembering((name: string) => !leadsToAsked(name, depth) && mayPass(name, depth));
  return {
    accesses: (name) => accesses(name, MOST_DEPTH),
    isOrder: (name) => ORDERING.has(name),
    orders: (name) => orders(name, depth),
    mayPass: passing,
    holds: (name) => HOLDING.has(name) || keeps(name, depth),
  };
}

/** The names of the functions in whose text a place is. */
function functionsAround({ file, span }: Place, texts: readonly SourceText[]): readonly string[] {
  const functions = texts.find((text) => text.file === file)?.parsed.functions ?? [];
  return functions
    .filter((each) => each.span.start <= span.start && span.end <= each.span.end)
    .map(({ name }) => name);
}

/** Whether a name is meant, or that of a function whose text leads to one that is; what a function declares for itself and
 *  `isHidden` says of a name is not meant in it. */
function led(
  isMeant: (name: string) => boolean,
  definitionsOf: DefinitionsOf,
  isHidden: (name: string) => boolean = () => false,
): (name: string, depth: number) => boolean {
  // The least depth at which something was found, the greatest at which nothing was: a name is asked at several.
  const found = new Map<string, number>();
  const vain = new Map<string, number>();
  const leads = (name: string, depth: number): boolean => {
    if (isMeant(name)) return true;
    if ((found.get(name) ?? Number.POSITIVE_INFINITY) <= depth) return true;
    if ((vain.get(name) ?? 0) >= depth) return false;
    const definitions = definitionsOf(name);
    const isFound = definitions.some((definition) => leadsIn(definition, depth - 1));
    if (isFound) found.set(name, depth);
    else vain.set(name, definitions.length === 0 ? Number.POSITIVE_INFINITY : depth);
    return isFound;
  };
  const leadsIn = (placed: PlacedDefinition, depth: number) => {
    const { names, declared } = wordsOf(placed);
    return [...names].some((word) => !(declared.has(word) && isHidden(word)) && leads(word, depth));
  };
  return leads;
}

/** The names of members by which code comes to a field: its own, and those of what it is copied with. */
function membersOf(field: string, texts: readonly SourceText[]): readonly string[] {
  const [struct = '', ...path] = field.split('.');
  return path.length === 0 ? [] : [bare(path.at(-1)!), ...holdersOf(struct, texts)];
}

function bare(name: string): string {
  return name.replace(/^\*/, '');
}

type Definition = SourceText['parsed']['functions'][number];

interface PlacedDefinition {
  readonly source: SourceText;
  readonly definition: Definition;
}

/** The definitions of a function by its name, one for each configuration. */
type DefinitionsOf = (name: string) => readonly PlacedDefinition[];

/** Those of `home` where several texts define a function, else of the first; of a member those that are stored in it. */
function definitionsIn(
  texts: readonly SourceText[],
  home: string,
  stored: OpenWorld['stored'],
): DefinitionsOf {
  const texted = texts.toSorted((a, b) => Number(b.file === home) - Number(a.file === home));
  const called = grouped([...stored], ([member]) => [member.slice(member.lastIndexOf('.'))]);
  const definitionsIn = ({ function: name, file }: StoredFunction) => {
    const source = texts.find((each) => each.file === file);
    const found = source && functionsIn(source).get(name);
    return found?.map((definition) => ({ source: source!, definition })) ?? [];
  };
  return remembering((name: string) => {
    if (name.startsWith('.'))
      return (called.get(name) ?? []).flatMap(([, each]) => definitionsIn(each));
    const source = texted.find((each) => functionsIn(each).has(name));
    if (source === undefined) return [];
    return functionsIn(source)
      .get(name)!
      .map((definition) => ({ source, definition }));
  });
}

/** The words of a function's text, members with a point before them, and the variables that it seems to declare. */
interface Words {
  readonly names: ReadonlySet<string>;
  readonly declared: ReadonlySet<string>;
}

const WORD = /(->\s*|\.\s*)?\b([A-Za-z_]\w*)/g;
const DECLARED =
  /\b(?!return\b|else\b|goto\b|case\b|sizeof\b)[A-Za-z_]\w*[\s*]+([A-Za-z_]\w*)\s*(?=[;,=)[])/g;

function wordsOf({ source, definition }: PlacedDefinition): Words {
  const known = words.get(definition);
  if (known !== undefined) return known;
  const text = source.text.slice(definition.span.start, definition.span.end);
  const names = new Set(
    [...text.matchAll(WORD)].map(([, member, name]) =>
      member === undefined ? name! : `.${name!}`,
    ),
  );
  const declared = new Set([...text.matchAll(DECLARED)].map(([, name]) => name!));
  words.set(definition, { names, declared });
  return { names, declared };
}

const words = new WeakMap<Definition, Words>();
const tables = new WeakMap<SourceText['parsed'], ReadonlyMap<string, readonly Definition[]>>();

function functionsIn({ parsed }: SourceText): ReadonlyMap<string, readonly Definition[]> {
  const known = tables.get(parsed);
  if (known !== undefined) return known;
  const table = grouped(parsed.functions, ({ name }) => [name]);
  tables.set(parsed, table);
  return table;
}

function namesWhere(isMeant: (primitive: Primitive) => boolean): readonly string[] {
  return [...primitives.values()].filter(isMeant).map(({ name }) => name);
}

/** What orders accesses by itself. */
const ORDERING: ReadonlySet<string> = new Set(
  namesWhere(({ orders, operation }) => orders.length > 0 || operation?.kind === 'lock'),
);

/** What begins or ends something that is held, in the function whose text names it. */
const HOLDING: ReadonlySet<string> = new Set([
  ...GUARD_MACROS,
  ...namesWhere(({ category }) => /^(?:lock|unlock|rcu-reader)$/.test(category)),
]);
