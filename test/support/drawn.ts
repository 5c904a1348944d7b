/** What takes long in all: each run takes a part of it, which the commit draws. */

import { spawnSync } from 'node:child_process';

/** The commit that is tested, or none outside of a repository. */
function commit(): string {
  const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' });
  return stdout?.trim() ?? '';
}

const DRAW = process.env['BARRIERLENS_DRAW'] ?? (commit() || '0');

/** For the title of what is drawn: how to draw the same again, or all. */
export const DRAWN = `drawn by BARRIERLENS_DRAW=${DRAW}; "all" takes all`;

/** Every `parts`-th of `all`, beginning with one that `BARRIERLENS_DRAW`, or else the commit, says. */
export function drawn<T>(all: readonly T[], parts: number): readonly T[] {
  if (DRAW === 'all') return all;
  const first = [...DRAW].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return all.filter((_, index) => index % parts === first % parts);
}
