/** Where a statement can be put into a function: lines between two statements, next to an access. */

import { afterBlanks, C_COMMENTS } from '../../text/blanks.ts';
import type { Span } from '../../text/span.ts';

/** Where whole lines can be put, and how deep they are to be indented. */
export interface StatementPlace {
  readonly offset: number;
  readonly indent: string;
}

/** The place right before the statement that `access` is in, and that right behind it, in a function that stands at `home`;
 *  a place that is not between lines is left out. What stands there afterwards may still be no C: it is to be read again. */
export function placesAround(
  text: string,
  home: Span,
  access: Span,
): { readonly before?: StatementPlace; readonly after?: StatementPlace } {
  const ends = statementEnds(text, home);
  const start = ends.findLast((end) => end <= access.start);
  const end = ends.find((each) => each >= access.end);
  const before = start === undefined ? undefined : aboveStatement(text, start);
  const after = end === undefined ? undefined : belowStatement(text, end);
  return { ...(before && { before }), ...(after && { after }) };
}

/** A statement that has lines of its own. */
export interface OwnLines {
  /** Its lines with those of the comment above it. */
  readonly span: Span;
  /** Its lines alone. */
  readonly lines: Span;
  readonly indent: string;
  readonly code: string;
}

/** The statement that `access` is in, where it ends in `;` and nothing else stands on its lines. */
export function wholeStatement(text: string, home: Span, access: Span): OwnLines | undefined {
  const { before, after } = placesAround(text, home, access);
  if (before === undefined || after === undefined) return undefined;
  const code = afterBlanks(text, before.offset, C_COMMENTS);
  const lines = { start: lineStart(text, code), end: after.offset };
  const written = text.slice(code, after.offset).trim();
  return /^[^{};]+;$/.test(written) && !/^(?:if|else|for|while|do|switch|case)\b/.test(written)
    ? { span: { ...lines, start: before.offset }, lines, indent: before.indent, code: written }
    : undefined;
}

/** Whether no block begins or ends in a part of a text that does not end or begin in it. */
export function isOneBlock(text: string, { start, end }: Span): boolean {
  let depth = 0;
  for (let at = afterBlanks(text, start, C_COMMENTS); at < end; ) {
    const character = text[at]!;
    if (character === '"' || character === "'") at = behindLiteral(text, at);
    else {
      at++;
      if (character === '{') depth++;
      else if (character === '}' && --depth < 0) return false;
    }
    at = afterBlanks(text, at, C_COMMENTS);
  }
  return depth === 0;
}

/** The offsets behind what ends a statement: `;` outside of parentheses, and braces. */
function statementEnds(text: string, { start, end }: Span): readonly number[] {
  const ends: number[] = [];
  let depth = 0;
  for (let at = afterBlanks(text, start, C_COMMENTS); at < end; ) {
    const character = text[at]!;
    if (character === '"' || character === "'") at = behindLiteral(text, at);
    else if (isLineOfPreprocessor(text, at)) at = behindPreprocessor(text, at);
    else {
      at++;
      if (character === '(') depth++;
      else if (character === ')') depth--;
      else if (depth === 0 && /[;{}]/.test(character)) ends.push(at);
    }
    at = afterBlanks(text, at, C_COMMENTS);
  }
  return ends;
}

function behindLiteral(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[start] || text[at] === '\n') return at + 1;
  }
  return text.length;
}

function isLineOfPreprocessor(text: string, at: number): boolean {
  return text[at] === '#' && text.slice(lineStart(text, at), at).trim() === '';
}

function behindPreprocessor(text: string, start: number): number {
  for (let at = start; ; ) {
    const end = lineEnd(text, at);
    if (text[end - 1] !== '\\' || end >= text.length) return end;
    at = end + 1;
  }
}

/** Above the lines of the statement behind `end`, and of the comment that belongs to it. */
function aboveStatement(text: string, end: number): StatementPlace | undefined {
  const first = lineEnd(text, end) + 1;
  const code = afterBlanks(text, end, C_COMMENTS);
  if (code < first) return undefined;
  let offset = lineStart(text, code);
  while (offset > first && text.slice(lineStart(text, offset - 1), offset).trim() !== '')
    offset = lineStart(text, offset - 1);
  return { offset, indent: indentAt(text, code) };
}

/** Below the line on which the statement ends. */
function belowStatement(text: string, end: number): StatementPlace | undefined {
  const offset = lineEnd(text, end) + 1;
  const code = afterBlanks(text, end, C_COMMENTS);
  if (code < offset || code >= text.length) return undefined;
  return { offset, indent: indentAt(text, text[code] === '}' ? end - 1 : code) };
}

/** The white space that the line of an offset begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line break stands that ends the line of an offset. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
