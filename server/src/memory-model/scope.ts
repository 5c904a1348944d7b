/** What a program observes and starts from: locations, initial values, and final states as herd prints them. */

import { wrap } from '../program/integer.ts';
import type { Observable, Program, Proposition } from '../program/program.ts';
import { isObservable, observablesIn } from '../program/proposition.ts';
import type { FinalState } from './outcome.ts';
import {
  type AddressSpace,
  addressOf,
  emptyAddressSpace,
  locationOf,
  printValue,
  type RuntimeValue,
  runtimeValue,
} from './value.ts';

export interface Scope {
  readonly program: Program;
  readonly space: AddressSpace;
  /** The initial value by location number; 0 where there is none. */
  readonly initial: ReadonlyMap<number, RuntimeValue>;
  /** What a final state shows: registers by thread and name, then locations by name. */
  readonly observed: readonly Observable[];
  /** `observed`, then what only the filter asks for. */
  readonly tracked: readonly Observable[];
  readonly satisfiesCondition: StateTest;
  readonly passesFilter: StateTest;
  /** Locations whose type herd prints as unsigned (`atomic_t`, pointers). */
  readonly unsigned: ReadonlySet<string>;
}

/** The types of litmus tests that hold negative numbers. */
const SIGNED = new Set(
  ['', 'int', 'long', 'char', 'short', 'intptr_t'].concat([
    'int8_t',
    'int16_t',
    'int32_t',
    'int64_t',
    'int128_t',
    '__int128',
  ]),
);

/** Numbers the locations a program names and orders what it observes. */
export function scopeOf(program: Program): Scope {
  const space = emptyAddressSpace();
  const initial = new Map<number, RuntimeValue>();
  for (const { target, value } of program.initial)
    if (target.kind === 'location')
      initial.set(locationOf(addressOf(space, target.name)), runtimeValue(space, value));
  for (const thread of program.threads)
    for (const { name } of thread.parameters) addressOf(space, name);
  const named = [...program.observed, ...observablesIn(program.condition.proposition)];
  const asked = program.filter === undefined ? [] : observablesIn(program.filter);
  const distinct = new Map(named.map((observable) => [keyOf(observable), observable]));
  const observed = [...distinct.values()].sort(byHerdsOrder);
  const tracked = new Map([...observed, ...asked].map((one) => [keyOf(one), one]));
  const indices = new Map([...tracked.keys()].map((key, index) => [key, index]));
  const indexOf = (observable: Observable) => indices.get(keyOf(observable))!;
  const unsigned = program.initial.flatMap(({ target, type }) =>
    target.kind === 'location' && !SIGNED.has(type) ? [target.name] : [],
  );
  return {
    program,
    space,
    initial,
    observed,
    tracked: [...tracked.values()],
    satisfiesCondition: compile(space, program.condition.proposition, indexOf),
    passesFilter: compile(space, program.filter ?? { kind: 'true' }, indexOf),
    unsigned: new Set(unsigned),
  };
}

/** The initial value of a location. */
export function initialValue(scope: Scope, location: number): RuntimeValue {
  return scope.initial.get(location) ?? 0;
}

function keyOf(observable: Observable): string {
  return observable.kind === 'location'
    ? `[${observable.name}]`
    : `${observable.thread}:${observable.name}`;
}

function byHerdsOrder(left: Observable, right: Observable): number {
  if (left.kind !== right.kind) return left.kind === 'register' ? -1 : 1;
  if (left.kind === 'register' && right.kind === 'register' && left.thread !== right.thread)
    return left.thread - right.thread;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

/** What can be asked of a final state: the value of an observable. */
export type FinalValue = (observable: Observable) => RuntimeValue;

/** Asks the values of `tracked` whether they satisfy a proposition. */
export type StateTest = (values: readonly RuntimeValue[]) => boolean;

/** A proposition as a function of the tracked values. */
function compile(
  space: AddressSpace,
  proposition: Proposition,
  indexOf: (observable: Observable) => number,
): StateTest {
  const inner = (operand: Proposition) => compile(space, operand, indexOf);
  switch (proposition.kind) {
    case 'true':
      return () => true;
    case 'not': {
      const operand = inner(proposition.operand);
      return (values) => !operand(values);
    }
    case 'and': {
      const [left, right] = [inner(proposition.left), inner(proposition.right)];
      return (values) => left(values) && right(values);
    }
    case 'or': {
      const [left, right] = [inner(proposition.left), inner(proposition.right)];
      return (values) => left(values) || right(values);
    }
    case 'implies': {
      const [left, right] = [inner(proposition.left), inner(proposition.right)];
      return (values) => !left(values) || right(values);
    }
    case 'equals': {
      const { right, negated } = proposition;
      const left = indexOf(proposition.left);
      if (isObservable(right)) {
        const other = indexOf(right);
        return (values) => (values[left] === values[other]) !== negated;
      }
      const wanted = runtimeValue(space, right);
      return (values) => (values[left] === wanted) !== negated;
    }
  }
}

/** A final state as herd prints it: `0:r1=0; [x]=1;`. */
export function printState(scope: Scope, value: FinalValue): FinalState {
  return scope.observed
    .map((observable) => printObserved(scope, observable, value(observable)))
    .join(' ');
}

const UNSIGNED = { bits: 32, signed: false } as const;

/** One entry of a final state: `0:r1=0;`. */
export function printObserved(scope: Scope, observable: Observable, value: RuntimeValue): string {
  const unsigned = observable.kind === 'location' && scope.unsigned.has(observable.name);
  const shown = unsigned && value < 0 ? wrap(value, UNSIGNED) : value;
  return `${keyOf(observable)}=${printValue(scope.space, shown)};`;
}

/** Orders final states by the values they show, numbers by size. */
export function compareStates(left: FinalState, right: FinalState): number {
  let at = 0;
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  if (at === left.length) return 0;
  const [value, other] = [valueAt(left, at), valueAt(right, at)];
  const difference = Number(value) - Number(other);
  return Number.isNaN(difference) ? (value < other ? -1 : 1) : difference;
}

/** The value that a place in a state is in, or at the end of. */
function valueAt(state: FinalState, at: number): string {
  return state.slice(state.lastIndexOf('=', at) + 1, state.indexOf(';', at));
}
