/** What `check --stats` tells of a run: how much there was, what is known of it, and what it cost. */

import { isNoteworthy } from '../language-service/words.ts';
import type { PairingSource } from '../pairing/pairing.ts';
import type { VerdictKind } from '../proof/verdict.ts';
import type { Analysis } from './analysis.ts';

const KINDS: readonly VerdictKind[] = ['needed', 'redundant', 'idle', 'broken', 'unknown'];

/** What the process has spent. */
export interface Spent {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly megabytes: number;
}

/** This process until now, its threads included. */
export function spentHere(): Spent {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    seconds: process.uptime(),
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
}

/** A few lines. Barriers are those that a reader would ask about, in the files that were given; of the pairings of
 *  these, those that were simulated are counted by what came of it. */
export function statisticsOf(
  { snapshot, files }: Analysis,
  findings: number,
  spent: Spent,
): string {
  const { tree, verdictOf } = snapshot.moment;
  const barriers = files.flatMap((file) =>
    (tree.facts(file)?.sites ?? []).filter(isNoteworthy).map((site) => ({ file, site })),
  );
  const sources = barriers.map(
    ({ file, site }) =>
      new Set(tree.partnerships(file, site.id).flatMap(({ pairing }) => pairing.sources)),
  );
  const by = (source: PairingSource) => sources.filter((each) => each.has(source)).length;
  const own = new Set(files);
  const kinds = tree
    .everyPairing()
    .filter(({ sites }) => sites.some(({ file }) => own.has(file)))
    .flatMap((pairing) => verdictOf(pairing)?.answer?.verdict.kind ?? []);
  const withBarriers = new Set(barriers.map(({ file }) => file)).size;
  const paired = sources.filter(({ size }) => size > 0).length;
  return `files analysed: ${files.length}, with barriers: ${withBarriers}
barriers: ${barriers.length}, with a partner: ${paired} (claimed ${by('claimed')}, inferred ${by('inferred')})
pairings simulated: ${kinds.length}${countsOf(kinds)}
findings: ${findings}
spent: ${spent.cpuSeconds.toFixed(1)} s of CPU in ${spent.seconds.toFixed(1)} s, ${Math.round(spent.megabytes)} MB
`;
}

function countsOf(kinds: readonly VerdictKind[]): string {
  const counts = KINDS.map((kind) => `${kind} ${kinds.filter((each) => each === kind).length}`);
  return ` (${counts.join(', ')})`;
}
