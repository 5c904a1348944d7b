/** `check` with what it kept from before: whatever changed in between, it says what it says from nothing. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { programOf } from '../support/program.ts';
import { folderWith, publishAndConsume, run } from './support/run.ts';

vi.hoisted(() => {
  process.env['BARRIERLENS_BUILD'] = 'of the tests';
});

const program = programOf('server/src/cli/main.ts');
const READER = publishAndConsume()['reader.c']!;
const HELPER = 'static inline void order(void)\n{\n\tsmp_rmb();\n}\n';
const BROKEN = publishAndConsume('smp_wmb();')['reader.c']!;

let tree: string;
let cache: string;

beforeEach(() => {
  tree = folderWith({ ...publishAndConsume(), 'helper.h': HELPER });
  cache = folderWith({});
});

/** What `check` says with the cache, after it was found to be what it says without one. */
async function checked(...options: readonly string[]): Promise<string> {
  process.env['BARRIERLENS_CACHE'] = '';
  const anew = await run('check', tree, ...options);
  process.env['BARRIERLENS_CACHE'] = cache;
  expect(await run('check', tree, ...options)).toEqual(anew);
  return anew.out;
}

function write(name: string, text: string): void {
  writeFileSync(join(tree, name), text);
}

test('the same twice, from what was kept', async () => {
  write('reader.c', BROKEN);
  const first = await checked();
  expect(first).toMatch(/reader\.c/);
  expect(await checked()).toBe(first);
  expect(readdirSync(cache).length).toBeGreaterThan(0);
});

test('an edit, a branch and back, each as from nothing', async () => {
  const clean = await checked();
  write('reader.c', BROKEN);
  const broken = await checked();
  expect(broken).not.toBe(clean);
  write('reader.c', READER);
  expect(await checked()).toBe(clean);
  write('reader.c', BROKEN);
  expect(await checked()).toBe(broken);
});

test('an edit that changes neither size nor time', async () => {
  const wrong = READER.replace('smp_rmb();', 'smp_wmb();');
  const path = join(tree, 'reader.c');
  const { atime, mtime } = statSync(path);
  const clean = await checked();
  write('reader.c', wrong);
  utimesSync(path, atime, mtime);
  expect(await checked()).not.toBe(clean);
});

test('a file that comes, one that goes, one that is renamed', async () => {
  write('reader.c', BROKEN);
  const two = await checked();
  write('third.c', BROKEN.replaceAll('consume', 'third').replaceAll('box', 'crate'));
  await checked();
  rmSync(join(tree, 'third.c'));
  expect(await checked()).toBe(two);
  rmSync(join(tree, 'reader.c'));
  expect(await checked()).not.toMatch(/reader\.c/);
  write('moved.c', BROKEN);
  expect(await checked()).toMatch(/moved\.c/);
});

test('a header whose helper loses its barrier', async () => {
  write('reader.c', `#include "helper.h"\n${READER.replace('smp_rmb();', 'order();')}`);
  await checked();
  write('helper.h', 'static inline void order(void)\n{\n}\n');
  await checked();
  write('helper.h', HELPER);
  await checked();
});

test('other options, and the option that everything is told', async () => {
  await checked();
  await checked('--format', 'json');
  await checked('--level', 'hint');
});

test('a cache that is damaged everywhere', async () => {
  write('reader.c', BROKEN);
  await checked();
  for (const name of readdirSync(cache, { recursive: true, encoding: 'utf8' })) {
    const path = join(cache, name);
    if (statSync(path).isFile()) writeFileSync(path, 'damaged');
  }
  await checked();
  await checked();
});

/** `check` as a process of its own: what to start, and with which cache. */
const command = () => ({
  args: [program, 'check', tree],
  options: { env: { ...process.env, BARRIERLENS_CACHE: cache } },
});

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('exit', resolve));
}

test('killed at any moment', async () => {
  write('reader.c', BROKEN);
  const { args, options } = command();
  const start = performance.now();
  spawnSync(process.execPath, args, options);
  const whole = performance.now() - start;
  for (const part of [0.3, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    rmSync(cache, { recursive: true, force: true });
    const child = spawn(process.execPath, args, options);
    const end = ended(child);
    await new Promise((resolve) => setTimeout(resolve, part * whole));
    child.kill('SIGKILL');
    await end;
    await checked();
  }
});

test('a full disk', async () => {
  write('reader.c', BROKEN);
  const anew = await checked();
  rmSync(cache, { recursive: true });
  const { args, options } = command();
  const full = `ulimit -f 0; trap '' XFSZ; exec "$0" "$@"`;
  const told = spawnSync('bash', ['-c', full, process.execPath, ...args], {
    ...options,
    encoding: 'utf8',
  });
  expect(told.stdout).toMatch(/reader\.c/);
  expect(told.stdout.split('\n').length).toBe(anew.split('\n').length);
  expect(told.stderr).toBe('');
  await checked();
});

test('two at once', async () => {
  write('reader.c', BROKEN);
  process.env['BARRIERLENS_CACHE'] = cache;
  const [one, two] = await Promise.all([
    run('check', tree),
    run('check', tree, '--level', 'error'),
  ]);
  expect(one.out).toMatch(/reader\.c/);
  expect(two.out).toBe('');
  await checked();
});
