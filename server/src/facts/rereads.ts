/**
 * Pointers that a function reads twice without a lock: it tests what the first read returns and follows what the second
 * one does. The second is a load of its own, and can return what another CPU stored in between: "two different values for a
 * single pointer" (rcu_dereference.rst has it of a compiler that reloads).
 */

import { primitive } from '../kernel/primitives.ts';
import type { Expression } from '../syntax/ast.ts';
import { givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { AccessEvent } from './events.ts';
import { fieldName, type Reread } from './file-facts.ts';
import type { Flow } from './flow.ts';
import { isLockedAt } from './locked-steps.ts';

/** The pointers of a function that are tested by one marked read, and followed by another one behind it; or by plain reads, and
 *  followed or returned: what that means is known where a function makes the pointer known to others by an atomic operation. */
export function rereadsIn(steps: readonly Step[], flow: Flow): readonly Reread[] {
  const isReadTwice = readTwiceIn(flow);
  const tests = steps
    .flatMap((step) =>
      step.kind !== 'branch' || step.expression === undefined
        ? []
        : askedIn(step.expression).flatMap((asked) => readAt(asked, step.index, flow)),
    )
    .filter(isReadTwice);
  if (tests.length === 0) return [];
  const asked = variablesAskedIn(steps);
  return tests.flatMap((test) => {
    const isPlain = test.access.marking === 'plain';
    const reach = reachedFrom(test, steps, flow);
    const second = reach
      .flatMap((index) => [
        ...followedIn(steps[index]!, steps, asked),
        ...(isPlain ? returnedIn(steps[index]!) : givenIn(steps[index]!)),
      ])
      .flatMap(({ read, step, givenTo }) =>
        readAt(read, step, flow).map((made) => ({ ...made, givenTo })),
      )
      .find((use) => isSame(use, test) && use.access.span.start > test.access.span.end);
    if (second === undefined || isLockedAt(second.step, steps, flow)) return [];
    if (isPlain && second.access.marking !== 'plain') return [];
    const spans = { tested: test.access.span, followed: second.access.span };
    const { givenTo } = second;
    return [{ ...spans, ...(isPlain && { isPlain }), ...(givenTo && { givenTo }) }];
  });
}

/** Where the stores of null pointers, or of zero, begin. */
export function clearsIn(steps: readonly Step[]): ReadonlySet<number> {
  const parts = steps.flatMap(({ expression }) =>
    expression === undefined ? [] : everyExpression(expression),
  );
  return new Set(
    parts.flatMap((part) => {
      if (part.kind === 'assign')
        return part.operator === '=' && isNull(part.value) ? [part.target.span.start] : [];
      const stored = part.kind === 'call' ? storedBy(part) : undefined;
      return stored !== undefined && isNull(stored) ? [part.span.start] : [];
    }),
  );
}

/** What a call of a primitive stores. */
function storedBy({ callee, arguments: given }: Call): Expression | undefined {
  if (callee.kind !== 'identifier') return undefined;
  if (callee.name === 'rcu_replace_pointer') return given[1];
  const operation = primitive(callee.name)?.operation;
  const operand =
    operation?.kind === 'store'
      ? operation.value
      : operation?.kind === 'rmw' && operation.apply === 'set'
        ? operation.operand
        : undefined;
  return operand !== undefined && 'argument' in operand ? given[operand.argument] : undefined;
}

type Call = Extract<Expression, { kind: 'call' }>;

interface Read {
  readonly access: AccessEvent;
  readonly step: number;
}

/** An expression that may be a read. */
interface AskedRead {
  readonly read: Expression;
  readonly step: number;
  readonly givenTo?: Reread['givenTo'];
}

/** The read that an expression is. */
function readAt(expression: Expression, step: number, { events }: Flow): readonly Read[] {
  const found = events[step]!.find(
    (event): event is AccessEvent =>
      event.kind === 'access' &&
      event.effect === 'read' &&
      event.span.start === expression.span.start &&
      event.span.end === expression.span.end,
  );
  return found?.root === undefined || isUpdater(expression) ? [] : [{ access: found, step }];
}

/** Whether what a read is of is read in more places than that one. */
function readTwiceIn({ events }: Flow): (read: Read) => boolean {
  const keyOf = ({ root, field }: AccessEvent) => `${root} ${fieldName(field)}`;
  const counts = new Map<string, number>();
  for (const event of events.flat()) {
    if (event.kind !== 'access' || event.effect !== 'read') continue;
    const key = keyOf(event);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return ({ access }) => counts.get(keyOf(access))! > 1;
}

/** What a step returns. */
function returnedIn({ statement, expression, index }: Step): readonly AskedRead[] {
  return statement?.kind === 'return' && expression !== undefined
    ? [{ read: expression, step: index }]
    : [];
}

/** The arguments of a step's calls, but for those of primitives. */
function givenIn({ expression, index }: Step): readonly AskedRead[] {
  const parts = expression === undefined ? [] : everyExpression(expression);
  return parts.flatMap((part) => {
    if (part.kind !== 'call' || part.callee.kind !== 'identifier') return [];
    const { name } = part.callee;
    if (primitive(name) !== undefined) return [];
    return part.arguments.map((read, position) => ({
      read,
      step: index,
      givenTo: { function: name, position },
    }));
  });
}

/** `rcu_dereference_protected()` and its like say that a lock is held which keeps stores away. */
function isUpdater(read: Expression): boolean {
  return (
    read.kind === 'call' &&
    read.callee.kind === 'identifier' &&
    /_protected$|^rtnl_dereference$/.test(read.callee.name)
  );
}

/** Whether two reads are of one field of what one variable leads to. */
function isSame({ access: one }: Read, { access: other }: Read): boolean {
  return one.root === other.root && fieldName(one.field) === fieldName(other.field);
}

/** The steps behind a test that control comes to while its variable leads to the same object. */
function reachedFrom(
  { access: { root }, step: start }: Read,
  steps: readonly Step[],
  { successors }: Flow,
): readonly number[] {
  const found = new Set<number>();
  const waiting = [...successors[start]!];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (found.has(index) || index <= start || givenVariable(steps[index]!) === root) continue;
    found.add(index);
    waiting.push(...successors[index]!);
  }
  return [...found].sort((a, b) => a - b);
}

/** What a condition asks of whether it is null. */
function askedIn(condition: Expression): readonly Expression[] {
  switch (condition.kind) {
    case 'unary':
      return condition.operator === '!' ? askedIn(condition.operand) : [];
    case 'cast':
      return askedIn(condition.operand);
    case 'binary': {
      const { left, right, operator } = condition;
      if (operator === '&&' || operator === '||') return [left, right].flatMap(askedIn);
      if (operator !== '==' && operator !== '!=') return [];
      return isNull(right) ? [left] : isNull(left) ? [right] : [];
    }
    case 'call':
      return isHint(condition) ? condition.arguments.flatMap(askedIn) : [condition];
    case 'identifier':
    case 'field':
      return [condition];
    default:
      return [];
  }
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'number' && (expression.text === 'NULL' || expression.value === 0);
}

function isHint({ callee }: Call): boolean {
  return callee.kind === 'identifier' && (callee.name === 'likely' || callee.name === 'unlikely');
}

/** The variables that are compared with anything, or tested, anywhere in the function, or are given on. */
function variablesAskedIn(steps: readonly Step[]): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (expression: Expression | undefined): void => {
    if (expression?.kind === 'identifier') found.add(expression.name);
  };
  for (const { expression, kind } of steps) {
    if (expression === undefined) continue;
    if (kind === 'branch') for (const asked of askedIn(expression)) note(asked);
    for (const part of everyExpression(expression)) {
      if (part.kind === 'binary') for (const side of [part.left, part.right]) note(side);
      if (part.kind === 'unary' && part.operator === '!') note(part.operand);
      if (part.kind === 'conditional') note(part.condition);
      if (part.kind === 'call') part.arguments.forEach(note);
    }
  }
  return found;
}

