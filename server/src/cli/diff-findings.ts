/** Of the findings after a patch those that it brings or touches. */

import type { Place } from '../text/span.ts';
import type { Analysis } from './analysis.ts';
import type { Fingerprinted } from './baseline.ts';
import type { PatchedTree } from './patched-tree.ts';

/** Those of which any place stands in a function, or on a line, that the patch touches, also on the other side of such a
 *  function, whose pairing is shown with its places; and those that were not there `before`, which is only asked where
 *  there are others. */
export async function ofPatch(
  before: () => Promise<readonly Fingerprinted[]>,
  after: readonly Fingerprinted[],
  { touched }: PatchedTree,
  { snapshot }: Pick<Analysis, 'snapshot'>,
): Promise<readonly Fingerprinted[]> {
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
  const touching = new Set(
    after.filter(({ finding }) => [finding, ...finding.related].some(isTouched)),
  );
  if (touching.size === after.length) return after;
  const known = new Set((await before()).map(({ fingerprint }) => fingerprint));
  return after.filter((each) => touching.has(each) || !known.has(each.fingerprint));
}
