/** Under Node: the files that are shipped with the program, beside its bundle or, during development, in the project. */

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);
const PROJECT = join(dirname(HERE), '../../..');

/** The path of a file or folder that is `name` beside the bundle, `inProject` during development; undefined where it is
 *  neither, as the bundles of threads are during development. */
export function shippedPath(name: string, inProject?: string): string | undefined {
  const places = [join(dirname(HERE), name), ...(inProject ? [join(PROJECT, inProject)] : [])];
  return places.find((place) => existsSync(place));
}

/** The paths of all files below a folder of those. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}

/** The two files of the C grammar: each by its own name beside the bundle, else where its package is installed. */
export function grammarFiles(): {
  readonly runtime: Uint8Array | string;
  readonly grammar: Uint8Array | string;
} {
  const installed = createRequire(HERE);
  const grammarFolder = () => dirname(installed.resolve('tree-sitter-c/package.json'));
  return {
    runtime:
      shippedPath('web-tree-sitter.wasm') ??
      installed.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    grammar: shippedPath('tree-sitter-c.wasm') ?? join(grammarFolder(), 'tree-sitter-c.wasm'),
  };
}
