/** `broken-pairing`: both barriers are there and the bad outcome can still happen. */

import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Partnership } from '../tree.ts';
import type { PairingVerdict } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const brokenPairing: CheckedKind = {
  code: 'broken-pairing',
  meaning:
    'Two barriers are there for each other, and the Linux kernel memory model still allows the outcome that they are there to forbid: one stands on the wrong side of an access, is of the wrong kind, or an atomic operation next to it orders nothing.',
  fires:
    'On both sides of a pairing whose simulation ends with "broken"; the execution is attached, an access a line, in the order of the cycle. Not where anything was not modelled: then the pairing is "not proven".',
  fix: 'Follow the cycle: the order that is missing is between two accesses of one function.',
  check: (moment) =>
    moment.facts.sites
      .filter(({ uncertain }) => !uncertain)
      .flatMap((site) =>
        moment.tree
          .partnerships(moment.file, site.id)
          .flatMap((partnership) => finding(moment, site.span, partnership)),
      ),
};

function finding(
  moment: FileMoment,
  span: Finding['span'],
  partnership: Partnership,
): readonly Finding[] {
  const shown = moment.verdictOf(partnership.pairing);
  if (shown?.answer?.verdict !== 'broken' || shown.currency !== 'current') return [];
  return [{ span, message: message(partnership, shown.answer), related: shown.answer.cycle }];
}

function message({ partner }: Partnership, { reason }: PairingVerdict): string {
  return `the pairing with ${siteTitle(partner.site)} is broken: ${reason}`;
}
