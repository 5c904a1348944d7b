/**
 * Where a function makes an object known: it stores a pointer to it in a shared place, or completes what others wait for
 * in it; and its fields before or behind that.
 */

import { adders } from '../kernel/accessors.ts';
import { runners, type Start, starts } from '../kernel/deferral.ts';
import type { Operand, Operation } from '../kernel/operation.ts';
import type { Primitive } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { Publication, PublishedHow, Runner } from './file-facts.ts';
import type { Flow } from './flow.ts';
import { isLockedAt } from './locked-steps.ts';
import { newObjects } from './new-objects.ts';
import { type Scope, structOf } from './scope.ts';

/** The publications of a function whose steps are `steps`. */
export function publicationsIn(
  steps: readonly Step[],
  flow: Flow,
  scope: Scope,
): readonly Publication[] {
  const made = newObjects(steps);
  return steps.flatMap(({ expression }, step) =>
    (expression === undefined ? [] : everyExpression(expression)).flatMap((part) => {
      const isMade = (name: string) => (made.get(name) ?? steps.length) < step;
      const stored = storeIn(part, scope);
      const known = stored === undefined ? handedOn(part, isMade, scope) : [stored];
      return known.flatMap(({ variable, ...publication }) => {
        const others = rootsAt(publication.span, flow.events[step]!);
        if (others.some((name) => name !== variable && isMade(name))) return [];
        const fillings = (from: number, to: number) => ({
          stores: storesTo(variable, from, to, flow),
          calls: steps
            .slice(from, to)
            .flatMap((each) =>
              made.get(variable) === each.index ? callsIn(each) : callsWith(variable, each),
            ),
        });
        const [before, after] = [fillings(0, step), fillings(step + 1, steps.length)];
        const isFilled = [before, after].some(
          ({ stores, calls }) => stores.length + calls.length > 0,
        );
        const { how } = publication;
        if (!isFilled && !('isGiven' in how && how.isGiven)) return [];
        return [
          {
            ...publication,
            ...(isMade(variable) && { isNew: true as const }),
            ...(isLockedAt(step, steps, flow) && { isLocked: true as const }),
            before,
            after,
          },
        ];
      });
    }),
  );
}

/** A new object that is given to a function, which may make it known. */
function handedOn(
  call: Expression,
  isMade: (variable: string) => boolean,
  scope: Scope,
): readonly Stored[] {
  if (call.kind !== 'call' || call.callee.kind !== 'identifier') return [];
  const { name } = call.callee;
  if (primitive(name) !== undefined) return [];
  return call.arguments.flatMap((given) => {
    const stored = storedAs(given, call.span, { kind: 'handed-on', to: name }, scope);
    return stored !== undefined && isMade(stored.variable) ? [stored] : [];
  });
}

/** The variables through which a place is stored to: what is stored in an object that nobody knows yet, nobody finds. */
function rootsAt({ start }: Span, events: Flow['events'][number]): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'access' && event.span.start === start && event.root !== undefined
      ? [event.root]
      : [],
  );
}

type Call = Extract<Expression, { kind: 'call' }>;

interface Stored {
  /** Of the access to the shared place. */
  readonly span: Span;
  readonly how: PublishedHow;
  readonly variable: string;
  readonly struct: string;
}

/** What lets those go on who wait for it (Documentation/scheduler/completion.rst, "Signaling completions"). */
const COMPLETING: ReadonlySet<string> = new Set(['complete', 'complete_all']);

/** The pointer in a local variable that an expression stores elsewhere, or whose object it adds to a list. */
function storeIn(expression: Expression, scope: Scope): Stored | undefined {
  if (expression.kind === 'assign' && expression.operator === '=') {
    if (expression.target.kind === 'identifier' && scope.locals.has(expression.target.name))
      return undefined;
    return madeKnown(storedAs(expression.value, expression.target.span, POINTER, scope), scope);
  }
  if (expression.kind !== 'call' || expression.callee.kind !== 'identifier') return undefined;
  const { span } = expression;
  const called = primitive(expression.callee.name);
  if (called?.publishes !== undefined) return entryIn(expression, called.publishes, scope);
  const added = adders.get(expression.callee.name);
  if (added !== undefined) return entryIn(expression, { argument: added, by: 'member' }, scope);
  const start = starts.get(expression.callee.name);
  if (start !== undefined) return startedIn(expression, expression.callee.name, start, scope);
  if (COMPLETING.has(expression.callee.name))
    return ownerOf(expression.arguments[0], span, { kind: 'completion' }, scope);
  const operation = called?.operation;
  const operand = operation && storedBy(operation);
  if (operand === undefined || !('argument' in operand)) return undefined;
  const value = expression.arguments[operand.argument];
  return value && madeKnown(storedAs(value, span, POINTER, scope), scope);
}

