/** The functions and results of read-modify-writes as terms. */

import type { RmwFunction, RmwResult } from '../kernel/operation.ts';
import { arithmetic, type IntegerType, UPDATE_OPERATORS, type Update } from '../program/integer.ts';
import { type AddressSpace, binary, constant, type Term } from './value.ts';

/** What a read-modify-write stores, given the value before and its operand. */
export function storedTerm(
  space: AddressSpace,
  { apply, type, keeps }: Update,
  old: Term,
  operand: Term,
): Term {
  const made = applied(space, apply, old, operand, type);
  if (keeps === undefined) return made;
  const kept = binary(space, '&', old, constant(keeps), type);
  const others = constant(arithmetic('^', keeps, -1, type)!);
  return binary(space, '|', kept, binary(space, '&', made, others, type), type);
}

function applied(
  space: AddressSpace,
  apply: RmwFunction,
  old: Term,
  operand: Term,
  type: IntegerType | undefined,
): Term {
  if (apply === 'set') return operand;
  const right = apply === 'andnot' ? binary(space, '^', operand, constant(-1), type) : operand;
  return binary(space, UPDATE_OPERATORS[apply], old, right, type);
}

/** What the call of a read-modify-write is worth. */
export function resultTerm(space: AddressSpace, result: RmwResult, old: Term, stored: Term): Term {
  switch (result) {
    case 'nothing':
    case 'old':
      return old;
    case 'new':
      return stored;
    case 'new-is-zero':
      return binary(space, '==', stored, constant(0));
    case 'new-is-negative':
      return binary(space, '<', stored, constant(0));
    case 'old-is-nonzero':
      return binary(space, '!=', old, constant(0));
    case 'changed':
      return binary(space, '!=', old, stored);
  }
}
