/** From a parsed file to its facts: the door of this folder. */

import type { SourceFile } from '../syntax/ast.ts';
import { controlFlow } from '../syntax/control-flow.ts';
import { LineIndex } from '../text/line-index.ts';
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
import type { FileFacts, FunctionFact, Site } from './file-facts.ts';
import {
  accessAt,
  lineAt,
  type PlacedPrimitive,
  type ReadFunction,
  readFunction,
} from './function-sites.ts';
import { macroFacts } from './macro-sites.ts';
import { commentSites } from './site-comments.ts';
import { siteOrders } from './site-orders.ts';
import { joinTypes, noTypes, type TypeIndex, typesOf } from './type-index.ts';

/** What `text`, parsed as `source`, says about ordering. `types` knows what its headers declare; without
 *  it the struct of a field behind a field of another file's struct is `?`. Never throws; what could not
 *  be followed is in `problems`, and sites next to it are `uncertain`. */
export function fileFacts(
  file: string,
  source: SourceFile,
  text: string,
  types: TypeIndex = noTypes,
): FileFacts {
  const lines = new LineIndex(text);
  const known = joinTypes([typesOf(source), types]);
  const functions = source.functions.map((definition) =>
    readFunction(definition, controlFlow(definition), known, lines),
  );
  const called = calledIn(file, functions);
  const home: Home = { file, lines, called, callers: callersIn(file, functions) };
  const macros = macroFacts(source, lines);
  const facts = [...functions, ...macros].map(({ fact }) => fact);
  const sites = [
    ...functions.flatMap((read) => sitesOf(read, home)),
    ...macros.flatMap((macro) => macro.sites),
  ].sort((a, b) => a.span.start - b.span.start);
  const commented = commentSites(
    numbered(sites),
    text,
    source.comments.map(({ span }) => span),
    scopesOf(facts),
  );
  return {
    file,
    sites: commented.sites,
    functions: facts,
    macros: source.macros.flatMap(({ name, parameters }) =>
      parameters === undefined ? [] : [name],
    ),
    problems: [...problemsOf(functions, source.errors), ...commented.problems],
  };
}

/** The file that the sites are in. */
interface Home {
  readonly file: string;
  readonly lines: LineIndex;
  readonly called: Called;
  readonly callers: ReadonlyMap<string, readonly CallerSite[]>;
}

/** Looks functions up in the file. Of several with one name (`#else` has a stub) the longest is meant. */
function calledIn(file: string, functions: readonly ReadFunction[]): Called {
  const longest = new Map<string, FunctionFact>();
  const length = (fact: FunctionFact) => fact.span.end - fact.span.start;
  for (const { fact } of functions) {
    const other = longest.get(fact.name);
    if (other === undefined || length(other) < length(fact)) longest.set(fact.name, fact);
  }
  return (name) => {
    const fact = longest.get(name);
    return fact === undefined ? undefined : { file, fact };
  };
}

/** The sites of a function without what needs the rest of the file's text: comments and numbers. */
function sitesOf(read: ReadFunction, home: Home): readonly Site[] {
  const callers = home.callers.get(read.fact.name) ?? [];
  return read.primitives
    .filter(({ event: { row } }) => row.orders.length > 0 || row.explicit)
    .map((place) => siteAt(read, place, callers, home));
}

/** Who calls each function of the file, from another of its functions. */
function callersIn(
  file: string,
  functions: readonly ReadFunction[],
): ReadonlyMap<string, readonly CallerSite[]> {
  const callers = new Map<string, CallerSite[]>();
  for (const { fact } of functions)
    for (const call of fact.callSites) {
      if (call.name === fact.name) continue;
      const list = callers.get(call.name);
      if (list === undefined) callers.set(call.name, [{ caller: { file, fact }, call }]);
      else list.push({ caller: { file, fact }, call });
    }
  return callers;
}

function siteAt(
  read: ReadFunction,
  place: PlacedPrimitive,
  callers: readonly CallerSite[],
  home: Home,
): Site {
  const { row, span, own: ownEvent } = place.event;
  const { line, column } = home.lines.position(span.start);
  const own = ownEvent === undefined ? undefined : accessAt(ownEvent, home.lines);
  return {
    id: '',
    function: read.fact.name,
    primitive: row.name,
    category: row.category,
    domain: row.domain,
    explicit: row.explicit,
    ordinal: 0,
    span,
    line: line + 1,
    column: column + 1,
    ...(own === undefined ? {} : { own }),
    ...ordersAt(read, place, callers, home, own),
    meets: metBy(read, place),
    ...(row.explicit ? { guards: guardedBy(read, place) } : {}),
    fromEntry: place.fromEntry,
    toExit: place.toExit,
    claims: [],
    labels: [],
    uncertain: isUncertain(read.fact, line, home.lines),
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
): Pick<Site, 'orders' | 'outerCalls'> {
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
    const beyond = sideOfCallers(callers, steps, direction, home.called, anchor);
    return { accesses: nearestFirst([...accesses, ...beyond]), outer };
  };
  const before = side('backward', place.fromEntry);
  const after = side('forward', place.toExit);
  const orders = siteOrders(row, { ...around, before: before.accesses, after: after.accesses });
  if (before.outer.length + after.outer.length === 0) return { orders };
  return { orders, outerCalls: { before: before.outer, after: after.outer } };
}

/** On the line of something that the parser could not follow, or on a line next to one. */
function isUncertain({ errors }: FunctionFact, line: number, lines: LineIndex): boolean {
  const start = lines.offset({ line: line - 1, column: 0 });
  const end = lines.offset({ line: line + 2, column: 0 });
  return errors.some((error) => error.start < end && start <= error.end);
}

function scopesOf(facts: readonly FunctionFact[]): ReadonlyMap<string, Span> {
  return new Map(facts.map(({ name, span }) => [name, span]));
}

/** Sites in text order with their ids. Functions of one name (the stub under `#else`) count on. */
function numbered(sites: readonly Site[]): readonly Site[] {
  const counts = new Map<string, number>();
  return sites.map((site) => {
    const key = `${site.function}:${site.primitive}`;
    const ordinal = (counts.get(key) ?? 0) + 1;
    counts.set(key, ordinal);
    return { ...site, ordinal, id: `${key}:${ordinal}` };
  });
}

function problemsOf(
  functions: readonly ReadFunction[],
  errors: readonly Span[],
): FileFacts['problems'] {
  const inFunctions = functions.flatMap(({ fact }) =>
    fact.errors.map((span) => ({
      message: `${fact.name}() was read only in part: the parser could not follow it here`,
      span,
    })),
  );
  const outside = errors.map((span) => ({
    message: 'the parser could not follow this; what it declares is not known',
    span,
  }));
  return [...inFunctions, ...outside];
}
