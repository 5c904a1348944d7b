/** From kernel C to its AST: the door of this folder. */

import type { SourceFile } from './ast.ts';
import { buildFileScope } from './build-file.ts';
import { buildStatements } from './build-statement.ts';
import { includeOf, macroOf } from './directives.ts';
import type { CParser } from './parser.ts';
import { prepare } from './prepass.ts';
import type { Reading } from './reading.ts';

/** Parses a file. Never throws: what is not understood is in the `errors` of its function or of the
 *  file, and in `unknown` nodes. */
export function parseKernelC(parser: CParser, text: string): SourceFile {
  const prepared = prepare(text);
  const reading: Reading = {
    tree: parser.tree(prepared.text),
    source: text,
    place: (start, end) => ({ start, end }),
    statements: buildStatements,
  };
  const { comments, directives } = prepared.tokens;
  return {
    ...buildFileScope(reading),
    macros: directives.flatMap((directive) => macroOf(text, directive) ?? []),
    macroUses: prepared.macroUses,
    includes: directives.flatMap((directive) => includeOf(text, directive) ?? []),
    comments: comments.map((span) => ({ text: text.slice(span.start, span.end), span })),
  };
}
