/**
 * Calls through a member of a struct (`ops->run(x)`): which member that is, and which functions the code stores there, in an
 * initializer at file scope or by an assignment. Such a call bears the name of the member with its struct.
 */

import type { Declarator, Expression, InitializerItem, TypeName } from '../syntax/ast.ts';
import type { Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import { type FileFacts, fieldName, type Runner } from './file-facts.ts';
import { grouped } from './grouped.ts';
import { structNameOf } from './locations.ts';
import type { Scope } from './scope.ts';
import { type TypeIndex, withoutKeyword } from './type-index.ts';

/** Whether a call of that name is one through a member. */
export function isMemberName(name: string): boolean {
  return name.includes('.');
}

/** The name of a call through `callee` (`ops->run`, `(*ops->run)`); none where the struct is not known. */
export function calledMember(callee: Expression, scope: Scope): string | undefined {
  if (callee.kind === 'unary' && callee.operator === '*')
    return calledMember(callee.operand, scope);
  if (callee.kind !== 'field') return undefined;
  const struct = structNameOf(callee.base, scope);
  return struct === undefined ? undefined : memberName({ struct, member: callee.name });
}

/** The struct of a member, by the name of a call through it. */
export function structOfMember(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

/** The name of a call through a member. */
export function memberName({ struct, member }: Pick<Runner, 'struct' | 'member'>): string {
  return fieldName({ struct, name: member });
}

/** The functions that the steps of a function store in members. */
export function storedRunners(steps: readonly Step[], scope: Scope): readonly Runner[] {
  return steps
    .flatMap(({ expression }) => (expression === undefined ? [] : everyExpression(expression)))
    .flatMap((part) => {
      if (part.kind !== 'assign' || part.operator !== '=' || part.target.kind !== 'field')
        return [];
      const struct = structNameOf(part.target.base, scope);
      const isOther = (name: string) => scope.locals.has(name);
      return struct === undefined
        ? []
        : runnerOf(struct, part.target.name, part.value, scope.types, isOther);
    });
}

/** The functions that initializers at file scope store in members. */
export function initialRunners(
  globals: readonly Declarator[],
  types: TypeIndex,
): readonly Runner[] {
  return globals.flatMap(({ name, type, initial }) =>
    initial?.kind === 'initializer'
      ? runnersOfType(type, initial.items, types).map((each) => ({ ...each, table: name }))
      : [],
  );
}

function runnersOfType(
  type: TypeName,
  items: readonly InitializerItem[],
  types: TypeIndex,
): readonly Runner[] {
  const within = (value: Expression, of: TypeName | undefined) =>
    value.kind === 'initializer' && of !== undefined ? runnersOfType(of, value.items, types) : [];
  if (type.arrays > 0)
    return items.flatMap(({ value }) => within(value, { ...type, arrays: type.arrays - 1 }));
  const named = types.typedef(type.base) ?? type;
  const struct = withoutKeyword(named.base);
  return items.flatMap(({ designator, value }) => {
    const member = designator?.startsWith('.') ? designator.slice(1) : '';
    return /^\w+$/.test(member)
      ? [
          ...within(value, types.field(struct, member)),
          ...runnerOf(struct, member, value, types, () => false),
        ]
      : [];
  });
}

/** `value` as a function that is stored in a member; nothing where it is a variable, or the member is known to be none that
 *  points to a function. */
function runnerOf(
  struct: string,
  member: string,
  value: Expression,
  types: TypeIndex,
  isOther: (name: string) => boolean,
): readonly Runner[] {
  const { kind } = value;
  if (kind === 'cast' || (kind === 'unary' && value.operator === '&'))
    return runnerOf(struct, member, value.operand, types, isOther);
  if (kind !== 'identifier' || isOther(value.name) || types.global(value.name) !== undefined)
    return [];
  const type = types.field(struct, member);
  const isFunction = type?.isFunction === true || types.typedef(type?.base ?? '')?.isFunction;
  return isFunction === true ? [{ struct, member, runs: value.name }] : [];
}

/** A function that is stored in a member, and the file that says so. */
export interface StoredFunction extends Runner {
  readonly file: string;
}

/** The functions that a file stores in members. */
export function storedIn({ file, runners = [], functions }: FileFacts): readonly StoredFunction[] {
  return [...runners, ...functions.flatMap((fact) => fact.runners ?? [])].map((each) => ({
    ...each,
    file,
  }));
}

/** Of a struct with more tables of functions than that, or with more members that are told, nobody can tell which one is meant. */
const MOST_TABLES = 4;
const MOST_STORED = 400;

/**
 * Which of the functions `stored` in members of one struct a call through `member` is taken to reach: the only name that is stored in
 * it, of the first file that says so, else that of the table with the most members (of several the first), so that calls through
 * several members stay in one table. None where no table has more than a single member, or there are too many to tell.
 */
export function meantOf(
  stored: readonly StoredFunction[],
  member: string,
): StoredFunction | undefined {
  if (stored.length > MOST_STORED) return undefined;
  const found = stored
    .filter((each) => memberName(each) === member)
    .sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
  const [only] = found;
  if (new Set(found.map(({ runs }) => runs)).size <= 1) return only;
  const tables = [...grouped(stored, ({ file, table }) => (table ? [`${file} ${table}`] : []))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => members);
  const singles = stored.filter(({ table }) => table === undefined);
  if (tables.length + singles.length > MOST_TABLES) return undefined;
  const most = Math.max(...tables.map(({ length }) => length));
  const meant = most > 1 ? tables.find(({ length }) => length === most) : undefined;
  return meant?.find((each) => memberName(each) === member);
}
