/** Whether functions are what pointers to functions are for, and calls through pointers give what those take (C11 6.7.6.3). */

import { type Scope, structOf, typeOf } from '../facts/scope.ts';
import type { Derivation, Expression, TypeName } from '../syntax/ast.ts';
import { derivationsOf } from '../syntax/build-type.ts';
import { areAlike } from './alike-shapes.ts';
import { type Signature, shapeOfType, shapeText, type TypedNames } from './type-shape.ts';

/** What a pointer to functions points to; undefined for anything else, and where it is not written what they take. */
export function pointedSignature(type: TypeName | undefined, scope: Scope): Signature | undefined {
  const steps: Derivation[] = [];
  let base = '';
  const seen = new Set<string>();
  for (let at = type; at !== undefined && !seen.has(at.base); at = scope.types.typedef(at.base)) {
    steps.push(...derivationsOf(at));
    base = at.base;
    seen.add(base);
    if (steps.some(({ kind }) => kind === 'function')) break;
  }
  const [first, second, ...rest] = steps;
  if (first?.kind !== 'pointer' || second?.kind !== 'function' || second.takes === undefined)
    return undefined;
  const pointers = rest.filter(({ kind }) => kind === 'pointer').length;
  const isPlain = pointers === rest.length;
  return isPlain ? { takes: second.takes, returns: { base, pointers, arrays: 0 } } : undefined;
}

/** What is called through a member or variable, where it is sure which one that is. */
export function signatureCalled(callee: Expression, names: TypedNames): Signature | undefined {
  const { scope } = names;
  if (callee.kind === 'identifier' && !names.isSure(callee.name)) return undefined;
  if (callee.kind === 'field') {
    const struct = structOf(typeOf(callee.base, scope), scope);
    const members = struct === undefined ? [] : scope.types.members(struct);
    if (members.filter((member) => member === callee.name).length !== 1) return undefined;
  } else if (callee.kind !== 'identifier') return undefined;
  return pointedSignature(typeOf(callee, scope), scope);
}

/** Why what is given is a function, and none that such a pointer is for. */
export function wrongPointedTo(
  given: Expression,
  taken: Signature | undefined,
  names: TypedNames,
): string | undefined {
  const isAddress = given.kind === 'unary' && given.operator === '&';
  const { scope } = names;
  const named = isAddress ? given.operand : given;
  const own = named.kind === 'identifier' ? names.signature(named.name) : undefined;
  if (own === undefined || taken === undefined || named.kind !== 'identifier') return undefined;
  const { name } = named;
  const count = taken.takes.length;
  if (own.takes.length !== count)
    return `${name}() takes ${counted(own.takes.length)}, and is to be called with ${count}`;
  const returned = differing(own.returns, taken.returns, scope);
  if (returned !== undefined)
    return `${name}() returns ${returned[0]}, and is to return ${returned[1]}`;
  for (const [at, type] of own.takes.entries()) {
    const differs = differing(type, taken.takes[at]!, scope);
    if (differs !== undefined)
      return `${name}() takes as number ${at + 1} ${differs[0]}, and is to be called with ${differs[1]}`;
  }
  return undefined;
}

function counted(count: number): string {
  return count === 1 ? '1 argument' : `${count} arguments`;
}

/** Two types as they are written, where they surely differ. */
function differing(
  one: TypeName,
  other: TypeName,
  scope: Scope,
): readonly [string, string] | undefined {
  const [first, second] = [shapeOfType(one, scope), shapeOfType(other, scope)];
  if (first === undefined || second === undefined || areAlike(first, second)) return undefined;
  return [shapeText(first), shapeText(second)];
}
