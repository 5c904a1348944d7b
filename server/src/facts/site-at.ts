/** A use of a primitive, or a call that stands for one, as a site: what it orders on its paths, without its comments. */

import type { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import { siteKey } from './always-met.ts';
import {
  type CallerSite,
  dependentAccesses,
  nearestFirst,
  type SideOfSite,
  sideOfCallers,
  sideOfSite,
} from './around.ts';
import type { Called } from './callees.ts';
import type { FunctionCall, FunctionFact, Site } from './file-facts.ts';
import { accessAt, lineAt, type PlacedPrimitive, type ReadFunction } from './function-sites.ts';
import { siteOrders } from './site-orders.ts';

/** The file that the sites are in. */
export interface Home {
  readonly file: string;
  readonly lines: LineIndex;
  readonly called: Called;
  readonly callers: ReadonlyMap<string, readonly CallerSite[]>;
}

/** The site at `place`; `callers` are those of its function. */
export function siteAt(
  read: ReadFunction,
  place: PlacedPrimitive,
  callers: readonly CallerSite[],
  home: Home,
): Site {
  const { row, span, own: ownEvent } = place.event;
  const { line, column } = home.lines.position(span.start);
  const own = ownEvent === undefined ? undefined : accessAt(ownEvent, home.lines);
  const macro = read.replaced.get(span.start);
  return {
    id: '',
    function: read.fact.name,
    primitive: row.name,
    category: row.category,
    domain: row.domain,
    explicit: row.explicit,
    ordinal: 0,
    span,
    ...(macro !== undefined && { macro }),
    line: line + 1,
    column: column + 1,
    ...(own === undefined ? {} : { own }),
    ...ordersAt(read, place, callers, home, own, macro !== undefined),
    meets: metBy(read, place),
    ...(row.explicit ? { guards: guardedBy(read, place) } : {}),
    fromEntry: place.fromEntry,
    toExit: place.toExit,
    claims: [],
    labels: [],
    uncertain: isUncertain(read.fact, line, home.lines),
  };
}

/** The call of a function that is no primitive, as a site: what orders stands in it. */
export function helperSite(fact: FunctionFact, call: FunctionCall, lines: LineIndex): Site {
  const { line, column } = lines.position(call.span.start);
  return {
    id: '',
    function: fact.name,
    primitive: call.name,
    category: 'helper',
    domain: 'smp',
    explicit: false,
    ordinal: 0,
    span: call.span,
    line: line + 1,
    column: column + 1,
    orders: [],
    claims: [],
    labels: [],
    uncertain: isUncertain(fact, line, lines),
  };
}

/** The ordering primitives that every path through `place` meets before or after it. */
function metBy(
  { met, primitives }: ReadFunction,
  { step, at, event }: PlacedPrimitive,
): readonly number[] {
  if (event.row.category === 'lock' || event.row.category === 'unlock') return [];
  return primitives.flatMap(({ event: other }) => {
    if (other === event || other.row.orders.length === 0) return [];
    const key = siteKey(other);
    return met.before(step, at, key) || met.after(step, at, key) ? [other.span.start] : [];
  });
}

/** The accesses of the function that no path reaches without having met `place`. */
function guardedBy({ met, accesses }: ReadFunction, { event }: PlacedPrimitive): readonly number[] {
  const key = siteKey(event);
  return accesses
    .filter(({ step, at }) => met.before(step, at, key))
    .map(({ event: access }) => access.span.start);
}

/** What the site orders, and the calls around it that leave the file. */
function ordersAt(
  read: ReadFunction,
  place: PlacedPrimitive,
  callers: readonly CallerSite[],
  home: Home,
  own: Site['own'],
  isOfMacro: boolean,
): Pick<Site, 'orders' | 'outerCalls' | 'closed'> {
  const { row, span } = place.event;
  if (row.category === 'lock' || row.category === 'unlock') return { orders: [] };
  const around = { before: [], after: [], dependent: [], ...(own === undefined ? {} : { own }) };
  if (row.orders.every(({ after }) => after === 'dependent')) {
    const dependent = dependentAccesses(read, place, home.lines);
    return { orders: siteOrders(row, { ...around, dependent }) };
  }
  const anchor = { file: home.file, span, line: lineAt(home.lines, span.start) };
  const side = (direction: 'forward' | 'backward', steps: number): SideOfSite => {
    const { accesses, outer } = sideOfSite(
      read,
      place,
      direction,
      home.file,
      home.called,
      home.lines,
    );
    const inMacro = accesses.filter((each) => isOfMacro && isAt(each.span, span));
    if (inMacro.length > 0) return { accesses: inMacro, outer: [] };
    const beyond = sideOfCallers(callers, steps, direction, home.called, anchor);
    return { accesses: nearestFirst([...accesses, ...beyond]), outer };
  };
  const isClosed = ({ accesses }: SideOfSite) =>
    isOfMacro && accesses.length > 0 && accesses.every((each) => isAt(each.span, span));
  const before = side('backward', place.fromEntry);
  const after = side('forward', place.toExit);
  const orders = siteOrders(row, { ...around, before: before.accesses, after: after.accesses });
  const closed = isOfMacro && { closed: { before: isClosed(before), after: isClosed(after) } };
  if (closed && isBackToFront(row, closed.closed)) {
    const nothing = siteOrders(row, { before: [], after: [], dependent: [] });
    return { orders: nothing, closed: { before: true, after: true } };
  }
  if (before.outer.length + after.outer.length === 0) return { orders, ...closed };
  return { orders, ...closed, outerCalls: { before: before.outer, after: after.outer } };
}

/** Whether a macro stores before its write barrier, or reads behind its read barrier, and nothing on the other side: what all its users
 *  do there is announced by nothing that it does. */
function isBackToFront(
  { category }: PlacedPrimitive['event']['row'],
  { before, after }: NonNullable<Site['closed']>,
): boolean {
  return category === 'write-barrier'
    ? before && !after
    : category === 'read-barrier' && after && !before;
}

function isAt(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end;
}

/** On the line of something that the parser could not follow, or on a line next to one. */
function isUncertain({ errors }: FunctionFact, line: number, lines: LineIndex): boolean {
  const start = lines.offset({ line: line - 1, column: 0 });
  const end = lines.offset({ line: line + 2, column: 0 });
  return errors.some((error) => error.start < end && start <= error.end);
}
