/** Drops barriers without which nothing is lost: where something else gives every order that they are known to be for, and
 *  nobody but the functions that were simulated can see what they order. */

import { type Access, type FunctionFact, fieldName, type Site } from '../../facts/file-facts.ts';
import type { Pairing, PlacedSite, SiteRef } from '../../pairing/pairing.ts';
import { sameness } from '../../pairing/shape.ts';
import { bareRef } from '../bare-side.ts';
import { needsOf } from '../explanation.ts';
import type { FileMoment, Moment } from '../moment.ts';
import { refKey } from '../tree.ts';
import { type Side, sideVerdict } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer, FunctionRef } from './fix.ts';
import { wholeStatement } from './statement-place.ts';

/** For each barrier in the range that nobody needs: with it go those that were only there for it. */
export const dropIdle: FixOffer = (moment, range) =>
  moment.facts.sites
    .filter(({ span }) => span.start <= range.end && range.start <= span.end)
    .filter(isBarrier)
    .flatMap((site) => fixOf(moment, { file: moment.file, site }) ?? []);

/** A statement between CPUs that does nothing but to order. */
function isBarrier({ explicit, own, domain, uncertain, macro }: Site): boolean {
  const isOnCpus = domain === 'smp' || domain === 'virt';
  // What a macro brings cannot be dropped at its use.
  return explicit && own === undefined && !uncertain && macro === undefined && isOnCpus;
}

function fixOf(moment: FileMoment, placed: PlacedSite): Fix | undefined {
  if (moment.coverage.extent === 'reading') return undefined;
  const group = groupOf(moment, placed);
  if (group === undefined || !isAllAsked(moment, group) || isClaimedByOthers(moment, group))
    return undefined;
  const edits = group.barriers.map((each) => withoutLines(moment, each));
  if (edits.includes(undefined)) return undefined;
  return {
    title: `Drop ${group.barriers.map(({ site }) => siteTitle(site)).join(' and ')}`,
    ways: [edits as readonly TextEdit[]],
    mends: [],
    between: group.pairings.map(({ functions }) => functions),
    met: group.pairings.map(({ pairing }) => pairing),
    isOnRequest: true,
    drops: true,
  };
}

/** Barriers that go together, and what was simulated of them, between which functions. */
interface Group {
  readonly barriers: readonly PlacedSite[];
  readonly pairings: readonly {
    /** Of the functions, over all that was asked about. */
    readonly pairing: Pairing;
    readonly functions: readonly [FunctionRef, FunctionRef];
  }[];
}

/** The barrier, and the partners that are not needed either; undefined where one is needed, or where that is not known. */
function groupOf(moment: Moment, placed: PlacedSite): Group | undefined {
  const { tree, verdictOf } = moment;
  const barriers = [placed];
  const asked = new Map<Pairing, Group['pairings'][number]>();
  for (const { file, site } of barriers) {
    if (needsOf(moment, { file, site }).length > 0) return undefined;
    const own = tree
      .everyPairingIn(file)
      .filter(({ sites }) => sites.some(is({ file, id: site.id })));
    if (own.length === 0) return undefined;
    for (const pairing of own) {
      const { answer, currency } = verdictOf(pairing) ?? {};
      const side: Side = is({ file, id: site.id })(pairing.sites[0]) ? 0 : 1;
      const [one, other] = pairing.sites.map((ref) => tree.site(ref));
      const partner = side === 0 ? other : one;
      if (answer === undefined || currency !== 'current' || one === undefined) return undefined;
      if (partner === undefined || other === undefined) return undefined;
      const [here, there] = [side, side === 0 ? 1 : 0].map((at) => sideVerdict(answer, at as Side));
      if (!isWorthless(here!)) return undefined;
      const functions = [functionOf(one), functionOf(other)] as const;
      const orders = answer.orders.map(({ order }) => order);
      const sites = [bareOf(functions[0]), bareOf(functions[1])] as const;
      asked.set(pairing, { pairing: { ...pairing, sites, sources: [], orders }, functions });
      const isMeant =
        pairing.sources.includes('claimed') || here!.kind === 'redundant' || own.length === 1;
      const isKnown = barriers.some((each) => is(refOf(each))(refOf(partner)));
      if (isMeant && isBarrier(partner.site) && isWorthless(there!) && !isKnown)
        barriers.push(partner);
    }
  }
  return { barriers, pairings: [...asked.values()] };
}

