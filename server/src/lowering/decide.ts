/** Conditions: where they part the paths, and `&&`, `||` and `?:` as values. */

import type { Expression as CExpression } from '../syntax/ast.ts';
import { reportUndefined } from './access.ts';
import { outcomesOf } from './candidates.ts';
import { type Decision, joiningAt, type Lowering, type Scope, visiblePlace } from './context.ts';
import { become, copyOf, fork, join, type State } from './machine.ts';
import { unfold } from './names.ts';
import { traceOf } from './trace.ts';
import { binary, integer, sameValue, toExpression, undefinedValue, type Value } from './value.ts';

type Binary = CExpression & { readonly kind: 'binary' };

/** `a && b` as a value: one expression where `b` touches nothing, an `if` where it does. */
export function logical(lowering: Lowering, operation: Binary, state: State, scope: Scope): Value {
  const pure = pureLogical(lowering, operation, state, scope);
  if (pure !== undefined) return pure;
  const { yes, no } = lowering.decide(operation, state, scope);
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
  const first = lowering.evaluate(left, trial, scope);
  if (!isUntouched(trial, state)) return undefined;
  if (first.kind === 'known') return undefined;
  const second = lowering.evaluate(right, trial, scope);
  if (!isUntouched(trial, state)) return undefined;
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
  const decision = lowering.decide(condition, state, scope);
  return choose(lowering, decision, state, written, scope, {
    yes: (branch) => lowering.evaluate(consequence, branch, scope),
    no: (branch) => lowering.evaluate(alternative, branch, scope),
  });
}

/** GNU's `a ?: b`, which evaluates `a` once. */
function evaluateElvis(
  lowering: Lowering,
  { condition, alternative }: Conditional,
  state: State,
  scope: Scope,
): Value {
  const value = lowering.evaluate(condition, state, scope);
  const decision = lowering.decideValue(value, state, condition, scope);
  return choose(lowering, decision, state, condition, scope, {
    yes: () => value,
    no: (branch) => lowering.evaluate(alternative, branch, scope),
  });
}

interface Alternatives {
  readonly yes: (branch: State) => Value;
  readonly no: (branch: State) => Value;
}

/** Evaluates one of two on each path and lets `state` continue where the paths join. */
function choose(
  lowering: Lowering,
  { yes, no }: Decision,
  state: State,
  { span }: CExpression,
  scope: Scope,
  alternatives: Alternatives,
): Value {
  const root = state.block;
  const result = `${scope.frame.prefix}value${lowering.freshFrame()}`;
  for (const branch of yes) branch.variables.set(result, alternatives.yes(branch));
  for (const branch of no) branch.variables.set(result, alternatives.no(branch));
  const [joined] = join(
    [...yes, ...no],
    root,
    joiningAt(lowering, () => traceOf(scope, span)),
  );
  become(state, joined);
  const value = state.variables.get(result) ?? undefinedValue('what cannot be reached');
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
    const { yes, no } = lowering.decide(expression.operand, state, scope);
    return { yes: no, no: yes };
  }
  if (expression.kind !== 'binary' || !/^(&&|\|\|)$/.test(expression.operator))
    return lowering.decideValue(
      lowering.evaluate(expression, state, scope),
      state,
      expression,
      scope,
    );
  const pure = pureLogical(lowering, expression, state, scope);
  if (pure !== undefined) return lowering.decideValue(pure, state, expression, scope);
  const first = lowering.decide(expression.left, state, scope);
  const isAnd = expression.operator === '&&';
  const seconds = (isAnd ? first.yes : first.no).map((branch) =>
    lowering.decide(expression.right, branch, scope),
  );
  const yes = seconds.flatMap((second) => second.yes);
  const no = seconds.flatMap((second) => second.no);
  return isAnd ? { yes, no: [...first.no, ...no] } : { yes: [...first.yes, ...yes], no };
}

/** Parts the paths by a value; one that can only come out one way parts nothing. */
export function decideValue(
  lowering: Lowering,
  value: Value,
  state: State,
  { span }: CExpression,
  scope: Scope,
): Decision {
  if (state.dead) return { yes: [], no: [] };
  const trace = traceOf(scope, span);
  if (value.kind === 'undefined') {
    reportUndefined(lowering, value, trace);
    return { yes: [], no: [state] };
  }
  const expression = toExpression(value, trace.span);
  const outcomes = outcomesOf(expression, state.registers);
  if (outcomes.yes === undefined) return { yes: [], no: [state] };
  if (outcomes.no === undefined) return { yes: [state], no: [] };
  const { yes, no } = outcomes;
  const [holds, fails] = fork(state, expression, { yes, no }, trace);
  return { yes: [holds], no: [fails] };
}
