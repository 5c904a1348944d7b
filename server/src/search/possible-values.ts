/**
 * What each location may hold, whatever way the threads go: an abstract run of all threads in which a
 * register holds a set of values and both branches of a condition are taken where what decides it
 * comes from another thread. It contains the values that only exist because they are assumed.
 */

import { crowdedStatements } from '../memory-model/crowded.ts';
import {
  STEPS_OF_ROUND,
  STEPS_TO_BRANCH,
  srcuIndex,
  stepsBefore,
} from '../memory-model/program-order-index.ts';
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
  /** How many writes there are in the text. */
  sites: number;
  /** What the old value is compared with where that decides whether a new one is written. */
  readonly expected: Set<RuntimeValue>;
  /** Whether there are accesses through what other threads may write. */
  isFollowed: boolean;
  /** Why the answer is incomplete, where it is. */
  overflow: string | undefined;
  /** What was held at the statements gone through so far. */
  steps: number;
  /** Pairs of values looked at so far. */
  pairs: number;
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

/** What a thread holds at a point of its code: its registers, by location what it wrote there last itself, and
 *  the program order indices that an execution may have here. */
interface Held {
  readonly registers: Map<string, Possible>;
  readonly written: Map<number, Possible>;
  indices: readonly number[];
}

/** The numbers given to writes so far. */
interface Sites {
  readonly byNode: Map<Traced, Map<string, number>>;
  count: number;
}

/** What all walks have in common. */
interface Run {
  readonly scope: Scope;
  readonly memory: PossibleValues;
  readonly sites: Sites;
  readonly unroll: number;
  readonly mostSteps: number;
  readonly branches: Branches;
}

interface Walk extends Run {
  readonly thread: Thread;
  readonly held: Held;
  /** The writes that the walk has come to. */
  readonly visited: Set<number>;
  /** Which rounds of which loops the walk is in. */
  iteration: string;
  /** The statements whose accesses are not all ordered, a write with them. */
  readonly crowds: ReadonlySet<Statement>;
  /** The instruction at hand makes accesses that it does not order among themselves. */
  isCrowded: boolean;
  /** Whether the walk left a branch out. */
  skips: boolean;
  grown: boolean;
}

/** No expression or location is pursued beyond this many values. */
const MOST = 512;

/** More pairs of values are not computed with, in the whole program: some seconds. */
const MOST_PAIRS = 1 << 22;

const MANY_VALUES = 'a location may hold more values than are pursued';

/** More derivations of one value than this are merged into what they share. */
const MOST_DERIVATIONS = 8;

/** Sites beyond this many have no bit; what passes through them is bounded by how many sites there are. */
const BITS = 30;

/** The derivation of what was not written by any thread. */
const GIVEN: Derivation = { sites: 0, length: 0 };

/** Which branches are gone through: those that the values found so far lead to; all; or those that
 *  lead on where a location may have any value if another thread is expected to write there. */
type Branches =
  | { readonly kind: 'found' | 'all' }
  | { readonly kind: 'expected'; readonly stores: PossibleValues['stores'] };

/**
 * Runs all threads until nothing new is written. Where a branch is never come to that way, it may still be
 * reached because of a value that only it writes: whatever the branches would write is then expected to
 * be read, too.
 */
export function possibleValues(scope: Scope, unroll: number, mostSteps: number): PossibleValues {
  const run = (branches: Branches) => runThreads(scope, unroll, mostSteps, branches);
  const found = run({ kind: 'found' });
  if (!found.skips || found.memory.overflow !== undefined) return found.memory;
  const all = run({ kind: 'all' }).memory;
  if (all.overflow !== undefined) return all;
  return run({ kind: 'expected', stores: all.stores }).memory;
}

