/** A scenario to begin with for a barrier and its partner, as `barrierlens scenario` writes one. */

import { posix } from 'node:path';
import { strayIn } from '../proof/stray-in-run.ts';
import { beginScenario } from '../scenario/begin-scenario.ts';
import { functionOf } from '../scenario/needed-headers.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { touches } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';

/** The text for the functions of the barrier at `offset` and of its best partner, whose files go by their paths below `root`;
 *  undefined where there is no partner, or a function of them that a thread could call. */
export function pairingScenario(
  snapshot: Snapshot,
  path: string,
  offset: number,
  { root, tree }: { readonly root: string; readonly tree: SourceTree },
): string | undefined {
  const found = snapshot.explanations(path).find(({ site }) => touches(site.span, offset));
  const partner = found?.partners[0]?.partner;
  if (found === undefined || partner === undefined) return undefined;
  const called = [{ file: path, site: found.site }, partner].flatMap(({ file, site }) => {
    const source = tree.source(posix.relative(root, file));
    return (source && functionOf(source, site.function)) ?? [];
  });
  return called.length < 2 ? undefined : beginScenario(called, tree, strayIn);
}
