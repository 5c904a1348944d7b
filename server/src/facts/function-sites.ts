/** One function read for itself: its flow, its accesses and calls, and the places of its primitives. */

import type { FunctionDefinition } from '../syntax/ast.ts';
import { type ControlFlow, givenVariable, type Step } from '../syntax/control-flow.ts';
import { everyExpression } from '../syntax/walk.ts';
import type { LineIndex } from '../text/line-index.ts';
import { type AlwaysMet, alwaysMet, keyOf } from './always-met.ts';
import { isMemberName, storedRunners } from './by-member.ts';
import type { AccessEvent, CallEvent, Event, PrimitiveEvent } from './events.ts';
import type { Access, FunctionAccess, FunctionCall, FunctionFact } from './file-facts.ts';
import { distancesFrom, type Flow, flowOf } from './flow.ts';
import { givenObjects } from './given-objects.ts';
import { newArguments, newObjects } from './new-objects.ts';
import { publicationsIn, runnersIn } from './publications.ts';
import type { Placed } from './reach.ts';
import { rechecksIn } from './rechecks.ts';
import { clearsIn, rereadsIn } from './rereads.ts';
import { scopeOf } from './scope.ts';
import { sleepsIn } from './sleeps.ts';
import { isPointerGivenOn } from './tested.ts';
import type { TypeIndex } from './type-index.ts';

/** A function with what is needed to look around in it. */
export interface ReadFunction {
  readonly fact: FunctionFact;
  readonly flow: Flow;
  readonly met: AlwaysMet;
  readonly accesses: readonly Placed<AccessEvent>[];
  /** In the order of evaluation. */
  readonly primitives: readonly PlacedPrimitive[];
  /** The macros that were replaced, by where their uses begin. */
  readonly replaced: ReadonlyMap<number, string>;
}

/** A use of a primitive with its place and the way to the ends of its function. */
export interface PlacedPrimitive extends Placed<PrimitiveEvent> {
  readonly fromEntry: number;
  readonly toExit: number;
}

/** Reads `definition`, whose control flow is `graph`. */
export function readFunction(
  definition: FunctionDefinition,
  graph: ControlFlow,
  types: TypeIndex,
  lines: LineIndex,
): ReadFunction {
  const scope = scopeOf(definition, types);
  const flow = flowOf(graph, scope);
  const excess = excessOf(flow);
  const met = excess === undefined ? alwaysMet(flow) : undefined;
  if (met === undefined)
    return unread(definition, lines, excess ?? 'the ways through it are too entangled');
  const entry = distancesFrom(flow, 0, 'forward');
  const exit = distancesFrom(flow, flow.exit, 'backward');
  const ways = ({ step }: Placed) => ({
    distance: Math.max(0, entry[step]!),
    toExit: Math.max(0, exit[step]!),
  });
  const placed = placedEvents(flow);
  const on = (event: Event) => (met.after(0, -1, keyOf(event) ?? '') ? 'every-path' : 'some-path');
  const accesses = placed.filter(isAccess);
  const made = newObjects(graph.steps);
  const clears = clearsIn(graph.steps);
  const uses = lastUses(graph.steps);
  const given = givenObjects(definition, scope);
  const kept = (variable: string | undefined) => {
    const keptUntil = variable === undefined ? undefined : uses.get(variable);
    return keptUntil === undefined ? {} : { keptUntil };
  };
  const accessFacts = accesses.map((place): FunctionAccess => {
    const { event } = place;
    const tested =
      flow.tested.has(place.step) &&
      event.effect !== 'write' &&
      !isPointerGivenOn(event, graph.steps[place.step]!, scope);
    const isNew = event.root !== undefined && (made.get(event.root) ?? place.step) < place.step;
    const isOfWaiter = scope.waiters.has(event.root ?? '');
    const parameter = definition.parameters.findIndex(({ name }) => name === event.root);
    const variable = givenVariable(graph.steps[place.step]!);
    const handedTo =
      event.effect === 'read' ? copiedTo(graph.steps[place.step]!, event, definition) : -1;
    return {
      ...accessAt(event, lines),
      ...ways(place),
      on: on(event),
      ...(tested && { isTested: true as const }),
      ...(isNew && { isNew: true as const }),
      ...(isOfWaiter && { isOfWaiter: true as const }),
      ...(parameter >= 0 && { parameter }),
      ...(parameter >= 0 && event.isDirect && { within: parameter }),
      ...(clears.has(event.span.start) && event.effect !== 'read' && { isClear: true as const }),
      ...(event.effect === 'read' && kept(variable)),
      ...(handedTo >= 0 && { handedTo }),
    };
  });
  const callSites = placed.filter(isCall).map((place): FunctionCall => {
    const { name, span } = place.event;
    const own = newArguments(graph.steps[place.step]!, span, made, scope);
    const objects = given.calls
      .get(span.start)
      ?.map((object) => ('variable' in object ? { ...object, ...kept(object.variable) } : object));
    const parts = given.parts.get(span.start);
    return {
      name,
      span,
      line: lineAt(lines, span.start),
      ...ways(place),
      on: on(place.event),
      ...(own.length > 0 && { newObjects: own }),
      ...(objects && { objects }),
      ...(parts && { parts }),
      ...kept(givenVariable(graph.steps[place.step]!)),
    };
  });
  const primitives = placed.filter(isPrimitive).map((place) => {
    const { distance, toExit } = ways(place);
    return { ...place, fromEntry: distance, toExit };
  });
  const sleeps = sleepsIn(graph.steps, flow, scope);
  const rechecks = rechecksIn(graph.steps, flow);
  const rereads = rereadsIn(graph.steps, flow);
  const publications = publicationsIn(graph.steps, flow, scope);
  const runners = [...runnersIn(graph.steps, scope), ...storedRunners(graph.steps, scope)];
  const fact = {
    ...factOf(definition, lines, accessFacts, callSites),
    ...(publications.length > 0 ? { publications } : {}),
    ...(runners.length > 0 ? { runners } : {}),
    ...(rechecks.length > 0 ? { rechecks } : {}),
    ...(rereads.length > 0 ? { rereads } : {}),
    ...(sleeps.length > 0 ? { sleeps } : {}),
    ...(placed.some(isIndirectCall) ? { callsPointers: true as const } : {}),
    ...(given.keeps.length > 0 ? { keeps: given.keeps } : {}),
  };
  return { fact, flow, met, accesses, primitives, replaced: replacedIn(definition) };
}

