/**
 * Where a function makes an object known: it stores a pointer to it in a shared place, or completes what others wait for
 * in it; and its fields before or behind that.
 */

import { primitive } from '../kernel/primitives.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { Publication } from './file-facts.ts';
import type { Flow } from './flow.ts';
import { newObjects } from './new-objects.ts';
import { type Scope, structOf } from './scope.ts';

/** The publications of a function whose steps are `steps`. */
export function publicationsIn(
  steps: readonly Step[],
  flow: Flow,
  scope: Scope,
): readonly Publication[] {
  const found: Publication[] = [];
  const made = newObjects(steps);
  steps.forEach(({ expression }, step) => {
    if (expression === undefined) return;
    for (const part of everyExpression(expression)) {
      const stored = storeIn(part, scope);
      if (stored === undefined) continue;
      const { span, variable, struct, isCompleted, isListed } = stored;
      const isMade = (name: string) => (made.get(name) ?? steps.length) < step;
      const others = rootsAt(span, flow.events[step]!).filter((name) => name !== variable);
      if (others.some(isMade)) continue;
      const isNew = isMade(variable);
      const stores = storesTo(variable, flow);
      found.push({
        span,
        struct,
        ...(isNew && { isNew: true as const }),
        ...(isCompleted && { isCompleted }),
        ...(isListed && scope.parameters.has(variable) && { isGiven: true as const }),
        ...(isLocked(steps.slice(0, step)) && { isLocked: true as const }),
        before: stores.filter((store) => store.step < step).map((store) => store.span),
        after: stores.filter((store) => store.step > step).map((store) => store.span),
        filledBy: steps
          .slice(0, step)
          .flatMap((earlier) => (earlier.expression === undefined ? [] : [earlier.expression]))
          .flatMap((earlier) => callsWith(variable, earlier)),
      });
    }
  });
  const own = found.filter(
    ({ before, after, filledBy, isGiven }) =>
      isGiven || before.length + after.length + filledBy.length > 0,
  );
  return [...own, ...handedOn(steps, made, flow, scope)];
}

/** Where a new object is given to a function, which may make it known, and its fields are stored behind that. */
function handedOn(
  steps: readonly Step[],
  made: ReadonlyMap<string, number>,
  flow: Flow,
  scope: Scope,
): readonly Publication[] {
  if (made.size === 0) return [];
  return steps.flatMap(({ expression }, step) =>
    (expression === undefined ? [] : everyExpression(expression)).flatMap((part) => {
      if (part.kind !== 'call' || part.callee.kind !== 'identifier') return [];
      const { name } = part.callee;
      if (primitive(name) !== undefined) return [];
      return part.arguments.flatMap((given) => {
        const stored = storedAs(given, part.span, scope);
        if (stored === undefined || (made.get(stored.variable) ?? steps.length) >= step) return [];
        const { span, struct, variable } = stored;
        const stores = storesTo(variable, flow);
        const [before, after] = [
          stores.filter((store) => store.step < step),
          stores.filter((store) => store.step > step),
        ].map((some) => some.map((store) => store.span));
        const isNew = true as const;
        return after!.length === 0
          ? []
          : [{ span, struct, isNew, by: name, before: before!, after: after!, filledBy: [] }];
      });
    }),
  );
}

/** The variables through which a place is stored to: what is stored in an object that nobody knows yet, nobody finds. */
function rootsAt({ start }: Span, events: Flow['events'][number]): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'access' && event.span.start === start && event.root !== undefined
      ? [event.root]
      : [],
  );
}

interface Stored {
  /** Of the access to the shared place. */
  readonly span: Span;
  readonly variable: string;
  readonly struct: string;
  readonly isCompleted?: true;
  readonly isListed?: true;
}

/** What lets those go on who wait for it (Documentation/scheduler/completion.rst, "Signaling completions"). */
const COMPLETING: ReadonlySet<string> = new Set(['complete', 'complete_all']);

/** The pointer in a local variable that an expression stores elsewhere, or whose object it adds to a list. */
function storeIn(expression: Expression, scope: Scope): Stored | undefined {
  if (expression.kind === 'assign' && expression.operator === '=') {
    if (expression.target.kind === 'identifier' && scope.locals.has(expression.target.name))
      return undefined;
    return storedAs(expression.value, expression.target.span, scope);
  }
  if (expression.kind !== 'call' || expression.callee.kind !== 'identifier') return undefined;
  const called = primitive(expression.callee.name);
  const node = called?.category === 'rcu-publish' ? called.also?.[0]?.argument : undefined;
  if (typeof node === 'number') {
    const added = addedAs(expression.arguments[node], expression.span, scope);
    return added && { ...added, isListed: true };
  }
  if (COMPLETING.has(expression.callee.name)) {
    const completed = addedAs(expression.arguments[0], expression.span, scope);
    return completed && { ...completed, isCompleted: true };
  }
  const operation = called?.operation;
  const operand =
    operation?.kind === 'store'
      ? operation.value
      : operation?.kind === 'cmpxchg'
        ? operation.desired
        : undefined;
  if (operand === undefined || !('argument' in operand)) return undefined;
  const value = expression.arguments[operand.argument];
  return value && storedAs(value, expression.span, scope);
}

/** The object of which a list gets a member. */
function addedAs(node: Expression | undefined, span: Span, scope: Scope): Stored | undefined {
  if (node?.kind !== 'unary' || node.operator !== '&') return undefined;
  let owner = node.operand;
  while (owner.kind === 'field') owner = owner.base;
  return owner === node.operand ? undefined : storedAs(owner, span, scope);
}

function storedAs(value: Expression, span: Span, scope: Scope): Stored | undefined {
  if (value.kind === 'cast') return storedAs(value.operand, span, scope);
  if (value.kind !== 'identifier' || scope.statics.has(value.name)) return undefined;
  const type = scope.locals.get(value.name);
  const struct = type?.pointers === 1 && type.arrays === 0 ? structOf(type, scope) : undefined;
  return struct === undefined ? undefined : { span, variable: value.name, struct };
}

/** The fields that are stored through a variable, by step. */
function storesTo(variable: string, { events }: Flow) {
  return events.flatMap((all, step) =>
    all.flatMap((event) =>
      event.kind === 'access' && event.effect === 'write' && event.root === variable
        ? [{ step, span: event.span }]
        : [],
    ),
  );
}

/** The functions that are given the variable itself. */
function callsWith(variable: string, expression: Expression): readonly string[] {
  return everyExpression(expression).flatMap((part) =>
    part.kind === 'call' &&
    part.callee.kind === 'identifier' &&
    part.arguments.some((given) => given.kind === 'identifier' && given.name === variable)
      ? [part.callee.name]
      : [],
  );
}

const LOCK = /(?:^|_)(?:lock|down|down_write)(?:_|$)/i;
/** The names of what releases a lock. */
export const UNLOCK = /unlock|(?:^|_)up(?:_|$)/i;

/** Whether more locks are taken than released on the way, in the order of the steps. */
export function isLocked(steps: readonly Step[]): boolean {
  let held = 0;
  for (const { expression } of steps) {
    const name =
      expression?.kind === 'call' && expression.callee.kind === 'identifier'
        ? expression.callee.name
        : '';
    if (UNLOCK.test(name)) held = Math.max(0, held - 1);
    else if (LOCK.test(name) && !name.startsWith('rcu')) held += 1;
  }
  return held > 0;
}
