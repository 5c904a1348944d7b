/** A program of the project as its users run it: one file, with the grammar beside it. */

import { copyFileSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const require = createRequire(resolve('package.json'));

/** Bundles `entry`; returns the file that Node runs. */
export function programOf(entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-program-'));
  const outfile = join(folder, 'program.cjs');
  const runtime = require.resolve('web-tree-sitter/web-tree-sitter.wasm');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    define: { 'import.meta.url': 'moduleUrl' },
    inject: ['scripts/module-url.ts'],
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  });
  const grammar = join(
    dirname(require.resolve('tree-sitter-c/package.json')),
    'tree-sitter-c.wasm',
  );
  copyFileSync(runtime, join(folder, 'web-tree-sitter.wasm'));
  copyFileSync(grammar, join(folder, 'tree-sitter-c.wasm'));
  return outfile;
}
