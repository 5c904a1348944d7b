/** Rewrites kernel C, without moving anything, into C that the grammar can follow. */

import type { Span } from '../text/span.ts';
import { matchBrackets } from './brackets.ts';
import { blank, type Canvas, canvasOf, textOn } from './canvas.ts';
import { resolveConditionals } from './conditionals.ts';
import { type FileOutline, rewriteFile } from './rewrite-file.ts';
import type { Scan } from './scan.ts';
import { type Tokens, tokenize } from './tokens.ts';

/** A file ready for the grammar, and what the pre-pass learnt on its way. */
export interface Prepared extends FileOutline, Omissions {
  /** As long as the original, with its line ends. */
  readonly text: string;
  readonly tokens: Tokens;
}

/** What the conditions of the preprocessor took away (see conditionals.ts). */
interface Omissions {
  readonly omitted: readonly Span[];
  readonly neverCompiled: readonly Span[];
}

/** Prepares a whole file. */
export function prepare(text: string): Prepared {
  const canvas = canvasOf(text);
  const tokens = tokenize(text);
  const { scan, omitted, neverCompiled } = scanOf(canvas, tokens);
  const outline = rewriteFile(scan);
  return { ...outline, text: textOn(canvas), tokens, omitted, neverCompiled };
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
