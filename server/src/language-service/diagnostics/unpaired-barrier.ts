/** `unpaired-barrier`: the function on the other side accesses the same fields without any order. */

import type { Site } from '../../facts/file-facts.ts';
import type { Pairing } from '../../pairing/pairing.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { decisive } from '../verdict.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const unpairedBarrier: CheckedKind = {
  code: 'unpaired-barrier',
  meaning:
    'A barrier orders two accesses of this function, and the function on the other side makes the two accesses that they race with in the opposite order with nothing that keeps it: it can see the second without the first.',
  fires:
    'On a barrier between CPUs that has no partner anywhere, where the function that its comment names accesses the same two fields, itself or in what it calls, and the simulation of both functions as they are shows the outcome; the execution is attached. Not on mandatory and dma_ barriers, whose partner is a device, nor where the parser could not follow or anything was not modelled, nor where a lock, an atomic operation or a dependency gives the order.',
  fix: 'Put the barrier that is missing between the two accesses of the other side, or say there why it is not needed.',
  asks: (tree) => tree.unpaired(),
  check: (moment) => {
    const own = moment.tree.unpaired().filter(({ sites: [{ file }] }) => file === moment.file);
    return moment.facts.sites.flatMap((site) => {
      const found = own
        .filter(({ sites: [{ id }] }) => id === site.id)
        .flatMap((pairing) => finding(moment, site, pairing));
      return found.slice(0, 1);
    });
  },
};

function finding(moment: FileMoment, site: Site, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const other = moment.tree.site(pairing.sites[1])?.site;
  return [
    {
      partnerOf: site.id,
      span: site.span,
      message: `nothing in ${other?.function}() pairs with it: ${decisive(answer)?.bad}`,
      brief: `no partner: nothing in ${other?.function}() orders`,
      related: stepsOf(moment, answer),
    },
  ];
}
