/**
 * From kernel C to its AST: the door of this folder. What stands at file scope is read at once, each
 * function from its own text and when it is first looked into: a fault in one spreads to no other, and
 * who asks for three functions of a large file waits for three.
 */

import { contains, type Span } from '../text/span.ts';
import type { FunctionDefinition, SourceFile } from './ast.ts';
import { buildExpression } from './build-expression.ts';
import { buildFileScope, buildOnlyFunction, type FileScope } from './build-file.ts';
import { buildStatements } from './build-statement.ts';
import { unnamedStruct } from './build-struct.ts';
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
  const outside = scopeOf(prepared);
  const scope =
    outside === undefined ? NOTHING : buildFileScope(readingOf(parser, text, outside, 0));
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
    expression: (reading, node) => buildExpression(reading, node, 0),
    struct: unnamedStruct,
  };
}

/** A type that is defined, not only named. */
const DEFINES_TYPE = /\b(?:struct|union|enum)\b[^;{}()=,]*\{/;

/** What a file has at file scope that consists of functions only. */
const NOTHING: FileScope = {
  structs: [],
  typedefs: [],
  globals: [],
  enumerators: [],
  prototypes: [],
  errors: [],
};

/** The text with empty bodies, everything at its place; undefined where nothing but functions is there.
 *  Functions that define types are left as they are: their types count as if they stood outside. */
function scopeOf({ text, functions }: Prepared): string | undefined {
  const emptied = functions.filter(
    ({ span }) => !DEFINES_TYPE.test(text.slice(span.start, span.end)),
  );
  const ends = [0, ...emptied.map(({ span }) => span.end)];
  const between = ends.map((end, at) => text.slice(end, emptied[at]?.span.start));
  if (!between.some((part) => /\S/.test(part))) return undefined;
  const shells = emptied.map((outline) => withEmptyBody(text, outline));
  return between.map((part, at) => part + (shells[at] ?? '')).join('');
}

/** A function without what stands between its braces; of one that is not closed, nothing. */
function withEmptyBody(text: string, { span, bodyStart }: FunctionOutline): string {
  if (text[span.end - 1] !== '}') return blankOf(text.slice(span.start, span.end));
  return `${text.slice(span.start, bodyStart + 1)}${blankOf(text.slice(bodyStart + 1, span.end - 1))}}`;
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
