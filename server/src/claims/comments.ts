/** Which comments of a file speak of a barrier: before it, behind it, near it. */

import type { Span } from '../text/span.ts';
import type { Claim } from './claim.ts';
import { type CommentReading, readComment } from './claims.ts';
import { creditedIn } from './credited.ts';
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

/** The comments of a file, by the sites that they speak of. */
export interface Attached {
  /** The comments that speak of each site (same order), the closest first. Sites of other kinds in the statement of an
   *  explicit barrier get none: the comment is the barrier's. */
  readonly ofSites: readonly (readonly AttachedComment[])[];
  /** Asks the same of what is no site, of the comments that claim something and speak of none of the sites. */
  readonly ofOthers: (others: readonly CommentedSite[]) => readonly (readonly AttachedComment[])[];
}

/** Which comments of `text`, which stand at `comments`, speak of each of `sites`. */
export function attachComments(
  text: string,
  comments: readonly Span[],
  sites: readonly CommentedSite[],
): Attached {
  if (comments.length === 0)
    return { ofSites: sites.map(() => []), ofOthers: (others) => others.map(() => []) };
  const shelf = shelve(text, comments, sites);
  const ofSites = sites.map((site) => {
    const statement = shelf.page.statementOf(site.span);
    const yields = !site.explicit && hasWithin(shelf.barriers, statement.start, statement.end);
    return yields ? [] : commentsOfSite(shelf, site, statement);
  });
  return { ofSites, ofOthers: (others) => commentsLeft(shelf, ofSites.flat(), others) };
}

/** What is looked at for every site of a file. */
interface Shelf {
  readonly page: Page;
  /** Where the sites begin, and the explicit barriers among them, in text order. */
  readonly sites: readonly number[];
  readonly barriers: readonly number[];
  readonly readings: Map<PageComment, CommentReading>;
}

function shelve(text: string, comments: readonly Span[], sites: readonly CommentedSite[]): Shelf {
  const starts = (some: readonly CommentedSite[]) =>
    some.map(({ span }) => span.start).sort((a, b) => a - b);
  return {
    page: readPage(text, comments),
    sites: starts(sites),
    barriers: starts(sites.filter(({ explicit }) => explicit)),
    readings: new Map(),
  };
}

/** Whether one of the sorted offsets is at or behind `start` and before `end`. */
function hasWithin(sorted: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return (sorted[low] ?? end) < end;
}

/** The comments right beside each of `others` that claim something, or credit an operation with an order, and are not `known`
 *  to speak of a site. */
function commentsLeft(
  shelf: Shelf,
  known: readonly AttachedComment[],
  others: readonly CommentedSite[],
): readonly (readonly AttachedComment[])[] {
  const taken = new Set(known.map(({ span }) => span.start));
  const left = shelf.page.comments.filter(
    (comment) =>
      !taken.has(comment.span.start) &&
      (creditedIn(comment.text).length > 0 ||
        (mayClaim(comment.text) &&
          (readingOf(shelf, comment).said.some(isClaim) || bearsLabel(readingOf(shelf, comment))))),
  );
  if (left.length === 0) return others.map(() => []);
  const spans = new Set(left.map(({ span }) => span.start));
  const edges = left.flatMap(({ span }) => [span.start, span.end]);
  return others.map((other) => {
    if (!hasWithin(edges, other.span.start - FARTHEST, other.span.end + FARTHEST)) return [];
    const statement = shelf.page.statementOf(other.span);
    const beside = [...adjacent(shelf, other, statement), ...following(shelf, other, statement)];
    return read(
      shelf,
      beside.filter(({ comment }) => spans.has(comment.span.start)),
    );
  });
}

/** How many characters from what a comment is about it can begin or end. */
const FARTHEST = 4000;

/** Whether a comment can claim that an operation has a partner, or bear a label: what is cheap to ask before it is read. */
function mayClaim(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower.includes('lmm(')) return true;
  return (
    PAIRING.some((stem) => lower.includes(stem)) && OPERATING.some((part) => lower.includes(part))
  );
}

const PAIRING = ['pair', 'match', 'coupl', 'correspond', 'complement', 'counter', 'synchroni'];
const OPERATING = [
  'mb',
  'barrier',
  'fence',
  'acquire',
  'release',
  '_once',
  'atomic',
  'xchg',
  '_bit',
  'refcount',
  'rcu_',
];

/** Every comment that stands to the site in one of the ways that `Claim.attach` names. */
function commentsOfSite(
  shelf: Shelf,
  site: CommentedSite,
  statement: Span,
): readonly AttachedComment[] {
  const beside = read(shelf, adjacent(shelf, site, statement));
  const claims = beside.some(({ reading }) => reading.said.some(isClaim));
  const below = claims ? [] : read(shelf, following(shelf, site, statement));
  if (beside.length + below.length > 0) return [...beside, ...below];
  const access = site.explicit ? commentOfAccess(shelf, site, statement) : undefined;
  return access === undefined ? near(shelf, site) : [placed(shelf, access, 'preceding-access')];
}

/** `LMM(f:X)` stands right behind its operation, also in the middle of an expression. */
function bearsLabel({ labels }: CommentReading): boolean {
  return labels.some((label) => label.includes(':'));
}

/** A comment as it stands to a site, before it is read. */
interface Beside {
  readonly comment: PageComment;
  readonly attach: Claim['attach'];
}

function read(shelf: Shelf, beside: readonly Beside[]): readonly AttachedComment[] {
  return beside.map(({ comment, attach }) => placed(shelf, comment, attach));
}

/** Behind the site on its line, inside of its statement before it, or above it. */
function adjacent(shelf: Shelf, { span }: CommentedSite, statement: Span): readonly Beside[] {
  const { page } = shelf;
  const inside = page.lastCommentBefore(span.start);
  const before = page.commentAbove(statement.start);
  const isInside = inside !== undefined && inside.span.start >= statement.start;
  const trailing = page
    .behind(span, statement)
    .filter(({ comment, endsLine }) => endsLine || bearsLabel(readingOf(shelf, comment)));
  return [
    ...trailing.map(({ comment }) => ({ comment, attach: 'trailing' as const })),
    ...(isInside ? [{ comment: inside, attach: 'preceding' as const }] : []),
    ...(before === undefined ? [] : [{ comment: before, attach: 'preceding' as const }]),
  ];
}

/** A claim right below the statement of the site: first in the block that its condition opens, or about the
 *  operation by its name ("xchg() implies a barrier, paired with"); unless the next statement has a site. */
function following(
  shelf: Shelf,
  { primitive, explicit }: CommentedSite,
  statement: Span,
): readonly Beside[] {
  const { page, sites } = shelf;
  const comment = page.commentBelow(statement.end);
  if (comment === undefined) return [];
  const isAbout =
    page.opensBlock(statement) ||
    comment.text.includes(primitive) ||
    (explicit && comment.text.includes('above'));
  const next = page.statementOf({ start: comment.span.end, end: comment.span.end });
  if (!isAbout || hasWithin(sites, comment.span.end, next.end)) return [];
  return readingOf(shelf, comment).said.some(isClaim) ? [{ comment, attach: 'following' }] : [];
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
  if (hasWithin(shelf.barriers, previous.start, previous.end)) return undefined;
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
    if (hasWithin(shelf.barriers, comment.span.end, span.start)) break;
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
