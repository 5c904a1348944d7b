/** What lies around a site: in its function, in the functions that are called there, in its callers. */

import type { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import {
  type Called,
  type CalleeAccess,
  type DefinedFunction,
  follow,
  privateArguments,
} from './callees.ts';
import type { AccessEvent, CopyEvent } from './events.ts';
import type { Access, FunctionCall, OuterCall } from './file-facts.ts';
import { fieldName } from './file-facts.ts';
import type { Direction } from './flow.ts';
import { accessAt, lineAt, type PlacedPrimitive, type ReadFunction } from './function-sites.ts';
import { type Met, reachOf } from './reach.ts';

/** One side of a site, nearest first: accesses, and calls that leave what is known. */
export interface SideOfSite {
  readonly accesses: readonly Access[];
  readonly outer: readonly OuterCall[];
}

/** A call of the site's function, with the function that makes it. */
export interface CallerSite {
  readonly caller: DefinedFunction;
  readonly call: FunctionCall;
}

/** How many functions that do little but call another one are looked through. */
const MOST_WRAPPERS = 2;

/** The callers of a function, and those of the ones that do little but call it. */
export function beyondWrappers(
  callers: readonly CallerSite[],
  callersOf: (wrapper: DefinedFunction) => readonly CallerSite[],
  depth = MOST_WRAPPERS,
): readonly CallerSite[] {
  return callers.flatMap((each) =>
    depth > 0 && isWrapper(each.caller)
      ? [each, ...beyondWrappers(callersOf(each.caller), callersOf, depth - 1)]
      : [each],
  );
}

/** Whether a function makes at most one access itself, and calls but one or two others. */
export function isWrapper({ fact: { accesses, callSites } }: DefinedFunction): boolean {
  return accesses.length <= 1 && callSites.length <= 2;
}

/** What the function of `place` does in a direction, with the calls that `called` knows followed. */
export function sideOfSite(
  { fact, flow, met }: ReadFunction,
  place: PlacedPrimitive,
  direction: Direction,
  file: string,
  called: Called,
  lines: LineIndex,
): SideOfSite {
  const accesses: Access[] = [];
  const outer: OuterCall[] = [];
  const counts = (event: Met['event']) => event !== place.event.own;
  for (const { event, distance, on } of reachOf(flow, met, place, direction, counts)) {
    if (event.kind === 'access') {
      accesses.push({ ...accessAt(event, lines), distance, on });
      continue;
    }
    const { name, span } = event;
    const call = fact.callSites.find((each) => each.span.start === span.start);
    const own = call === undefined ? [] : privateArguments({ file, fact }, call, called);
    const followed = follow({ name, distance, on, own }, file, direction, called);
    const line = lineAt(lines, span.start);
    accesses.push(...followed.accesses.map((one) => seenAt(one, span, line, file)));
    outer.push(...followed.outer.map((call) => ({ ...call, span, line })));
  }
  return { accesses: nearestFirst(accesses), outer: nearestCalls(outer) };
}

/** How many calls that leave the file are kept for a side, nearest first. */
const MOST_OUTER_CALLS = 40;

/** Each function once, nearest first. */
function nearestCalls(calls: readonly OuterCall[]): readonly OuterCall[] {
  const first = new Map<string, OuterCall>();
  for (const call of [...calls].sort((a, b) => a.distance - b.distance))
    if (!first.has(call.name)) first.set(call.name, call);
  return [...first.values()].slice(0, MOST_OUTER_CALLS);
}

/** Accesses whose address comes from the value that the primitive at `place` read. */
export function dependentAccesses(
  { flow, met }: ReadFunction,
  place: PlacedPrimitive,
  lines: LineIndex,
): readonly Access[] {
  const { span, result } = place.event;
  const tainted = new Set(result === undefined ? [] : [result]);
  for (const { to, from } of copiesIn(flow.events)) if (tainted.has(from)) tainted.add(to);
  const isDependent = (event: Met['event']) =>
    event.kind === 'access' &&
    event !== place.event.own &&
    (tainted.has(event.root ?? '') || isAround(event.span, span));
  return reachOf(flow, met, place, 'forward', isDependent).map(({ event, distance, on }) => ({
    ...accessAt(event as AccessEvent, lines),
    distance,
    on,
  }));
}

/** How many callers are looked at: a function with more is of general use, and they say nothing. */
const MOST_CALLERS = 6;

/** How far from its call a caller's accesses are of interest, in steps. */
const CALLER_REACH = 40;

/** What the callers of the site's function do before or after the call. `steps` lie between the site
 *  and the end of its function on that side; `anchor` is the site. */
export function sideOfCallers(
  callers: readonly CallerSite[],
  steps: number,
  direction: Direction,
  called: Called,
  anchor: { readonly file: string; readonly span: Span; readonly line: number },
): readonly Access[] {
  if (callers.length > MOST_CALLERS) return [];
  return callers.flatMap(({ caller, call }) => {
    const beyond = <One extends { readonly span: Span; readonly distance: number }>(
      all: readonly One[],
    ) =>
      all
        .map((one) => ({ one, away: Math.abs(one.distance - call.distance) }))
        .filter(
          ({ one, away }) => isBeyond(one.span, call.span, direction) && away <= CALLER_REACH,
        );
    const own = beyond(caller.fact.accesses).map(
      ({ one, away }): CalleeAccess => ({
        access: one,
        file: caller.file,
        via: [],
        distance: steps + away,
        on: 'some-path',
      }),
    );
    const others = caller.fact.callSites.filter(({ name }) => name !== call.name);
    const inCallees = beyond(others).flatMap(({ one, away }) => {
      const own = privateArguments(caller, one, called);
      const seen = { name: one.name, distance: steps + away, on: 'some-path', own } as const;
      return follow(seen, caller.file, direction, called, 2).accesses;
    });
    return [...own, ...inCallees].map((one) => seenFrom(one, caller.fact.name, anchor));
  });
}

/** Each field once per effect and marking, nearest first. */
export function nearestFirst(accesses: readonly Access[]): readonly Access[] {
  const first = new Map<string, Access>();
  for (const access of [...accesses].sort((a, b) => a.distance - b.distance)) {
    const key = `${access.effect} ${access.marking} ${fieldName(access.field)} ${access.bit ?? ''}`;
    if (!first.has(key)) first.set(key, access);
  }
  return [...first.values()];
}

/** An access of a callee as one at the call. */
export function seenAt(
  { access, file: home, via, distance, on }: CalleeAccess,
  span: Span,
  line: number,
  file: string,
): Access {
  const { field, bit, effect, marking, isBlind, span: inner, line: innerLine } = access;
  const named = { ...(bit !== undefined && { bit }), ...(isBlind && { isBlind }) };
  const elsewhere = home === file ? {} : { innerFile: home };
  const place = { span, line, via, inner, innerLine, ...elsewhere };
  return { field, ...named, effect, marking, ...place, distance, on };
}

/** An access of a caller as one at the site. */
function seenFrom(
  one: CalleeAccess,
  caller: string,
  anchor: { readonly file: string; readonly span: Span; readonly line: number },
): Access {
  return { ...seenAt(one, anchor.span, anchor.line, anchor.file), caller };
}

function isBeyond(other: Span, call: Span, direction: Direction): boolean {
  return direction === 'forward' ? other.start >= call.end : other.end <= call.start;
}

function isAround(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function copiesIn(events: ReadFunction['flow']['events']): readonly CopyEvent[] {
  return events.flat().filter((event) => event.kind === 'copy');
}
