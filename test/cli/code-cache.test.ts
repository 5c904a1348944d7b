/** The code cache of a bundle: it is used, and whatever its file holds, the bundle runs as it is written. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type CompiledBundle,
  cacheContent,
  cacheFile,
  useCodeCache,
} from '../../server/src/cli/code-cache.ts';
import { folderWith } from './support/run.ts';

const BUNDLE = `
  exports.answer = () => [1, 2, 3].map((each) => each * 2).join(" ");
  exports.fail = () => { throw new Error("here"); };`;

test('a bundle starts from its cache, also in another folder than it was made in', () => {
  const { part, compiled } = load(BUNDLE, cacheOf(BUNDLE));
  expect(part.answer()).toBe('2 4 6');
  expect(compiled.script.cachedDataRejected).toBe(false);
  const place = expect.stringContaining('part.cjs:3:32)');
  expect(part.fail).toThrow(expect.objectContaining({ stack: place }));
});

test('the cache of what the bundle was before is not used, even if that was as long', () => {
  const { part, compiled } = load(BUNDLE.replace('* 2', '* 3'), cacheOf(BUNDLE));
  expect(part.answer()).toBe('3 6 9');
  expect(compiled.script.cachedDataRejected).toBeUndefined();
});

test('a damaged cache is not used', () => {
  const whole = cacheOf(BUNDLE);
  const cut = [0, 1, BUNDLE.length, whole.length / 2, whole.length - 2].map((length) =>
    whole.subarray(0, length),
  );
  const flipped = [...whole.keys()].filter((at) => at % 97 === 0).map((at) => withFlip(whole, at));
  for (const damaged of [...cut, ...flipped]) {
    const { part, compiled } = load(BUNDLE, damaged);
    expect(part.answer()).toBe('2 4 6');
    expect(compiled.script.cachedDataRejected).not.toBe(false);
  }
});

test('the cache of another Node is not used', () => {
  const whole = cacheOf(BUNDLE);
  const version = BUNDLE.length + 4;
  const inCopy = version + (whole.length - BUNDLE.length) / 2;
  const { part, compiled } = load(BUNDLE, withFlip(withFlip(whole, version), inCopy));
  expect(part.answer()).toBe('2 4 6');
  expect(compiled.script.cachedDataRejected).toBe(true);
});

interface Part {
  readonly answer: () => string;
  readonly fail: () => never;
}

/** The cache that a build makes of a bundle. */
function cacheOf(bundle: string): Buffer {
  const { part, compiled } = load(bundle);
  part.answer();
  return cacheContent(compiled);
}

/** Loads a bundle as the command line does; from a new folder, since V8 remembers what it compiled from a file. */
function load(
  bundle: string,
  cache?: Buffer,
): { readonly part: Part; readonly compiled: CompiledBundle } {
  const file = join(folderWith({ 'part.cjs': bundle }), 'part.cjs');
  mkdirSync(dirname(cacheFile(file)));
  if (cache !== undefined) writeFileSync(cacheFile(file), cache);
  const loadPart = createRequire(file);
  const seen: CompiledBundle[] = [];
  useCodeCache(loadPart.extensions, (one) => seen.push(one));
  try {
    return { part: loadPart(file) as Part, compiled: seen[0]! };
  } finally {
    delete loadPart.extensions['.cjs'];
  }
}

function withFlip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
}
