/** `uncommented-barrier`: a barrier without a comment that says what it is for. */

import { isNoteworthy } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const uncommentedBarrier: CheckedKind = {
  code: 'uncommented-barrier',
  meaning:
    'A memory barrier has no comment. A reviewer cannot tell what it orders and with whom it pairs (Documentation/process/submit-checklist.rst asks for the comment).',
  fires:
    'On every explicit barrier between CPUs without a comment before it or on its line. Not on mandatory (mb(), rmb(), wmb()) and dma_ barriers, whose partner is a device, nor where the parser could not follow, nor at the use of a macro that brings the barrier.',
  fix: 'Say which accesses it orders and which barrier in which function it pairs with; where the pairing is proven the quick fix writes that, in the style of the file, here or on both sides.',
  check: ({ facts }) =>
    facts.sites
      .filter((site) => isNoteworthy(site) && isBarrier(site.category))
      .filter(
        ({ comment, uncertain, macro }) =>
          comment === undefined && !uncertain && macro === undefined,
      )
      .map((site) => ({
        span: site.span,
        message: `${site.primitive}() has no comment that says what it orders and with whom it pairs`,
        related: [],
      })),
};

function isBarrier(category: string): boolean {
  return category === 'full-barrier' || category === 'read-barrier' || category === 'write-barrier';
}