function runThreads(
  scope: Scope,
  unroll: number,
  mostSteps: number,
  branches: Branches,
): { readonly memory: PossibleValues; readonly skips: boolean } {
  const memory: PossibleValues = {
    stores: new Map(),
    sites: 0,
    expected: new Set(),
    isFollowed: false,
    overflow: undefined,
    steps: 0,
    pairs: 0,
  };
  const sites: Sites = { byNode: new Map(), count: 0 };
  const of: Run = { scope, memory, sites, unroll, mostSteps, branches };
  let skips = false;
  for (let round = 0; round <= sites.count + 1; round++) {
    const walks = scope.program.threads.map((thread) => walkThread(of, thread));
    skips = walks.some((walk) => walk.skips);
    if (!walks.some(({ grown }) => grown)) break;
  }
  memory.sites = sites.count;
  return { memory, skips };
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

/** The values that a thread may have written to a location. */
export function valuesOfOwn(
  { stores }: PossibleValues,
  thread: number,
  location: number,
): readonly RuntimeValue[] {
  const values = new Set<RuntimeValue>();
  for (const store of stores.get(location)?.values() ?? [])
    if (store.thread === thread) for (const value of store.values.keys()) values.add(value);
  return [...values];
}

/** Notes a value that a thread may write to a location, wherever it does so; says whether it is new. */
export function addValue(
  { stores }: PossibleValues,
  thread: number,
  location: number,
  value: RuntimeValue,
): boolean {
  const known = stores.get(location) ?? new Map<number, SiteValues>();
  const own = [...known.values()].filter((store) => store.thread === thread);
  if (own.some(({ values }) => values.has(value))) return false;
  const somewhere = -1 - thread;
  const store = known.get(somewhere) ?? { thread, values: new Map(), isRepeated: true };
  store.values.set(value, [GIVEN]);
  stores.set(location, known.set(somewhere, store));
  return true;
}

/** Whether other threads write to a location once at most in any execution, or where a value is given, that value. */
export function isWrittenOnceByOthers(
  { stores, overflow }: PossibleValues,
  thread: number,
  location: number,
  value?: RuntimeValue,
): boolean {
  const sites = [...(stores.get(location)?.values() ?? [])];
  const mayStore = ({ values }: SiteValues) =>
    value === undefined ? values.size > 0 : values.has(value);
  const others = sites.filter((site) => site.thread !== thread && mayStore(site));
  return (
    overflow === undefined && others.length <= 1 && others.every(({ isRepeated }) => !isRepeated)
  );
}

function walkThread(
  { scope, memory, sites, unroll, mostSteps, branches }: Run,
  thread: Thread,
): Walk {
  const walk: Walk = {
    scope,
    mostSteps,
    memory,
    sites,
    thread,
    unroll,
    branches,
    crowds: crowdedStatements(thread),
    held: { registers: new Map(), written: new Map(), indices: [0] },
    visited: new Set(),
    iteration: '',
    isCrowded: false,
    skips: false,
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
  return anyOf([value]);
}

/** Values that do not depend on memory. */
function anyOf(values: readonly RuntimeValue[]): Possible {
  return { values: new Map(values.map((value) => [value, [GIVEN]])), open: false };
}

function runAll(walk: Walk, statements: readonly Statement[]): void {
  for (const statement of statements) run(walk, statement);
}

function run(walk: Walk, statement: Statement): void {
  const { memory, held } = walk;
  memory.steps += held.indices.length + held.registers.size + held.written.size;
  if (memory.steps > walk.mostSteps)
    memory.overflow ??= `more than ${walk.mostSteps} steps of the threads`;
  if (memory.overflow !== undefined) return;
  advance(walk, stepsBefore(statement));
  walk.isCrowded = walk.crowds.has(statement);
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
      if (statement.then !== undefined) advance(walk, 1);
      return;
    case 'evaluate':
      possible(walk, statement.value);
      return;
    case 'if': {
      const condition = possible(walk, statement.condition);
      const before = copyOf(walk.held);
      const holds = leads(walk, condition, true, statement.then);
      const fails = leads(walk, condition, false, statement.otherwise);
      if (holds) runBranch(walk, statement.then);
      const after = copyOf(walk.held);
      if (!fails) return;
      restore(walk.held, before);
      runBranch(walk, statement.otherwise);
      if (holds) merge(walk, after);
      return;
    }
    case 'while':
      for (let round = 0; round < walk.unroll; round++) {
        walk.isCrowded = walk.crowds.has(statement);
        const condition = possible(walk, statement.condition);
        if (!leads(walk, condition, true, statement.body)) return;
        const before = copyOf(walk.held);
        const { iteration } = walk;
        walk.iteration = `${iteration}.${round}`;
        advance(walk, STEPS_OF_ROUND);
        runAll(walk, statement.body);
        advance(walk, STEPS_OF_ROUND);
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

function runBranch(walk: Walk, body: readonly Statement[]): void {
  if (body.length > 0) advance(walk, STEPS_TO_BRANCH);
  runAll(walk, body);
}

function advance({ held }: Walk, steps: number): void {
  if (steps > 0) held.indices = held.indices.map((index) => index + steps);
}

function copyOf({ registers, written, indices }: Held): Held {
  return { registers: new Map(registers), written: new Map(written), indices };
}

function restore(held: Held, { registers, written, indices }: Held): void {
  held.indices = indices;
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
  if (other.indices !== held.indices)
    held.indices = [...new Set([...held.indices, ...other.indices])];
}

function either(left: Possible, right: Possible): Possible {
  const values: Derived = new Map();
  for (const { values: some } of [left, right])
    for (const [value, derivations] of some)
      for (const derivation of derivations) addDerived(values, value, derivation);
  return { values, open: left.open || right.open };
}

/** Whether a condition may lead into a branch. */
function leads(
  walk: Walk,
  { values, open }: Possible,
  wanted: boolean,
  branch: readonly Statement[],
): boolean {
  if (open || walk.branches.kind === 'all') return true;
  const may = [...values.keys()].some((value) => truth(value) === wanted);
  if (!may && branch.length > 0) walk.skips = true;
  return may;
}

/** The values an expression may have; what it writes is noted. */
function possible(walk: Walk, expression: Expression): Possible {
  const { memory } = walk;
  const { space } = walk.scope;
  switch (expression.kind) {
    case 'value':
      return only(runtimeValue(space, expression.value));
    case 'open':
      return {
        values: new Map(
          expression.alternatives.map((value) => [runtimeValue(space, value), [GIVEN]] as const),
        ),
        open: false,
      };
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
      const expected = possible(walk, expression.expected);
      const desired = possible(walk, expression.desired);
      const old = read(walk, address);
      write(walk, expression, address, desired, true);
      for (const value of expected.values.keys()) memory.expected.add(value);
      return either(old, expected);
    }
    case 'add-unless': {
      const address = possible(walk, expression.address);
      const operand = possible(walk, expression.operand);
      const unless = possible(walk, expression.unless);
      const old = read(walk, address);
      write(
        walk,
        expression,
        address,
        combine(walk, old, operand, (a, b) => binary(space, '+', a, b, expression.type)),
        true,
      );
      for (const value of unless.values.keys()) memory.expected.add(value);
      return expression.result === 'old' ? either(old, unless) : TRUTH;
    }
    case 'lock-query':
      possible(walk, expression.address);
      return TRUTH;
    case 'srcu-lock':
      possible(walk, expression.address);
      return anyOf(walk.held.indices.map((index) => srcuIndex(walk.thread.index, index)));
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
  walk.memory.pairs += left.values.size * right.values.size;
  if (walk.memory.pairs > MOST_PAIRS) walk.memory.overflow ??= MANY_VALUES;
  if (walk.memory.overflow !== undefined) return { values, open: true };
  for (const [a, derivations] of left.values)
    for (const [b, others] of right.values) {
      const value = evaluate(walk.scope.space, apply(constant(a), constant(b)), []);
      if (value === undefined || Number.isNaN(value)) continue;
      for (const one of derivations)
        for (const two of others) addDerived(values, value, together(one, two));
      if (values.size > MOST) {
        walk.memory.overflow ??= MANY_VALUES;
        return { values, open: true };
      }
    }
  return { values, open: left.open || right.open };
}

/** What a read may return: what the thread itself wrote last, and what others write. In an instruction that
 *  does not order its accesses it may be anything that the thread itself writes. */
function read(walk: Walk, address: Possible): Possible {
  const { scope, memory, thread, held } = walk;
  const values: Derived = new Map();
  let { open } = address;
  memory.isFollowed ||= open;
  for (const [target, through] of address.values) {
    if (!isAddress(target)) continue;
    const location = locationOf(target);
    const own = held.written.get(location) ?? only(initialValue(scope, location));
    open ||= own.open || isExpectedOfOthers(walk, location);
    for (const [value, derivations] of own.values)
      for (const one of derivations)
        for (const two of through) addDerived(values, value, together(one, two));
    for (const store of memory.stores.get(location)?.values() ?? []) {
      const isOwn = store.thread === thread.index;
      if (isOwn && !walk.isCrowded) continue;
      open ||= !isOwn;
      for (const [value, derivations] of store.values)
        for (const one of derivations) addDerived(values, value, one);
    }
  }
  return { values, open };
}

/** Whether another thread is expected to write to a location. */
function isExpectedOfOthers({ branches, thread }: Walk, location: number): boolean {
  if (branches.kind !== 'expected') return false;
  const stores = branches.stores.get(location);
  return (
    stores !== undefined && [...stores.values()].some((store) => store.thread !== thread.index)
  );
}

/** Notes what the write at `node` stores, but for values that it has stored before. What was there before may be
 *  there still where it is `conditional`. */
function write(
  walk: Walk,
  node: Traced,
  address: Possible,
  stored: Possible,
  conditional = false,
): void {
  const { memory, thread, sites, held, scope } = walk;
  const site = siteOf(walk, node);
  const bit = site < BITS ? 1 << site : 0;
  const isRepeated = walk.visited.has(site);
  walk.visited.add(site);
  memory.isFollowed ||= address.open;
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
    const isOnly = address.values.size === 1 && !walk.isCrowded && !conditional;
    held.written.set(location, isOnly ? now : either(before, now));
    const stores = memory.stores.get(location) ?? new Map<number, SiteValues>();
    memory.stores.set(location, stores);
    const known = stores.get(site) ?? { thread: thread.index, values: new Map(), isRepeated };
    known.isRepeated ||= isRepeated;
    if (!stores.has(site)) walk.grown = true;
    stores.set(site, known);
    for (const [value, derivations] of passed)
      for (const one of derivations) if (addDerived(known.values, value, one)) walk.grown = true;
    if (known.values.size > MOST) memory.overflow ??= MANY_VALUES;
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
