/** `broken-pairing`: both barriers are there and the bad outcome can still happen. */

import type { Site } from '../../facts/file-facts.ts';
import type { Pairing, Partnership } from '../../pairing/pairing.ts';
import type { OpenPairingCheck } from '../../proof/open-check.ts';
import { tellWitness } from '../../proof/tell-execution.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Tree } from '../tree.ts';
import { decisive, reasonOf } from '../verdict.ts';
import { canOrder, siteTitle } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const brokenPairing: CheckedKind = {
  code: 'broken-pairing',
  meaning:
    'Two barriers are there for each other, and the Linux kernel memory model still allows the outcome that they are there to forbid: one stands on the wrong side of an access, is of the wrong kind, or an atomic operation next to it orders nothing.',
  fires:
    'On both sides of a pairing that a comment claims and whose simulation ends with "broken"; the execution is attached, a step a line, in the order in which it is told. Only where both functions, or where a barrier stands in a helper its caller, access the two fields themselves or in what they call directly. Not where a side is a mandatory or dma_ barrier or only a marked access, nor where anything was not modelled: then the pairing is "not proven".',
  fix: 'Follow the execution: the order that is missing is between two accesses of one function.',
  check: (moment) =>
    moment.facts.sites.filter(isJudged).flatMap((site) =>
      moment.tree
        .partnerships(moment.file, site.id)
        .filter(({ pairing, partner }) => isClaimed(pairing) && isJudged(partner.site))
        .flatMap((partnership) => finding(moment, site, partnership)),
    ),
};

/** An operation between CPUs that is there to order, in code that the parser followed. A comment can name an
 *  access that is only marked: what is meant then is a dependency or a lock around it. */
function isJudged(site: Site): boolean {
  const { domain, uncertain } = site;
  return canOrder(site) && !uncertain && (domain === 'smp' || domain === 'virt');
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

/** Whether it is plain over which fields the two sides meet, or that they meet over none. */
function areFieldsKnown(tree: Tree, { orders, sites }: Pairing): boolean {
  if (orders.length > 0) return true;
  const placed = sites.flatMap((ref) => tree.site(ref) ?? []);
  return placed.some((each) => ordersNothing(tree.completed(each)));
}

function isClaimed({ sources }: Pairing): boolean {
  return sources.includes('claimed');
}

function finding(moment: FileMoment, site: Site, partnership: Partnership): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(partnership.pairing) ?? {};
  if (
    answer === undefined ||
    currency !== 'current' ||
    !isBeyondDoubt(moment, partnership.pairing, answer)
  )
    return [];
  return [
    {
      span: site.span,
      message: `the pairing with ${siteTitle(partnership.partner.site)} is broken: ${reasonOf(answer, partnership.side)}`,
      related: stepsOf(moment, answer),
      partnerOf: site.id,
    },
  ];
}

/** Broken over two fields which both functions access themselves or in what they call directly: what is farther away
 *  is often not what the comment is about. */
function isBeyondDoubt({ tree }: FileMoment, pairing: Pairing, check: OpenPairingCheck): boolean {
  const accesses = decisive(check)?.order.accesses ?? [];
  return (
    check.verdict.kind === 'broken' &&
    accesses.flat().every(({ via }) => via.length <= 1) &&
    areFieldsKnown(tree, pairing)
  );
}

/** Whether nothing is accessed before a barrier, or nothing behind it: where both sides order something and not the same,
 *  the fields that are meant may be others. */
function ordersNothing({ orders }: Site): boolean {
  return orders.every(({ before, after }) => before.length === 0 || after.length === 0);
}

/** The steps of the bad execution, in an order in which reads come after the writes they read from. */
export function stepsOf(
  { linesOf }: FileMoment,
  { verdict }: OpenPairingCheck,
): readonly Related[] {
  if (verdict.kind !== 'broken') return [];
  return tellWitness(verdict.witness).flatMap(({ thread, place, function: name, message }) => {
    const lines = place && linesOf(place.file);
    if (place === undefined || lines === undefined) return [];
    const line = lines.position(place.span.start).line + 1;
    return [{ ...place, line, message: `P${thread}: ${name}() ${message}` }];
  });
}
