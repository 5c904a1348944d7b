/** Runs the marked samples of this folder through the grammars of the extension. */

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const HERE = 'test/syntaxes';
const RUNNER = 'node_modules/vscode-tmgrammar-test/dist/unit.js';

/** The editor's own C grammar is not here; the stand-in knows comments and strings, which is what matters. */
const C_GRAMMAR = join(HERE, 'c.tmLanguage.json');

const samples = readdirSync(HERE).filter((file) => /\.(?:c|litmus|scenario)$/.test(file));

test.each(samples)('%s', (sample) => {
  const args = [RUNNER, '--grammar', C_GRAMMAR, join(HERE, sample)];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, stdout).toBe(0);
});
