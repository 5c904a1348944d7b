/**
 * Makes the code caches of `dist/`: runs each command of the bundled command line on small input, so that V8
 * compiles what a usual run needs, and keeps what it compiled. Each build does so.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import v8 from 'node:v8';
import {
  type CompiledBundle,
  cacheContent,
  cacheFile,
  useCodeCache,
} from '../server/src/cli/code-cache.ts';
import type { Command } from '../server/src/cli/command.ts';

const SAMPLE = 'scripts/code-cache';

/** The commands with a usual run of each. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  litmus: ['scripts/code-cache'],
  check: [SAMPLE],
  pairs: [SAMPLE],
  explain: [`${join(SAMPLE, 'box.c')}:13`],
  report: [SAMPLE],
  simulate: ['livepatch'],
};

const load = createRequire(resolve('dist/cli.cjs'));
const compiled: CompiledBundle[] = [];
useCodeCache(load.extensions, (bundle) => compiled.push(bundle));

// The caches are for a Node as it starts: to V8 one with other options is another. Some commands set some.
v8.setFlagsFromString = () => {};

const silent = { write: () => {}, warn: () => {} };
for (const [name, args] of Object.entries(RUNS)) {
  const part = load(`./cli-${name}.cjs`) as Readonly<Record<string, Command>>;
  await part[name]?.run(args, silent);
  // At once, since V8 forgets what it compiled when that has not run for a while.
  for (const bundle of compiled.splice(0)) keep(bundle);
}

function keep(bundle: CompiledBundle): void {
  const file = cacheFile(bundle.file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, cacheContent(bundle));
}
