/**
 * Which fields a pairing is about: chosen once, with reasons, from what both sides order. Named in a comment,
 * the operand of the primitive, next to the barrier, in the function itself. What callers beyond the root
 * access, what only devices see, and what nobody can name is no protocol.
 */

import { type Access, type Field, type FileFacts, fieldName } from '../facts/file-facts.ts';
import { functionsCalling, functionsNamed } from '../facts/functions-of-file.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { factOf, functionsAround, isSmall } from '../pairing/as-made.ts';
import type { PlacedFunction } from '../pairing/function-index.ts';
import { type FunctionsOf, type MetOrder, ordersMetBy } from '../pairing/met-orders.ts';
import type { Pairing, PlacedAccess, PlacedSite, SharedOrder } from '../pairing/pairing.ts';
import { reversed, sameness } from '../pairing/shape.ts';
import { isNamed } from '../pairing/side.ts';
import type { Place } from '../text/span.ts';

/** The function from which a side is lowered: the one with the barrier, or the caller of the helper that
 *  holds it, where both accesses of the side are. */
export interface Root {
  readonly file: string;
  readonly function: string;
}

/** Two fields that a pairing may be about. */
export interface Candidate {
  readonly order: SharedOrder;
  /** Absent where they follow from the accesses. */
  readonly roots?: readonly [Root, Root];
  /** Whether both sides access the fields in the same order (see `MetOrder`). */
  readonly isInSameOrder?: boolean;
}

/** A further field that both functions access, and whether it is set at the start. */
export interface Guard {
  readonly field: string;
  readonly start: 0 | 1;
}

/** Two fields that a pairing is about. */
export interface Protocol {
  readonly order: SharedOrder;
  readonly roots: readonly [Root, Root];
  readonly isInSameOrder: boolean;
  /** Where the barriers and the accesses stand. */
  readonly places: readonly Place[];
  /** Files in which functions are looked up beside those of the roots. */
  readonly alsoIn?: readonly string[];
  /** What the reader looks at besides. */
  readonly guard?: Guard;
  /** Nobody says that the two functions belong together: much is guessed, and little of it comes to anything. */
  readonly isGuess: boolean;
  /** How much speaks for these fields. */
  readonly weight: number;
  /** In words, strongest first. */
  readonly reasons: readonly string[];
}

/** The protocols that a pairing's common orders allow, the likeliest first. None where it is not known which
 *  fields are meant. */
export function protocolsOf(
  candidates: readonly Candidate[],
  sites: readonly [PlacedSite, PlacedSite],
  isGuess: boolean,
  sources: FunctionsOf,
): readonly Protocol[] {
  return candidates
    .filter(({ order }) => mattersTo(order, sites, sources) && mayBeOfOne(order, sources))
    .flatMap((candidate) => protocolOf(candidate, sites, isGuess, sources) ?? [])
    .sort((left, right) => right.weight - left.weight);
}

/** What a pairing may be about: the orders that both sides have in common or, where there are none, what the one
 *  orders and the function of the other meets. */
export function candidatesOf(
  pairing: Pairing,
  sites: readonly [PlacedSite, PlacedSite],
  sources: FunctionsOf,
): readonly Candidate[] {
  if (pairing.orders.length > 0) return pairing.orders.map((order) => ({ order }));
  const [one, two] = sites;
  const forward = metFrom(one, two, sources);
  const backward = metFrom(two, one, sources).map(
    ({ order, roots: [here, there], ...rest }): Required<Candidate> => ({
      ...rest,
      order: reversed(order),
      roots: [there, here],
    }),
  );
  return [...forward, ...backward];
}

/** What `site` orders, as the function of `other` meets it; where it does not, as its callers in the file do. */
function metFrom(
  site: PlacedSite,
  other: PlacedSite,
  sources: FunctionsOf,
): readonly Required<Candidate>[] {
  const facts = sources.facts(other.file);
  const home = functionsNamed(facts, other.site.function);
  const callers = functionsCalling(facts, other.site.function).slice(0, MOST_CALLERS);
  for (const level of [home, callers]) {
    const met = level
      .flatMap((fact) => candidatesMetBy(site, { file: other.file, fact }, sources))
      .filter(({ isInSameOrder, order }) => !isInSameOrder || isMisplaced(order, other, facts));
    if (met.length > 0) return met;
  }
  return [];
}

/** Whether a barrier that orders anything stands on the wrong side of those accesses of its function: nothing else orders them as
 *  they are, neither another barrier nor that the one leads to the other. */
function isMisplaced(
  { accesses: [, [first, last]] }: SharedOrder,
  { site }: PlacedSite,
  facts: FileFacts | undefined,
): boolean {
  const isMet = (of: readonly Access[], access: Access) =>
    of.some((each) => sameness(each, access) === 1);
  return (
    site.orders.length > 0 &&
    !sitesOfFunction(facts, site.function).some(
      ({ id, orders }) =>
        id !== site.id &&
        orders.some(({ before, after }) => isMet(before, last) && isMet(after, first)),
    )
  );
}

/** Of a helper so many callers are looked at. */
const MOST_CALLERS = 4;