/** What a step follows as a pointer: in the expression itself, or by a variable that nobody asks of. */
function followedIn(
  step: Step,
  steps: readonly Step[],
  asked: ReadonlySet<string>,
): readonly AskedRead[] {
  const { expression, index } = step;
  if (expression === undefined) return [];
  const direct = everyExpression(expression).flatMap((part) => {
    const base = followedBy(part);
    return base === undefined ? [] : [{ read: base, step: index }];
  });
  const variable = givenVariable(step);
  const given = expression.kind === 'assign' ? expression.value : expression;
  if (variable === undefined || asked.has(variable) || !isRead(given)) return direct;
  const isFollowed = steps.some(
    (later) =>
      later.index > index &&
      later.expression !== undefined &&
      everyExpression(later.expression).some((part) => {
        const base = followedBy(part);
        return base?.kind === 'identifier' && base.name === variable;
      }),
  );
  return isFollowed ? [...direct, { read: given, step: index }] : direct;
}

function isRead(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    expression.callee.kind === 'identifier' &&
    primitive(expression.callee.name) !== undefined
  );
}

/** The pointer of `pointer->field` and `*pointer`. */
function followedBy(part: Expression): Expression | undefined {
  if (part.kind === 'field' && part.arrow) return withoutCasts(part.base);
  return part.kind === 'unary' && part.operator === '*' ? withoutCasts(part.operand) : undefined;
}

function withoutCasts(expression: Expression): Expression {
  return expression.kind === 'cast' ? withoutCasts(expression.operand) : expression;
}
