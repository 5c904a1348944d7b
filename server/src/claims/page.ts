/** A C text as its comments stand in it: statements, lines, and what is beside and above what. */

import { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import { isSpace } from './characters.ts';

/** A comment, or several that stand on consecutive lines of their own with nothing between. */
export interface PageComment {
  readonly text: string;
  readonly span: Span;
}

/** A comment behind something on its line. */
export interface TrailingComment {
  readonly comment: PageComment;
  /** Whether no code follows on the line. */
  readonly endsLine: boolean;
}

/** A text read once; every question is a search in what is sorted, and a step over blanks. */
export interface Page {
  readonly comments: readonly PageComment[];
  /** From the first word of the statement around `span` to its `;`, or to the brace of its body. */
  readonly statementOf: (span: Span) => Span;
  /** The statement that ends with a `;` right before `statement`. */
  readonly statementBefore: (statement: Span) => Span | undefined;
  /** The last comment that ends at or before an offset. */
  readonly lastCommentBefore: (offset: number) => PageComment | undefined;
  /** The comment that ends right before a statement (or the brace of `} while`), or one blank line above it. */
  readonly commentAbove: (start: number) => PageComment | undefined;
  /** The comment that begins right behind the end of a statement, below it. */
  readonly commentBelow: (end: number) => PageComment | undefined;
  /** Whether a statement ends with the brace of a body. */
  readonly opensBlock: (statement: Span) => boolean;
  /** Comments behind the site on its line or on that of the end of its statement; those that end the line first. */
  readonly behind: (site: Span, statement: Span) => readonly TrailingComment[];
  /** How many lines lie between the end of one and the start of another. */
  readonly linesBetween: (above: Span, below: Span) => number;
}

/** Reads `text`, whose comments stand at `spans`. */
export function readPage(text: string, spans: readonly Span[]): Page {
  const lines = new LineIndex(text);
  const code = codeOf(text, spans);
  const comments = joined(text, spans);
  const breaks = breaksOf(code);
  const statements = new Map<number, Span>();
  const lineOf = (offset: number) => lines.position(offset).line;

  const statementOf = ({ start, end }: Span): Span => {
    const before = lastBelow(breaks, start);
    const known = statements.get(before);
    const first = known?.start ?? codeFrom(code, before === -1 ? 0 : breaks[before]! + 1, start);
    const close = breaks[lastBelow(breaks, end) + 1];
    const statement = { start: first, end: close === undefined ? code.length : close + 1 };
    if (known === undefined) statements.set(before, statement);
    return statement;
  };

  const lastCommentBefore = (offset: number) => {
    const at = lastWhere(comments, ({ span }) => span.end <= offset);
    return comments[at];
  };

  const commentAbove = (start: number) => {
    const last = lastCommentBefore(start);
    if (last === undefined || lineOf(start) - lineOf(last.span.end) > MOST_LINES_ABOVE)
      return undefined;
    const next = codeFrom(code, last.span.end, start);
    const isLoopEnd =
      code[next] === '}' &&
      code.startsWith('while', start) &&
      codeFrom(code, next + 1, start) === start;
    const isBehindCode = !isLineEdge(code, last.span.start - 1, -1);
    return (next === start || isLoopEnd) && !isBehindCode ? last : undefined;
  };

  const behindOn = (offset: number, line: number): readonly TrailingComment[] => {
    const first = lastWhere(comments, ({ span }) => span.start < offset) + 1;
    return comments
      .slice(first, first + MOST_BESIDE)
      .filter((comment) => lineOf(comment.span.start) === line)
      .map((comment) => ({ comment, endsLine: isLineEdge(code, comment.span.end, 1) }));
  };

  return {
    comments,
    statementOf,
    statementBefore({ start }) {
      const gap = lastCode(code, start);
      return code[gap] === ';' ? statementOf({ start: gap, end: gap }) : undefined;
    },
    lastCommentBefore,
    commentAbove,
    commentBelow(end) {
      const line = lineOf(end);
      const at = lastWhere(comments, ({ span }) => span.start < end) + 1;
      const below = comments
        .slice(at, at + MOST_BESIDE)
        .find(({ span }) => lineOf(span.start) > line);
      if (below === undefined || lineOf(below.span.start) > line + MOST_LINES_ABOVE)
        return undefined;
      return codeFrom(code, end, below.span.start) === below.span.start ? below : undefined;
    },
    opensBlock: ({ end }) => code[end - 1] === '{',
    behind(site, statement) {
      const [siteLine, endLine] = [lineOf(site.end), lineOf(statement.end - 1)];
      const own = behindOn(site.end, siteLine);
      return siteLine === endLine ? own : [...own, ...behindOn(statement.end, endLine)];
    },
    linesBetween: (above, below) => lineOf(below.start) - lineOf(above.end),
  };
}

/** How many lines further down a statement may begin than its comment ends. */
const MOST_LINES_ABOVE = 2;

/** How many comments on one line are looked at. */
const MOST_BESIDE = 4;

/** The text with comments, conditionals and line continuations blanked: same length, same lines. */
function codeOf(text: string, comments: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of comments) {
    parts.push(text.slice(at, start), blanked(text.slice(start, end)));
    at = end;
  }
  const lines = [...parts, text.slice(at)].join('').split('\n');
  return lines.map(codeOfLine).join('\n');
}

