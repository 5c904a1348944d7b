/**
 * What each location may hold, whatever way the threads go: an abstract run of all threads in which a
 * register holds a set of values and both branches of a condition are taken where what decides it
 * comes from another thread. It contains the values that only exist because they are assumed.
 */

import { resultTerm, storedTerm } from '../memory-model/rmw-terms.ts';
import { initialValue, type Scope } from '../memory-model/scope.ts';
import {
  addressOf,
  binary,
  constant,
  evaluate,
  folded,
  isAddress,
  locationOf,
  type RuntimeValue,
  runtimeValue,
  type Term,
  truth,
} from '../memory-model/value.ts';
import type { Expression, Statement, Thread, Traced } from '../program/program.ts';

/** What is known of memory: by location, what each write that may reach it stores. */
export interface PossibleValues {
  readonly stores: Map<number, Map<number, SiteValues>>;
  /** More values than are pursued: the answer is incomplete. */
  overflow: boolean;
}

/** What the writes of one place in the code may store. */
interface SiteValues {
  readonly thread: number;
  readonly values: Derived;
  /** Whether a path may come here more than once. */
  isRepeated: boolean;
}

/**
 * A way in which a value comes about: the write sites that it has passed through, as bits, and how many they are
 * at least. No value passes through a write twice.
 */
interface Derivation {
  readonly sites: number;
  readonly length: number;
}

/** Values with their derivations, of which only minimal ones are kept. */
type Derived = Map<RuntimeValue, readonly Derivation[]>;

/** A set of values; `open` if other threads may make it larger, so that no branch on it is settled. */
interface Possible {
  readonly values: ReadonlyMap<RuntimeValue, readonly Derivation[]>;
  readonly open: boolean;
}

/** What a thread holds at a point of its code: its registers, and by location what it wrote there last itself. */
interface Held {
  readonly registers: Map<string, Possible>;
  readonly written: Map<number, Possible>;
}

/** The numbers given to writes so far. */
interface Sites {
  readonly byNode: Map<Traced, Map<string, number>>;
  count: number;
}

interface Walk {
  readonly scope: Scope;
  readonly memory: PossibleValues;
  readonly sites: Sites;
  readonly thread: Thread;
  readonly unroll: number;
  readonly held: Held;
  /** The writes that the walk has come to. */
  readonly visited: Set<number>;
  /** Which rounds of which loops the walk is in. */
  iteration: string;
  grown: boolean;
}

/** No expression or location is pursued beyond this many values. */
const MOST = 512;

/** More derivations of one value than this are merged into what they share. */
const MOST_DERIVATIONS = 8;

/** Sites beyond this many have no bit; what passes through them is bounded by how many sites there are. */
const BITS = 30;

/** The derivation of what was not written by any thread. */
const GIVEN: Derivation = { sites: 0, length: 0 };

/** Runs all threads until nothing new is written. */
export function possibleValues(scope: Scope, unroll: number): PossibleValues {
  const memory: PossibleValues = { stores: new Map(), overflow: false };
  const sites: Sites = { byNode: new Map(), count: 0 };
  for (let round = 0; round <= sites.count + 1; round++) {
    let grown = false;
    for (const thread of scope.program.threads)
      if (walkThread(scope, memory, sites, thread, unroll).grown) grown = true;
    if (!grown) break;
  }
  return memory;
}

/** The values that other threads may have written to a location. */
export function valuesOfOthers(
  { stores }: PossibleValues,
  thread: number,
  location: number,
): readonly RuntimeValue[] {
  const values = new Set<RuntimeValue>();
  for (const store of stores.get(location)?.values() ?? [])
    if (store.thread !== thread) for (const value of store.values.keys()) values.add(value);
  return [...values];
}

/** Whether other threads write to a location once at most in any execution. */
export function isWrittenOnceByOthers(
  { stores, overflow }: PossibleValues,
  thread: number,
  location: number,
): boolean {
  const sites = [...(stores.get(location)?.values() ?? [])];
  const others = sites.filter((site) => site.thread !== thread && site.values.size > 0);
  return !overflow && others.length <= 1 && others.every(({ isRepeated }) => !isRepeated);
}

function walkThread(
  scope: Scope,
  memory: PossibleValues,
  sites: Sites,
  thread: Thread,
  unroll: number,
): Walk {
  const walk: Walk = {
    scope,
    memory,
    sites,
    thread,
    unroll,
    held: { registers: new Map(), written: new Map() },
    visited: new Set(),
    iteration: '',
    grown: false,
  };
  for (const { target, value } of scope.program.initial)
    if (target.kind === 'register' && target.thread === thread.index)
      walk.held.registers.set(target.name, only(runtimeValue(scope.space, value)));
  for (const { name } of thread.parameters)
    walk.held.registers.set(name, only(addressOf(scope.space, name)));
  runAll(walk, thread.body);
  return walk;
}

function only(value: RuntimeValue): Possible {
  return { values: new Map([[value, [GIVEN]]]), open: false };
}

