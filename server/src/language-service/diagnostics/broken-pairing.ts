/** `broken-pairing`: both barriers are there and the bad outcome can still happen. */

import { fieldName, placeOfAccess, type Site } from '../../facts/file-facts.ts';
import type { Pairing, Partnership, PlacedAccess } from '../../pairing/pairing.ts';
import type { PairingCheck } from '../../proof/pairing-check.ts';
import { contains } from '../../text/span.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { PlacedFunction } from '../tree.ts';
import { decisive, reasonOf } from '../verdict.ts';
import { canOrder, siteTitle } from '../words.ts';
import type { CheckedKind } from './check.ts';

/** The functions of this side and of the other. */
type Names = readonly [string, string];

export const brokenPairing: CheckedKind = {
  code: 'broken-pairing',
  meaning:
    'Two barriers are there for each other, and the Linux kernel memory model still allows the outcome that they are there to forbid: one stands on the wrong side of an access, is of the wrong kind, or an atomic operation next to it orders nothing.',
  fires:
    'On both sides of a pairing that a comment claims and whose simulation ends with "broken"; the execution is attached, an access a line, in the order of the cycle. Only where both functions access the two fields themselves. Not where a side is a mandatory or dma_ barrier or only a marked access, nor where anything was not modelled: then the pairing is "not proven".',
  fix: 'Follow the cycle: the order that is missing is between two accesses of one function.',
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
      related: cycleOf(partnership, answer, [site.function, partnership.partner.site.function]),
      partnerOf: site.id,
    },
  ];
}

/** Broken in every order that was looked at, and that over two fields which both functions access
 *  themselves: what callers and callees access is often not what the comment is about. */
function isBeyondDoubt(
  { tree }: FileMoment,
  { sites }: Pairing,
  { verdict, orders }: PairingCheck,
): boolean {
  if (verdict.kind !== 'broken') return false;
  const functions = sites.map((ref) => {
    const site = tree.site(ref)?.site;
    return site && tree.functionIn(ref.file, site.function);
  });
  return orders.every(
    ({ verdict: of, order: { first, second, accesses } }) =>
      of.kind === 'broken' &&
      fieldName(first) !== fieldName(second) &&
      accesses.every((pair, side) => pair.every((access) => isIn(access, functions[side]))),
  );
}

function isIn(access: PlacedAccess, home: PlacedFunction | undefined): boolean {
  const { file, innerFile = file, span, inner = span, via } = access;
  return home?.file === innerFile && via.length === 0 && contains(home.fact.span, inner);
}

/** The accesses of the bad execution: the cycle goes through one side in program order, then the other. */
function cycleOf({ side }: Partnership, check: PairingCheck, names: Names): readonly Related[] {
  const accesses = decisive(check)?.order.accesses ?? [];
  return accesses.flatMap((pair, index) =>
    pair.map((access) => {
      const { file, line } = placeOfAccess(access, access.file);
      const verb = access.effect === 'read' ? 'reads' : 'writes';
      const message = `${names[index === side ? 0 : 1]}() ${verb} ${fieldName(access.field)}`;
      return { file, span: access.inner ?? access.span, line, message };
    }),
  );
}
