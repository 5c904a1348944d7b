/** Finds the Linux sources that tests and benchmarks read, unpacking Debian's tarballs once. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is read of each kernel, all or parts, and the variable that names an unpacked tree. */
const TREES = {
  '6.1': { variable: 'BARRIERLENS_LINUX', parts: [] },
  '6.12': {
    variable: 'BARRIERLENS_LINUX_6_12',
    parts: [
      ...['tools/memory-model', 'kernel', 'lib', 'io_uring', 'net/core', 'net/ipv4/tcp_input.c'],
      ...['include/linux', 'include/net', 'include/asm-generic', 'include/uapi/linux'],
      ...['fs/ntfs3', 'fs/erofs', 'drivers/firewire', 'drivers/md/dm-clone-target.c'],
      ...['drivers/usb/core', 'drivers/net/ethernet/intel/i40e'],
    ],
  },
} as const;

export type Kernel = keyof typeof TREES;

/** The root of a Linux tree, or undefined where there is none. `BARRIERLENS_LINUX` (for 6.12
 *  `BARRIERLENS_LINUX_6_12`) names an unpacked tree; without it, Debian's `linux-source-6.1` is unpacked to
 *  the user's cache. In CI (`CI=true`) its absence is an error, so that nothing is skipped there. */
export function linuxSource(kernel: Kernel = '6.1'): string | undefined {
  const { variable, parts } = TREES[kernel];
  const needed = parts.length === 0 ? ['Kbuild'] : parts;
  const isThere = (tree: string) => needed.every((part) => existsSync(join(tree, part)));
  const named = process.env[variable];
  if (named !== undefined && isThere(named)) return named;
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'barrierlens');
  const name = `linux-source-${kernel}`;
  const tree = join(cache, name);
  if (isThere(tree)) return tree;
  const tarball = `/usr/src/${name}.tar.xz`;
  if (existsSync(tarball)) return unpack(tarball, cache, name, parts);
  if (process.env['CI'] === 'true') throw new Error(`Linux sources are missing: install ${name}`);
  return undefined;
}

/** Why a test that needs the sources does not run. */
export const WITHOUT_LINUX =
  'needs Linux sources (BARRIERLENS_LINUX or the package linux-source-6.1)';

/** Why a test that needs the other kernel does not run. */
export const WITHOUT_LINUX_6_12 =
  'needs Linux sources (BARRIERLENS_LINUX_6_12 or the package linux-source-6.12)';

/** Both kernels, for tests that run on each, with why one does not. */
export const KERNELS = [
  { kernel: '6.1', without: WITHOUT_LINUX },
  { kernel: '6.12', without: WITHOUT_LINUX_6_12 },
] as const;

/** Unpacks beside the final place and moves it there: nobody sees a part. What is there already, of other parts, makes way. */
function unpack(tarball: string, cache: string, name: string, parts: readonly string[]): string {
  const tree = join(cache, name);
  const partial = join(cache, `unpacking-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  const members = parts.length === 0 ? [name] : parts.map((part) => join(name, part));
  const tar = spawnSync('tar', ['-xf', tarball, '-C', partial, ...members], { stdio: 'inherit' });
  if (tar.status !== 0) throw new Error(`cannot unpack ${tarball}`);
  if (existsSync(tree)) renameSync(tree, join(partial, 'before'));
  renameSync(join(partial, name), tree);
  rmSync(partial, { recursive: true, force: true });
  return tree;
}
