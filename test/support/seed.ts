/** What random tests begin with: the same for one commit, another one for the next. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where the commit is not known. */
const USUAL = 20261130;

/** `BARRIERLENS_SEED`, or a number below 2^28 that the commit gives. */
export const SEED = Number(process.env['BARRIERLENS_SEED'] ?? ofCommit());

function ofCommit(): number {
  try {
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return Number.parseInt(commit.slice(0, 7), 16);
  } catch {
    return USUAL;
  }
}