function isWorthless({ kind }: ReturnType<typeof sideVerdict>): boolean {
  return kind === 'redundant' || kind === 'idle';
}

function is(one: SiteRef) {
  return (other: SiteRef) => refKey(one) === refKey(other);
}

function refOf({ file, site }: PlacedSite): SiteRef {
  return { file, id: site.id };
}

function functionOf({ file, site }: PlacedSite): FunctionRef {
  return { file, function: site.function };
}

function bareOf({ file, function: name }: FunctionRef): SiteRef {
  return bareRef(file, name);
}

/** Whether all that the barriers order was asked about, and on one side of each nobody but the functions can see it. */
function isAllAsked({ tree }: Moment, { barriers, pairings }: Group): boolean {
  const orders = pairings.flatMap(({ pairing }) => pairing.orders);
  const fields = new Set(orders.flatMap(({ first, second }) => [first, second].map(fieldName)));
  const own = new Set(pairings.flatMap(({ functions }) => functions.map(functionKey)));
  const others = [...tree.files].flatMap(([file, { functions }]) =>
    functions.filter(({ name }) => !own.has(functionKey({ file, function: name }))),
  );
  return barriers.every(({ file, site }) => {
    const completed = tree.completed({ file, site });
    const { before, after } = completed.outerCalls ?? { before: [], after: [] };
    return (
      [...before, ...after].every(({ name }) => tree.functions(name).length > 0) &&
      isSeenFrom(completed, others) &&
      completed.orders.every(
        (order) =>
          [...order.before, ...order.after].every(({ field }) => fields.has(fieldName(field))) &&
          !order.before.some((one) => order.after.some((two) => sameness(one, two) > 0)) &&
          [order.before, order.after].some((side) => !isShared(side, others)),
      )
    );
  });
}

function functionKey({ file, function: name }: FunctionRef): string {
  return `${file}\n${name}`;
}

/** Whether it is known what those access that call the function of the barrier. */
function isSeenFrom({ function: name, orders }: Site, others: readonly FunctionFact[]): boolean {
  const isCalled = others.some(({ calls }) => calls.includes(name));
  const all = orders.flatMap(({ before, after }) => [...before, ...after]);
  return !isCalled || all.some(({ caller }) => caller !== undefined);
}

/** Whether another function accesses one of the places, in an object that others know. */
function isShared(accesses: readonly Access[], others: readonly FunctionFact[]): boolean {
  return others.some((other) =>
    other.accesses.some(
      (there) => there.isNew !== true && accesses.some((each) => sameness(each, there) > 0),
    ),
  );
}

/** Whether the comment of a barrier that stays has one that goes for its partner. */
function isClaimedByOthers({ tree }: Moment, { barriers }: Group): boolean {
  const goes = new Set(barriers.map((each) => refKey(refOf(each))));
  return tree.pairing.claims.some(
    ({ from, targets }) => !goes.has(refKey(from)) && targets.some((ref) => goes.has(refKey(ref))),
  );
}

/** Takes the statement away, with its comment, and one of two empty lines that meet then. */
function withoutLines({ tree, textOf }: Moment, { file, site }: PlacedSite): TextEdit | undefined {
  const text = textOf(file);
  const home = tree.functionIn(file, site.function)?.fact.span;
  const own =
    text === undefined || home === undefined ? undefined : wholeStatement(text, home, site.span);
  if (text === undefined || own?.code !== `${text.slice(site.span.start, site.span.end)};`)
    return undefined;
  const { start, end } = own.span;
  const next = text.indexOf('\n', end) + 1;
  const isApart = text.slice(0, start).endsWith('\n\n') && text.slice(end, next).trim() === '';
  return { file, span: { start, end: isApart && next > 0 ? next : end }, text: '' };
}
