/** Packs the extension: bundles, then one `.vsix` that runs on every desktop and remote host. */

import { rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { bundle } from './bundle.ts';
import { extensionPackage, runQuietly } from './project.ts';

/** Builds the extension and packs it; returns the size of the package in bytes. */
export async function pack(): Promise<number> {
  await bundle();
  rmSync(extensionPackage, { force: true });
  const vsce = createRequire(resolve('package.json')).resolve('@vscode/vsce/vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    extensionPackage,
  ];
  await runQuietly(process.execPath, [vsce, ...args]);
  return statSync(extensionPackage).size;
}
