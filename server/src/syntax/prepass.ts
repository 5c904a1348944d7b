/** Rewrites kernel C, without moving anything, into C that the grammar can follow. */

import type { Span } from '../text/span.ts';
import { matchBrackets } from './brackets.ts';
import { blank, type Canvas, canvasOf, textOn } from './canvas.ts';
import { resolveConditionals } from './conditionals.ts';
import {
  type FileOutline,
  type FunctionOutline,
  rewriteBody,
  rewriteFile,
} from './rewrite-file.ts';
import type { Scan } from './scan.ts';
import { type Tokens, tokenize } from './tokens.ts';

/** A file ready for the grammar, and what the pre-pass learnt on its way. */
export interface Prepared extends FileOutline, Omissions {
  /** As long as the original, with its line ends; what stands in functions is not ready. */
  readonly text: string;
  /** One of the functions, ready too. */
  readonly functionText: (outline: FunctionOutline) => string;
  readonly tokens: Tokens;
}

/** What the conditions of the preprocessor took away (see conditionals.ts). */
interface Omissions {
  readonly omitted: readonly Span[];
  readonly neverCompiled: readonly Span[];
}

/** Prepares a file: what stands at file scope at once, a function when it is asked for. */
export function prepare(text: string): Prepared {
  const canvas = canvasOf(text);
  const tokens = tokenize(text);
  const { scan, omitted, neverCompiled } = scanOf(canvas, tokens);
  const outline = rewriteFile(scan);
  const ready = new Set<FunctionOutline>();
  const functionText = (each: FunctionOutline): string => {
    if (!ready.has(each)) rewriteBody(scan, each);
    ready.add(each);
    return textOn(canvas, each.span.start, each.span.end);
  };
  return { ...outline, text: textOn(canvas), functionText, tokens, omitted, neverCompiled };
}

/** The whole file with all its functions ready. */
export function preparedText(text: string): string {
  const { functions, functionText, text: outside } = prepare(text);
  const ends = [0, ...functions.map(({ span }) => span.end)];
  return ends
    .map((end, at) => {
      const next = functions[at];
      return outside.slice(end, next?.span.start) + (next === undefined ? '' : functionText(next));
    })
    .join('');
}

function scanOf(canvas: Canvas, file: Tokens): Omissions & { readonly scan: Scan } {
  for (const comment of file.comments) blank(canvas, comment.start, comment.end);
  for (const at of file.continuations) blank(canvas, at, at + 1);
  const { tokens, omitted, neverCompiled, kept } = resolveConditionals(canvas, file);
  const scan: Scan = {
    canvas,
    tokens,
    partner: matchBrackets(canvas.original, tokens),
    fate: new Uint8Array(tokens.length),
    boundary: new Uint8Array(tokens.length),
    directives: kept,
  };
  return { scan, omitted, neverCompiled };
}
