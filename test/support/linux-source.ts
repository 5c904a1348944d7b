/** Finds the Linux sources that tests and benchmarks read, unpacking Debian's tarball once. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const TARBALL = '/usr/src/linux-source-6.1.tar.xz';

/** The root of a Linux 6.1 tree, or undefined where there is none. `BARRIERLENS_LINUX` names an
 *  unpacked tree; without it, Debian's `linux-source-6.1` is unpacked to the user's cache. In CI
 *  (`CI=true`) its absence is an error, so that nothing is skipped there. */
export function linuxSource(): string | undefined {
  const named = process.env['BARRIERLENS_LINUX'];
  if (named !== undefined && existsSync(join(named, 'Kbuild'))) return named;
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'barrierlens');
  const tree = join(cache, 'linux-source-6.1');
  if (existsSync(join(tree, 'Kbuild'))) return tree;
  if (existsSync(TARBALL)) return unpack(cache, tree);
  if (process.env['CI'] === 'true')
    throw new Error('Linux sources are missing: install linux-source-6.1');
  return undefined;
}

/** Why a test that needs the sources does not run. */
export const WITHOUT_LINUX =
  'needs Linux sources (BARRIERLENS_LINUX or the package linux-source-6.1)';

/** Unpacks beside the final place and moves it there, so that parallel runs see all or nothing. */
function unpack(cache: string, tree: string): string {
  const partial = join(cache, `unpacking-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  const tar = spawnSync('tar', ['-xf', TARBALL, '-C', partial], { stdio: 'inherit' });
  if (tar.status !== 0) throw new Error(`cannot unpack ${TARBALL}`);
  if (!existsSync(tree)) renameSync(join(partial, 'linux-source-6.1'), tree);
  rmSync(partial, { recursive: true, force: true });
  return tree;
}
