/** Packs the extension: bundles, then one `.vsix` that runs on every desktop and remote host and in a browser. */

import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundle } from './bundle.ts';
import { extensionPackage, runQuietly } from './project.ts';

/** What may be in the package; `.vscodeignore` says what of it is. */
const PARTS = ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'syntaxes'];

/** The time of all files in the package: the first that a zip file knows, where its day does not depend on the place. */
const EPOCH = { SOURCE_DATE_EPOCH: '315532800', TZ: 'UTC' };

/** Builds the extension and packs it; returns the size of the package in bytes. */
export async function pack(): Promise<number> {
  await bundle();
  await packInto(extensionPackage);
  return statSync(extensionPackage).size;
}

/** Packs what is built into `file`: the same files make the same bytes. */
export async function packInto(file: string): Promise<void> {
  rmSync(file, { force: true });
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-package-'));
  try {
    for (const part of PARTS) cpSync(part, join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest());
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      forgetOwner(join(folder, name));
    await runVsce(folder, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Leaves of who may do what with a file only whether it can be run. */
function forgetOwner(path: string): void {
  const { mode } = statSync(path);
  chmodSync(path, mode & 0o111 ? 0o755 : 0o644);
}

/** Without `type`: the extension host of a browser takes what is in a package of ES modules for one, whatever it is called. */
function manifest(): string {
  const { type: _, ...rest } = JSON.parse(readFileSync('package.json', 'utf8'));
  return `${JSON.stringify(rest, null, 2)}\n`;
}

function runVsce(folder: string, file: string): Promise<void> {
  const vsce = createRequire(resolve('package.json')).resolve('@vscode/vsce/vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    file,
  ];
  return runQuietly(process.execPath, [vsce, ...args], folder, EPOCH);
}
