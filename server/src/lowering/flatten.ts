/**
 * Turns a program lowered from C into one that plain litmus can say and herd7 accepts: no `member` or
 * `container`, no pointers in memory or registers, no `stop`.
 *
 * Addresses become numbers, laid out like a struct: the number of `x.a.b` is that of `x` plus one
 * step for `a` and one for `b`, so that pointer arithmetic is arithmetic and keeps its dependencies.
 * An access through a computed number goes to the location whose number it equals, in a ladder of
 * `if`s; there the number still is part of the address (`*(x + (r - 17))`), which keeps the address
 * dependency. A `stop` sets a register instead, and the filter drops the executions in which it is set.
 */

import type {
  Expression,
  LocationName,
  Observable,
  Parameter,
  Program,
  Proposition,
  Relaxation,
  Statement,
  Thread,
} from '../litmus/program.ts';
import type { Problem, Span } from '../text/span.ts';
import { type AddressNumbers, addressNumbers } from './address-numbers.ts';
import type { RegisterCandidates } from './candidates.ts';
import { addressOf, type Flattening, flatBody, registersIn, STOPPED } from './flat-statement.ts';
import { type ProgramValues, programValues, reachable } from './program-values.ts';
import { bodiesOf } from './tidy.ts';

/** The plain program, or why there is none. */
export interface Flattened {
  readonly program?: Program;
  readonly problems: readonly Problem[];
  /** The name that each location has in the plain program. */
  readonly names: ReadonlyMap<LocationName, string>;
}

/** Flattens `program`; its Observation stays what it was. */
export function flatten(program: Program): Flattened {
  const values = programValues(program);
  const numbers = addressNumbers(program, values);
  const names = plainNames(program, values);
  const problems: Problem[] = [];
  if (numbers.clash)
    problems.push({
      message: 'the addresses cannot be told from numbers',
      span: program.condition.span,
    });
  const threads = program.threads.map((thread) =>
    flatThread({ numbers, names, problems, registers: values.registers[thread.index]! }, thread),
  );
  if (problems.length > 0) return { problems, names };
  const flat = (proposition: Proposition) => flatProposition(proposition, numbers, names);
  const { condition, filter: given, relaxations, ...rest } = program;
  const filter = [...(given === undefined ? [] : [flat(given)]), ...notStopped(program)];
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
      condition: { ...condition, proposition: flat(condition.proposition) },
      ...(filter.length > 0 && { filter: filter.reduce(both) }),
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

function flatThread(flattening: Flattening, thread: Thread): Thread {
  const { registers, names } = flattening;
  const declared = [...registersIn(thread.body)].map(
    (register): Statement => ({ kind: 'declare', register, type: 'int', span: thread.span }),
  );
  const parameters = [...placesIn(registers, thread.body)].map(
    (location): Parameter => ({ name: names.get(location)!, type: 'int *', span: thread.span }),
  );
  const body = flatBody(flattening, thread.body, registers);
  return { ...thread, parameters, body: [...declared, ...body] };
}

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

function flatProposition(
  proposition: Proposition,
  numbers: AddressNumbers,
  names: ReadonlyMap<LocationName, string>,
): Proposition {
  const flat = (inner: Proposition) => flatProposition(inner, numbers, names);
  switch (proposition.kind) {
    case 'true':
      return proposition;
    case 'not':
      return { ...proposition, operand: flat(proposition.operand) };
    case 'and':
    case 'or':
    case 'implies':
      return { ...proposition, left: flat(proposition.left), right: flat(proposition.right) };
    case 'equals': {
      const { left, right } = proposition;
      const isValue = right.kind === 'integer' || right.kind === 'address';
      return {
        ...proposition,
        left: renamed(left, names),
        right: isValue ? numbers.valueOf(right) : renamed(right, names),
      };
    }
  }
}

/** That no thread has come to a `stop`. */
function notStopped({ threads }: Program): readonly Proposition[] {
  return threads
    .filter(({ body }) => registersIn(body).has(STOPPED))
    .map(({ index: thread }) => ({
      kind: 'equals',
      left: { kind: 'register', thread, name: STOPPED },
      right: { kind: 'integer', value: 0 },
      negated: false,
      span: NOWHERE,
    }));
}

function both(left: Proposition, right: Proposition): Proposition {
  return { kind: 'and', left, right };
}
