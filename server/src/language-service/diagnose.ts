/** The table of all diagnostics, and all findings of one file at the user's levels. */

import { notAccepted } from './accepted-findings.ts';
import type { Settings } from './config.ts';
import { type Diagnostic, SEVERITIES, type Severity } from './diagnostic.ts';
import { barrierWithoutAtomic } from './diagnostics/barrier-without-atomic.ts';
import { brokenPairing } from './diagnostics/broken-pairing.ts';
import type { CheckedKind } from './diagnostics/check.ts';
import { creditedOrder } from './diagnostics/credited-order.ts';
import { lostOrder } from './diagnostics/lost-order.ts';
import { lostWakeUp } from './diagnostics/lost-wake-up.ts';
import { misplacedAccess } from './diagnostics/misplaced-access.ts';
import { missingFullBarrier } from './diagnostics/missing-full-barrier.ts';
import { missingPartnerBarrier } from './diagnostics/missing-partner-barrier.ts';
import { racyReread } from './diagnostics/racy-reread.ts';
import { uncommentedBarrier } from './diagnostics/uncommented-barrier.ts';
import { unorderedPublication } from './diagnostics/unordered-publication.ts';
import { unorderedRecheck } from './diagnostics/unordered-recheck.ts';
import { unorderedUnlock } from './diagnostics/unordered-unlock.ts';
import { unpairedBarrier } from './diagnostics/unpaired-barrier.ts';
import { unresolvedClaim } from './diagnostics/unresolved-claim.ts';
import { violatedInvariant } from './diagnostics/violated-invariant.ts';
import type { FileMoment } from './moment.ts';

/** Every diagnostic, in the order in which the README describes them. */
export const DIAGNOSTICS: readonly CheckedKind[] = [
  brokenPairing,
  violatedInvariant,
  missingPartnerBarrier,
  lostOrder,
  unresolvedClaim,
  unpairedBarrier,
  misplacedAccess,
  creditedOrder,
  missingFullBarrier,
  lostWakeUp,
  unorderedRecheck,
  racyReread,
  unorderedPublication,
  unorderedUnlock,
  barrierWithoutAtomic,
  uncommentedBarrier,
];

/** All findings of one file that nobody has accepted there, in text order. */
export function diagnose(
  moment: FileMoment,
  levels: Settings['diagnostics'],
): readonly Diagnostic[] {
  const told = new Set<string>();
  const found: Diagnostic[] = [];
  for (const { code, check, isOfOpenFiles = false } of DIAGNOSTICS) {
    const severity = levels[code];
    if (severity === 'off') continue;
    const findings = check(moment).filter(
      ({ partnerOf }) => partnerOf === undefined || !told.has(partnerOf),
    );
    for (const { partnerOf, atMost, ...finding } of findings) {
      const about = partnerOf === undefined ? {} : { about: partnerOf };
      const shown = { code, severity: milder(severity, atMost), isOfOpenFiles };
      found.push({ ...finding, ...about, ...shown });
      if (partnerOf !== undefined) told.add(partnerOf);
    }
  }
  const kept = notAccepted(moment.textOf(moment.file), found);
  return kept.toSorted((a, b) => a.span.start - b.span.start);
}

function milder(severity: Severity, atMost: Severity = 'error'): Severity {
  return SEVERITIES[Math.max(SEVERITIES.indexOf(severity), SEVERITIES.indexOf(atMost))]!;
}
