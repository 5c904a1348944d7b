/** Which comments of a file speak of a barrier: before it, behind it, near it. */

import type { Span } from '../text/span.ts';
import type { Claim } from './claim.ts';
import { type CommentReading, readComment } from './claims.ts';
import { type Page, type PageComment, readPage } from './page.ts';

/** A use of a primitive that a comment may speak of. */
export interface CommentedSite {
  readonly span: Span;
  /** The function it stands in. */
  readonly scope: Span;
  readonly primitive: string;
  /** Whether it is a barrier of its own: only then a comment further away can mean it. */
  readonly explicit: boolean;
}

/** A comment with what it says and how it stands to a site. */
export interface AttachedComment {
  readonly text: string;
  readonly span: Span;
  readonly reading: CommentReading;
  readonly attach: Claim['attach'];
}

/** The comments that speak of each of `sites` (same order), the closest first. Sites of other kinds in
 *  the statement of an explicit barrier get none: the comment is the barrier's. `comments` are those of `text`,
 *  in text order. */
export function attachComments(
  text: string,
  comments: readonly Span[],
  sites: readonly CommentedSite[],
): readonly (readonly AttachedComment[])[] {
  if (comments.length === 0 || sites.length === 0) return sites.map(() => []);
  const barriers = sites.filter(({ explicit }) => explicit).map(({ span }) => span);
  const shelf: Shelf = {
    page: readPage(text, comments),
    barriers: barriers.sort((a, b) => a.start - b.start),
    readings: new Map(),
  };
  return sites.map((site) => {
    const statement = shelf.page.statementOf(site.span);
    const yields = !site.explicit && hasBarrier(shelf, statement.start, statement.end);
    return yields ? [] : commentsOfSite(shelf, site, statement);
  });
}

/** What is looked at for every site of a file. */
interface Shelf {
  readonly page: Page;
  /** The explicit barriers in text order. */
  readonly barriers: readonly Span[];
  readonly readings: Map<PageComment, CommentReading>;
}

/** Whether a barrier begins at or behind `start` and before `end`. */
function hasBarrier({ barriers }: Shelf, start: number, end: number): boolean {
  let low = 0;
  let high = barriers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (barriers[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return (barriers[low]?.start ?? end) < end;
}

/** Every comment that stands to the site in one of the ways that `Claim.attach` names. */
function commentsOfSite(
  shelf: Shelf,
  site: CommentedSite,
  statement: Span,
): readonly AttachedComment[] {
  const { page } = shelf;
  const inside = page.lastCommentBefore(site.span.start);
  const before = page.commentAbove(statement.start);
  const adjacent = [
    ...page.trailing(site.span, statement).map((found) => placed(shelf, found, 'trailing')),
    ...(inside !== undefined && inside.span.start >= statement.start
      ? [placed(shelf, inside, 'preceding')]
      : []),
    ...(before === undefined ? [] : [placed(shelf, before, 'preceding')]),
  ];
  if (adjacent.length > 0 || !site.explicit)
    return adjacent.length > 0 ? adjacent : near(shelf, site);
  const access = commentOfAccess(shelf, site, statement);
  return access === undefined ? near(shelf, site) : [placed(shelf, access, 'preceding-access')];
}

function placed(shelf: Shelf, comment: PageComment, attach: Claim['attach']): AttachedComment {
  return { ...comment, reading: readingOf(shelf, comment), attach };
}

function readingOf({ readings }: Shelf, comment: PageComment): CommentReading {
  const known = readings.get(comment);
  if (known !== undefined) return known;
  const reading = readComment(comment.text, comment.span.start);
  readings.set(comment, reading);
  return reading;
}

/** The comment above the statement before the barrier, as in "set the flag, then order it". */
function commentOfAccess(
  shelf: Shelf,
  site: CommentedSite,
  statement: Span,
): PageComment | undefined {
  const previous = shelf.page.statementBefore(statement);
  if (previous === undefined || previous.start < site.scope.start) return undefined;
  if (hasBarrier(shelf, previous.start, previous.end)) return undefined;
  return shelf.page.commentAbove(previous.start);
}

/** How many lines above a barrier a comment can still mean it, and how many comments there are looked at. */
const NEAR_LINES = 10;
const NEAR_COMMENTS = 10;

/** The last comment above in the function that makes a claim, with no other barrier between. */
function near(
  shelf: Shelf,
  { span, scope, explicit, primitive }: CommentedSite,
): readonly AttachedComment[] {
  const { page } = shelf;
  let comment = page.lastCommentBefore(span.start);
  for (let count = 0; count < NEAR_COMMENTS && comment !== undefined; count++) {
    if (comment.span.start <= scope.start || page.linesBetween(comment.span, span) > NEAR_LINES)
      break;
    if (hasBarrier(shelf, comment.span.end, span.start)) break;
    const isAbout = explicit || comment.text.includes(primitive);
    if (isAbout && readingOf(shelf, comment).said.some(isClaim))
      return [placed(shelf, comment, 'near')];
    comment = page.lastCommentBefore(comment.span.start);
  }
  return [];
}

function isClaim({ style }: { readonly style: Claim['style'] }): boolean {
  return style !== 'see' && style !== 'mention';
}
