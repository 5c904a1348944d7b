/** Where the comment of a barrier stands or belongs, and the edit that writes it or adds to it; nothing of it is lost. */

import type { Site } from '../../facts/file-facts.ts';
import type { PlacedSite } from '../../pairing/pairing.ts';
import { isAssertion } from '../../pairing/resolve.ts';
import type { Span } from '../../text/span.ts';
import type { Moment } from '../moment.ts';
import type { TextEdit } from './action.ts';
import { columnsOf, commentLines, wrap } from './comment-text.ts';

/** The edit after which the barrier's comment says the sentences; what is there stays, and is only added to. Undefined where
 *  there is no place for it, or the comment says already with whom it pairs. */
export function commentEdit(
  moment: Moment,
  { file, site }: PlacedSite,
  sentences: readonly string[],
): TextEdit | undefined {
  const text = moment.textOf(file);
  if (text === undefined || site.claims.some(isAssertion)) return undefined;
  const start = lineStart(text, site.span);
  const indent = /^[ \t]*/.exec(text.slice(start, site.span.start))![0];
  const comment = ownComment(text, site);
  if (comment === undefined) {
    if (!mayHaveComment(text, start)) return undefined;
    const lines = commentLines(sentences, indent, file);
    return { file, span: { start, end: start }, text: `${lines.join('\n')}\n` };
  }
  return extended(text, file, comment, sentences.slice(-1));
}

/** The comment that is the barrier's: one above the statement before it only where it speaks of order, for else it is about that. */
export function ownComment(text: string, { comment, span }: Site): Site['comment'] {
  if (comment === undefined || comment.span.end > span.start) return comment;
  const isOfStatement = !/[;{}]/.test(text.slice(comment.span.end, span.start));
  return isOfStatement || OF_ORDER.test(comment.text) ? comment : undefined;
}

const OF_ORDER = /barrier|fence|[rw]?mb\b|order|synchroni[sz]|\b(?:before|after|until)\b/i;

function lineStart(text: string, { start }: Span): number {
  return text.lastIndexOf('\n', start - 1) + 1;
}

/** A line of its own behind a complete statement; in a macro, or as the only statement of an `if`, there is no room. */
function mayHaveComment(text: string, start: number): boolean {
  const before = text.slice(0, start).trimEnd();
  return /[;{}:]$|\*\/$/.test(before);
}

/** One more sentence at the end of a block, or of a line that becomes a block where it does not fit. */
function extended(
  text: string,
  file: string,
  comment: { readonly text: string; readonly span: Span },
  sentences: readonly string[],
): TextEdit | undefined {
  const { start, end } = comment.span;
  const whole = text.slice(start, end);
  if (!whole.startsWith('/*') || !whole.endsWith('*/')) return undefined;
  const before = text.slice(lineStart(text, comment.span), start);
  if (before.trim() !== '') return undefined;
  const indent = before;
  if (!whole.includes('\n')) {
    const said = whole.slice(2, -2).trim();
    if (isSaidBy(said, sentences)) {
      const lines = commentLines(sentences, indent, file);
      return { file, span: comment.span, text: lines.join('\n').slice(indent.length) };
    }
    const stop = /[.!?]$/.test(said) ? '' : '.';
    const lines = commentLines([`${said}${stop}`, ...sentences], indent, file);
    return { file, span: comment.span, text: lines.join('\n').slice(indent.length) };
  }
  const width = 79 - columnsOf(`${indent} * `);
  const lines = wrap(sentences.join(' '), width).map((line) => `${indent} * ${line}\n`);
  // A sentence that does not end is left as it is, and the next one is a paragraph of its own.
  const isEnded = /[.!?:;)]\s*\*\/$/.test(whole);
  const added = isEnded ? lines : [`${indent} *\n`, ...lines];
  const close = text.lastIndexOf('\n', end - 1) + 1;
  const last = text.slice(close, end).trim();
  if (last !== '*/') return undefined;
  return { file, span: { start: close, end: close }, text: added.join('') };
}

/** Whether a comment does no more than lead to a function that the sentences name, too: `see consume()`, `Sync with consume()`. */
function isSaidBy(said: string, sentences: readonly string[]): boolean {
  const name = /^(?:see:?|sync with) +(\w+)(?:\(\))?\.?$/i.exec(said)?.[1];
  return name !== undefined && sentences.join(' ').includes(` ${name}()`);
}
