/** From kernel C to its AST: the door of this folder. */

import { contains, type Span } from '../text/span.ts';
import type { FunctionDefinition, SourceFile } from './ast.ts';
import { buildFileScope, buildOnlyFunction } from './build-file.ts';
import { buildStatements } from './build-statement.ts';
import { UNKNOWN_TYPE } from './build-type.ts';
import { includeOf, macroOf } from './directives.ts';
import type { CParser } from './parser.ts';
import { type Prepared, prepare } from './prepass.ts';
import type { Reading } from './reading.ts';
import type { FunctionOutline } from './rewrite-file.ts';

/** Parses a file. Never throws: what is not understood is in the `errors` of its function or of the
 *  file, and in `unknown` nodes. */
export function parseKernelC(parser: CParser, text: string): SourceFile {
  const prepared = prepare(text);
  const outlines = new Map(prepared.functions.map((outline) => [outline.bodyStart, outline]));
  const scope = buildFileScope(readingOf(parser, text, prepared.text, 0), outlines);
  const functions = completeFunctions(parser, text, prepared, scope.functions);
  const isOutside = (span: Span) =>
    !functions.some((definition) => contains(definition.span, span));
  const { comments, directives } = prepared.tokens;
  return {
    ...scope,
    functions,
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

/** All functions of the outline: those that the tree lost, or found damaged, are parsed again alone, so
 *  that a fault elsewhere in the file does not spread to them. */
function completeFunctions(
  parser: CParser,
  text: string,
  prepared: Prepared,
  found: readonly FunctionDefinition[],
): FunctionDefinition[] {
  const byBody = new Map(found.map((definition) => [definition.span.start, definition]));
  return prepared.functions.map((outline) => {
    const first = byBody.get(outline.span.start);
    const definition =
      first?.errors.length === 0
        ? first
        : (parseAlone(parser, text, prepared, outline) ?? first ?? lost(outline));
    const omitted = within(prepared.omitted, outline.span);
    return omitted.length === 0 ? definition : { ...definition, omitted };
  });
}

function within(spans: readonly Span[], outer: Span): Span[] {
  return spans.filter((span) => contains(outer, span));
}

function parseAlone(
  parser: CParser,
  text: string,
  prepared: Prepared,
  outline: FunctionOutline,
): FunctionDefinition | undefined {
  const { start, end } = outline.span;
  const source = text.slice(start, end);
  const reading = readingOf(parser, source, prepared.text.slice(start, end), start);
  return buildOnlyFunction(reading, outline);
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
