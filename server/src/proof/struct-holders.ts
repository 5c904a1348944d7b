/** Where objects of a struct stand inside of others: code that copies such an object as a whole names none of its members. */

import { variablesOf, withoutKeyword } from '../facts/type-index.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { ObjectHome } from '../lowering/open-world.ts';
import type { TypeName } from '../syntax/ast.ts';

/** A struct that has more places than these is of general use (`list_head`), and is hardly copied. */
const MOST_HOLDERS = 16;

/** Of a struct inside a struct so many are looked at. */
const DEPTH = 3;

/** The names of the members and variables that are objects of `struct`, or have one inside; none of a struct of general use. */
export function holdersOf(struct: string, texts: readonly SourceText[]): readonly string[] {
  const found = new Set<string>();
  let structs: readonly string[] = [struct];
  for (let depth = 0; depth < DEPTH && structs.length > 0; depth++) {
    const holders = structs.flatMap((inner) =>
      texts.flatMap(({ parsed }) => holdersIn(parsed).get(inner) ?? []),
    );
    for (const { name } of holders) found.add(name);
    if (found.size > MOST_HOLDERS) return [];
    structs = holders.flatMap(({ of }) => of ?? []);
  }
  return [...found];
}

/** A member, with the struct that it is of, or a variable. */
interface Holder {
  readonly name: string;
  readonly of?: string;
  readonly isArray?: true;
}

/** Where the objects of these structs stand that are nowhere but in one member of another struct or in one variable, or of
 *  several in one of the structs that are meant (`outer`); and where those of that struct stand. */
export function homesOf(
  structs: readonly string[],
  texts: readonly SourceText[],
  outer: ReadonlySet<string>,
): ReadonlyMap<string, ObjectHome> {
  const found = new Map<string, ObjectHome>();
  const follow = (struct: string, depth: number): void => {
    const all = texts.flatMap(({ parsed }) => holdersIn(parsed).get(struct) ?? []);
    const meant = all.filter(({ of }) => of !== undefined && outer.has(of));
    const [home, ...others] = meant.length > 0 ? meant : all;
    const isOne = others.every(({ name, of }) => name === home?.name && of === home.of);
    if (home === undefined || !isOne || home.isArray || depth === 0) return;
    found.set(struct, home);
    if (home.of !== undefined) follow(home.of, depth - 1);
  };
  for (const struct of structs) follow(struct, DEPTH);
  return found;
}

type Parsed = SourceText['parsed'];

const tables = new WeakMap<Parsed, ReadonlyMap<string, readonly Holder[]>>();

/** By the struct that is held. */
function holdersIn(parsed: Parsed): ReadonlyMap<string, readonly Holder[]> {
  const known = tables.get(parsed);
  if (known !== undefined) return known;
  const table = new Map<string, Holder[]>();
  const put = (type: TypeName, holder: Holder): void => {
    if (type.pointers > 0) return;
    const held = withoutKeyword(type.base);
    const list = table.get(held);
    const found = { ...holder, ...(type.arrays > 0 && { isArray: true as const }) };
    if (list === undefined) table.set(held, [found]);
    else list.push(found);
  };
  for (const { name: of, fields } of parsed.structs)
    for (const { name, type } of fields) put(type, { name, of: withoutKeyword(of) });
  for (const [name, type] of variablesOf(parsed)) put(type, { name });
  tables.set(parsed, table);
  return table;
}
