/** Gives sites the comments that speak of them, with the claims and labels these contain. */

import type { Claim } from '../claims/claim.ts';
import { claimsFor, MOST_CLAIMS } from '../claims/claims.ts';
import { type AttachedComment, attachComments } from '../claims/comments.ts';
import type { Span } from '../text/span.ts';
import type { FileFacts, Site } from './file-facts.ts';

/** Sites with their comments, and what of these was not read. */
export interface Commented {
  readonly sites: readonly Site[];
  readonly problems: FileFacts['problems'];
}

/** The sites with their comments. `comments` are where those of the text stand, `scopes` the functions of the file. */
export function commentSites(
  sites: readonly Site[],
  text: string,
  comments: readonly Span[],
  scopes: ReadonlyMap<string, Span>,
): Commented {
  const commented = sites.map(({ span, function: name, primitive, explicit }) => ({
    span,
    scope: scopes.get(name) ?? span,
    primitive,
    explicit,
  }));
  const attached = attachComments(text, comments, commented);
  const owners = ownersOf(sites, attached);
  const commentedSites = sites.map((site, index) =>
    withComments(
      site,
      (attached[index] ?? []).filter(
        ({ span }) => site.explicit || owners.get(span.start) === index,
      ),
    ),
  );
  return { sites: commentedSites, problems: cutComments(attached.flat()) };
}

/** Comments that say more than is read, each once. */
function cutComments(attached: readonly AttachedComment[]): FileFacts['problems'] {
  const cut = attached.filter(({ reading }) => reading.isCut).map(({ span }) => span);
  const message = `this comment may make more than ${MOST_CLAIMS} claims; the others are not read`;
  return [...new Map(cut.map((span) => [span.start, { message, span }])).values()];
}

/** Of several implied sites beside one comment, the one that the comment is about: one that it names,
 *  else the one that orders most, else the first. By the offset of the comment. */
function ownersOf(
  sites: readonly Site[],
  attached: readonly (readonly AttachedComment[])[],
): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  attached.forEach((comments, index) => {
    const site = sites[index]!;
    if (site.explicit) return;
    for (const { span, text } of comments) {
      const other = owners.get(span.start);
      if (other === undefined || weight(site, text) > weight(sites[other]!, text))
        owners.set(span.start, index);
    }
  });
  return owners;
}

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
 *  claim about that operation only if the comment speaks of order. */
function claimsAt(site: Site, { text, reading, attach }: AttachedComment): readonly Claim[] {
  const claims = claimsFor(reading, site.function, attach);
  if (site.explicit || SPEAKS_OF_ORDER.test(text)) return claims;
  return claims.filter(({ style }) => style !== 'see' && style !== 'mention');
}
