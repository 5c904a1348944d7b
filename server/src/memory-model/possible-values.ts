/**
 * What each location may hold, whatever way the threads go: an abstract run of all threads in which a
 * register holds a set of values and both branches of a condition are taken where what decides it
 * comes from another thread. It contains the values that only exist because they are assumed.
 */

import type { Expression, Statement, Thread } from '../litmus/program.ts';
import { resultTerm, storedTerm } from './rmw-terms.ts';
import { initialValue, type Scope } from './scope.ts';
import {
  addressOf,
  binary,
  constant,
  evaluate,
  isAddress,
  locationOf,
  memberOrContainer,
  not,
  type RuntimeValue,
  runtimeValue,
  type Term,
  truth,
} from './value.ts';

/** What is known of memory: values by location, and the threads that may write there. */
export interface PossibleValues {
  readonly values: Map<number, Set<RuntimeValue>>;
  readonly writers: Map<number, Set<number>>;
  /** More values than are pursued: the answer is incomplete. */
  overflow: boolean;
}

/** A set of values; `open` if other threads may make it larger, so that no branch on it is settled. */
interface Possible {
  readonly values: ReadonlySet<RuntimeValue>;
  readonly open: boolean;
}

interface Walk {
  readonly scope: Scope;
  readonly memory: PossibleValues;
  readonly thread: Thread;
  readonly unroll: number;
  readonly registers: Map<string, Possible>;
  grown: boolean;
  writes: number;
}

/** No expression or location is pursued beyond this many values. */
const MOST = 512;

/** Runs all threads until nothing new is written. A value passes through each write at most once, so
 *  more rounds than writes only follow values that feed on themselves. */
export function possibleValues(scope: Scope, unroll: number): PossibleValues {
  const memory: PossibleValues = { values: new Map(), writers: new Map(), overflow: false };
  let most = 1;
  for (let round = 0; round <= most + 1; round++) {
    const walks = scope.program.threads.map((thread) => walkThread(scope, memory, thread, unroll));
    most = walks.reduce((sum, { writes }) => sum + writes, 0);
    if (!walks.some(({ grown }) => grown)) break;
  }
  return memory;
}

function walkThread(scope: Scope, memory: PossibleValues, thread: Thread, unroll: number): Walk {
  const walk: Walk = {
    scope,
    memory,
    thread,
    unroll,
    registers: new Map(),
    grown: false,
    writes: 0,
  };
  for (const { target, value } of scope.program.initial)
    if (target.kind === 'register' && target.thread === thread.index)
      walk.registers.set(target.name, only(runtimeValue(scope.space, value)));
  for (const { name } of thread.parameters)
    walk.registers.set(name, only(addressOf(scope.space, name)));
  runAll(walk, thread.body);
  return walk;
}

function only(value: RuntimeValue): Possible {
  return { values: new Set([value]), open: false };
}

function runAll(walk: Walk, statements: readonly Statement[]): void {
  for (const statement of statements) run(walk, statement);
}

function run(walk: Walk, statement: Statement): void {
  switch (statement.kind) {
    case 'declare':
      if (statement.value !== undefined)
        walk.registers.set(statement.register, possible(walk, statement.value));
      return;
    case 'assign':
      walk.registers.set(statement.register, possible(walk, statement.value));
      return;
    case 'store':
      write(walk, possible(walk, statement.address), possible(walk, statement.value));
      return;
    case 'evaluate':
      possible(walk, statement.value);
      return;
    case 'if': {
      const condition = possible(walk, statement.condition);
      const before = new Map(walk.registers);
      if (mayBe(condition, true)) runAll(walk, statement.then);
      const after = new Map(walk.registers);
      if (!mayBe(condition, false)) return;
      restore(walk, before);
      runAll(walk, statement.otherwise);
      if (mayBe(condition, true)) merge(walk, after);
      return;
    }
    case 'while':
      for (let round = 0; round < walk.unroll; round++) {
        const condition = possible(walk, statement.condition);
        if (!mayBe(condition, true)) return;
        const before = new Map(walk.registers);
        runAll(walk, statement.body);
        merge(walk, before);
      }
      return;
    case 'lock':
      possible(walk, statement.address);
      return;
    case 'srcu':
      possible(walk, statement.address);
      if (statement.index !== undefined) possible(walk, statement.index);
      return;
    case 'fence':
    case 'rcu':
    case 'stop':
      return;
  }
}

function restore(walk: Walk, registers: ReadonlyMap<string, Possible>): void {
  walk.registers.clear();
  for (const [name, value] of registers) walk.registers.set(name, value);
}

