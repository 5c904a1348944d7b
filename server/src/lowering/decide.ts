/** Conditions: where they part the paths, and `&&`, `||` and `?:` as values. */

import { type Outcomes, outcomesOf, type RegisterCandidates } from '../program/candidates.ts';
import { extended } from '../program/layered-map.ts';
import type { Expression } from '../program/program.ts';
import { registersOf } from '../program/walk.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import { type Decision, type Lowering, type Scope, visiblePlace } from './context.ts';
import { convert } from './convert.ts';
import { decayed } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import { copyOf, emit, fork, heldRegisters, type State, type Trace } from './machine.ts';
import { unfold } from './names.ts';
import { isRead } from './open-world.ts';
import { withoutFailed } from './progress.ts';
import { rejoin } from './rejoin.ts';
import { settled, stop } from './settle.ts';
import { traceOf } from './trace.ts';
import { typeOfExpression } from './type-of.ts';
import {
  binary,
  candidatesOf,
  computed,
  integer,
  sameExpression,
  sameValue,
  substitute,
  toExpression,
  undefinedValue,
  type Value,
} from './value.ts';

type Binary = CExpression & { readonly kind: 'binary' };

/** `a && b` as a value: one expression where `b` touches nothing, an `if` where it does. */
export function logical(lowering: Lowering, operation: Binary, state: State, scope: Scope): Value {
  const pure = pureLogical(lowering, operation, state, scope);
  if (pure !== undefined) return pure;
  const { yes, no } = decide(lowering, operation, state, scope);
  return choose(lowering, { yes, no }, state, operation, scope, {
    yes: () => integer(1),
    no: () => integer(0),
  });
}

/** `a && b` or `a || b` as one expression; undefined, and nothing emitted, where `b` does anything. */
function pureLogical(
  lowering: Lowering,
  { operator, left, right, span }: Binary,
  state: State,
  scope: Scope,
): Value | undefined {
  const trial = trialOf(state);
  const { leaving } = lowering;
  const leavingBefore = leaving.length;
  const first = evaluate(lowering, left, trial, scope);
  const isOpen = first.kind !== 'known' && isUntouched(trial, state);
  const second = isOpen ? evaluate(lowering, right, trial, scope) : undefined;
  const jumps = leaving.splice(leavingBefore).length > 0;
  if (second === undefined || jumps || !isUntouched(trial, state)) return undefined;
  if (second.kind === 'undefined' || second.kind === 'partial') return undefined; // matters only behind the first
  return binary(operator as '&&' | '||', first, second, visiblePlace(scope, span).span);
}

/** A copy of a state that emits to nowhere, to find out what an expression does. */
function trialOf(state: State): State {
  return { ...copyOf(state), block: { statements: [] } };
}

function isUntouched(trial: State, state: State): boolean {
  return (
    !trial.dead &&
    trial.block.statements.length === 0 &&
    trial.variables.size === state.variables.size &&
    [...trial.variables].every(([name, value]) => {
      const before = state.variables.get(name);
      return before !== undefined && sameValue(before, value);
    })
  );
}

type Conditional = CExpression & { readonly kind: 'conditional' };

/** `a ? b : c` as a value. */
export function conditional(
  lowering: Lowering,
  written: Conditional,
  state: State,
  scope: Scope,
): Value {
  const { condition, consequence, alternative } = written;
  if (consequence === undefined) return evaluateElvis(lowering, written, state, scope);
  const decision = decide(lowering, condition, state, scope);
  return choose(lowering, decision, state, written, scope, {
    yes: (branch) => evaluate(lowering, consequence, branch, scope),
    no: (branch) => evaluate(lowering, alternative, branch, scope),
  });
}

/** GNU's `a ?: b`, which evaluates `a` once. */
function evaluateElvis(
  lowering: Lowering,
  written: Conditional,
  state: State,
  scope: Scope,
): Value {
  const { condition, alternative } = written;
  const value = evaluate(lowering, condition, state, scope);
  const decision = decideValue(lowering, value, state, condition, scope);
  return choose(lowering, decision, state, written, scope, {
    yes: () => value,
    no: (branch) => evaluate(lowering, alternative, branch, scope),
  });
}

