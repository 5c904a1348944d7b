/**
 * Turns a program lowered from C into one that plain litmus can say and herd7 accepts: no `member` or
 * `container`, no pointers in memory or registers.
 *
 * Addresses become numbers, laid out like a struct: the number of `x.a.b` is that of `x` plus one
 * step for `a` and one for `b`, so that pointer arithmetic is arithmetic and keeps its dependencies.
 * An access through a computed number goes to the location whose number it equals, in a ladder of
 * `if`s; there the number still is part of the address (`*(x + (r ^ r))`, which herd knows to be `x`
 * before it knows `r`), which keeps the address dependency.
 */

import { type Candidates, only, type RegisterCandidates, unionOf } from '../program/candidates.ts';
import type {
  Expression,
  LocationName,
  Observable,
  Program,
  Proposition,
  Relaxation,
  Statement,
  Value,
} from '../program/program.ts';
import { type ProgramValues, programValues, reachable } from '../program/program-values.ts';
import { bodiesOf } from '../program/walk.ts';
import type { Problem, Span } from '../text/span.ts';
import { type AddressNumbers, addressNumbers } from './address-numbers.ts';
import { withoutEndings } from './endings-as-branches.ts';
import { addressOf, flatBody, registersIn } from './flat-statement.ts';
import { withoutOpenValues } from './open-values-as-reads.ts';
import { valueRanges } from './value-ranges.ts';

/** The plain program, or why there is none. */
export interface Flattened {
  readonly program?: Program;
  readonly problems: readonly Problem[];
  /** The name that each location has in the plain program. */
  readonly names: ReadonlyMap<LocationName, string>;
}

/** Flattens `program`; its Observation stays what it was. */
export function flatten(lowered: Program): Flattened {
  const whole = withoutEndings(lowered);
  if (whole === undefined) {
    const message = 'a thread with too many ways to its end';
    return { problems: [{ message, span: lowered.condition.span }], names: new Map() };
  }
  return flattened(withoutOpenValues(whole));
}

function flattened(program: Program): Flattened {
  const values = programValues(program);
  const numbers = addressNumbers(program, values);
  const names = plainNames(program, values);
  const problems: Problem[] = [];
  if (numbers.clash)
    problems.push({
      message: 'the addresses cannot be told from numbers',
      span: program.condition.span,
    });
  const ranges = valueRanges(program, values);
  const { locations } = values;
  const threads = program.threads.map((thread) => {
    const { index } = thread;
    const registers = values.registers[index]!;
    const rangeOf = (expression: Expression) => ranges(index, expression);
    const flattening = { numbers, names, problems, registers, locations, rangeOf };
    return { ...thread, body: flatBody(flattening, thread.body, registers) };
  });
  const { condition, filter: given, relaxations, ...rest } = program;
  const flat = (proposition: Proposition) =>
    flatProposition({ values, numbers, names, problems }, proposition);
  const filter = given && flat(given);
  const proposition = flat(condition.proposition);
  if (problems.length > 0) return { problems, names };
  return {
    problems,
    names,
    program: {
      ...rest,
      initial: program.initial.map((one) => ({
        ...one,
        target: renamed(one.target, names),
        value: numbers.valueOf(one.value),
        type: '',
      })),
      threads,
      observed: program.observed.map((observable) => renamed(observable, names)),
      condition: { ...condition, proposition },
      ...(filter && { filter }),
      ...(relaxations && { relaxations: relaxations.map((one) => renamedRelaxation(one, names)) }),
    },
  };
}