/** What an operation leaves in a place, if it finds there what it looks for. */
function storedBy(operation: Operation): Operand | undefined {
  switch (operation.kind) {
    case 'store':
      return operation.value;
    case 'cmpxchg':
      return operation.desired;
    case 'rmw':
      return operation.apply === 'set' ? operation.operand : undefined;
    default:
      return undefined;
  }
}

const POINTER = { kind: 'pointer', isGiven: false } as const;

/** What is stored or added to a list, with whether the function was given it. */
function madeKnown(stored: Stored | undefined, { parameters }: Scope): Stored | undefined {
  if (stored === undefined) return undefined;
  const { how, variable } = stored;
  return how.kind === 'pointer' || how.kind === 'entry'
    ? { ...stored, how: { kind: how.kind, isGiven: parameters.has(variable) } }
    : stored;
}

/** The object that a call adds to a list or an array of pointers. */
function entryIn(
  { arguments: given, span }: Call,
  { argument, by }: NonNullable<Primitive['publishes']>,
  scope: Scope,
): Stored | undefined {
  const entry = given[argument];
  const how = { kind: 'entry', isGiven: false } as const;
  const stored =
    by === 'member' ? ownerOf(entry, span, how, scope) : entry && storedAs(entry, span, how, scope);
  return madeKnown(stored, scope);
}

/** The object that a function is given which runs from then on. */
function startedIn(
  { arguments: all, span }: Call,
  by: string,
  { given, runs }: Start,
  scope: Scope,
): Stored | undefined {
  const object = all[given];
  const named = runs === undefined ? undefined : all[runs];
  if (runs === undefined) {
    const member = memberOf(object);
    return member === undefined
      ? undefined
      : ownerOf(object, span, { kind: 'started', by, member }, scope);
  }
  return object === undefined || named?.kind !== 'identifier'
    ? undefined
    : storedAs(object, span, { kind: 'started', by, runs: named.name }, scope);
}

/** Which functions members of objects are told to run. */
export function runnersIn(steps: readonly Step[], scope: Scope): readonly Runner[] {
  const calls = steps.flatMap(({ expression }) =>
    expression === undefined ? [] : everyExpression(expression),
  );
  return calls.flatMap((call) => {
    if (call.kind !== 'call' || call.callee.kind !== 'identifier') return [];
    const told = runners.get(call.callee.name);
    const object = told && call.arguments[told.member];
    const runs = told && call.arguments[told.runs];
    const member = memberOf(object);
    const owner = ownerOf(object, call.span, POINTER, scope);
    return member === undefined || owner === undefined || runs?.kind !== 'identifier'
      ? []
      : [{ struct: owner.struct, member, runs: runs.name }];
  });
}

/** `work` of `&dev->work`. */
function memberOf(given: Expression | undefined): string | undefined {
  return given?.kind === 'unary' && given.operator === '&' && given.operand.kind === 'field'
    ? given.operand.name
    : undefined;
}

/** The object of which a member is given. */
function ownerOf(
  member: Expression | undefined,
  span: Span,
  how: PublishedHow,
  scope: Scope,
): Stored | undefined {
  if (member?.kind !== 'unary' || member.operator !== '&') return undefined;
  let owner = member.operand;
  while (owner.kind === 'field') owner = owner.base;
  return owner === member.operand ? undefined : storedAs(owner, span, how, scope);
}

function storedAs(
  value: Expression,
  span: Span,
  how: PublishedHow,
  scope: Scope,
): Stored | undefined {
  if (value.kind === 'cast') return storedAs(value.operand, span, how, scope);
  if (value.kind !== 'identifier' || scope.statics.has(value.name)) return undefined;
  const type = scope.locals.get(value.name);
  const struct = type?.pointers === 1 && type.arrays === 0 ? structOf(type, scope) : undefined;
  return struct === undefined ? undefined : { span, how, variable: value.name, struct };
}

/** The fields that are stored through a variable from one step up to another. */
function storesTo(variable: string, from: number, to: number, { events }: Flow): readonly Span[] {
  return events
    .slice(from, to)
    .flat()
    .flatMap((event) =>
      event.kind === 'access' && event.effect === 'write' && event.root === variable
        ? [event.span]
        : [],
    );
}

/** The functions that a step gives the variable itself. */
function callsWith(variable: string, step: Step): readonly string[] {
  return callsIn(step, (given) =>
    given.some((each) => each.kind === 'identifier' && each.name === variable),
  );
}

/** The functions that a step calls, with arguments that are asked for. */
function callsIn(
  { expression }: Step,
  isAsked: (given: readonly Expression[]) => boolean = () => true,
): readonly string[] {
  if (expression === undefined) return [];
  return everyExpression(expression).flatMap((part) =>
    part.kind === 'call' && part.callee.kind === 'identifier' && isAsked(part.arguments)
      ? [part.callee.name]
      : [],
  );
}
