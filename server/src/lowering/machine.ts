/**
 * The states in which the lowering walks through C: where statements are emitted to, what variables
 * hold on this path, and how paths part and come together again.
 *
 * Code after a join is emitted once, after the `if`, as soon as both of its branches lead there: a
 * control dependency of the LKMM ends with its `if`. Code that is reached from one branch only, or
 * from some paths of a branch but not from all, stays inside, where it depends on the condition.
 */

import { type Candidates, type RegisterCandidates, unionOf } from '../program/candidates.ts';
import { extended } from '../program/layered-map.ts';
import type { Expression, Origin, Statement, Traced } from '../program/program.ts';
import { expressionsOf, registersOf } from '../program/walk.ts';
import type { Span } from '../text/span.ts';
import { candidatesOfFree, choiceOf, type Free, isFree } from './open-world.ts';
import { joinedProgress, NO_PROGRESS, type Progress, progressed } from './progress.ts';
import {
  candidatesOf,
  computed,
  type Definite,
  type Partial,
  sameExpression,
  sameValue,
  toExpression,
  unless,
  type Value,
} from './value.ts';

/** A list of statements under construction: a thread's body or one branch of an `if`. */
export interface Block {
  readonly statements: Statement[];
  /** The `if` it is a branch of; a thread's body is of none. */
  readonly fork?: Fork;
}

export interface Fork {
  readonly block: Block;
  readonly condition: Expression;
  /** Its two branches. */
  readonly sides: readonly Block[];
}

/** How control leaves a statement. */
export type Exit =
  | { readonly kind: 'normal' | 'break' | 'continue' | 'return' }
  | { readonly kind: 'goto'; readonly label: string };

export const NORMAL: Exit = { kind: 'normal' };

/** One path, at one point. Expressions change it in place; a path that ended is `dead`. */
export interface State {
  block: Block;
  exit: Exit;
  /** What the variables hold: locals, and locations that are not in memory. */
  variables: Map<string, Value>;
  /** What locations in memory hold that only this thread writes, as far as is known on this path. */
  latest: Map<string, Candidates>;
  registers: RegisterCandidates;
  /** The registers of earlier choices whose value is known on this path. */
  resolved: ReadonlySet<string>;
  /** What is to be done when control leaves the blocks around. */
  cleanups: readonly Cleanup[];
  /** What it has done that others can see. */
  progress: Progress;
  /** Whether a read barrier lies behind: it orders also the reads whose value is known. */
  pastReadBarrier: boolean;
  dead: boolean;
  /** Of an open request: the registers that hold free values; one is chosen before it is first used. */
  readonly free?: ReadonlyMap<string, Free>;
}

/** Something to be done on a path when control leaves a block. */
export type Cleanup = (state: State) => void;

/** Where a statement comes from. */
export interface Trace {
  readonly span: Span;
  readonly origin: Origin;
}

/** What a register holds that was assigned in both branches of an `if`, by the condition of that. */
export interface Choice {
  readonly condition: Expression;
  readonly yes: Value;
  readonly no: Value;
}

/** What joining needs of its surroundings. */
export interface Joining {
  readonly freshRegister: (hint: string) => string;
  /** What a variable holds before it is first assigned. */
  readonly initial: (variable: string) => Value;
  /** What a location in memory holds before this thread first writes it. */
  readonly contents: (location: string) => Candidates;
  /** What registers assigned at earlier joins stand for; a join adds its own. */
  readonly choices: Map<string, Choice>;
  /** Paths that have jumped out of an expression: what they left is not what others come to. */
  readonly aside: readonly State[];
  /** Where the assignments of joined values are traced to; asked for only if there are any. */
  readonly trace: () => Trace;
}

export function startState(block: Block, free?: State['free']): State {
  return {
    block,
    ...(free && { free }),
    exit: NORMAL,
    variables: new Map(),
    latest: new Map(),
    registers: new Map(),
    resolved: new Set(),
    cleanups: [],
    progress: NO_PROGRESS,
    pastReadBarrier: false,
    dead: false,
  };
}

