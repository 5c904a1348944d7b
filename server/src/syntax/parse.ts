/**
 * From kernel C to its AST: the door of this folder. What stands at file scope is read when any of it is
 * first asked for, each function from its own text and when it is first looked into: a fault in one spreads
 * to no other, and who asks for three functions of a large file waits for three.
 */

import { contains, type Span } from '../text/span.ts';
import type { FunctionDefinition, SourceFile } from './ast.ts';
import { buildExpression } from './build-expression.ts';
import { buildFileScope, buildOnlyFunction, type FileScope } from './build-file.ts';
import { buildStatements } from './build-statement.ts';
import { ownStruct } from './build-struct.ts';
import { UNKNOWN_TYPE } from './build-type.ts';
import { conditionalGroups } from './conditional-groups.ts';
import { includeOf, macroOf, undefinedOf } from './directives.ts';
import type { Placement } from './expanded-text.ts';
import { functionWhenAsked } from './function-when-asked.ts';
import type { OwnOperations } from './own-operation.ts';
import type { CParser } from './parser.ts';
import { type Prepared, prepare } from './prepass.ts';
import type { Reading } from './reading.ts';
import type { FunctionOutline } from './rewrite-file.ts';

/** Parses a file. Never throws: what is not understood is in the `errors` of its function or of the
 *  file, and in `unknown` nodes. The parser is needed as long as functions are looked into. A text that was
 *  made of another one says by `place` where its parts stand there; calls of `own` are read as what they stand for. */
export function parseKernelC(
  parser: CParser,
  text: string,
  place: Placement = asWritten,
  own: OwnOperations = NONE,
): SourceFile {
  const prepared = prepare(text);
  const parsing: Parsing = { parser, text, prepared, place, own };
  let scopeKnown: FileScope | undefined;
  const scope = (): FileScope => {
    scopeKnown ??= readScope(parsing);
    return scopeKnown;
  };
  const functions = prepared.functions.map((outline) => ({
    outline,
    placed: placed(outline, place),
  }));
  const isOutside = (span: Span) => !functions.some((each) => contains(each.placed.span, span));
  const placeSpan = ({ start, end }: Span) => place(start, end);
  const omitted = prepared.omitted.map(placeSpan);
  const { comments, directives } = prepared.tokens;
  return {
    get structs() {
      return scope().structs;
    },
    get typedefs() {
      return scope().typedefs;
    },
    get globals() {
      return scope().globals;
    },
    get enumerators() {
      return scope().enumerators;
    },
    get prototypes() {
      return scope().prototypes;
    },
    get errors() {
      return scope().errors.filter(isOutside);
    },
    functions: functions.map((each) =>
      functionWhenAsked(each.placed, within(omitted, each.placed.span), () =>
        readFunction(parsing, each.outline, each.placed),
      ),
    ),
    macros: directives.flatMap((directive) => macroOf(text, directive) ?? []),
    undefinedMacros: directives.flatMap((directive) => undefinedOf(text, directive) ?? []),
    conditionals: conditionalGroups(text, directives),
    macroUses: prepared.macroUses.map((use) => ({ ...use, span: placeSpan(use.span) })),
    includes: directives.flatMap((directive) => includeOf(text, directive) ?? []),
    comments: comments.map((span) => ({ text: text.slice(span.start, span.end), span })),
    omitted: omitted.filter(isOutside),
    neverCompiled: prepared.neverCompiled,
  };
}

const NONE: OwnOperations = new Map();

function asWritten(start: number, end: number): Span {
  return { start, end };
}

/** The outline with its spans where they are to be seen. */
function placed(outline: FunctionOutline, place: Placement): FunctionOutline {
  if (place === asWritten) return outline;
  const { nameSpan, span, madeBy } = outline;
  const parameters = madeBy?.parameters.map((parameter) => ({
    ...parameter,
    span: place(parameter.span.start, parameter.span.end),
  }));
  return {
    ...outline,
    nameSpan: place(nameSpan.start, nameSpan.end),
    span: place(span.start, span.end),
    ...(madeBy && parameters && { madeBy: { ...madeBy, parameters } }),
  };
}

/** One text being parsed. */
interface Parsing {
  readonly parser: CParser;
  readonly text: string;
  readonly prepared: Prepared;
  readonly place: Placement;
  readonly own: OwnOperations;
}

function readScope(parsing: Parsing): FileScope {
  const outside = scopeOf(parsing.prepared);
  return outside === undefined
    ? NOTHING
    : buildFileScope(readingOf(parsing, parsing.text, outside, 0));
}

/** Reads `prepared`, which stands at `offset` of the text, under the text as written. */
function readingOf(
  { parser, place, own }: Parsing,
  source: string,
  prepared: string,
  offset: number,
): Reading {
  return {
    tree: parser.tree(prepared),
    source,
    place: (start, end) => place(start + offset, end + offset),
    statements: buildStatements,
    expression: (reading, node) => buildExpression(reading, node, 0),
    struct: ownStruct,
    own,
  };
}

/** What a file has at file scope that consists of functions only. */
const NOTHING: FileScope = {
  structs: [],
  typedefs: [],
  globals: [],
  enumerators: [],
  prototypes: [],
  errors: [],
};

/** The text with empty bodies, everything at its place; undefined where nothing but functions is there. */
function scopeOf({ text, functions }: Prepared): string | undefined {
  const ends = [0, ...functions.map(({ span }) => span.end)];
  const between = ends.map((end, at) => text.slice(end, functions[at]?.span.start));
  if (!between.some((part) => /\S/.test(part))) return undefined;
  const shells = functions.map((outline) => withEmptyBody(text, outline));
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
  parsing: Parsing,
  written: FunctionOutline,
  outline: FunctionOutline,
): FunctionDefinition {
  const { text, prepared } = parsing;
  const { start, end } = written.span;
  const reading = readingOf(parsing, text.slice(start, end), prepared.functionText(written), start);
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