/** What `site` orders, as `root` meets it by what one of them stores last and the other looks at. */
export function candidatesMetBy(
  site: PlacedSite,
  root: PlacedFunction,
  sources: FunctionsOf,
): readonly Required<Candidate>[] {
  return ordersMetBy(site, root, sources)
    .filter(({ order: { shape } }) => shape !== 'LB')
    .flatMap((met) => candidateOf(site, met) ?? []);
}

/** Whether it matters what the sides see. Store buffering does where one at least goes by what it reads (memory-barriers.txt,
 *  "SLEEP AND WAKE-UP FUNCTIONS"): values that both hand on, to trace points say, may be the old ones, unless a comment
 *  names a field. */
function mattersTo(
  { shape, accesses }: SharedOrder,
  sites: readonly [PlacedSite, PlacedSite],
  sources: FunctionsOf,
): boolean {
  if (shape !== 'SB') return true;
  return accesses.some(([, read]) => {
    if (read.effect !== 'read' || sites.some(({ site }) => isNamed(site, read.field))) return true;
    const fact = factOf(read, sources);
    return fact === undefined || fact.isTested === true;
  });
}

/** Whether two fields of one struct may be those of one object, as all objects of a struct are taken for one. Those of an
 *  object that the function makes and of an older one are not, unless it is by the latter that the new one becomes known. */
function mayBeOfOne({ first, second, accesses }: SharedOrder, sources: FunctionsOf): boolean {
  if (first.struct === undefined || first.struct !== second.struct) return true;
  return accesses.every((side) => {
    const older = side.filter((access) => !isMade(access, sources));
    return older.length !== 1 || makesKnown(older[0]!, sources);
  });
}

/** Whether it is to an object that its function has made, or that the function which calls it has. */
function isMade(access: PlacedAccess, sources: FunctionsOf): boolean {
  const { isNew = false, parameter } = factOf(access, sources) ?? {};
  const { file, span, via } = access;
  if (isNew || parameter === undefined) return isNew;
  const callers =
    via.length > 1
      ? sources.functions(via.at(-2)!).map(({ fact }) => fact)
      : functionsAround({ ...access, file, inner: span, innerFile: file }, sources);
  const calls = callers
    .flatMap(({ callSites }) => callSites)
    .filter(({ name }) => name === via.at(-1));
  return calls.length > 0 && calls.every(({ newObjects = [] }) => newObjects.includes(parameter));
}

function makesKnown(access: PlacedAccess, sources: FunctionsOf): boolean {
  const { start } = access.inner ?? access.span;
  return functionsAround(access, sources).some(({ publications = [] }) =>
    publications.some(({ span, isNew }) => isNew === true && span.start === start),
  );
}

function candidateOf(
  site: PlacedSite,
  { order, root, isInSameOrder }: MetOrder,
): Required<Candidate> | undefined {
  const here = rootOf(site, order.accesses[0]);
  if (here === undefined) return undefined;
  return { order, roots: [here, { file: root.file, function: root.fact.name }], isInSameOrder };
}

function protocolOf(
  { order, roots, isInSameOrder = false }: Candidate,
  sites: readonly [PlacedSite, PlacedSite],
  isGuess: boolean,
  sources: FunctionsOf,
): Protocol | undefined {
  if (fieldName(order.first) === fieldName(order.second)) return undefined;
  if (isUnnamed(order.first) || isUnnamed(order.second)) return undefined;
  const [one, other] = roots ?? sites.map((site, side) => rootOf(site, order.accesses[side]!));
  const isOfOther = (site: PlacedSite, side: number) =>
    isBeyond(site, order.accesses[side]!, sources);
  if (roots === undefined && sites.some(isOfOther)) return undefined;
  if (one === undefined || other === undefined) return undefined;
  if (isOfOneHelper(sites) && one.file === other.file && one.function === other.function)
    if (order.accesses.flat().some(({ caller }) => caller !== undefined)) return undefined;
  if (isInSameOrder && !order.accesses.flat().every(isOwn)) return undefined;
  const reasons = [order.first, order.second].flatMap((field) => {
    const found = reasonsFor(field, order, sites, sources);
    return found.length === 0 && !isGuess && isOfCallers(field, order) ? [] : [found];
  });
  if (reasons.length < 2) return undefined;
  const all = reasons.flat();
  const weight = all.reduce((sum, { worth }) => sum + worth, nearness(order));
  return {
    order,
    roots: [one, other],
    isInSameOrder,
    places: [
      ...sites.map(({ file, site }) => ({ file, span: site.span })),
      ...order.accesses.flat().map(({ file, span }) => ({ file, span })),
    ],
    isGuess,
    weight,
    reasons: all.toSorted((a, b) => b.worth - a.worth).map(({ text }) => text),
  };
}

/** Whether both barriers are those of one function: over what a caller of it accesses on two CPUs, that says nothing of them. */
function isOfOneHelper([one, other]: readonly [PlacedSite, PlacedSite]): boolean {
  const areExplicit = one.site.explicit && other.site.explicit;
  return areExplicit && one.file === other.file && one.site.function === other.site.function;
}