export function emit(state: State, statement: Statement): void {
  if (state.dead) return;
  chooseFree(state, expressionsOf(statement), statement);
  state.block.statements.push(statement);
  state.progress = progressed(state.progress, statement);
  if (statement.kind === 'fence' && statement.tag === 'rmb') state.pastReadBarrier = true;
}

/** Lets the free values that expressions are computed from be chosen, each before it is first used. */
export function chooseFree(state: State, used: readonly Expression[], at: Traced): void {
  const { free } = state;
  if (free === undefined || state.dead) return;
  for (const register of used.flatMap(registersOf)) {
    const open = free.get(register);
    if (open === undefined || state.registers.has(register)) continue;
    choose(state, register, open, at);
  }
}

function choose(state: State, register: string, free: Free, at: Traced): void {
  state.block.statements.push(choiceOf(register, free, at));
  state.registers = extended(state.registers, [[register, candidatesOfFree(free)]]);
}

/** Lets a free pointer that is followed here be chosen so that it leads somewhere: that it does not is no execution. */
export function chooseObject(state: State, pointer: Expression, at: Traced): void {
  const register = pointer.kind === 'register' ? pointer.name : undefined;
  const free = register === undefined ? undefined : state.free?.get(register);
  if (register === undefined || free === undefined || state.dead) return;
  if ('objects' in free && !state.registers.has(register))
    choose(state, register, { objects: free.objects, isSome: true }, at);
}

/** Makes `state` continue as `as`, or end where there is nothing to continue as. */
export function become(state: State, as: State | undefined): void {
  if (as === undefined) {
    state.dead = true;
    return;
  }
  state.block = as.block;
  state.exit = as.exit;
  state.variables = as.variables;
  state.latest = as.latest;
  state.registers = as.registers;
  state.resolved = as.resolved;
  state.cleanups = as.cleanups;
  state.progress = as.progress;
  state.pastReadBarrier = as.pastReadBarrier;
  state.dead = as.dead;
}

/** Emits an `if` and gives the states in its branches, `state` itself being left behind. */
export function fork(
  state: State,
  condition: Expression,
  outcomes: { readonly yes: RegisterCandidates; readonly no: RegisterCandidates },
  trace: Trace,
): readonly [yes: State, no: State] {
  const sides: Block[] = [];
  const parting: Fork = { block: state.block, condition, sides };
  const [then, otherwise]: readonly [Statement[], Statement[]] = [[], []];
  const [yes, no]: readonly [Block, Block] = [
    { statements: then, fork: parting },
    { statements: otherwise, fork: parting },
  ];
  sides.push(yes, no);
  emit(state, { kind: 'if', condition, then, otherwise, ...trace });
  const branch = (block: Block, registers: RegisterCandidates): State => ({
    ...copyOf(state),
    block,
    registers,
  });
  return [branch(yes, outcomes.yes), branch(no, outcomes.no)];
}

/** A second path through the same point; what is emitted on it goes to the same block. */
export function copyOf(state: State): State {
  return { ...state, variables: new Map(state.variables), latest: new Map(state.latest) };
}

/**
 * Brings together the paths that leave the branches of an `if` in the same way, from the innermost
 * `if` outwards up to `root`. `states` must hold every live path below `root`. A variable that holds
 * different values is given a register that each branch assigns.
 */
export function join(states: readonly State[], root: Block, joining: Joining): readonly State[] {
  let live: readonly State[] = states.filter(({ dead }) => !dead);
  if (live.length === 1 && live[0]!.block === root) return live;
  for (;;) {
    const next = joinOnce(live, root, joining);
    if (next === undefined) return live;
    live = next;
  }
}

function joinOnce(
  live: readonly State[],
  root: Block,
  joining: Joining,
): readonly State[] | undefined {
  const aside = joining.aside.filter(({ dead }) => !dead);
  const within = statesWithin([...live, ...aside], root);
  for (const state of live) {
    const parting = state.block === root ? undefined : state.block.fork;
    const inside = parting && within.get(parting)!;
    const ready = inside?.every(
      (other) =>
        other.block.fork === parting &&
        sameExit(other.exit, state.exit) &&
        other.cleanups === state.cleanups &&
        !aside.includes(other),
    );
    if (parting === undefined || inside === undefined || ready !== true) continue;
    const others = live.filter((other) => !inside.includes(other));
    return [...others, joined(inside, parting, joining)];
  }
  return undefined;
}

