/** The cache on disk: what was put comes back, and whatever happens to its files is as if nothing had been put. */

import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCache, userCacheFolder } from '../../server/src/disk/cache.ts';

let folder: string;
const made: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barrierlens-cache-'));
  made.push(folder);
});

afterAll(() => {
  for (const each of made) rmSync(each, { recursive: true, force: true });
});

const KEY = ['facts', 'a.c'];
const VALUE = { sites: [{ big: 2n ** 70n, text: 'smp_wmb' }], none: undefined };

function files(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe('what was put', () => {
  test('comes back, also to another process of the same program', () => {
    createCache(folder, 'one').put(KEY, VALUE);
    expect(createCache(folder, 'one').get(KEY)).toEqual(VALUE);
  });

  test('is not there for another key, nor for another program', () => {
    createCache(folder, 'one').put(KEY, VALUE);
    expect(createCache(folder, 'one').get(['facts', 'b.c'])).toBe(undefined);
    expect(createCache(folder, 'one').get(['factsa', '.c'])).toBe(undefined);
    expect(createCache(folder, 'two').get(KEY)).toBe(undefined);
  });

  test('is replaced', () => {
    const cache = createCache(folder, 'one');
    cache.put(KEY, 1);
    cache.put(KEY, 2);
    expect(cache.get(KEY)).toBe(2);
    expect(files()).toHaveLength(1);
  });
});

describe('damage', () => {
  test.each([
    ['a changed byte', (bytes: Buffer) => bytes.fill(bytes[40]! ^ 1, 40, 41)],
    ['a changed checksum', (bytes: Buffer) => bytes.fill(bytes[0]! ^ 1, 0, 1)],
    ['half of the file', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['an empty file', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('hello, this is no cache at all, but a text of somebody')],
  ])('%s counts as nothing and is rebuilt', (_, damage) => {
    const cache = createCache(folder, 'one');
    cache.put(KEY, VALUE);
    const [path] = files();
    writeFileSync(path!, damage(readFileSync(path!)));
    expect(cache.get(KEY)).toBe(undefined);
    cache.put(KEY, VALUE);
    expect(cache.get(KEY)).toEqual(VALUE);
  });

  test('folders where files should be, and files where folders should be', () => {
    const cache = createCache(folder, 'one');
    cache.put(KEY, VALUE);
    const [path] = files();
    const shelf = join(path!, '..');
    rmSync(shelf, { recursive: true });
    writeFileSync(shelf, 'in the way');
    expect(cache.get(KEY)).toBe(undefined);
    cache.put(KEY, VALUE);
    expect(cache.get(KEY)).toBe(undefined);
  });
});

test('a folder that cannot be made', () => {
  writeFileSync(join(folder, 'file'), '');
  const cache = createCache(join(folder, 'file'), 'one');
  cache.put(KEY, VALUE);
  expect(cache.get(KEY)).toBe(undefined);
  cache.trim();
});

test('more than the bound: the longest unused go, and what a killed process left', () => {
  const cache = createCache(folder, 'one', 10_000);
  for (let at = 0; at < 20; at++) {
    cache.put([`${at}`], 'x'.repeat(900));
    const time = Date.now() / 1000 - 100_000 + at;
    for (const path of files().filter((each) => statSync(each).mtimeMs > Date.now() - 60_000))
      utimesSync(path, time, time);
  }
  const left = `${files()[0]}-1-2.new0`;
  writeFileSync(left, 'half');
  utimesSync(left, 1, 1);
  cache.trim();
  expect(existsSync(left)).toBe(false);
  expect(files().reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThanOrEqual(10_000);
  expect(cache.get(['19'])).toBe('x'.repeat(900));
  expect(cache.get(['0'])).toBe(undefined);
});

test('what else is in the folder is left alone', () => {
  const cache = createCache(folder, 'one', 1_000);
  const others = [
    join(folder, 'notes'),
    join(folder, 'ab', 'notes'),
    join(folder, 'linux', 'ab', 'core.c'),
  ];
  for (const path of others) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'x'.repeat(5_000));
    utimesSync(path, 1, 1);
  }
  cache.put(KEY, 'x'.repeat(5_000));
  cache.trim();
  expect(others.map((path) => existsSync(path))).toEqual([true, true, true]);
  expect(cache.get(KEY)).toBe(undefined);
});

test('the folder is the user’s, another one, or none', () => {
  expect(userCacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/barrierlens/found');
  expect(userCacheFolder({ XDG_CACHE_HOME: '/c', BARRIERLENS_CACHE: '/d' })).toBe('/d');
  expect(userCacheFolder({ BARRIERLENS_CACHE: '' })).toBe(undefined);
});

describe('other processes', () => {
  let program: string;

  beforeAll(async () => {
    const out = mkdtempSync(join(tmpdir(), 'barrierlens-cache-'));
    made.push(out);
    program = join(out, 'cache.mjs');
    await build({
      entryPoints: [resolve('server/src/disk/cache.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
  });

  const code = (body: string) =>
    `import { createCache } from ${JSON.stringify(program)}; const cache = createCache(${JSON.stringify(folder)}, 'one'); ${body}`;
  const run = (body: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', code(body)], { encoding: 'utf8' });

  test('on a disk that is full nothing is kept, and nothing fails', () => {
    const body = code(
      `cache.put(['big'], 'x'.repeat(100000)); cache.put(['small'], 1); console.log(cache.get(['big']), cache.get(['small']));`,
    );
    const limited = `ulimit -f 8; trap '' XFSZ; exec "$0" --input-type=module -e "$1"`;
    const told = execFileSync('bash', ['-c', limited, process.execPath, body], {
      encoding: 'utf8',
    });
    expect(told.trim()).toBe('undefined undefined');
    expect(files()).toEqual([]);
  });

  test('two at once write the same keys, and every value that is read is whole', () => {
    const writing = (letter: string) =>
      code(`for (let at = 0; at < 200; at++) {
        cache.put([String(at % 5)], '${letter}'.repeat(20000));
        const value = cache.get([String((at + 1) % 5)]);
        if (value !== undefined && (value.length !== 20000 || !/^(?:a+|b+)$/.test(value))) process.exit(1);
      }`);
    const start = (letter: string) =>
      new Promise((done) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', writing(letter)]);
        child.on('exit', done);
      });
    return Promise.all([start('a'), start('b')]).then((codes) => expect(codes).toEqual([0, 0]));
  });

  test('one that is killed leaves nothing that is taken for a value', async () => {
    const body = code(`for (let at = 0; ; at++) {
      cache.put([String(at % 50)], String(at % 50).repeat(100000));
      if (at === 60) console.log('writing');
    }`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', body]);
    await new Promise((done) => child.stdout.once('data', done));
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));
    const cache = createCache(folder, 'one');
    for (let at = 0; at < 50; at++) {
      const value = cache.get([String(at)]);
      if (value !== undefined) expect(value).toBe(String(at).repeat(100000));
    }
    truncateSync(files()[0]!, 10);
    expect(run(`console.log(cache.get(['none']))`).trim()).toBe('undefined');
  });
});
