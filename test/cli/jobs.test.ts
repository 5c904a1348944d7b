/** `check` with threads: the same bytes for any number of them, also when it was killed before. */

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { programOf } from '../support/program.ts';
import { folderWith, publishAndConsume, run } from './support/run.ts';

const program = programOf('server/src/cli/main.ts');
for (const name of ['node-facts-worker', 'node-proof-worker'])
  copyFileSync(
    programOf(`server/src/language-service/${name}.ts`),
    join(dirname(program), `${name}.cjs`),
  );

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Writers and readers of their own boxes; of every second pair the reader has the wrong barrier. */
const tree = folderWith(
  Object.fromEntries(
    Array.from({ length: 16 }, (_, at) =>
      Object.entries(publishAndConsume(at % 2 === 0 ? 'smp_rmb();' : 'smp_wmb();')).map(
        ([name, text]) =>
          [`${at}-${name}`, text.replaceAll(/\b(box|publish|consume)\b/g, `$1_${at}`)] as const,
      ),
    ).flat(),
  ),
);
made.push(tree);

const ARGUMENTS = [program, 'check', tree, '--level', 'hint', '--format', 'json'];
const environment = (cache: string) => ({
  ...process.env,
  BARRIERLENS_CACHE: cache,
  BARRIERLENS_BUILD: 'of the tests',
});

function check(cache: string, ...more: readonly string[]) {
  const env = environment(cache);
  const { stdout, stderr, status } = spawnSync(process.execPath, [...ARGUMENTS, ...more], {
    env,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

test('one thread, two, five', () => {
  const alone = check('', '--jobs', '1');
  expect(alone.status).toBe(1);
  expect(JSON.parse(alone.stdout).length).toBeGreaterThan(8);
  for (const jobs of ['2', '5']) expect(check('', '--jobs', jobs)).toEqual(alone);
});

test('how far it is stands on standard error, and is wiped', () => {
  const alone = check('', '--jobs', '1');
  const { stdout, stderr } = check('', '--jobs', '2', '--progress');
  expect(stdout).toBe(alone.stdout);
  expect(stderr).toMatch(/\rpairings proved: (\d+) of \1 *\r *\r/);
});

test('killed at any moment, then asked again', async () => {
  const alone = check('', '--jobs', '1');
  for (const delay of [100, 400, 700, 1000, 1500]) {
    const cache = mkdtempSync(join(tmpdir(), 'barrierlens-cache-'));
    made.push(cache);
    const child = spawn(process.execPath, [...ARGUMENTS, '--jobs', '2'], {
      env: environment(cache),
    });
    const ended = new Promise((done) => child.once('exit', done));
    const timer = setTimeout(() => child.kill('SIGKILL'), delay);
    await ended;
    clearTimeout(timer);
    expect(check(cache, '--jobs', '2')).toEqual(alone);
    expect(check(cache, '--jobs', '1')).toEqual(alone);
  }
});

test.each(['0', '-1', 'many', '1e3', ''])('--jobs %j is no number of threads', async (jobs) => {
  const { code, err } = await run('check', tree, `--jobs=${jobs}`);
  expect(code).toBe(2);
  expect(err).toMatch(/--jobs/);
});