function runAll(walk: Walk, statements: readonly Statement[]): void {
  for (const statement of statements) run(walk, statement);
}

function run(walk: Walk, statement: Statement): void {
  switch (statement.kind) {
    case 'declare':
      if (statement.value !== undefined)
        walk.held.registers.set(statement.register, possible(walk, statement.value));
      return;
    case 'assign':
      walk.held.registers.set(statement.register, possible(walk, statement.value));
      return;
    case 'store':
      write(walk, statement, possible(walk, statement.address), possible(walk, statement.value));
      return;
    case 'evaluate':
      possible(walk, statement.value);
      return;
    case 'if': {
      const condition = possible(walk, statement.condition);
      const before = copyOf(walk.held);
      if (mayBe(condition, true)) runAll(walk, statement.then);
      const after = copyOf(walk.held);
      if (!mayBe(condition, false)) return;
      restore(walk.held, before);
      runAll(walk, statement.otherwise);
      if (mayBe(condition, true)) merge(walk, after);
      return;
    }
    case 'while':
      for (let round = 0; round < walk.unroll; round++) {
        const condition = possible(walk, statement.condition);
        if (!mayBe(condition, true)) return;
        const before = copyOf(walk.held);
        const { iteration } = walk;
        walk.iteration = `${iteration}.${round}`;
        runAll(walk, statement.body);
        walk.iteration = iteration;
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

function copyOf({ registers, written }: Held): Held {
  return { registers: new Map(registers), written: new Map(written) };
}

function restore(held: Held, { registers, written }: Held): void {
  held.registers.clear();
  for (const [name, value] of registers) held.registers.set(name, value);
  held.written.clear();
  for (const [location, value] of written) held.written.set(location, value);
}

/** Joins another way into the current one. A register that one of them does not know is 0 there; a location that
 *  one of them has not written holds what it did at the start. */
function merge({ scope, held }: Walk, other: Held): void {
  for (const name of new Set([...held.registers.keys(), ...other.registers.keys()])) {
    const [left, right] = [held.registers.get(name), other.registers.get(name)];
    held.registers.set(name, either(left ?? only(0), right ?? only(0)));
  }
  for (const location of new Set([...held.written.keys(), ...other.written.keys()])) {
    const initial = only(initialValue(scope, location));
    const [left, right] = [held.written.get(location), other.written.get(location)];
    held.written.set(location, either(left ?? initial, right ?? initial));
  }
}

function either(left: Possible, right: Possible): Possible {
  const values: Derived = new Map();
  for (const { values: some } of [left, right])
    for (const [value, derivations] of some)
      for (const derivation of derivations) addDerived(values, value, derivation);
  return { values, open: left.open || right.open };
}

function mayBe({ values, open }: Possible, wanted: boolean): boolean {
  return open || [...values.keys()].some((value) => truth(value) === wanted);
}

/** The values an expression may have; what it writes is noted. */
function possible(walk: Walk, expression: Expression): Possible {
  const { space } = walk.scope;
  switch (expression.kind) {
    case 'value':
      return only(runtimeValue(space, expression.value));
    case 'register':
      return walk.held.registers.get(expression.name) ?? only(0);
    case 'binary': {
      const left = possible(walk, expression.left);
      const right = possible(walk, expression.right);
      return combine(walk, left, right, (a, b) =>
        binary(space, expression.operator, a, b, expression.type),
      );
    }
    case 'not':
      return combine(walk, possible(walk, expression.operand), only(0), (a) =>
        folded(space, { kind: 'not', operand: a }),
      );
    case 'convert': {
      const { to } = expression;
      return combine(walk, possible(walk, expression.operand), only(0), (a) =>
        folded(space, { kind: 'convert', operand: a, to }),
      );
    }
    case 'member':
    case 'container': {
      const { kind, path, base } = expression;
      return combine(walk, possible(walk, base), only(0), (a) =>
        folded(space, { kind, base: a, path }),
      );
    }
    case 'element':
      return combine(
        walk,
        possible(walk, expression.base),
        possible(walk, expression.index),
        (base, index) => folded(space, { kind: 'element', base, index }),
      );
    case 'load':
      return read(walk, possible(walk, expression.address));
    case 'rmw': {
      const address = possible(walk, expression.address);
      const operand = possible(walk, expression.operand);
      const old = read(walk, address);
      const stored = combine(walk, old, operand, (a, b) => storedTerm(space, expression, a, b));
      write(walk, expression, address, stored);
      return combine(walk, old, stored, (a, b) => resultTerm(space, expression.result, a, b));
    }
    case 'cmpxchg': {
      const address = possible(walk, expression.address);
      possible(walk, expression.expected);
      const desired = possible(walk, expression.desired);
      const old = read(walk, address);
      write(walk, expression, address, desired);
      return old;
    }
    case 'add-unless': {
      const address = possible(walk, expression.address);
      const operand = possible(walk, expression.operand);
      possible(walk, expression.unless);
      const old = read(walk, address);
      write(
        walk,
        expression,
        address,
        combine(walk, old, operand, (a, b) => binary(space, '+', a, b, expression.type)),
      );
      return expression.result === 'old' ? old : TRUTH;
    }
    case 'lock-query':
      possible(walk, expression.address);
      return TRUTH;
    case 'srcu-lock':
      possible(walk, expression.address);
      return only(1);
  }
}

/** The outcome of a lock query or a conditional addition: either, whatever is known. */
const TRUTH: Possible = {
  values: new Map([
    [0, [GIVEN]],
    [1, [GIVEN]],
  ]),
  open: true,
};

function combine(
  walk: Walk,
  left: Possible,
  right: Possible,
  apply: (left: Term, right: Term) => Term,
): Possible {
  const values: Derived = new Map();
  for (const [a, derivations] of left.values)
    for (const [b, others] of right.values) {
      const value = evaluate(walk.scope.space, apply(constant(a), constant(b)), []);
      if (value === undefined || Number.isNaN(value)) continue;
      for (const one of derivations)
        for (const two of others) addDerived(values, value, together(one, two));
      if (values.size > MOST) {
        walk.memory.overflow = true;
        return { values, open: true };
      }
    }
  return { values, open: left.open || right.open };
}

/** What a read may return: what the thread itself wrote last, and what others write. */
function read(walk: Walk, address: Possible): Possible {
  const { scope, memory, thread, held } = walk;
  const values: Derived = new Map();
  let { open } = address;
  for (const [target, through] of address.values) {
    if (!isAddress(target)) continue;
    const location = locationOf(target);
    const own = held.written.get(location) ?? only(initialValue(scope, location));
    open ||= own.open;
    for (const [value, derivations] of own.values)
      for (const one of derivations)
        for (const two of through) addDerived(values, value, together(one, two));
    for (const store of memory.stores.get(location)?.values() ?? []) {
      if (store.thread === thread.index) continue;
      open = true;
      for (const [value, derivations] of store.values)
        for (const one of derivations) addDerived(values, value, one);
    }
  }
  return { values, open };
}

/** Notes what the write at `node` stores, but for values that it has stored before. */
function write(walk: Walk, node: Traced, address: Possible, stored: Possible): void {
  const { memory, thread, sites, held, scope } = walk;
  const site = siteOf(walk, node);
  const bit = site < BITS ? 1 << site : 0;
  const isRepeated = walk.visited.has(site);
  walk.visited.add(site);
  const passed: Derived = new Map();
  for (const [value, derivations] of stored.values)
    for (const { sites: before, length } of derivations)
      if ((before & bit) === 0 && length < sites.count)
        addDerived(passed, value, { sites: before | bit, length: length + 1 });
  const now = { values: passed, open: stored.open };
  for (const target of address.values.keys()) {
    if (!isAddress(target)) continue;
    const location = locationOf(target);
    const before = held.written.get(location) ?? only(initialValue(scope, location));
    held.written.set(location, address.values.size > 1 ? either(before, now) : now);
    const stores = memory.stores.get(location) ?? new Map<number, SiteValues>();
    memory.stores.set(location, stores);
    const known = stores.get(site) ?? { thread: thread.index, values: new Map(), isRepeated };
    known.isRepeated ||= isRepeated;
    if (!stores.has(site)) walk.grown = true;
    stores.set(site, known);
    for (const [value, derivations] of passed)
      for (const one of derivations) if (addDerived(known.values, value, one)) walk.grown = true;
    if (known.values.size > MOST) memory.overflow = true;
  }
}

/** The number of a write: by its place in the program, its thread, and its rounds of loops. */
function siteOf({ sites, thread, iteration }: Walk, node: Traced): number {
  const key = `${thread.index}${iteration}`;
  const known = sites.byNode.get(node) ?? new Map<string, number>();
  sites.byNode.set(node, known);
  const site = known.get(key) ?? sites.count++;
  known.set(key, site);
  return site;
}

/** The derivation of what is computed from two values. */
function together(one: Derivation, two: Derivation): Derivation {
  if (two === GIVEN) return one;
  return { sites: one.sites | two.sites, length: Math.max(one.length, two.length) };
}

/** Adds a derivation unless a smaller one is known; says whether it did. */
function addDerived(values: Derived, value: RuntimeValue, derivation: Derivation): boolean {
  const known = values.get(value) ?? [];
  if (known.some((other) => isWithin(other, derivation))) return false;
  const kept = known.filter((other) => !isWithin(derivation, other));
  kept.push(derivation);
  values.set(value, kept.length > MOST_DERIVATIONS ? [kept.reduce(shared)] : kept);
  return true;
}

/** Whether what `other` allows, `one` allows, too. */
function isWithin(one: Derivation, other: Derivation): boolean {
  return (one.sites & other.sites) === one.sites && one.length <= other.length;
}

function shared(one: Derivation, other: Derivation): Derivation {
  return { sites: one.sites & other.sites, length: Math.min(one.length, other.length) };
}
