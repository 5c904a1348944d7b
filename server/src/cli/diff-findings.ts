/** Of the findings after a patch those that it brings or touches. */

import type { Place } from '../text/span.ts';
import type { Analysis } from './analysis.ts';
import type { Fingerprinted } from './baseline.ts';
import type { PatchedTree } from './patched-tree.ts';

/** Those that were not there before, and those of which any place stands in a function, or on a line, that the patch
 *  touches: also on the other side of such a function, whose pairing is shown with its places. */
export function ofPatch(
  before: readonly Fingerprinted[],
  after: readonly Fingerprinted[],
  { touched }: PatchedTree,
  { snapshot }: Pick<Analysis, 'snapshot'>,
): readonly Fingerprinted[] {
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const isTouched = ({ file, span }: Place): boolean => {
    const ranges = touched.get(file);
    const lines = snapshot.lines(file);
    if (ranges === undefined || lines === undefined) return false;
    const around = snapshot
      .facts(file)
      ?.functions.find((each) => each.span.start <= span.start && span.start < each.span.end);
    const { start, end } = around?.span ?? span;
    const [first, last] = [lines.position(start).line, lines.position(end).line];
    return ranges.some(([from, to]) => from <= last && first <= to);
  };
  return after.filter(
    ({ finding, fingerprint }) =>
      !known.has(fingerprint) || [finding, ...finding.related].some(isTouched),
  );
}