export interface Alternatives {
  readonly yes: (branch: State) => Value;
  readonly no: (branch: State) => Value;
}

/** Evaluates one of two on each path and lets `state` continue where the paths join. */
export function choose(
  lowering: Lowering,
  { yes, no }: Decision,
  state: State,
  written: CExpression,
  scope: Scope,
  alternatives: Alternatives,
): Value {
  const root = state.block;
  const { span } = written;
  const result = `${scope.frame.prefix}value${lowering.freshFrame()}`;
  const chosen = [
    ...yes.map((branch) => ({ branch, value: alternatives.yes(branch) })),
    ...no.map((branch) => ({ branch, value: alternatives.no(branch) })),
  ];
  const type = decayed(typeOfExpression(lowering, written, scope));
  const { span: visible } = visiblePlace(scope, span);
  for (const { branch, value } of chosen)
    branch.variables.set(result, convert(value, type, branch, visible));
  rejoin(lowering, state, [...yes, ...no], root, () => traceOf(scope, span));
  const value =
    state.variables.get(result) ?? undefinedValue('what cannot be reached', undefined, type);
  state.variables.delete(result);
  return value;
}

/** The paths on which a condition holds and does not: `!`, `&&` and `||` are taken apart where their
 *  second operand does something, so that what it does is under the first. */
export function decide(
  lowering: Lowering,
  written: CExpression,
  state: State,
  outer: Scope,
): Decision {
  const { expression, scope } = unfold(lowering, written, outer);
  if (expression.kind === 'unary' && expression.operator === '!') {
    const { yes, no } = decide(lowering, expression.operand, state, scope);
    return { yes: no, no: yes };
  }
  if (expression.kind !== 'binary' || !/^(&&|\|\|)$/.test(expression.operator))
    return decideValue(
      lowering,
      evaluate(lowering, expression, state, scope),
      state,
      expression,
      scope,
    );
  const pure = pureLogical(lowering, expression, state, scope);
  if (pure !== undefined) return decideValue(lowering, pure, state, expression, scope);
  const first = decide(lowering, expression.left, state, scope);
  const isAnd = expression.operator === '&&';
  const seconds = (isAnd ? first.yes : first.no).map((branch) =>
    decide(lowering, expression.right, branch, scope),
  );
  const yes = seconds.flatMap((second) => second.yes);
  const no = seconds.flatMap((second) => second.no);
  return isAnd ? { yes, no: [...first.no, ...no] } : { yes: [...first.yes, ...yes], no };
}

/** Code between the exits of a function is there once for each way to it, which can double each time. */
const MOST_PARTINGS = 500;
const MOST_OPEN_PARTINGS = 80;

/** Parts the paths by a value; one that can only come out one way parts nothing. */
export function decideValue(
  lowering: Lowering,
  written: Value,
  state: State,
  condition: CExpression,
  scope: Scope,
): Decision {
  if (state.dead) return { yes: [], no: [] };
  const trace = traceOf(scope, condition.span);
  const value = settled(lowering, state, written, trace);
  if (value === undefined) return { yes: [], no: [] };
  const expression = toExpression(value, trace.span);
  const outcomes = outcomesOf(expression, state.registers);
  if (outcomes.yes === undefined || outcomes.no === undefined)
    return decidedOneWay(lowering, value, outcomes, state, trace);
  const before = choiceBehind(lowering, expression, state);
  if (before !== undefined) {
    const asked = decideValue(lowering, computed(before.condition), state, condition, scope);
    return before.whenHeld ? asked : { yes: asked.no, no: asked.yes };
  }
  const most = lowering.request.open === undefined ? MOST_PARTINGS : MOST_OPEN_PARTINGS;
  if (++lowering.partings.count > most) {
    stop(lowering, state, 'more paths than can be followed', trace);
    return { yes: [], no: [] };
  }
  const { yes, no } = outcomes;
  const [holds, fails] = fork(state, expression, { yes, no }, trace);
  const choices = [...lowering.choices].filter(([, choice]) =>
    sameExpression(choice.condition, expression),
  );
  const held = choices.length === 0 ? undefined : heldRegisters(state);
  for (const [register, choice] of choices) {
    if (!held?.has(register)) continue;
    resolve(holds, register, choice.yes);
    resolve(fails, register, choice.no);
  }
  resolvePartial(holds, expression, true);
  resolvePartial(fails, expression, false);
  holds.progress = withoutFailed(holds.progress, expression, true);
  fails.progress = withoutFailed(fails.progress, expression, false);
  return { yes: [holds], no: [fails] };
}

