/** `broken-pairing`: both barriers are there and the bad outcome can still happen. */

import type { Site } from '../../facts/file-facts.ts';
import type { AccessClass } from '../../kernel/primitive.ts';
import { primitive } from '../../kernel/primitives.ts';
import type { AccessKind, Partnership, PlacedAccess, PlacedSite } from '../../pairing/pairing.ts';
import type { OpenPairingCheck } from '../../proof/open-check.ts';
import { tellWitness } from '../../proof/tell-execution.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { isWorthProving } from '../told-verdict.ts';
import { decisive, reasonOf, type Side } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const brokenPairing: CheckedKind = {
  code: 'broken-pairing',
  meaning:
    'Two barriers are there for each other, and the Linux kernel memory model still allows the outcome that they are there to forbid: one stands on the wrong side of an access, is of the wrong kind, or an atomic operation next to it orders nothing.',
  fires:
    'On the side of a pairing that is not as it should be, or on both where that is not plain; a comment claims the pairing, and its simulation ends with "broken"; the execution is attached, a step a line, in the order in which it is told. Only where both functions, or where a barrier stands in a helper its caller, access the two fields themselves or in what they call directly. Not where a side is a mandatory or dma_ barrier or only a marked access, nor where anything was not modelled: then the pairing is "not proven".',
  fix: 'Follow the execution: the order that is missing is between two accesses of one function.',
  asks: (tree) => tree.pairing.pairings.filter((pairing) => isWorthProving(tree, pairing)),
  check: (moment) =>
    moment.facts.sites.flatMap((site) =>
      moment.tree
        .partnerships(moment.file, site.id)
        .flatMap((partnership) => finding(moment, site, partnership)),
    ),
};

function finding(moment: FileMoment, site: Site, partnership: Partnership): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(partnership.pairing) ?? {};
  if (answer?.verdict.kind !== 'broken' || currency !== 'current') return [];
  const { partner, side } = partnership;
  const [own, theirs] = [
    standingOf({ file: moment.file, site }, side, answer),
    standingOf(partner, side === 0 ? 1 : 0, answer),
  ];
  // Two findings of one fault would be one too many.
  if (own === 'right' && theirs === 'wrong') return [];
  return [
    {
      span: site.span,
      message: brokenWords(partnership, answer),
      brief: briefOf(answer),
      related: stepsOf(moment, answer),
      partnerOf: site.id,
    },
  ];
}

/** What is told of a broken pairing, as one side has it. */
export function brokenWords(
  { partner, side }: Pick<Partnership, 'partner' | 'side'>,
  answer: OpenPairingCheck,
): string {
  return `the pairing with ${siteTitle(partner.site)} is broken: ${reasonOf(answer, side)}`;
}

/** Whether a barrier stands between the two accesses of its side and is of a kind that orders them; undefined where that is not to be
 *  seen in the function. */
function standingOf(
  { file, site }: PlacedSite,
  side: Side,
  answer: OpenPairingCheck,
): 'right' | 'wrong' | undefined {
  const order = decisive(answer)?.order;
  const row = primitive(site.primitive);
  const isFence = site.explicit && site.own === undefined && row?.when === 'always';
  if (order === undefined || !isFence) return undefined;
  const accesses = order.accesses[side];
  // What a callee accesses stands at its call.
  const isHere = (access: PlacedAccess) => access.file === file && access.caller === undefined;
  const [first, last] = accesses;
  // Where a side has its accesses the wrong way round no barrier helps.
  if (!accesses.every(isHere) || first.span.end > last.span.start) return undefined;
  const isBetween = first.span.end <= site.span.start && site.span.end <= last.span.start;
  const [before, after] = order.kinds[side];
  const isKind = row.orders.some(
    (each) =>
      isOf(each.before, before, first) && isOf(each.after, after, last) && each.when === undefined,
  );
  return isBetween && isKind ? 'right' : 'wrong';
}

/** A read barrier does not order an operation that returns nothing (atomic_t.txt: it is no read to the model, either). */
function isOf(class_: AccessClass, kind: AccessKind, { isBlind }: PlacedAccess): boolean {
  return class_ === 'all' || (class_ === `${kind}s` && !(kind === 'read' && isBlind));
}

/** `broken: flag seen before data`. */
function briefOf(answer: OpenPairingCheck): string {
  const order = decisive(answer)?.order;
  if (order === undefined) return 'broken';
  const [a, b] = [order.first.name, order.second.name];
  switch (order.shape) {
    case 'MP':
      return order.kinds[0][0] === 'write'
        ? `broken: ${b} seen before ${a}`
        : `broken: ${a} seen before ${b}`;
    case 'SB':
      return `broken: ${a} and ${b} may both be missed`;
    case 'LB':
    case 'S':
    case 'R':
    case '2+2W':
      return `broken: nothing keeps ${a} and ${b} in order`;
  }
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