/** Whether it is a caller that accesses a field. */
function isOfCallers(field: Field, { accesses }: SharedOrder): boolean {
  const name = fieldName(field);
  return accesses
    .flat()
    .some((access) => access.caller !== undefined && fieldName(access.field) === name);
}

function isUnnamed({ struct }: Field): boolean {
  return struct === '?';
}

/** Whether an access of a caller stands for a side on which the function has accesses of its own: these are what its
 *  barrier is about, unless the function is but a part of that caller, or waits for what the caller gives it. */
function isBeyond(
  placed: PlacedSite,
  accesses: readonly [PlacedAccess, PlacedAccess],
  sources: FunctionsOf,
): boolean {
  return (['before', 'after'] as const).some((side, at) => {
    const { caller } = accesses[at]!;
    return (
      caller !== undefined &&
      !isPartOf(placed, caller, sources) &&
      !isOfWaiter(accesses[at]!, sources) &&
      placed.site.orders.some((each) => each[side].some((access) => isAround(access, placed)))
    );
  });
}

/** The function that makes both accesses, itself or through what it calls. */
function rootOf(
  { file, site }: PlacedSite,
  [first, last]: readonly [PlacedAccess, PlacedAccess],
): Root | undefined {
  const callers = new Set([first, last].flatMap(({ caller }) => caller ?? []));
  if (callers.size === 0) return { file, function: site.function };
  const [caller] = callers;
  const inFile = [first, last].find((access) => access.caller !== undefined)?.innerFile ?? file;
  return callers.size === 1 ? { file: inFile, function: caller! } : undefined;
}

interface Reason {
  readonly text: string;
  readonly worth: number;
}

function reasonsFor(
  field: Field,
  order: SharedOrder,
  sites: readonly [PlacedSite, PlacedSite],
  sources: FunctionsOf,
): readonly Reason[] {
  const name = fieldName(field);
  const found: Reason[] = [];
  for (const [side, placed] of sites.entries()) {
    const { site } = placed;
    const of = `${site.primitive}() in ${site.function}()`;
    if (isNamed(site, field))
      found.push({ text: `${name} is named in the comment of ${of}`, worth: 4 });
    if (site.own !== undefined && fieldName(site.own.field) === name)
      found.push({ text: `${name} is what ${of} accesses`, worth: 3 });
    const access = order.accesses[side]!.find((each) => fieldName(each.field) === name);
    if (access !== undefined && isOwn(access))
      found.push({ text: `${site.function}() accesses ${name} itself`, worth: 2 });
    else if (access?.via.length === 1 && access.caller === undefined && isOfCallers(field, order))
      found.push({ text: `${access.via[0]}() accesses ${name} for ${site.function}()`, worth: 1 });
    if (access?.caller !== undefined && isOfWaiter(access, sources))
      found.push({ text: `${access.caller}() waits with ${name} in ${site.function}()`, worth: 2 });
    else if (access?.caller !== undefined && isPartOf(placed, access.caller, sources))
      found.push({
        text: `${access.caller}() accesses ${name} around its call of ${site.function}()`,
        worth: 1,
      });
  }
  return found;
}

/** Whether it reads what its function has waited for, on its stack: who holds the barrier was given it. What a function stores there
 *  is its own request, and nothing that a helper of its hands over. */
function isOfWaiter(access: PlacedAccess, sources: FunctionsOf): boolean {
  return access.effect === 'read' && factOf(access, sources)?.isOfWaiter === true;
}

/** Whether the function that holds a barrier is as good as a part of the one caller that accesses anything around it: it accesses
 *  but the flag itself, or looks at that for its caller and does little else. */
function isPartOf(placed: PlacedSite, caller: string, sources: FunctionsOf): boolean {
  const {
    file,
    site: { orders, own: flag, function: name },
  } = placed;
  const all = orders.flatMap(({ before, after }) => [...before, ...after]);
  const around = all.filter((access) => isAround(access, placed));
  const own = new Set([...around, ...(flag ? [flag] : [])].map(({ field }) => fieldName(field)));
  const isLook =
    flag?.marking === 'acquire' &&
    factOf({ ...flag, file }, sources)?.isTested === true &&
    functionsNamed(sources.facts(file), name).every(isSmall);
  return (
    (isLook || own.size <= 1) &&
    all.every((access) => (access.caller ?? caller) === caller || own.has(fieldName(access.field)))
  );
}

/** Whether the function itself makes an access before or behind an operation: one for a value that the operation stores is part
 *  of that. */
function isAround(access: Access, { site: { span } }: PlacedSite): boolean {
  const isPart = span.start <= access.span.start && access.span.end <= span.end;
  return isOwn(access) && !isPart;
}

/** Whether the function makes an access itself. */
export function isOwn({ via, caller }: Access): boolean {
  return via.length === 0 && caller === undefined;
}

/** Near accesses are likelier meant than far ones; steps of the control flow. */
function nearness({ accesses }: SharedOrder): number {
  const steps = accesses.flat().map(({ distance, via }) => distance + 4 * via.length);
  return steps.reduce((sum, step) => sum + 1 / (1 + step / 4), 0);
}
