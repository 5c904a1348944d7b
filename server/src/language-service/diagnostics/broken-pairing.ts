/** `broken-pairing`: both barriers are there and the bad outcome can still happen. */

import type { Site } from '../../facts/file-facts.ts';
import type { Partnership } from '../../pairing/pairing.ts';
import type { OpenPairingCheck } from '../../proof/open-check.ts';
import { tellWitness } from '../../proof/tell-execution.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { isWorthProving } from '../told-verdict.ts';
import { decisive, reasonOf } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const brokenPairing: CheckedKind = {
  code: 'broken-pairing',
  meaning:
    'Two barriers are there for each other, and the Linux kernel memory model still allows the outcome that they are there to forbid: one stands on the wrong side of an access, is of the wrong kind, or an atomic operation next to it orders nothing.',
  fires:
    'On both sides of a pairing that a comment claims and whose simulation ends with "broken"; the execution is attached, a step a line, in the order in which it is told. Only where both functions, or where a barrier stands in a helper its caller, access the two fields themselves or in what they call directly. Not where a side is a mandatory or dma_ barrier or only a marked access, nor where anything was not modelled: then the pairing is "not proven".',
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
  return [
    {
      span: site.span,
      message: `the pairing with ${siteTitle(partnership.partner.site)} is broken: ${reasonOf(answer, partnership.side)}`,
      brief: briefOf(answer),
      related: stepsOf(moment, answer),
      partnerOf: site.id,
    },
  ];
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
