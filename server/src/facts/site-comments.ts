/** Gives sites the comments that speak of them, with the claims and labels these contain. */

import type { Claim } from '../claims/claim.ts';
import { claimsFor, MOST_CLAIMS } from '../claims/claims.ts';
import { type AttachedComment, attachComments } from '../claims/comments.ts';
import { creditedIn } from '../claims/credited.ts';
import { isOperation, KINDS_OF_BARRIER } from '../claims/operations.ts';
import type { Span } from '../text/span.ts';
import type { FileFacts, Site } from './file-facts.ts';

/** Sites with their comments, and what of these was not read. */
export interface Commented {
  readonly sites: readonly Site[];
  /** The candidates that a comment makes sites. */
  readonly claimed: readonly Site[];
  readonly problems: FileFacts['problems'];
}

/** What is no site unless a comment claims that it is one side of a pairing. */
export interface Candidate {
  readonly span: Span;
  readonly function: string;
  readonly primitive: string;
  readonly site: () => Site;
}

/** The sites with their comments, and apart from them those of the `candidates` that a comment makes one. `comments` are where
 *  those of the text stand, `scopes` the functions of the file. */
export function commentSites(
  sites: readonly Site[],
  candidates: readonly Candidate[],
  text: string,
  comments: readonly Span[],
  scopes: ReadonlyMap<string, Span>,
): Commented {
  const scoped = <T extends Candidate | Site>({ span, function: name, primitive }: T) => ({
    span,
    scope: scopes.get(name) ?? span,
    primitive,
  });
  const attached = attachComments(
    text,
    comments,
    sites.map((site) => ({ ...scoped(site), explicit: site.explicit })),
  );
  const owners = ownersOf(sites, attached.ofSites, weight);
  const known = sites.map((site, index) =>
    withComments(
      site,
      (attached.ofSites[index] ?? []).filter(
        ({ span }) => site.explicit || owners.get(span.start) === index,
      ),
    ),
  );
  const left = attached.ofOthers(
    candidates.map((candidate) => ({ ...scoped(candidate), explicit: false })),
  );
  return {
    sites: known,
    claimed: claimedSites(candidates, left),
    problems: cutComments([...attached.ofSites, ...left].flat()),
  };
}

/** The candidates that a comment makes a site, one a comment: it claims a partner for it, or credits it with an order. */
function claimedSites(
  candidates: readonly Candidate[],
  attached: readonly (readonly AttachedComment[])[],
): readonly Site[] {
  const owners = ownersOf(candidates, attached, ({ primitive }, comment) =>
    comment.includes(primitive) ? 1 : 0,
  );
  const sites = [...new Set(owners.values())].map((index) => {
    const own = (attached[index] ?? []).filter(({ span }) => owners.get(span.start) === index);
    const site = withComments(candidates[index]!.site(), own);
    return { ...site, claims: site.claims.filter(isAboutOrder) };
  });
  return sites.filter(
    ({ claims, labels, comment, primitive }) =>
      claims.length > 0 ||
      labels.some((label) => label.includes(':')) ||
      creditedIn(comment?.text ?? '').some((each) => each.primitive === primitive),
  );
}

/** Whether a claim for what orders nothing by itself is about the order of accesses: it names an operation, or a place by
 *  its label. */
function isAboutOrder({ style, primitive, label }: Claim): boolean {
  if (style === 'see' || style === 'mention') return false;
  if (label?.includes(':') === true) return true;
  return primitive !== undefined && (isOperation(primitive) || BARRIERS.has(primitive));
}

const BARRIERS: ReadonlySet<string> = new Set([...KINDS_OF_BARRIER.values(), 'barrier']);

/** Comments that say more than is read, each once. */
function cutComments(attached: readonly AttachedComment[]): FileFacts['problems'] {
  const cut = attached.filter(({ reading }) => reading.isCut).map(({ span }) => span);
  const message = `this comment may make more than ${MOST_CLAIMS} claims; the others are not read`;
  return [...new Map(cut.map((span) => [span.start, { message, span }])).values()];
}

/** Of several implied sites beside one comment, the one that the comment is about: the one of the most weight, else
 *  the first. By the offset of the comment. */
function ownersOf<T extends { readonly primitive: string; readonly explicit?: boolean }>(
  sites: readonly T[],
  attached: readonly (readonly AttachedComment[])[],
  weigh: (site: T, comment: string) => number,
): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  attached.forEach((comments, index) => {
    const site = sites[index]!;
    if (site.explicit === true) return;
    for (const { span, text } of comments) {
      const other = owners.get(span.start);
      if (other === undefined || weigh(site, text) > weigh(sites[other]!, text))
        owners.set(span.start, index);
    }
  });
  return owners;
}

/** One that the comment names, else one that orders more. */
function weight({ primitive, category, orders }: Site, comment: string): number {
  if (comment.includes(primitive)) return 3;
  if (category === 'marked-access' || category === 'rcu-dereference') return 0;
  return orders.length > 0 ? 2 : 1;
}

function withComments(site: Site, comments: readonly AttachedComment[]): Site {
  const [first] = comments;
  if (first === undefined) return site;
  return {
    ...site,
    comment: { text: first.text, span: first.span },
    claims: comments.flatMap((comment) => claimsAt(site, comment)),
    labels: [...new Set(comments.flatMap(({ reading }) => reading.labels))],
  };
}

const SPEAKS_OF_ORDER = /barrier|smp_|order|acquire|release/i;

/** The claims of a comment. What it only mentions near an operation that is no barrier of its own is a
 *  claim about that operation only if the comment speaks of order; "see f()" if the operation orders. */
function claimsAt(site: Site, { text, reading, attach }: AttachedComment): readonly Claim[] {
  const claims = claimsFor(reading, site.function, attach);
  if (site.explicit || SPEAKS_OF_ORDER.test(text)) return claims;
  const orders = site.orders.length > 0 && site.category !== 'marked-access';
  return claims.filter(({ style }) => style !== 'mention' && (orders || style !== 'see'));
}