function blanked(text: string): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(line.length))
    .join('\n');
}

const CONDITIONALS = ['if', 'ifdef', 'ifndef', 'else', 'elif', 'endif'];

function codeOfLine(line: string): string {
  const start = line.trimStart();
  if (start.startsWith('#') && CONDITIONALS.includes(directiveOf(start)))
    return ' '.repeat(line.length);
  return line.endsWith('\\') ? `${line.slice(0, -1)} ` : line;
}

function directiveOf(line: string): string {
  const rest = line.slice(1).trimStart();
  const end = [...rest.slice(0, 8)].findIndex((char) => char < 'a' || char > 'z');
  return end === -1 ? rest.slice(0, 8) : rest.slice(0, end);
}

/** Comments on consecutive lines of their own are one. */
function joined(text: string, spans: readonly Span[]): readonly PageComment[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last !== undefined && continues(text, last, span))
      found[found.length - 1] = { start: last.start, end: span.end };
    else found.push(span);
  }
  return found.map((span) => ({ text: text.slice(span.start, span.end), span }));
}

/** A comment goes on in the next one if that begins the next line and both stand on lines of their own. */
function continues(text: string, last: Span, next: Span): boolean {
  const [rest = '', lead = '', ...more] = text.slice(last.end, next.start).split('\n');
  const isBeside = more.length === 0 && text.slice(last.end, next.start).includes('\n');
  if (!isBeside || (rest.trim() !== '' && rest.trim() !== '\\') || lead.trim() !== '') return false;
  return text.slice(text.lastIndexOf('\n', last.start - 1) + 1, last.start).trim() === '';
}

/** Where statements end or begin: `;`, `{` and `}`. */
function breaksOf(code: string): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < code.length; at++)
    if (code[at] === ';' || code[at] === '{' || code[at] === '}') found.push(at);
  return found;
}

/** The index of the last number below `limit`, or -1. */
function lastBelow(sorted: readonly number[], limit: number): number {
  return lastWhere(sorted, (number) => number < limit);
}

/** The index of the last of `sorted` for which `holds`, which holds for all up to some and none behind; or -1. */
function lastWhere<T>(sorted: readonly T[], holds: (one: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The first place from `from` on that is not blank, at most `limit`. */
function codeFrom(code: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isSpace(code[at])) at++;
  return at;
}

/** Whether only blanks stand between a place and the end of its line in the direction of `step`. */
function isLineEdge(code: string, from: number, step: 1 | -1): boolean {
  let at = from;
  while (code[at] !== '\n' && isSpace(code[at])) at += step;
  return code[at] === undefined || code[at] === '\n';
}

/** The last place before `limit` that is not blank. */
function lastCode(code: string, limit: number): number {
  let at = limit - 1;
  while (at >= 0 && isSpace(code[at])) at--;
  return at;
}
