/** What every register and location of a whole program may hold: a sound, flow-insensitive estimate. */

import type { RmwResult } from '../kernel/operation.ts';
import { isLocationPath } from './address.ts';
import {
  type Candidates,
  candidatesOfExpression,
  evaluateWith,
  only,
  type RegisterCandidates,
  unionOf,
} from './candidates.ts';
import type {
  Expression,
  LocationName,
  Program,
  Proposition,
  Statement,
  Value,
} from './program.ts';
import { equationsIn, isObservable } from './proposition.ts';
import { bodiesOf, registersOf } from './walk.ts';

/** The values that registers, thread by thread, and locations may have. */
export interface ProgramValues {
  readonly registers: readonly ReadonlyMap<string, Candidates>[];
  readonly locations: ReadonlyMap<LocationName, Candidates>;
}

interface Estimate {
  readonly registers: readonly Map<string, Candidates>[];
  readonly locations: Map<LocationName, Candidates>;
  grew: boolean;
}

const ZERO: Value = { kind: 'integer', value: 0 };

/** Grows the sets until no statement adds a value to one. */
export function programValues(program: Program): ProgramValues {
  const estimate: Estimate = {
    registers: program.threads.map(() => new Map()),
    locations: new Map(),
    grew: true,
  };
  for (const { target, value } of program.initial)
    if (target.kind === 'location') estimate.locations.set(target.name, only(value));
    else estimate.registers[target.thread]?.set(target.name, only(value));
  while (estimate.grew) {
    estimate.grew = false;
    for (const { body, index } of program.threads)
      for (const one of body) visit(estimate, index, one);
  }
  return estimate;
}

/** The locations that an address expression may lead to, its registers holding what is said; undefined where it may be any. */
export function reachable(
  registers: RegisterCandidates,
  address: Expression,
): readonly LocationName[] | undefined {
  const candidates = candidatesOfExpression(address, registers);
  return candidates === 'any' ? undefined : placesAmong(candidates);
}

/** Whether an address expression leads to a location whatever the one register in it holds. */
export function alwaysLeads(registers: RegisterCandidates, address: Expression): boolean {
  const [name, ...others] = new Set(registersOf(address));
  const values = name === undefined ? 'any' : (registers.get(name) ?? 'any');
  if (name === undefined || others.length > 0 || values === 'any') return false;
  return [...values.values()].every((value) => {
    const led = evaluateWith(address, new Map([[name, value]]));
    return led?.kind === 'address' && isLocationPath(led.of);
  });
}

/** Every value that is known to be in a register or a location, or is written in the condition. */
export function addressesIn(program: Program, values: ProgramValues): readonly Value[] {
  const sets = [
    ...values.registers.flatMap((thread) => [...thread.values()]),
    ...values.locations.values(),
  ];
  const held = sets.flatMap((set) => (set === 'any' ? [] : [...set.values()]));
  return [
    ...held,
    ...comparedIn(program.condition.proposition),
    ...(program.filter ? comparedIn(program.filter) : []),
  ];
}

function comparedIn(proposition: Proposition): readonly Value[] {
  return equationsIn(proposition).flatMap(({ right }) => (isObservable(right) ? [] : [right]));
}

function placesAmong(candidates: ReadonlyMap<string, Value>): readonly LocationName[] {
  return [...candidates.values()].flatMap((value) =>
    value.kind === 'address' && isLocationPath(value.of) ? value.of : [],
  );
}

function visit(estimate: Estimate, thread: number, statement: Statement): void {
  const registers = estimate.registers[thread]!;
  const worth = (expression: Expression) => valuesOf(estimate, thread, expression);
  switch (statement.kind) {
    case 'assign':
      addTo(estimate, registers, statement.register, worth(statement.value));
      break;
    case 'declare':
      if (statement.value !== undefined)
        addTo(estimate, registers, statement.register, worth(statement.value));
      break;
    case 'evaluate':
      worth(statement.value);
      break;
    case 'store':
      addStored(estimate, thread, statement.address, worth(statement.value));
      break;
    case 'if':
    case 'while':
      for (const body of bodiesOf(statement))
        for (const inner of body) visit(estimate, thread, inner);
      break;
    case 'fence':
    case 'lock':
    case 'rcu':
    case 'srcu':
    case 'stop':
      break;
  }
}

/** The values of an expression; what a read-modify-write in it stores is added on the way. */
function valuesOf(estimate: Estimate, thread: number, expression: Expression): Candidates {
  switch (expression.kind) {
    case 'load':
      return contents(estimate, thread, expression.address);
    case 'rmw': {
      const operand = valuesOf(estimate, thread, expression.operand);
      const isSet = expression.apply === 'set' && expression.keeps === undefined;
      const stored = isSet ? operand : 'any';
      const before = contents(estimate, thread, expression.address);
      addStored(estimate, thread, expression.address, stored);
      return resultOf(expression.result, before, stored);
    }
    case 'cmpxchg':
      addStored(
        estimate,
        thread,
        expression.address,
        valuesOf(estimate, thread, expression.desired),
      );
      return contents(estimate, thread, expression.address);
    case 'add-unless':
      addStored(estimate, thread, expression.address, 'any');
      return 'any';
    case 'lock-query':
    case 'srcu-lock':
      return 'any';
    default:
      return candidatesOfExpression(expression, estimate.registers[thread]!);
  }
}

const BOOLEANS = only(ZERO, { kind: 'integer', value: 1 });

function resultOf(result: RmwResult, before: Candidates, stored: Candidates): Candidates {
  if (result === 'old') return before;
  if (result === 'new') return stored;
  return result === 'nothing' ? only(ZERO) : BOOLEANS;
}

function contents(estimate: Estimate, thread: number, address: Expression): Candidates {
  const places = reachable(estimate.registers[thread]!, address);
  if (places === undefined) return 'any';
  return places
    .map((place) => estimate.locations.get(place) ?? only(ZERO))
    .reduce(unionOf, new Map());
}

function addStored(
  estimate: Estimate,
  thread: number,
  address: Expression,
  values: Candidates,
): void {
  for (const place of reachable(estimate.registers[thread]!, address) ?? []) {
    if (!estimate.locations.has(place)) estimate.locations.set(place, only(ZERO));
    addTo(estimate, estimate.locations, place, values);
  }
}

function addTo(
  estimate: Estimate,
  sets: Map<string, Candidates>,
  name: string,
  values: Candidates,
): void {
  const before = sets.get(name) ?? new Map();
  const after = unionOf(before, values);
  if (sets.has(name) && after === before) return;
  sets.set(name, after);
  estimate.grew = true;
}