/** Joins another way into the current one; a register that one of them does not know is 0 there. */
function merge(walk: Walk, other: ReadonlyMap<string, Possible>): void {
  for (const name of new Set([...walk.registers.keys(), ...other.keys()])) {
    const [left, right] = [walk.registers.get(name) ?? only(0), other.get(name) ?? only(0)];
    walk.registers.set(name, either(left, right));
  }
}

function either(left: Possible, right: Possible): Possible {
  return {
    values: new Set([...left.values, ...right.values]),
    open: left.open || right.open,
  };
}

function mayBe({ values, open }: Possible, wanted: boolean): boolean {
  return open || [...values].some((value) => truth(value) === wanted);
}

/** The values an expression may have; what it writes is noted. */
function possible(walk: Walk, expression: Expression): Possible {
  const { space } = walk.scope;
  switch (expression.kind) {
    case 'value':
      return only(runtimeValue(space, expression.value));
    case 'register':
      return walk.registers.get(expression.name) ?? only(0);
    case 'binary': {
      const left = possible(walk, expression.left);
      const right = possible(walk, expression.right);
      return combine(walk, left, right, (a, b) => binary(expression.operator, a, b));
    }
    case 'not':
      return combine(walk, possible(walk, expression.operand), only(0), (a) => not(a));
    case 'member':
    case 'container': {
      const { kind, path, base } = expression;
      return combine(walk, possible(walk, base), only(0), (a) =>
        memberOrContainer(space, kind, a, path),
      );
    }
    case 'load':
      return read(walk, possible(walk, expression.address));
    case 'rmw': {
      const address = possible(walk, expression.address);
      const operand = possible(walk, expression.operand);
      const old = read(walk, address);
      const stored = combine(walk, old, operand, (a, b) => storedTerm(expression.apply, a, b));
      write(walk, address, stored);
      return combine(walk, old, stored, (a, b) => resultTerm(expression.result, a, b));
    }
    case 'cmpxchg': {
      const address = possible(walk, expression.address);
      possible(walk, expression.expected);
      const desired = possible(walk, expression.desired);
      const old = read(walk, address);
      write(walk, address, desired);
      return old;
    }
    case 'add-unless': {
      const address = possible(walk, expression.address);
      const operand = possible(walk, expression.operand);
      possible(walk, expression.unless);
      const old = read(walk, address);
      write(
        walk,
        address,
        combine(walk, old, operand, (a, b) => binary('+', a, b)),
      );
      return expression.result === 'old' ? old : { values: new Set([0, 1]), open: true };
    }
    case 'lock-query':
      possible(walk, expression.address);
      return { values: new Set([0, 1]), open: true };
    case 'srcu-lock':
      possible(walk, expression.address);
      return { values: new Set([1]), open: false };
  }
}

function combine(
  walk: Walk,
  left: Possible,
  right: Possible,
  apply: (left: Term, right: Term) => Term,
): Possible {
  const values = new Set<RuntimeValue>();
  for (const a of left.values)
    for (const b of right.values) {
      const value = evaluate(walk.scope.space, apply(constant(a), constant(b)), []);
      if (value !== undefined && !Number.isNaN(value)) values.add(value);
      if (values.size > MOST) {
        walk.memory.overflow = true;
        return { values, open: true };
      }
    }
  return { values, open: left.open || right.open };
}

function read(walk: Walk, address: Possible): Possible {
  const { scope, memory, thread } = walk;
  const values = new Set<RuntimeValue>();
  let { open } = address;
  for (const target of address.values) {
    if (!isAddress(target)) continue;
    const location = locationOf(target);
    values.add(initialValue(scope, location));
    for (const value of memory.values.get(location) ?? []) values.add(value);
    for (const writer of memory.writers.get(location) ?? []) open ||= writer !== thread.index;
  }
  return { values, open };
}

function write(walk: Walk, address: Possible, stored: Possible): void {
  const { memory, thread } = walk;
  walk.writes++;
  for (const target of address.values) {
    if (!isAddress(target)) continue;
    const location = locationOf(target);
    const values = memory.values.get(location) ?? new Set();
    const writers = memory.writers.get(location) ?? new Set();
    const size = values.size + writers.size;
    writers.add(thread.index);
    for (const value of stored.values) values.add(value);
    if (values.size > MOST) memory.overflow = true;
    if (values.size + writers.size > size) walk.grown = true;
    memory.values.set(location, values);
    memory.writers.set(location, writers);
  }
}
