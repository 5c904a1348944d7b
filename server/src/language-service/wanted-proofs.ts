/** Which pairings have to be simulated for the findings that are wanted, and for no others. */

import type { Pairing } from '../pairing/pairing.ts';
import { DIAGNOSTICS } from './diagnose.ts';
import { type DiagnosticCode, isAtLeast, type Severity } from './diagnostic.ts';
import type { CheckedKind } from './diagnostics/check.ts';
import type { Snapshot } from './snapshot.ts';
import { refKey, type Tree } from './tree.ts';

/** Of the findings only those of some kinds, and of at least that severity. */
export interface WantedFindings {
  readonly codes: ReadonlySet<DiagnosticCode>;
  readonly level: Severity;
}

/** The pairings that the wanted kinds look at. Without `wanted` all that there are. */
export function pairingsFor(
  { moment: { tree }, settings }: Snapshot,
  wanted?: WantedFindings,
): readonly Pairing[] {
  if (wanted === undefined) return tree.everyPairing();
  return askedBy(
    DIAGNOSTICS.filter((kind) => isWanted(kind, settings.diagnostics, wanted)),
    tree,
    wanted.level,
  );
}

/** The pairings over which another kind may tell first what a wanted one found at the same barrier in `files`: only
 *  known when the pairings of the wanted kinds have been simulated. */
export function pairingsBefore(
  { moment: { tree }, settings, diagnostics }: Snapshot,
  files: ReadonlySet<string>,
  wanted: WantedFindings,
): readonly Pairing[] {
  const others = DIAGNOSTICS.filter((kind) => !isWanted(kind, settings.diagnostics, wanted));
  const told = new Set(
    [...files].flatMap((file) =>
      diagnostics(file).flatMap(({ code, about }) =>
        about !== undefined && wanted.codes.has(code) ? [refKey({ file, id: about })] : [],
      ),
    ),
  );
  if (told.size === 0) return [];
  return askedBy(others, tree, 'hint').filter(({ sites }) =>
    sites.some((ref) => told.has(refKey(ref))),
  );
}

function isWanted(
  { code }: CheckedKind,
  levels: Snapshot['settings']['diagnostics'],
  { codes, level }: WantedFindings,
): boolean {
  const severity = levels[code];
  if (severity === 'off' || !codes.has(code)) return false;
  return isAtLeast(severity, level);
}

function askedBy(
  kinds: readonly CheckedKind[],
  tree: Tree,
  severity: Severity,
): readonly Pairing[] {
  return [...new Set(kinds.flatMap(({ asks }) => asks?.(tree, severity) ?? []))];
}
