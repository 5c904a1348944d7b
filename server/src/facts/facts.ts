/** From a parsed file to its facts: the door of this folder. */

import type { FunctionDefinition, SourceFile } from '../syntax/ast.ts';
import { controlFlow } from '../syntax/control-flow.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import { beyondWrappers, type CallerSite } from './around.ts';
import { initialRunners } from './by-member.ts';
import type { Called } from './callees.ts';
import type { FileFacts, FunctionFact, Site } from './file-facts.ts';
import { type ReadFunction, readFunction } from './function-sites.ts';
import { macroFacts } from './macro-sites.ts';
import { type Home, helperSite, siteAt } from './site-at.ts';
import { type Candidate, commentSites } from './site-comments.ts';
import {
  joinTypes,
  noTypes,
  type TypeIndex,
  typesOf,
  variablesOf,
  withoutKeyword,
} from './type-index.ts';

/** What `text`, parsed as `source`, says about ordering. `types` knows what its headers declare; without
 *  it the struct of a field behind a field of another file's struct is `?`. Never throws; what could not
 *  be followed is in `problems`, and sites next to it are `uncertain`. What a function is read as is what `read` makes of it. */
export function fileFacts(
  file: string,
  source: SourceFile,
  text: string,
  types: TypeIndex = noTypes,
  read: (definition: FunctionDefinition) => FunctionDefinition = (definition) => definition,
): FileFacts {
  const lines = new LineIndex(text);
  const known = joinTypes([typesOf(source), types]);
  const runners = initialRunners(source.globals, known);
  const all = source.functions
    .map(read)
    .map((definition) => readFunction(definition, controlFlow(definition), known, lines));
  const functions = besideErrors(all, source.errors);
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
    functions.flatMap((read) => candidatesOf(read, home)),
    text,
    source.comments.map(({ span }) => span),
    scopesOf(facts),
  );
  return {
    file,
    sites: [...commented.sites, ...numbered(commented.claimed)].sort(
      (a, b) => a.span.start - b.span.start,
    ),
    functions: facts,
    macros: source.macros.flatMap(({ name, parameters }) =>
      parameters === undefined ? [] : [name],
    ),
    structs: source.structs.flatMap(({ name }) => (name ? withoutKeyword(name) : [])),
    ...(runners.length > 0 && { runners }),
    locks: variablesOf(source).flatMap(([name, { base }]) => (LOCK_TYPE.test(base) ? name : [])),
    problems: [...problemsOf(functions, source.errors), ...commented.problems],
  };
}

const LOCK_TYPE = /lock|mutex|semaphore/;

/** Words that begin a statement: what looks like a function of that name stands behind a brace too many. */
const STATEMENTS: ReadonlySet<string> = new Set(['if', 'else', 'for', 'while', 'do', 'switch']);

/** The functions, with those marked that stand next to what could not be followed at file scope. */
function besideErrors(
  functions: readonly ReadFunction[],
  errors: readonly Span[],
): readonly ReadFunction[] {
  const strays = functions.flatMap(({ fact }) => (STATEMENTS.has(fact.name) ? [fact.span] : []));
  const all = [...errors, ...strays].sort((a, b) => a.start - b.start);
  if (all.length === 0) return functions;
  const inOrder = [...functions].sort((a, b) => a.fact.span.start - b.fact.span.start);
  const marked = new Set<ReadFunction>();
  let at = 0;
  for (const error of all) {
    while (at < inOrder.length && inOrder[at]!.fact.span.start < error.start) at += 1;
    for (const beside of [inOrder[at - 1], inOrder[at]])
      if (beside !== undefined) marked.add(beside);
  }
  return functions.map((read) =>
    marked.has(read) ? { ...read, fact: { ...read.fact, isBesideError: true } } : read,
  );
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

/** Who calls a function of the file, from there. */
function callersOf(name: string, { callers }: Home): readonly CallerSite[] {
  const directly = (of: string) => callers.get(of) ?? [];
  return beyondWrappers(directly(name), ({ fact }) => directly(fact.name));
}

/** The sites of a function without what needs the rest of the file's text: comments and numbers. */
function sitesOf(read: ReadFunction, home: Home): readonly Site[] {
  const callers = callersOf(read.fact.name, home);
  return read.primitives
    .filter(({ event: { row } }) => row.orders.length > 0 || row.explicit)
    .map((place) => siteAt(read, place, callers, home));
}

/** What can be the side of a pairing that a comment claims though it orders nothing: the other primitives, and calls,
 *  in which a helper may order. */
function candidatesOf(read: ReadFunction, home: Home): readonly Candidate[] {
  const { name } = read.fact;
  const callers = callersOf(name, home);
  const accesses = read.primitives
    .filter(({ event: { row } }) => row.orders.length === 0 && !row.explicit)
    .map((place) => ({
      span: place.event.span,
      function: name,
      primitive: place.event.row.name,
      site: () => siteAt(read, place, callers, home),
    }));
  const calls = read.fact.callSites.map((call) => ({
    span: call.span,
    function: name,
    primitive: call.name,
    site: () => helperSite(read.fact, call, home.lines),
  }));
  return [...accesses, ...calls];
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

function scopesOf(facts: readonly FunctionFact[]): ReadonlyMap<string, Span> {
  return new Map(facts.map(({ name, span }) => [name, span]));
}

/** Sites in text order with their ids. Functions of one name (the stub under `#else`) count on. */
function numbered(sites: readonly Site[]): readonly Site[] {
  const counts = new Map<string, number>();
  const isBrought = ({ macro }: Site) => macro !== undefined;
  const ordinals = new Map<Site, number>();
  for (const site of [...sites.filter((each) => !isBrought(each)), ...sites.filter(isBrought)]) {
    const key = keyOf(site);
    const ordinal = (counts.get(key) ?? 0) + 1;
    counts.set(key, ordinal);
    ordinals.set(site, ordinal);
  }
  return sites.map((site) => {
    const ordinal = ordinals.get(site)!;
    return { ...site, ordinal, id: `${keyOf(site)}:${ordinal}` };
  });
}

function keyOf({ function: name, primitive }: Site): string {
  return `${name}:${primitive}`;
}

function problemsOf(
  functions: readonly ReadFunction[],
  errors: readonly Span[],
): FileFacts['problems'] {
  const unread = functions.flatMap(({ fact: { name, span, tooLarge } }) =>
    tooLarge === undefined ? [] : [{ message: `${name}() is not analysed: ${tooLarge}`, span }],
  );
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
  return [...unread, ...inFunctions, ...outside];
}