/** The one way in which a value can come out. In an open request what was read decides all the same: that the fields start
 *  with certain values is only tried, and what stands behind the condition depends on it. */
function decidedOneWay(
  lowering: Lowering,
  value: Value,
  { yes, no }: Outcomes,
  state: State,
  trace: Trace,
): Decision {
  if (lowering.request.open === undefined || !isRead(lowering, value))
    return yes === undefined ? { yes: [], no: [state] } : { yes: [state], no: [] };
  const { registers } = state;
  const outcomes = { yes: yes ?? registers, no: no ?? registers };
  const [holds, fails] = fork(state, toExpression(value, trace.span), outcomes, trace);
  const never = yes === undefined ? holds : fails;
  emit(never, { kind: 'stop', why: 'end', reason: 'a value that nobody stores', ...trace });
  never.dead = true;
  return yes === undefined ? { yes: [], no: [fails] } : { yes: [holds], no: [] };
}

/** A condition that has been asked before. */
interface DecidedBefore {
  readonly condition: Expression;
  /** How the condition at hand comes out where the earlier one holds; where it fails, the other way. */
  readonly whenHeld: boolean;
}

/** The earlier condition that decides this one too: `p = c ? q : NULL; if (p)` asks for `c` again. The
 *  branches depend on `c` in either form, since a register assigned in a branch and tested later hands
 *  its control dependency on. */
function choiceBehind(
  { choices }: Lowering,
  expression: Expression,
  { registers }: State,
): DecidedBefore | undefined {
  const [register, ...others] = new Set(registersOf(expression));
  const choice = register === undefined ? undefined : choices.get(register);
  if (register === undefined || choice === undefined || others.length > 0) return undefined;
  const tested = new Set(registersOf(choice.condition));
  const chosen = [choice.yes, choice.no].flatMap((value) =>
    registersOf(toExpression(value, NOWHERE)),
  );
  if (!chosen.every((name) => tested.has(name))) return undefined;
  const outcomes = outcomesOf(choice.condition, registers);
  const truthOf = (value: Value, known: RegisterCandidates | undefined) =>
    onlyOutcome(substitute(computed(expression), register, value), known ?? registers);
  const whenHeld = truthOf(choice.yes, outcomes.yes);
  const whenFailed = truthOf(choice.no, outcomes.no);
  if (whenHeld === undefined || whenFailed === undefined || whenHeld === whenFailed)
    return undefined;
  return { condition: choice.condition, whenHeld };
}

const NOWHERE = { start: 0, end: 0 };

/** Whether a value is true, where it can only come out one way. */
function onlyOutcome(value: Value, registers: RegisterCandidates): boolean | undefined {
  if (value.kind === 'undefined') return undefined;
  const { yes, no } = outcomesOf(toExpression(value, NOWHERE), registers);
  if (yes !== undefined && no !== undefined) return undefined;
  return yes !== undefined;
}

/** Variables that have a value where the condition comes out so have it on this path, others have none. */
function resolvePartial(state: State, condition: Expression, holds: boolean): void {
  for (const [name, value] of state.variables) {
    if (value.kind !== 'partial') continue;
    const { absent } = value;
    const isNegated = absent.kind === 'not' && sameExpression(absent.operand, condition);
    if (!isNegated && !sameExpression(absent, condition)) continue;
    state.variables.set(name, holds === isNegated ? value.value : value.because);
  }
}

/** Puts the value that a register has on this path in its place. */
function resolve(state: State, register: string, value: Value): void {
  for (const [name, held] of state.variables)
    state.variables.set(name, substitute(held, register, value));
  state.registers = extended(state.registers, [[register, candidatesOf(value, state.registers)]]);
  state.resolved = new Set([...state.resolved, register]);
}
