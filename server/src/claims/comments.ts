/** Finds the comments of a file and which of them speak of a barrier: before it, behind it, near it. */

import { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import type { Claim } from './claim.ts';
import { parseClaims } from './claims.ts';

/** A comment, or several that stand on consecutive lines of their own with nothing between. */
export interface Comment {
  readonly text: string;
  readonly span: Span;
}

/** A use of a primitive that a comment may speak of. */
export interface CommentedSite {
  readonly span: Span;
  /** The function it stands in. */
  readonly scope: Span;
  readonly primitive: string;
  /** Whether it is a barrier of its own: only then a comment further away can mean it. */
  readonly explicit: boolean;
}

export interface AttachedComment extends Comment {
  readonly attach: Claim['attach'];
}

/** The comments that speak of each of `sites` (same order), the closest first. Sites of other kinds in
 *  the statement of an explicit barrier get none: the comment is the barrier's. */
export function attachComments(
  text: string,
  sites: readonly CommentedSite[],
): readonly (readonly AttachedComment[])[] {
  const page = readPage(text);
  const barriers = sites.filter((site) => site.explicit);
  return sites.map((site) => {
    const statement = statementOf(page.code, site.span);
    const yields = !site.explicit && barriers.some((other) => isInside(other.span, statement));
    return yields ? [] : commentsOfSite(page, site, statement, barriers);
  });
}

/** The comments of a C text in text order. */
function commentsIn(text: string): readonly Comment[] {
  const found: Span[] = [];
  for (const match of text.matchAll(TOKENS)) {
    const token = match[0];
    if (!token.startsWith('/')) continue;
    const span = { start: match.index, end: match.index + token.trimEnd().length };
    const last = found.at(-1);
    if (last !== undefined && continues(text, last, span))
      found[found.length - 1] = { start: last.start, end: span.end };
    else found.push(span);
  }
  return found.map((span) => ({ text: text.slice(span.start, span.end), span }));
}

/** Comments, and what may hide the look of one. */
const TOKENS =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;

/** A comment goes on in the next one if that begins the next line and both stand on lines of their own. */
function continues(text: string, last: Span, next: Span): boolean {
  if (!/^[ \t]*\\?\n[ \t]*$/.test(text.slice(last.end, next.start))) return false;
  return /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', last.start - 1) + 1, last.start));
}

/** A text read once: its comments, and its code with comments and conditionals blanked. */
interface Page {
  readonly comments: readonly Comment[];
  readonly code: string;
  readonly lines: LineIndex;
}

function readPage(text: string): Page {
  const comments = commentsIn(text);
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: comment } of comments) {
    parts.push(text.slice(at, span.start), comment.replace(/[^\n]/g, ' '));
    at = span.end;
  }
  const code = [...parts, text.slice(at)]
    .join('')
    .replace(/^[ \t]*#[ \t]*(?:if|ifdef|ifndef|else|elif|endif)\b.*$/gm, (line) =>
      ' '.repeat(line.length),
    )
    .replace(/\\$/gm, ' ');
  return { comments, code, lines: new LineIndex(text) };
}

/** From the first word of the statement around `span` to its `;` or the `{` of its body. */
function statementOf(code: string, span: Span): Span {
  let start = span.start;
  while (start > 0 && !/[;{}]/.test(code[start - 1]!)) start--;
  while (start < span.start && /\s/.test(code[start]!)) start++;
  const close = code.slice(span.end).search(/[;{}]/);
  return { start, end: close === -1 ? code.length : span.end + close + 1 };
}