/** The live paths in the branches of each `if` below `root`, at any depth. */
function statesWithin(live: readonly State[], root: Block): ReadonlyMap<Fork, readonly State[]> {
  const within = new Map<Fork, State[]>();
  for (const state of live)
    for (let at = state.block; at !== root && at.fork !== undefined; at = at.fork.block)
      addTo(within, at.fork, state);
  return within;
}

function addTo(within: Map<Fork, State[]>, parting: Fork, state: State): void {
  const known = within.get(parting);
  if (known === undefined) within.set(parting, [state]);
  else known.push(state);
}

export function sameExit(left: Exit, right: Exit): boolean {
  if (left.kind !== right.kind) return false;
  return left.kind !== 'goto' || right.kind !== 'goto' || left.label === right.label;
}

/** The one path that two, or one whose twin has ended, continue as. */
function joined(states: readonly State[], parting: Fork, joining: Joining): State {
  const { block, sides } = parting;
  const [first, second] = states[0]!.block === sides[0] ? states : states.toReversed();
  if (second === undefined) return { ...first!, block };
  chooseAsWell(first!, second, joining);
  chooseAsWell(second, first!, joining);
  const registers = joinedRegisters(first!.registers, second.registers);
  const variables = new Map<string, Value>();
  for (const name of new Set([...first!.variables.keys(), ...second.variables.keys()])) {
    const value = joinedValue(name, [first!, second], registers, parting, joining);
    variables.set(name, value);
  }
  const latest = new Map<string, Candidates>();
  for (const name of new Set([...first!.latest.keys(), ...second.latest.keys()])) {
    const valuesIn = (state: State) => state.latest.get(name) ?? joining.contents(name);
    latest.set(name, unionOf(valuesIn(first!), valuesIn(second)));
  }
  const pastReadBarrier = first!.pastReadBarrier || second.pastReadBarrier;
  const resolved = new Set([...first!.resolved].filter((name) => second.resolved.has(name)));
  const progress = joinedProgress(first!.progress, second.progress);
  return { ...first!, block, variables, latest, registers, resolved, progress, pastReadBarrier };
}

/** Lets `other` choose the free values that variables of `state` rest on: behind the join they are asked of both. */
function chooseAsWell(state: State, other: State, { trace }: Joining): void {
  if (state.free === undefined) return;
  const chosen = [...state.registers.keys()].filter(
    (name) => isFree(name) && !other.registers.has(name),
  );
  if (chosen.length === 0) return;
  const held = heldRegisters(state);
  for (const name of chosen)
    if (held.has(name))
      chooseFree(other, [{ kind: 'register', name, span: trace().span }], trace());
}

/** The registers that what variables hold rests on. */
export function heldRegisters({ variables }: State): ReadonlySet<string> {
  const held = new Set<string>();
  const add = (expression: Expression) => {
    for (const register of registersOf(expression)) held.add(register);
  };
  for (const value of variables.values()) {
    const inner = value.kind === 'partial' ? value.value : value;
    if (inner.kind === 'computed') add(inner.expression);
    if (value.kind === 'partial') add(value.absent);
  }
  return held;
}

function joinedRegisters(
  left: RegisterCandidates,
  right: RegisterCandidates,
): Map<string, Candidates> {
  const registers = new Map([...left, ...right]);
  // One that only one path has chosen is to be chosen anew.
  for (const name of registers.keys())
    if (isFree(name) && !(left.has(name) && right.has(name))) registers.delete(name);
  for (const [name, values] of left)
    if (right.has(name)) registers.set(name, unionOf(values, right.get(name)!));
  return registers;
}

