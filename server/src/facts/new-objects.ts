/**
 * Which variables of a function lead to an object that nobody else knows yet: the function makes it, and it is known once
 * it is stored somewhere; or the function sets it up, its locks, its queues, its operations, its memory; or takes that down.
 */

import { primitive } from '../kernel/primitives.ts';
import type { Expression } from '../syntax/ast.ts';
import { givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { Scope } from './scope.ts';

/** The first step after which each variable leads to such an object: what gives it what an allocation returns, or, of an
 *  object that is set up or taken down, the entry. */
export function newObjects(steps: readonly Step[]): ReadonlyMap<string, number> {
  const made = new Map<string, number>();
  for (const step of steps) {
    const variable = allocatedBy(step);
    if (variable !== undefined && !made.has(variable)) made.set(variable, step.index);
  }
  const locked = lockedIn(steps);
  const alone = [...steps.flatMap(setUpBy), ...ofWhoseMemory(steps)].filter(
    (variable) => !locked.has(variable),
  );
  for (const variable of withTheirLike(steps, alone)) made.set(variable, ENTRY);
  return made;
}

/** The variables whose objects have a lock of theirs taken that the function does not set up: others know them, and a part of theirs
 *  is set up. */
function lockedIn(steps: readonly Step[]): ReadonlySet<string> {
  const parts = steps.flatMap(({ expression }) =>
    expression === undefined ? [] : everyExpression(expression),
  );
  const givenTo = (isMeant: (name: string) => boolean) =>
    new Set(
      parts.flatMap((part) =>
        part.kind === 'call' && isMeant(calledIn(part) ?? '')
          ? part.arguments.slice(0, 1).flatMap(memberOf)
          : [],
      ),
    );
  const own = givenTo((name) => LOCK_INIT.test(name));
  const taken = givenTo((name) => primitive(name)?.category === 'lock');
  return new Set([...taken].filter((variable) => !own.has(variable)));
}

const LOCK_INIT = /(?:lock|mutex|sema)_init$|init_rwsem$/;

/** Which arguments of the call at `span` in a step, by position, lead to such an object, or to a variable of the function. */
export function newArguments(
  { expression, index }: Step,
  span: Span,
  made: ReadonlyMap<string, number>,
  { locals, statics, parameters }: Scope,
): readonly number[] {
  if (expression === undefined) return [];
  const call = everyExpression(expression).find(
    (part) => part.kind === 'call' && part.span.start === span.start && part.span.end === span.end,
  );
  if (call?.kind !== 'call') return [];
  const isOwn = (name: string) =>
    locals.get(name)?.pointers === 0 && !statics.has(name) && !parameters.has(name);
  return call.arguments.flatMap((given, position) => {
    const isNew =
      given.kind === 'identifier'
        ? (made.get(given.name) ?? index) < index
        : given.kind === 'unary' &&
          given.operator === '&' &&
          given.operand.kind === 'identifier' &&
          isOwn(given.operand.name);
    return isNew ? [position] : [];
  });
}

const ENTRY = -1;

const ALLOCATION = /alloc|dup|create|new/;

function allocatedBy(step: Step): string | undefined {
  const given = givenBy(step);
  return given !== undefined && isMade(given) ? givenVariable(step) : undefined;
}

/** Whether an expression allocates. */
function isMade(given: Expression): boolean {
  return everyExpression(given).some((part) => ALLOCATION.test(calledIn(part) ?? ''));
}

function givenBy({ expression }: Step): Expression | undefined {
  return expression?.kind === 'assign' ? expression.value : expression;
}

/** What is done once to an object, before others know it. A list is emptied, a completion is armed again and again. */
const SETTING_UP: ReadonlySet<string> = new Set([
  'spin_lock_init',
  'raw_spin_lock_init',
  'rwlock_init',
  'mutex_init',
  'rt_mutex_init',
  'sema_init',
  'init_rwsem',
  'percpu_init_rwsem',
  'seqlock_init',
  'seqcount_init',
  'seqcount_spinlock_init',
  'seqcount_mutex_init',
  'init_waitqueue_head',
  'init_swait_queue_head',
  'init_irq_work',
  'init_llist_head',
  'kref_init',
  'percpu_ref_init',
  'idr_init',
  'xa_init',
  'xa_init_flags',
  'timer_setup',
  'hrtimer_init',
  'INIT_WORK',
  'INIT_DELAYED_WORK',
  'INIT_RCU_WORK',
]);

/** Where a step sets up `v->lock` or `v->queue`, or gives `v` its operations. */
function setUpBy({ expression }: Step): readonly string[] {
  if (expression === undefined) return [];
  return everyExpression(expression).flatMap((part) => {
    const name = calledIn(part);
    if (name !== undefined && SETTING_UP.has(name))
      return part.kind === 'call' ? part.arguments.slice(0, 1).flatMap(memberOf) : [];
    return part.kind === 'assign' && isOperations(part.target) && isTable(part.value)
      ? memberOf(part.target)
      : [];
  });
}

/** The memory of one member may be replaced while others look at it; that of several is not. */
const FEWEST_MEMBERS = 2;

/** The variables of whose objects several members are given memory, or are freed: by `v->data = kzalloc()`, `kfree(v->data)`. */
function ofWhoseMemory(steps: readonly Step[]): readonly string[] {
  const made = new Map<string, Set<string>>();
  const freed = new Map<string, Set<string>>();
  const note = (found: Map<string, Set<string>>, place: Expression) => {
    if (place.kind !== 'field') return;
    for (const variable of memberOf(place))
      found.set(variable, (found.get(variable) ?? new Set()).add(place.name));
  };
  for (const { expression } of steps)
    for (const part of expression === undefined ? [] : everyExpression(expression)) {
      if (part.kind === 'assign' && (isMade(part.value) || isAlso(part.value, made)))
        note(made, part.target);
      if (FREE.test(calledIn(part) ?? '') && part.kind === 'call')
        for (const given of part.arguments) note(freed, given);
    }
  return [...made, ...freed].flatMap(([variable, members]) =>
    members.size >= FEWEST_MEMBERS ? variable : [],
  );
}

/** Whether a value is that of a member which was given memory: `v->head = v->tail = v->data`. */
function isAlso(value: Expression, made: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (value.kind === 'assign') return isAlso(value.value, made);
  if (value.kind !== 'field') return false;
  return memberOf(value).some((variable) => made.get(variable)?.has(value.name) === true);
}

const FREE = /free|destroy/;

function isOperations(target: Expression): boolean {
  return target.kind === 'field' && /(?:^|_)[a-z]?ops$/.test(target.name);
}

function isTable(value: Expression): boolean {
  return value.kind === 'unary' && value.operator === '&' && value.operand.kind === 'identifier';
}

/** The variable through which a member is named, and `&v->member`. */
function memberOf(place: Expression): readonly string[] {
  let inner = place.kind === 'unary' && place.operator === '&' ? place.operand : place;
  if (inner.kind !== 'field') return [];
  while (inner.kind === 'field' || inner.kind === 'index') inner = inner.base;
  return inner.kind === 'identifier' ? [inner.name] : [];
}

function calledIn(part: Expression): string | undefined {
  return part.kind === 'call' && part.callee.kind === 'identifier' ? part.callee.name : undefined;
}

/** Beside the variables those that are made of one of them: `vi = EROFS_I(inode)`, `sb = &queue->sb`. */
function withTheirLike(steps: readonly Step[], variables: readonly string[]): ReadonlySet<string> {
  const found = new Set(variables);
  if (found.size === 0) return found;
  for (const step of steps) {
    const variable = givenVariable(step);
    const of = variable === undefined ? undefined : madeOf(givenBy(step));
    if (variable !== undefined && of !== undefined && found.has(of)) found.add(variable);
  }
  return found;
}

/** The variable whose object, or one around it or within it, an expression gives. */
function madeOf(given: Expression | undefined): string | undefined {
  switch (given?.kind) {
    case 'identifier':
      return given.name;
    case 'cast':
      return madeOf(given.operand);
    case 'call':
      return madeOf(given.arguments[0]);
    case 'unary':
      return given.operator === '&' ? memberOf(given)[0] : undefined;
    default:
      return undefined;
  }
}
