/**
 * Runs a TypeScript program of this folder: `node scripts/run.mjs NAME [ARGUMENT...]`. Node 20 reads no
 * TypeScript, so the program is bundled first; the packages it uses are left where they are. It runs in
 * the project's root.
 */

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
// Nothing that a script runs is measured, compiled or tried with what was kept from before.
process.env.BARRIERLENS_CACHE ??= '';

const [name] = process.argv.splice(2, 1);
const program = join(root, 'node_modules/.cache/barrierlens', `${name}.mjs`);
await build({
  entryPoints: [join('scripts', `${name}.ts`)],
  outfile: program,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
await import(pathToFileURL(program).href).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
