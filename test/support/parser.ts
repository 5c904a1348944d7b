/** The C parser for tests and scripts, loaded once from the packages. */

import { createRequire } from 'node:module';
import { type CParser, createParser } from '../../server/src/syntax/parser.ts';

const packages = createRequire(import.meta.url);
let loading: Promise<CParser> | undefined;

/** The same parser for all callers of a process. */
export function testParser(): Promise<CParser> {
  loading ??= createParser({
    runtime: packages.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    grammar: packages.resolve('tree-sitter-c/tree-sitter-c.wasm'),
  });
  return loading;
}
