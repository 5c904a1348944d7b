/** Conditions with what is decided beforehand folded away, and divided at an "or". */

import { type Candidates, only, unionOf } from '../program/candidates.ts';
import { keyOf } from '../program/evaluate.ts';
import { plainValues } from '../program/plain-access.ts';
import type { Observable, Program, Proposition, Value } from '../program/program.ts';
import type { ProgramValues } from '../program/program-values.ts';

/** A condition that is never met. */
export const FALSE: Proposition = { kind: 'not', operand: { kind: 'true' } };

/** The program with its condition folded: comparisons that no execution or every execution meets, as the
 *  values show that registers and locations can have, are decided. A condition of which nothing is left
 *  stays as it is. */
export function withDecidedCondition(program: Program): Program {
  const { condition } = program;
  const proposition = folded(condition.proposition, plainValues(program));
  const isDecided = proposition.kind === 'true' || isFalse(proposition);
  return isDecided ? program : { ...program, condition: { ...condition, proposition } };
}

/** Whether the values that registers and locations can have show that no execution that counts meets the
 *  condition. */
export function isNeverMet(program: Program): boolean {
  const values = plainValues(program);
  const { condition, filter = { kind: 'true' } } = program;
  return [condition.proposition, filter].some((asked) => isFalse(folded(asked, values)));
}

function folded(proposition: Proposition, values: ProgramValues): Proposition {
  switch (proposition.kind) {
    case 'true':
      return proposition;
    case 'not':
      return negation(folded(proposition.operand, values));
    case 'and':
      return conjunction(folded(proposition.left, values), folded(proposition.right, values));
    case 'or':
      return disjunction(folded(proposition.left, values), folded(proposition.right, values));
    case 'implies':
      return disjunction(
        negation(folded(proposition.left, values)),
        folded(proposition.right, values),
      );
    case 'equals':
      return comparison(proposition, values);
  }
}

function comparison(
  proposition: Proposition & { readonly kind: 'equals' },
  values: ProgramValues,
): Proposition {
  const { left, right, negated } = proposition;
  if (right.kind === 'location' || right.kind === 'register') return proposition;
  const possible = valuesOf(left, values);
  if (possible === 'any') return proposition;
  const truth = possible.has(keyOf(right)) ? (possible.size === 1 ? 'yes' : 'open') : 'no';
  if (truth === 'open') return proposition;
  return (truth === 'yes') !== negated ? { kind: 'true' } : FALSE;
}

/** What an observable may be at the end; a register that is not assigned is 0. */
function valuesOf(observable: Observable, values: ProgramValues): Candidates {
  const zero = only({ kind: 'integer', value: 0 } satisfies Value);
  if (observable.kind === 'location') return values.locations.get(observable.name) ?? zero;
  return unionOf(zero, values.registers[observable.thread]?.get(observable.name) ?? zero);
}

function isFalse(proposition: Proposition): boolean {
  return proposition.kind === 'not' && proposition.operand.kind === 'true';
}

function negation(operand: Proposition): Proposition {
  if (operand.kind === 'not') return operand.operand;
  return operand.kind === 'equals'
    ? { ...operand, negated: !operand.negated }
    : { kind: 'not', operand };
}

function conjunction(left: Proposition, right: Proposition): Proposition {
  if (isFalse(left) || isFalse(right)) return FALSE;
  if (left.kind === 'true') return right;
  return right.kind === 'true' ? left : { kind: 'and', left, right };
}

function disjunction(left: Proposition, right: Proposition): Proposition {
  if (left.kind === 'true' || right.kind === 'true') return { kind: 'true' };
  if (isFalse(left)) return right;
  return isFalse(right) ? left : { kind: 'or', left, right };
}

/** The condition as two, one of which is met where it is met; undefined where it has no "or". */
export function splitAtOr(
  proposition: Proposition,
): readonly [Proposition, Proposition] | undefined {
  switch (proposition.kind) {
    case 'or':
      return [proposition.left, proposition.right];
    case 'and': {
      const { left, right } = proposition;
      const inLeft = splitAtOr(left);
      if (inLeft !== undefined)
        return [conjunction(inLeft[0], right), conjunction(inLeft[1], right)];
      const inRight = splitAtOr(right);
      return inRight && [conjunction(left, inRight[0]), conjunction(left, inRight[1])];
    }
    case 'not': {
      const { operand } = proposition;
      if (operand.kind === 'and') return [negation(operand.left), negation(operand.right)];
      if (operand.kind !== 'or') return undefined;
      return splitAtOr(conjunction(negation(operand.left), negation(operand.right)));
    }
    default:
      return undefined;
  }
}
