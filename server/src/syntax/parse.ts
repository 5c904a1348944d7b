/**
 * From kernel C to its AST: the door of this folder. What stands at file scope is read at once, each
 * function from its own text and when it is first looked into: a fault in one spreads to no other, and
 * who asks for three functions of a large file waits for three.
 */

import { contains, type Span } from '../text/span.ts';
import type { FunctionDefinition, SourceFile } from './ast.ts';
import { buildFileScope, buildOnlyFunction } from './build-file.ts';
import { buildStatements } from './build-statement.ts';
import { UNKNOWN_TYPE } from './build-type.ts';
import { includeOf, macroOf } from './directives.ts';
import { functionWhenAsked } from './function-when-asked.ts';
import type { CParser } from './parser.ts';
import { type Prepared, prepare } from './prepass.ts';
import type { Reading } from './reading.ts';
import type { FunctionOutline } from './rewrite-file.ts';

/** Parses a file. Never throws: what is not understood is in the `errors` of its function or of the
 *  file, and in `unknown` nodes. The parser is needed as long as functions are looked into. */
export function parseKernelC(parser: CParser, text: string): SourceFile {
  const prepared = prepare(text);
  const scope = buildFileScope(readingOf(parser, text, scopeOf(prepared), 0));
  const isOutside = (span: Span) =>
    !prepared.functions.some((outline) => contains(outline.span, span));
  const { comments, directives } = prepared.tokens;
  return {
    ...scope,
    functions: prepared.functions.map((outline) =>
      functionWhenAsked(outline, within(prepared.omitted, outline.span), () =>
        readFunction(parser, text, prepared, outline),
      ),
    ),
    errors: scope.errors.filter(isOutside),
    macros: directives.flatMap((directive) => macroOf(text, directive) ?? []),
    macroUses: prepared.macroUses,
    includes: directives.flatMap((directive) => includeOf(text, directive) ?? []),
    comments: comments.map((span) => ({ text: text.slice(span.start, span.end), span })),
    omitted: prepared.omitted.filter(isOutside),
    neverCompiled: prepared.neverCompiled,
  };
}

/** Reads `prepared`, which stands at `offset` of the file, under the text as written. */
function readingOf(parser: CParser, source: string, prepared: string, offset: number): Reading {
  return {
    tree: parser.tree(prepared),
    source,
    place: (start, end) => ({ start: start + offset, end: end + offset }),
    statements: buildStatements,
  };
}

/** A type that is defined, not only named. */
const DEFINES_TYPE = /\b(?:struct|union|enum)\b[^;{}()=,]*\{/;

/** The text with empty bodies, everything at its place. Functions that define types are left as they are:
 *  their types count as if they stood outside. */
function scopeOf({ text, functions }: Prepared): string {
  let scope = '';
  let from = 0;
  for (const { span, bodyStart } of functions) {
    if (DEFINES_TYPE.test(text.slice(span.start, span.end))) continue;
    const isClosed = text[span.end - 1] === '}';
    const [first, last] = isClosed ? [bodyStart + 1, span.end - 1] : [span.start, span.end];
    scope += text.slice(from, first) + blankOf(text.slice(first, last));
    from = last;
  }
  return scope + text.slice(from);
}

function blankOf(text: string): string {
  return text.replace(/[^\r\n]+/g, (line) => ' '.repeat(line.length));
}

function within(spans: readonly Span[], outer: Span): Span[] {
  return spans.filter((span) => contains(outer, span));
}

function readFunction(
  parser: CParser,
  text: string,
  prepared: Prepared,
  outline: FunctionOutline,
): FunctionDefinition {
  const { start, end } = outline.span;
  const source = text.slice(start, end);
  const reading = readingOf(parser, source, prepared.text.slice(start, end), start);
  return buildOnlyFunction(reading, outline) ?? lost(outline);
}

/** A function that cannot be parsed: known by name and place, and its whole text is an error. */
function lost({ name, nameSpan, span, isStatic }: FunctionOutline): FunctionDefinition {
  return {
    name,
    nameSpan,
    returns: UNKNOWN_TYPE,
    parameters: [],
    isStatic,
    isInline: false,
    body: [],
    span,
    errors: [span],
    omitted: [],
  };
}
