/**
 * Trees of source files for scenarios: a folder, with edits made to its texts before they are parsed. Tests and
 * programs of `scripts/` run in the project's root.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { LoweringRequest, SourceText } from '../../server/src/lowering/lowering.ts';
import type { SourceTree } from '../../server/src/scenario/scenario-request.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { createParser } from '../../server/src/syntax/parser.ts';

const require = createRequire(import.meta.url);

const parser = await createParser({
  runtime: require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
  grammar: join(dirname(require.resolve('tree-sitter-c/package.json')), 'tree-sitter-c.wasm'),
});

/** The sample of RFC v2 that is shipped. */
export const RFC_V2 = resolve('test/livepatch/rfc-v2');

/** Where the bundled scenarios are. */
export const scenarioFolder = resolve('server/src/scenario/livepatch');

/** Where those of other protocols are. */
export const protocolFolder = resolve('server/src/scenario/protocols');

/** The bundled scenario of a family (`rfc-v2`, `linux`) by its file name without ending. */
export function scenarioFile(family: string, name: string): string {
  return join(scenarioFolder, family, `${name}.scenario`);
}

/** Text of a file as edited: `from` stands in it exactly once. */
export interface Edit {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const parsed = new Map<string, SourceText>();

/** C text as scenarios see it; equal texts are parsed once. */
export const parseText: LoweringRequest['parse'] = (file, text, place) => {
  if (place !== undefined) return { file, text, parsed: parseKernelC(parser, text, place) };
  const key = `${file}\n${text}`;
  const source = parsed.get(key) ?? { file, text, parsed: parseKernelC(parser, text) };
  parsed.set(key, source);
  return source;
};

/** The tree below `root`, with edits. Throws where an edit does not fit, so that no test passes for that. */
export function treeBelow(root: string, edits: readonly Edit[] = []): SourceTree {
  const texts = new Map<string, string>();
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return undefined;
    }
  };
  for (const { file, from, to } of edits) {
    const text = texts.get(file) ?? read(file);
    if (text === undefined) throw new Error(`there is no ${file}`);
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`"${from}" is ${parts.length - 1} times in ${file}`);
    texts.set(file, parts.join(to));
  }
  return {
    source: (path) => {
      const text = texts.get(path) ?? read(path);
      return text === undefined ? undefined : parseText(path, text);
    },
    parse: parseText,
  };
}
