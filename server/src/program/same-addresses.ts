/** Formulas and addresses that are spelt in several ways: an object and its first member have one (C11 6.7.2.1p15). */

import { rootOf } from './address.ts';
import type { LocationName, Observable, Program, Proposition, Value } from './program.ts';
import { type ProgramValues, programValues } from './program-values.ts';
import { replaceEquations } from './proposition.ts';

type Equation = Extract<Proposition, { kind: 'equals' }>;

/** Whether two paths that begin with one object lead to the same address. */
export type SameAddress = (one: LocationName, other: LocationName) => boolean;

/** The program whose condition and filter also take as equal what is one address. */
export function withSameAddresses(program: Program, isSame: SameAddress): Program {
  const { condition, filter } = program;
  let known: ProgramValues | undefined;
  const values = () => {
    known ??= programValues(program);
    return known;
  };
  const replaced = (proposition: Proposition) =>
    replaceEquations(proposition, (equation) => alsoEqual(equation, values, isSame));
  return {
    ...program,
    condition: { ...condition, proposition: replaced(condition.proposition) },
    ...(filter && { filter: replaced(filter) }),
  };
}

function alsoEqual(
  equation: Equation,
  values: () => ProgramValues,
  isSame: SameAddress,
): Proposition {
  const { left, right, negated, span } = equation;
  if (right.kind === 'integer') return equation;
  const others = pathsOf(right, values);
  const also = pathsOf(left, values).flatMap((one) =>
    others
      .filter((other) => other !== one && rootOf(other) === rootOf(one) && isSame(one, other))
      .map((other): Proposition => {
        const is = (side: Observable, of: LocationName): Proposition => ({
          kind: 'equals',
          left: side,
          right: { kind: 'address', of },
          negated: false,
          span,
        });
        const first = is(left, one);
        return isAddress(right) ? first : { kind: 'and', left: first, right: is(right, other) };
      }),
  );
  if (also.length === 0) return equation;
  const equal = also.reduce((all, each) => ({ kind: 'or', left: all, right: each }), {
    ...equation,
    negated: false,
  });
  return negated ? { kind: 'not', operand: equal } : equal;
}

function isAddress(side: Observable | Value): side is Extract<Value, { kind: 'address' }> {
  return side.kind === 'address';
}

/** The addresses that one side of an equation may be, as far as they are known. */
function pathsOf(side: Observable | Value, values: () => ProgramValues): readonly LocationName[] {
  if (side.kind === 'integer') return [];
  if (side.kind === 'address') return [side.of];
  const { registers, locations } = values();
  const found =
    side.kind === 'location' ? locations.get(side.name) : registers[side.thread]?.get(side.name);
  if (found === undefined || found === 'any') return [];
  return [...found.values()].flatMap((value) => (value.kind === 'address' ? value.of : []));
}