function isInside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Every comment that stands to the site in one of the ways that `Claim.attach` names. */
function commentsOfSite(
  page: Page,
  site: CommentedSite,
  statement: Span,
  barriers: readonly CommentedSite[],
): readonly AttachedComment[] {
  const trailing = page.comments.filter((comment) => isTrailing(page, comment, site, statement));
  const inside = page.comments.filter(
    ({ span }) => statement.start <= span.start && span.end <= site.span.start,
  );
  const before = commentBefore(page, statement);
  const adjacent = [
    ...trailing.map((comment) => placed(comment, 'trailing')),
    ...inside.slice(-1).map((comment) => placed(comment, 'preceding')),
    ...(before === undefined ? [] : [placed(before, 'preceding')]),
  ];
  if (adjacent.length > 0) return adjacent;
  const distant =
    commentOfAccess(page, site, statement, barriers) ?? commentNear(page, site, barriers);
  return distant === undefined ? [] : [distant];
}

function placed(comment: Comment, attach: Claim['attach']): AttachedComment {
  return { ...comment, attach };
}

/** On the line of the site or of the end of its statement, behind it and with no code to follow. */
function isTrailing(page: Page, { span }: Comment, site: CommentedSite, statement: Span): boolean {
  if (span.start < site.span.end || /^[ \t]*\S/.test(restOfLine(page, span.end))) return false;
  const line = page.lines.position(span.start).line;
  if (line === page.lines.position(site.span.end).line) return true;
  if (line !== page.lines.position(statement.end - 1).line) return false;
  return span.start >= statement.end;
}

function restOfLine({ code }: Page, at: number): string {
  const end = code.indexOf('\n', at);
  return code.slice(at, end === -1 ? code.length : end);
}

/** Ends right before the statement (or the brace of `} while`), or one blank line above it. */
function commentBefore(page: Page, statement: Span): Comment | undefined {
  const last = page.comments.findLast(({ span }) => span.end <= statement.start);
  if (last === undefined) return undefined;
  const between = page.code.slice(last.span.end, statement.start);
  const isLoopEnd = page.code.startsWith('while', statement.start);
  const stands =
    (isLoopEnd ? /^\s*\}?\s*$/ : /^\s*$/).test(between) && (between.match(/\n/g)?.length ?? 0) <= 2;
  return stands && !isBehindCode(page, last) ? last : undefined;
}

/** A comment with code before it on its line belongs to that code. */
function isBehindCode(page: Page, comment: Comment): boolean {
  const line = page.code.slice(
    page.code.lastIndexOf('\n', comment.span.start) + 1,
    comment.span.start,
  );
  return /\S/.test(line);
}

/** The comment above the statement before the barrier, as in "set the flag, then order it". */
function commentOfAccess(
  page: Page,
  site: CommentedSite,
  statement: Span,
  barriers: readonly CommentedSite[],
): AttachedComment | undefined {
  const gap = page.code.slice(0, statement.start).trimEnd().length;
  if (!site.explicit || gap <= site.scope.start || page.code[gap - 1] !== ';') return undefined;
  const previous = statementOf(page.code, { start: gap - 1, end: gap - 1 });
  if (barriers.some((other) => isInside(other.span, previous))) return undefined;
  const comment = commentBefore(page, previous);
  return comment === undefined ? undefined : placed(comment, 'preceding-access');
}

/** How many lines above a barrier a comment can still mean it. */
const NEAR_LINES = 10;

/** The last comment above in the function that makes a claim, with no other barrier between. */
function commentNear(
  page: Page,
  site: CommentedSite,
  barriers: readonly CommentedSite[],
): AttachedComment | undefined {
  const line = page.lines.position(site.span.start).line;
  const near = page.comments.findLast(
    ({ span, text }) =>
      span.start > site.scope.start &&
      span.end <= site.span.start &&
      line - page.lines.position(span.end).line <= NEAR_LINES &&
      (site.explicit || text.includes(site.primitive)) &&
      !barriers.some(
        (other) => span.end <= other.span.start && other.span.end <= site.span.start,
      ) &&
      parseClaims(text, 0).some((claim) => claim.style !== 'see' && claim.style !== 'mention'),
  );
  return near === undefined ? undefined : placed(near, 'near');
}
