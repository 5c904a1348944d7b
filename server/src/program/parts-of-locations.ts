/** Names for parts of locations, as of a bit-field or of one byte of a word: what a condition says of a part, said of the whole. */

import { keyOf } from './evaluate.ts';
import type { LocationName, Observable, Program, Proposition, Value } from './program.ts';
import { replaceEquations } from './proposition.ts';

/** A part of a location: what it is worth for each value that the location may have. */
export interface LocationPart {
  readonly of: LocationName;
  readonly values: readonly { readonly whole: Value; readonly part: Value }[];
}

/** The parts by the names that conditions call them. */
export type LocationParts = ReadonlyMap<LocationName, LocationPart>;

/** The program with a condition, and a filter, over whole locations. */
export function withoutParts(program: Program, parts: LocationParts): Program {
  if (parts.size === 0) return program;
  const { condition, filter } = program;
  return {
    ...program,
    condition: { ...condition, proposition: overWholes(condition.proposition, parts) },
    ...(filter && { filter: overWholes(filter, parts) }),
  };
}

function overWholes(proposition: Proposition, parts: LocationParts): Proposition {
  return replaceEquations(proposition, (equation) => comparison(equation, parts));
}

type Equals = Extract<Proposition, { kind: 'equals' }>;

function comparison(equals: Equals, parts: LocationParts): Proposition {
  const [left, right] = [partNamed(equals.left, parts), partNamed(equals.right, parts)];
  const part = left ?? right;
  if (part === undefined) return equals;
  const other = left === undefined ? equals.left : equals.right;
  const { span } = equals;
  const same = isValue(other)
    ? wholesOf(part, other, span)
    : valuesOf(part)
        .map((value): Proposition => {
          const itself: Equals = {
            kind: 'equals',
            left: other,
            right: value,
            negated: false,
            span,
          };
          return both(wholesOf(part, value, span), comparison(itself, parts));
        })
        .reduce(either, NEVER);
  return equals.negated ? { kind: 'not', operand: same } : same;
}

function partNamed(observable: Observable | Value, parts: LocationParts): LocationPart | undefined {
  return observable.kind === 'location' ? parts.get(observable.name) : undefined;
}

function isValue(of: Observable | Value): of is Value {
  return of.kind === 'integer' || of.kind === 'address';
}

const NEVER: Proposition = { kind: 'not', operand: { kind: 'true' } };

function either(left: Proposition, right: Proposition): Proposition {
  return left === NEVER ? right : { kind: 'or', left, right };
}

function both(left: Proposition, right: Proposition): Proposition {
  return { kind: 'and', left, right };
}

/** That the part has this value: that its location has one of those for which it does. */
function wholesOf({ of, values }: LocationPart, value: Value, span: Equals['span']): Proposition {
  return values
    .filter(({ part }) => keyOf(part) === keyOf(value))
    .map(({ whole }): Proposition => {
      const left = { kind: 'location', name: of } as const;
      return { kind: 'equals', left, right: whole, negated: false, span };
    })
    .reduce(either, NEVER);
}

function valuesOf({ values }: LocationPart): readonly Value[] {
  return [...new Map(values.map(({ part }) => [keyOf(part), part])).values()];
}
