/**
 * Lets the bundles of `dist/` start from V8's code cache, which spares them their parsing and the compilation of
 * every function that a usual run calls: half of the time of a small litmus test. The build makes the
 * cache, for the Node that it runs on (`scripts/code-cache.ts`). Where there is none, or it is another
 * bundle's or another Node's, the bundle starts as it would without: slower, and otherwise the same.
 */

import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** A bundle as V8 compiled it. */
export interface CompiledBundle {
  readonly file: string;
  readonly bundle: Buffer;
  readonly script: Script;
}

/** The function that Node makes of a CommonJS module. */
type Wrapped = (
  exports: unknown,
  require: (name: string) => unknown,
  module: NodeJS.Module,
  file: string,
  folder: string,
) => void;

/** Makes every bundle that is loaded from now on start from its cache. `compiled` sees each; the build
 *  takes the caches from there. */
export function useCodeCache(
  extensions: NodeJS.RequireExtensions,
  compiled?: (one: CompiledBundle) => void,
): void {
  extensions['.cjs'] = (module: NodeJS.Module, file: string) => {
    const bundle = readFileSync(file);
    const cachedData = cachedCode(file, bundle);
    const options = { filename: file, lineOffset: -1, ...(cachedData && { cachedData }) };
    const script = new Script(wrapped(bundle), options);
    compiled?.({ file, bundle, script });
    const run: Wrapped = script.runInThisContext();
    run(module.exports, (name) => module.require(name), module, file, dirname(file));
  };
}

/** Where the cache of a bundle is. */
export function cacheFile(bundleFile: string): string {
  return join(dirname(bundleFile), 'code-cache', `${basename(bundleFile)}.bin`);
}

/**
 * What is in that file: the bundle that it was made from, and V8's data twice. V8 looks at the versions and options
 * of Node and at the length of the bundle, but neither at its text nor at the data: it would run what the
 * bundle was before, and crash on a damaged file. To compare bytes costs next to nothing; a digest costs
 * as much as the cache gains, since this runs before anything is optimised.
 */
export function cacheContent({ bundle, script }: CompiledBundle): Buffer {
  const data = script.createCachedData();
  return Buffer.concat([bundle, data, data]);
}

/** V8's data for a bundle; undefined where there is none for just this bundle. */
function cachedCode(file: string, bundle: Buffer): Buffer | undefined {
  let content: Buffer;
  try {
    content = readFileSync(cacheFile(file));
  } catch {
    return undefined;
  }
  const middle = (bundle.length + content.length) / 2;
  const data = content.subarray(bundle.length, middle);
  const isOfBundle = content.subarray(0, bundle.length).equals(bundle);
  return isOfBundle && content.subarray(middle).equals(data) ? data : undefined;
}

/** As Node wraps a CommonJS module; on a line before its first, so that the places in a stack are right. */
function wrapped(bundle: Buffer): string {
  return `(function (exports, require, module, __filename, __dirname) {\n${bundle}\n})`;
}
