/** The functions and results of read-modify-writes as terms. */

import type { RmwFunction, RmwResult } from '../kernel/operation.ts';
import { andNot, binary, constant, type Term } from './value.ts';

/** What a read-modify-write stores, given the value before and its operand. */
export function storedTerm(apply: RmwFunction, old: Term, operand: Term): Term {
  switch (apply) {
    case 'add':
      return binary('+', old, operand);
    case 'sub':
      return binary('-', old, operand);
    case 'and':
      return binary('&', old, operand);
    case 'or':
      return binary('|', old, operand);
    case 'xor':
      return binary('^', old, operand);
    case 'andnot':
      return andNot(old, operand);
    case 'set':
      return operand;
  }
}

/** What the call of a read-modify-write is worth. */
export function resultTerm(result: RmwResult, old: Term, stored: Term): Term {
  switch (result) {
    case 'nothing':
    case 'old':
      return old;
    case 'new':
      return stored;
    case 'new-is-zero':
      return binary('==', stored, constant(0));
    case 'new-is-negative':
      return binary('<', stored, constant(0));
    case 'old-is-nonzero':
      return binary('!=', old, constant(0));
    case 'changed':
      return binary('!=', old, stored);
  }
}