function replacedIn({ replaced = [] }: FunctionDefinition): ReadFunction['replaced'] {
  const written = replaced.filter(({ isWritten }) => isWritten);
  return new Map(written.map(({ macro, span }) => [span.start, macro]));
}

/** The parameter to whose object a step copies what it reads of another one; -1 where there is none. */
function copiedTo(
  { expression }: Step,
  { root }: AccessEvent,
  { parameters }: FunctionDefinition,
): number {
  if (expression?.kind !== 'assign' || expression.operator !== '=') return -1;
  let { target } = expression;
  while (target.kind === 'field') target = target.base;
  if (target === expression.target || target.kind !== 'identifier') return -1;
  const { name: given } = target;
  return given === root ? -1 : parameters.findIndex(({ name }) => name === given);
}

/** Where each variable is named for the last time. */
function lastUses(steps: readonly Step[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { expression } of steps)
    if (expression !== undefined)
      for (const part of everyExpression(expression))
        if (part.kind === 'identifier')
          found.set(part.name, Math.max(found.get(part.name) ?? 0, part.span.start));
  return found;
}

/** Four times what the largest functions of Linux have, and more. */
const MOST_SITES = 500;
const MOST_EVENTS = 10_000;
const MOST_STEPS = 20_000;

/** What the function has too much of: each of its sites is looked at from each other, and along all of its steps. */
function excessOf({ events }: Flow): string | undefined {
  const all = events.flat();
  const isOrdering = (event: Event) => event.kind === 'primitive' && event.row.orders.length > 0;
  const sites = all.filter(isOrdering).length;
  if (sites > MOST_SITES) return `it has ${sites} ordering operations, more than ${MOST_SITES}`;
  if (all.length > MOST_EVENTS)
    return `it has ${all.length} accesses and calls, more than ${MOST_EVENTS}`;
  if (events.length > MOST_STEPS) return `it has ${events.length} steps, more than ${MOST_STEPS}`;
  return undefined;
}

/** A function of which only its name and place are known. */
function unread(definition: FunctionDefinition, lines: LineIndex, tooLarge: string): ReadFunction {
  return {
    fact: { ...factOf(definition, lines, [], []), tooLarge },
    flow: { events: [], successors: [], predecessors: [], weights: [], exit: 0, tested: new Set() },
    met: { before: () => false, after: () => false },
    accesses: [],
    primitives: [],
    replaced: new Map(),
  };
}

/** An access with neither distance nor certainty yet: the site's own, or one about to be placed. */
export function accessAt(event: AccessEvent, lines: LineIndex): Access {
  const { field, outer, bit, effect, marking, isBlind, span } = event;
  const line = lineAt(lines, span.start);
  const named = { ...(outer !== undefined && { outer }), ...(bit !== undefined && { bit }) };
  const how = { effect, marking, ...(isBlind && { isBlind }) };
  return { field, ...named, ...how, span, line, via: [], distance: 0, on: 'every-path' };
}

/** The line of an offset, counted from 1. */
export function lineAt(lines: LineIndex, offset: number): number {
  return lines.position(offset).line + 1;
}

function factOf(
  { name, span, nameSpan, isStatic, errors }: FunctionDefinition,
  lines: LineIndex,
  accesses: readonly FunctionAccess[],
  callSites: readonly FunctionCall[],
): FunctionFact {
  const calls = [...new Set(callSites.map((call) => call.name))];
  const line = lineAt(lines, nameSpan.start);
  return { name, span, line, isStatic, calls, callSites, accesses, errors };
}

/** Every event with its place, in the order of evaluation. A statement that the flow repeats counts once. */
function placedEvents(flow: Flow): readonly Placed[] {
  const seen = new Set<string>();
  return flow.events
    .flatMap((events, step) => events.map((event, at) => ({ event, step, at })))
    .filter(({ event }) => {
      const key = placeKey(event);
      return !seen.has(key) && seen.add(key);
    });
}

function placeKey(event: Event): string {
  if (event.kind === 'copy') return `copy ${event.to} ${event.from}`;
  const what = event.kind === 'primitive' ? event.row.name : keyOf(event);
  return `${event.kind} ${event.span.start} ${event.span.end} ${what}`;
}

function isAccess(placed: Placed): placed is Placed<AccessEvent> {
  return placed.event.kind === 'access';
}

function isCall(placed: Placed): placed is Placed<CallEvent> {
  return placed.event.kind === 'call';
}

function isIndirectCall({ event }: Placed): boolean {
  return event.kind === 'indirect-call' || (event.kind === 'call' && isMemberName(event.name));
}

function isPrimitive(placed: Placed): placed is Placed<PrimitiveEvent> {
  return placed.event.kind === 'primitive';
}
