/** Assignments: converted to the type of the target, structs copied member by member. */

import type { Expression as CExpression, Member } from '../syntax/ast.ts';
import { load, store } from './access.ts';
import { operate } from './arithmetic.ts';
import { type Lowering, placeOfTrace, type Scope, topScope } from './context.ts';
import { convert } from './convert.ts';
import { type CType, pointee } from './ctype.ts';
import { designate } from './designate.ts';
import { evaluate } from './evaluate.ts';
import { fileScope } from './known-types.ts';
import { sizeOf } from './layout.ts';
import type { State, Trace } from './machine.ts';
import { resolveType } from './resolve-type.ts';
import { traceOf } from './trace.ts';
import { step, type Value } from './value.ts';

type Assignment = CExpression & { readonly kind: 'assign' };

/** `target = value` or `target op= value`, worth what was assigned. */
export function assign(
  lowering: Lowering,
  assignment: Assignment,
  state: State,
  scope: Scope,
): Value {
  const { operator, target, span } = assignment;
  const trace = traceOf(scope, span);
  if (operator !== '=') {
    const address = designate(lowering, target, state, scope);
    const before = load(lowering, state, address, 'plain', trace);
    const right = evaluate(lowering, assignment.value, state, scope);
    const after = operate(lowering, operator.slice(0, -1), before, right, assignment, state, scope);
    return assignTo(lowering, address, after, state, trace);
  }
  const value = evaluate(lowering, assignment.value, state, scope);
  const address = designate(lowering, target, state, scope);
  return assignTo(lowering, address, value, state, trace);
}

/** Stores `value`, converted to the type of what is at `address`. */
export function assignTo(
  lowering: Lowering,
  address: Value,
  value: Value,
  state: State,
  trace: Trace,
): Value {
  const type = pointee(address.type);
  if (type.kind === 'struct' && value.type.kind === 'struct') {
    copyObject(lowering, address, value, type, state, trace);
    return value;
  }
  const converted = convert(value, type, state, trace.span);
  store(lowering, state, address, converted, 'plain', trace);
  return converted;
}

/** Copies the object at `from` to `to`, leaf by leaf; all is read before any of it is written. */
export function copyObject(
  lowering: Lowering,
  to: Value,
  from: Value,
  type: CType,
  state: State,
  trace: Trace,
): void {
  const leaves = leavesOf(lowering, type, fileScope(lowering, trace.origin.file));
  if (leaves === undefined) {
    const name = type.kind === 'struct' ? type.name : 'an object';
    const message = `a copy of ${name}, whose members are not known`;
    lowering.report.notModelled(message, placeOfTrace(trace));
    return;
  }
  const values = leaves.map(({ steps, type: leaf }) =>
    load(lowering, state, along(from, steps, leaf, trace), 'plain', trace),
  );
  for (const [at, { steps, type: leaf }] of leaves.entries())
    store(lowering, state, along(to, steps, leaf, trace), values[at]!, 'plain', trace);
}

/** The address of a leaf of type `type` of the object at `base`. */
export function along(base: Value, steps: readonly string[], type: CType, { span }: Trace): Value {
  return steps.reduce((address, name) => step('member', address, name, span, type), base);
}

/** A scalar inside an aggregate. */
export interface Leaf {
  /** The steps that lead there: member names, and `[index]`. */
  readonly steps: readonly string[];
  readonly type: CType;
}

/** More leaves than this are not copied one by one. */
const MOST_LEAVES = 1024;

/** The scalars that an object of this type consists of, of a union those of its largest member; undefined where they are not known. */
export function leavesOf(
  lowering: Lowering,
  type: CType,
  scope: Scope,
): readonly Leaf[] | undefined {
  const leaves: Leaf[] = [];
  return collectLeaves(lowering, type, scope, [], leaves) ? leaves : undefined;
}

function collectLeaves(
  lowering: Lowering,
  type: CType,
  scope: Scope,
  steps: readonly string[],
  leaves: Leaf[],
): boolean {
  if (leaves.length > MOST_LEAVES) return false;
  if (type.kind === 'array') {
    if (type.length === undefined) return type.isOpen === true;
    for (let at = 0; at < type.length; at++)
      if (!collectLeaves(lowering, type.of, scope, [...steps, `[${at}]`], leaves)) return false;
    return true;
  }
  if (type.kind !== 'struct') {
    leaves.push({ steps, type });
    return true;
  }
  if (type.definition === undefined) return false;
  const { members, isUnion } = type.definition;
  return collectMembers(lowering, members, isUnion, scope, steps, leaves);
}

function collectMembers(
  lowering: Lowering,
  members: readonly Member[],
  isUnion: boolean,
  scope: Scope,
  steps: readonly string[],
  leaves: Leaf[],
): boolean {
  const collect = (member: Member, into: Leaf[]): boolean => {
    if (member.kind === 'nested')
      return collectMembers(lowering, member.members, member.isUnion, scope, steps, into);
    if (member.kind === 'alternatives')
      return member.branches.every((branch) =>
        collectMembers(lowering, branch.members, isUnion, scope, steps, into),
      );
    if (member.name === '') return true;
    const inner = resolveType(lowering, member.type, topScope(scope));
    return collectLeaves(lowering, inner, scope, [...steps, member.name], into);
  };
  if (!isUnion) return members.every((member) => collect(member, leaves));
  if (members.length === 0) return true;
  const all = members.map((member) => {
    const found: Leaf[] = [];
    return { found, isKnown: collect(member, found) };
  });
  const sized = all.map(({ found }) => ({ found, size: sizeOfLeaves(lowering, found, scope) }));
  const largest = sized.reduce((one, other) => (other.size > one.size ? other : one));
  leaves.push(...largest.found);
  return all.every(({ isKnown }) => isKnown);
}

/** The bytes that scalars take together; one whose size is not known takes none. */
function sizeOfLeaves(lowering: Lowering, leaves: readonly Leaf[], scope: Scope): number {
  return leaves.reduce((sum, { type }) => sum + (sizeOf(lowering, type, scope) ?? 0), 0);
}
