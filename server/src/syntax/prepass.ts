/** Rewrites kernel C, without moving anything, into C that the grammar can follow. */

import type { Span } from '../text/span.ts';
import type { MacroUse } from './ast.ts';
import { blank, canvasOf, textOn } from './canvas.ts';
import { type Directive, type Tokens, tokenize } from './tokens.ts';

/** A function found by its tokens alone: known even where the parser loses it. */
export interface FunctionOutline {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  /** The macro that makes it, with the spans of its arguments. */
  readonly madeBy?: { readonly macro: string; readonly arguments: readonly Span[] };
}

/** A file ready for the grammar, and what the pre-pass learnt on its way. */
export interface Prepared {
  /** As long as the original, with its line ends. */
  readonly text: string;
  readonly tokens: Tokens;
  readonly functions: readonly FunctionOutline[];
  readonly macroUses: readonly MacroUse[];
  readonly omitted: readonly Span[];
}

/** Prepares a whole file. */
export function prepare(text: string): Prepared {
  const canvas = canvasOf(text);
  const tokens = tokenize(text);
  for (const comment of tokens.comments) blank(canvas, comment.start, comment.end);
  for (const at of tokens.continuations) blank(canvas, at, at + 1);
  for (const directive of tokens.directives)
    if (!isConditional(directive)) blank(canvas, directive.start, directive.end);
  return { text: textOn(canvas), tokens, functions: [], macroUses: [], omitted: [] };
}

function isConditional(directive: Directive): boolean {
  return /^(?:if|ifdef|ifndef|elif|else|endif)$/.test(directive.keyword);
}