function joinedValue(
  name: string,
  states: readonly [State, State],
  registers: Map<string, Candidates>,
  { condition }: Fork,
  joining: Joining,
): Value {
  const valueIn = (state: State) => state.variables.get(name) ?? joining.initial(name);
  const [left, right] = [valueIn(states[0]), valueIn(states[1])];
  if (sameValue(left, right)) return left;
  if (left.kind === 'undefined' && right.kind === 'undefined') {
    const { some, ...nothing } = left;
    const mask = (some?.mask ?? 0n) & (right.some?.mask ?? 0n);
    if (some === undefined || right.some === undefined || mask === 0n) return nothing;
    const values = [some.value, right.some.value] as const;
    const value = joinedDefinite(name, values, states, registers, { condition }, joining);
    return { ...left, some: { value, mask } };
  }
  if (left.kind === 'undefined') return unless(right, condition, left);
  if (right.kind === 'undefined') return unless(left, notOf(condition), right);
  if (left.kind === 'partial' || right.kind === 'partial') {
    const [first, second] = [definiteOf(left), definiteOf(right)];
    return joinedPartial(
      joinedDefinite(name, [first, second], states, registers, { condition }, joining),
      [left, right],
      condition,
    );
  }
  return joinedDefinite(name, [left, right], states, registers, { condition }, joining);
}

/** The value of two paths of which one or both have it under a condition only. */
function joinedPartial(
  joined: Value,
  [left, right]: readonly [Value, Value],
  condition: Expression,
): Value {
  const { span } = condition;
  const both = (first: Expression, second: Expression): Expression => ({
    kind: 'binary',
    operator: '&&',
    left: first,
    right: second,
    span,
  });
  const lacking =
    left.kind === 'partial' ? unless(joined, both(condition, left.absent), left.because) : joined;
  return right.kind === 'partial'
    ? unless(lacking, both(notOf(condition), right.absent), right.because)
    : lacking;
}

function notOf(operand: Expression): Expression {
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand, span: operand.span };
}

function definiteOf(value: Definite | Partial): Definite {
  return value.kind === 'partial' ? value.value : value;
}

function joinedDefinite(
  name: string,
  [left, right]: readonly [Definite, Definite],
  states: readonly [State, State],
  registers: Map<string, Candidates>,
  { condition }: Pick<Fork, 'condition'>,
  joining: Joining,
): Definite {
  if (sameValue(left, right)) return left;
  const choice = { condition, yes: left, no: right };
  const earlier = [...joining.choices].find(
    ([known, other]) =>
      states.every(({ resolved }) => resolved.has(known)) && sameChoice(choice, other),
  );
  const span = joining.trace().span;
  if (earlier !== undefined)
    return computed({ kind: 'register', name: earlier[0], span }, left.type);
  const shared = registerOf(right, states[0]) ?? registerOf(left, states[1]);
  const register = shared ?? joining.freshRegister(name);
  const values = [
    assign(states[0], register, left, joining),
    assign(states[1], register, right, joining),
  ];
  registers.set(register, values.reduce(unionOf));
  // What one path was chosen by is not asked of the other: there it may not have been read at all.
  if (shared === undefined) joining.choices.set(register, choice);
  else joining.choices.delete(shared);
  return computed({ kind: 'register', name: register, span }, left.type);
}

function sameChoice(left: Choice, right: Choice): boolean {
  return (
    sameExpression(left.condition, right.condition) &&
    sameValue(left.yes, right.yes) &&
    sameValue(left.no, right.no)
  );
}

/** The register that a value is, where the other path does not know it and can assign it. One that is free holds nothing but
 *  what was chosen. */
function registerOf(value: Value, other: State): string | undefined {
  if (value.kind !== 'computed' || value.expression.kind !== 'register') return undefined;
  const { name } = value.expression;
  return isFree(name) || other.registers.has(name) ? undefined : name;
}

function assign(state: State, register: string, value: Value, joining: Joining): Candidates {
  const trace = joining.trace();
  if (value.kind === 'computed') chooseFree(state, [value.expression], trace);
  const values = candidatesOf(value, state.registers);
  if (sameValue(value, computed({ kind: 'register', name: register, span: trace.span })))
    return values;
  emit(state, { kind: 'assign', register, value: toExpression(value, trace.span), ...trace });
  state.registers = extended(state.registers, [[register, values]]);
  return values;
}