/** The locations by names that C takes, no two alike and none a register's. */
function plainNames(program: Program, values: ProgramValues): ReadonlyMap<LocationName, string> {
  const taken = new Set(program.threads.flatMap(({ body }) => [...registersIn(body)]));
  const names = new Map<LocationName, string>();
  for (const location of locationsOf(program, values)) {
    const plain = location.replace(/\W+/g, '_').replace(/^(?=\d)/, '_');
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}_${number}`;
    taken.add(name);
    names.set(location, name);
  }
  return names;
}

function locationsOf(program: Program, values: ProgramValues): ReadonlySet<LocationName> {
  const accessed = program.threads.flatMap(({ body, index }) => [
    ...placesIn(values.registers[index]!, body),
  ]);
  const initial = program.initial.flatMap(({ target }) =>
    target.kind === 'location' ? target.name : [],
  );
  return new Set([...initial, ...values.locations.keys(), ...accessed]);
}

function placesIn(
  registers: RegisterCandidates,
  body: readonly Statement[],
): ReadonlySet<LocationName> {
  return new Set(
    body.flatMap((statement) => [
      ...(reachable(registers, addressOf(statement) ?? NO_ADDRESS) ?? []),
      ...bodiesOf(statement).flatMap((inner) => [...placesIn(registers, inner)]),
    ]),
  );
}

const NOWHERE: Span = { start: 0, end: 0 };
const NO_ADDRESS: Expression = {
  kind: 'value',
  value: { kind: 'integer', value: 0 },
  span: NOWHERE,
};

function renamed(observable: Observable, names: ReadonlyMap<LocationName, string>): Observable {
  return observable.kind === 'location'
    ? { ...observable, name: names.get(observable.name) ?? observable.name }
    : observable;
}

function renamedRelaxation(
  { site, before, after }: Relaxation,
  names: ReadonlyMap<LocationName, string>,
): Relaxation {
  const plain = (locations: readonly LocationName[]) =>
    locations.map((name) => names.get(name) ?? name);
  return { site, before: plain(before), after: plain(after) };
}

/** What propositions are flattened with. */
interface Flat {
  readonly values: ProgramValues;
  readonly numbers: AddressNumbers;
  readonly names: ReadonlyMap<LocationName, string>;
  readonly problems: Problem[];
}

function flatProposition(flat: Flat, proposition: Proposition): Proposition {
  switch (proposition.kind) {
    case 'true':
      return proposition;
    case 'not':
      return { ...proposition, operand: flatProposition(flat, proposition.operand) };
    case 'and':
    case 'or':
    case 'implies': {
      const left = flatProposition(flat, proposition.left);
      return { ...proposition, left, right: flatProposition(flat, proposition.right) };
    }
    case 'equals': {
      const { right } = proposition;
      if (right.kind === 'location' || right.kind === 'register')
        return sameInBoth(flat, proposition, right);
      const left = renamed(proposition.left, flat.names);
      return { ...proposition, left, right: flat.numbers.valueOf(right) };
    }
  }
}

/** herd compares with constants only: two observables are equal where both have one of their values. */
function sameInBoth(
  { values, numbers, names, problems }: Flat,
  { left, negated, span }: Proposition & { readonly kind: 'equals' },
  right: Observable,
): Proposition {
  const [ours, theirs] = [finalValues(values, left), finalValues(values, right)];
  if (ours === 'any' || theirs === 'any') {
    problems.push({ message: 'a comparison of two values that may be anything', span });
    return { kind: 'true' };
  }
  const isWorth = (observable: Observable, value: Value): Proposition => ({
    kind: 'equals',
    left: renamed(observable, names),
    right: numbers.valueOf(value),
    negated: false,
    span,
  });
  const common = [...ours].filter(([key]) => theirs.has(key));
  const [first = NEVER, ...others] = common.map(([, value]) =>
    both(isWorth(left, value), isWorth(right, value)),
  );
  const equal = others.reduce(
    (one, other): Proposition => ({ kind: 'or', left: one, right: other }),
    first,
  );
  return negated ? { kind: 'not', operand: equal } : equal;
}

const NEVER: Proposition = { kind: 'not', operand: { kind: 'true' } };

/** What an observable may be at the end; a register that is not assigned is 0. */
function finalValues(values: ProgramValues, observable: Observable): Candidates {
  const zero = only({ kind: 'integer', value: 0 });
  if (observable.kind === 'location') return values.locations.get(observable.name) ?? zero;
  return unionOf(values.registers[observable.thread]?.get(observable.name) ?? zero, zero);
}

function both(left: Proposition, right: Proposition): Proposition {
  return { kind: 'and', left, right };
}
