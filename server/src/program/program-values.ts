/**
 * What every register and location of a whole program may hold: a sound estimate under any model in which each
 * location is coherent. A read returns what another thread writes at any time, or what its own thread has
 * written there last, or the first value; never what its own thread writes only later.
 */

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
import { type Integer, updated } from './integer.ts';
import type {
  Expression,
  LocationName,
  Program,
  Proposition,
  ReadModifyWrite,
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
  /** First values and whatever is written. */
  readonly locations: Map<LocationName, Candidates>;
  readonly first: ReadonlyMap<LocationName, Candidates>;
  /** By thread. */
  readonly written: readonly Map<LocationName, Candidates>[];
  grew: boolean;
}

/** What a thread would find at a point, did nobody else write: at other locations, the first values. */
type Found = ReadonlyMap<LocationName, Candidates>;

const ZERO: Value = { kind: 'integer', value: 0 };

/** Grows the sets until no statement adds a value to one. */
export function programValues(program: Program): ProgramValues {
  const first = new Map(
    program.initial.flatMap(({ target, value }) =>
      target.kind === 'location' ? [[target.name, only(value)] as const] : [],
    ),
  );
  const estimate: Estimate = {
    registers: program.threads.map(() => new Map()),
    locations: new Map(first),
    first,
    written: program.threads.map(() => new Map()),
    grew: true,
  };
  for (const { target, value } of program.initial)
    if (target.kind === 'register')
      estimate.registers[target.thread]?.set(target.name, only(value));
  while (estimate.grew) {
    estimate.grew = false;
    for (const { body, index } of program.threads) visitAll(at(estimate, index, new Map()), body);
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

/** A point of a thread. */
interface Point {
  readonly estimate: Estimate;
  readonly thread: number;
  found: Found;
}

function at(estimate: Estimate, thread: number, found: Found): Point {
  return { estimate, thread, found };
}

/** Visits statements one after the other; false where the thread goes no further. */
function visitAll(point: Point, body: readonly Statement[]): boolean {
  return body.every((statement) => visit(point, statement));
}

function visit(point: Point, statement: Statement): boolean {
  const { estimate, thread } = point;
  const registers = estimate.registers[thread]!;
  switch (statement.kind) {
    case 'assign':
      addTo(estimate, registers, statement.register, valuesOf(point, statement.value));
      return true;
    case 'declare':
      if (statement.value !== undefined)
        addTo(estimate, registers, statement.register, valuesOf(point, statement.value));
      return true;
    case 'evaluate':
      valuesOf(point, statement.value);
      return true;
    case 'store':
      addStored(point, statement.address, valuesOf(point, statement.value), 'always');
      return true;
    case 'if':
      return visitBranches(point, bodiesOf(statement));
    case 'while':
      visitLoop(point, statement.body);
      return true;
    case 'fence':
    case 'lock':
    case 'rcu':
    case 'srcu':
      return true;
    case 'stop':
      return false;
  }
}

function visitBranches(point: Point, bodies: readonly (readonly Statement[])[]): boolean {
  const ends = bodies.flatMap((body) => {
    const arm = { ...point };
    return visitAll(arm, body) ? [arm.found] : [];
  });
  const [one, ...others] = ends;
  if (one === undefined) return false;
  point.found = others.reduce((left, right) => joined(point.estimate, left, right), one);
  return true;
}

/** In any round the thread may find what it wrote in the round before. */
function visitLoop(point: Point, body: readonly Statement[]): void {
  point.found = joined(point.estimate, point.found, point.estimate.written[point.thread]!);
  visitAll({ ...point }, body);
  point.found = joined(point.estimate, point.found, point.estimate.written[point.thread]!);
}

function joined(estimate: Estimate, left: Found, right: Found): Found {
  const places = new Set([...left.keys(), ...right.keys()]);
  return new Map(
    [...places].map((place) => [
      place,
      unionOf(foundAt(estimate, left, place), foundAt(estimate, right, place)),
    ]),
  );
}

function foundAt({ first }: Estimate, found: Found, place: LocationName): Candidates {
  return found.get(place) ?? first.get(place) ?? only(ZERO);
}

/** The values of an expression; what a read-modify-write in it stores is added on the way. */
function valuesOf(point: Point, expression: Expression): Candidates {
  switch (expression.kind) {
    case 'load':
      return contents(point, expression.address);
    case 'rmw': {
      const operand = valuesOf(point, expression.operand);
      const before = contents(point, expression.address);
      const stored = updatedValues(expression, before, operand);
      addStored(point, expression.address, stored, 'always');
      return resultOf(expression.result, before, stored);
    }
    case 'cmpxchg': {
      const before = contents(point, expression.address);
      addStored(point, expression.address, valuesOf(point, expression.desired), 'sometimes');
      return before;
    }
    case 'add-unless':
      addStored(point, expression.address, 'any', 'sometimes');
      return 'any';
    case 'lock-query':
    case 'srcu-lock':
      return 'any';
    case 'open':
      return expression.range === undefined ? only(...expression.alternatives) : 'any';
    default:
      return candidatesOfExpression(expression, point.estimate.registers[point.thread]!);
  }
}

/** What an update may store. */
function updatedValues(
  update: ReadModifyWrite,
  before: Candidates,
  operand: Candidates,
): Candidates {
  if (update.apply === 'set' && update.keeps === undefined) return operand;
  const [olds, operands] = [integersAmong(before), integersAmong(operand)];
  if (olds === undefined || operands === undefined) return 'any';
  const values = olds.flatMap((old) => operands.map((each) => updated(update, old, each)));
  const set = only(...values.map((value): Value => ({ kind: 'integer', value })));
  return unionOf(new Map(), set);
}

function integersAmong(candidates: Candidates): readonly Integer[] | undefined {
  if (candidates === 'any') return undefined;
  const integers = [...candidates.values()].flatMap((value) =>
    value.kind === 'integer' ? value.value : [],
  );
  return integers.length === candidates.size ? integers : undefined;
}

const BOOLEANS = only(ZERO, { kind: 'integer', value: 1 });

function resultOf(result: RmwResult, before: Candidates, stored: Candidates): Candidates {
  if (result === 'old') return before;
  if (result === 'new') return stored;
  return result === 'nothing' ? only(ZERO) : BOOLEANS;
}

function contents({ estimate, thread, found }: Point, address: Expression): Candidates {
  const places = reachable(estimate.registers[thread]!, address);
  if (places === undefined) return 'any';
  const readable = (place: LocationName) =>
    estimate.written.reduce<Candidates>(
      (values, written, writer) =>
        writer === thread ? values : unionOf(values, written.get(place) ?? new Map()),
      foundAt(estimate, found, place),
    );
  return places.map(readable).reduce(unionOf, new Map());
}

function addStored(
  point: Point,
  address: Expression,
  values: Candidates,
  happens: 'always' | 'sometimes',
): void {
  const { estimate, thread } = point;
  const places = reachable(estimate.registers[thread]!, address) ?? [];
  const isCertain = happens === 'always' && places.length === 1 && address.kind === 'value';
  const found = new Map(point.found);
  for (const place of places) {
    if (!estimate.locations.has(place)) estimate.locations.set(place, only(ZERO));
    addTo(estimate, estimate.locations, place, values);
    addTo(estimate, estimate.written[thread]!, place, values);
    found.set(place, isCertain ? values : unionOf(foundAt(estimate, found, place), values));
  }
  point.found = found;
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
