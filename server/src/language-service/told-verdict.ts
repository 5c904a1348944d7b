/** What is told of a pairing's simulation, to everybody alike: "broken" only where it is plain that these two are there
 *  for each other and over which fields; where it is not, the allowed outcome may not be what anybody meant to forbid. */

import { type Access, fieldName, type Site } from '../facts/file-facts.ts';
import type { WitnessEvent } from '../memory-model/outcome.ts';
import type { Pairing, PlacedSite } from '../pairing/pairing.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import { isOwn } from '../proof/protocol.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import type { Verdict } from '../proof/verdict.ts';
import { bareName } from './bare-side.ts';
import type { Tree } from './tree.ts';
import { decisive, type ShownVerdict } from './verdict.ts';
import { canOrder } from './words.ts';

/** The verdict as it is told; of pairings that stand for functions without a barrier it is for the finding that asked. */
export function toldVerdict(tree: Tree, pairing: Pairing, shown: ShownVerdict): ShownVerdict {
  const { answer } = shown;
  if (answer?.verdict.kind !== 'broken' || isOfFunctions(pairing)) return shown;
  const doubt = doubtOf(tree, pairing, answer);
  return doubt === undefined ? shown : { ...shown, answer: doubted(answer, doubt) };
}

/** Whether a finding can come of the simulation of a pairing. */
export function isWorthProving(tree: Tree, pairing: Pairing): boolean {
  const sides = pairing.sites.map((ref) => tree.site(ref));
  return (
    isClaimed(pairing) &&
    sides.every((placed) => placed !== undefined && isJudged(placed.site)) &&
    areFieldsKnown(tree, pairing)
  );
}

function isOfFunctions({ sites, idiom }: Pairing): boolean {
  return idiom !== undefined || sites.some((ref) => bareName(ref) !== undefined);
}

/** Why an allowed outcome does not show that something is broken; undefined where it does. */
function doubtOf(tree: Tree, pairing: Pairing, check: OpenPairingCheck): string | undefined {
  const sides = pairing.sites.flatMap((ref) => tree.site(ref) ?? []);
  const weak = sides.find(({ site }) => !isJudged(site));
  if (weak !== undefined)
    return `${weak.site.primitive}() by itself orders only what depends on it`;
  if (!isClaimed(pairing)) {
    return 'the outcome can happen in these two, and no comment says that they are there for each other';
  }
  if (sides.some((placed) => isReleaseNotSeen(placed, check)))
    return 'what is read there need not be what the release wrote';
  const accesses = decisive(check)?.order.accesses ?? [];
  const isFar = accesses.flat().some(({ via }) => via.length > 1);
  return isFar || !areFieldsKnown(tree, pairing) ? 'not known which fields are meant' : undefined;
}

/** A release orders what comes before it for whoever reads what it wrote itself: where the execution reads the word as
 *  another write left it, as with other bits of it, the release is not what was meant to order. */
function isReleaseNotSeen({ file, site }: PlacedSite, { verdict }: OpenPairingCheck): boolean {
  if (site.category !== 'release' || verdict.kind !== 'broken') return false;
  const { events, edges } = verdict.witness;
  const isIts = ({ kind, origin }: WitnessEvent) =>
    kind === 'write' &&
    origin?.file === file &&
    origin.span.start >= site.span.start &&
    origin.span.end <= site.span.end;
  const own = new Set(events.filter(isIts).map(({ index }) => index));
  return !edges.some(({ relation, from }) => relation.startsWith('rf') && own.has(from));
}

/** An operation between CPUs that is there to order, in code that the parser followed. A comment can name an
 *  access that is only marked: what is meant then is a dependency or a lock around it. */
function isJudged(site: Site): boolean {
  const { domain, uncertain } = site;
  return canOrder(site) && !uncertain && (domain === 'smp' || domain === 'virt');
}

function isClaimed({ sources }: Pairing): boolean {
  return sources.includes('claimed');
}

/** Whether it is plain over which fields the two sides meet, or that they meet over none: where both sides order something
 *  and not the same, the fields that are meant may be others. */
function areFieldsKnown(tree: Tree, { orders, sites }: Pairing): boolean {
  if (orders.length > 0) return true;
  const placed = sites.flatMap((ref) => tree.site(ref) ?? []);
  const completed = placed.map((each) => tree.completed(each));
  return completed.some(ordersNothing) || haveSameNextToThem(completed);
}

/** Whether the same two fields stand next to both barriers, on the same side: then one of them stands the wrong way round. */
function haveSameNextToThem([one, other]: readonly Site[]): boolean {
  if (one === undefined || other === undefined) return false;
  return (['before', 'after'] as const).every((side) => {
    const [here, there] = [nextTo(one, side), nextTo(other, side)];
    return (
      here !== undefined && there !== undefined && fieldName(here.field) === fieldName(there.field)
    );
  });
}

/** The access of the function itself that stands next to its barrier. */
function nextTo({ orders }: Site, side: 'before' | 'after'): Access | undefined {
  const own = orders.flatMap((each) => each[side]).filter(isOwn);
  return own.toSorted((a, b) => a.distance - b.distance)[0];
}

/** Whether nothing is accessed before a barrier, or nothing behind it. */
function ordersNothing({ orders }: Site): boolean {
  return orders.every(({ before, after }) => before.length === 0 || after.length === 0);
}

function doubted({ verdict, orders }: OpenPairingCheck, reason: string): OpenPairingCheck {
  const told = (of: Verdict): Verdict =>
    of.kind === 'broken' ? { kind: 'unknown', reason, assumptions: of.assumptions } : of;
  const toldOf = ({ outcome: _, ...order }: ProtocolCheck): ProtocolCheck => ({
    ...order,
    verdict: told(order.verdict),
    sides: [told(order.sides[0]), told(order.sides[1])],
  });
  return { verdict: told(verdict), orders: orders.map(toldOf) };
}
