/** `unresolved-claim`: a comment names a partner that is not there. */

import type { Claim, Site } from '../../facts/file-facts.ts';
import type { ResolvedClaim } from '../../pairing/pairing.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { similarName } from '../similar-name.ts';
import type { CheckedKind } from './check.ts';

export const unresolvedClaim: CheckedKind = {
  code: 'unresolved-claim',
  meaning:
    'The comment of a barrier says with whom it pairs, and there is no such barrier: the function has none, or there is no function of that name. Either the comment is stale or the partner was lost.',
  fires:
    'On a comment that claims a pairing in so many words ("pairs with", "matches", "the corresponding write barrier is in"), once all files in which the partner can be have been read. Not on "see f()" or a mere mention, which often point at an explanation.',
  fix: 'Correct the name in the comment, or put the missing barrier back.',
  check: (moment) =>
    moment.facts.sites.filter(isJudged).flatMap((site) =>
      moment.tree
        .claims(moment.file, site.id)
        .filter(({ claim }) => isStrong(claim))
        .flatMap((claim) => finding(moment, site, claim)),
    ),
};

function isJudged({ uncertain, domain }: Site): boolean {
  return !uncertain && (domain === 'smp' || domain === 'virt');
}

/** Phrasings that can only mean "my partner is there". */
function isStrong({ style }: Claim): boolean {
  switch (style) {
    case 'pairs':
    case 'matches':
    case 'coupled':
    case 'corresponds':
    case 'synchronizes':
      return true;
    case 'ordered-against':
    case 'see':
    case 'label':
    case 'relative':
    case 'mention':
      return false;
  }
}

function finding(moment: FileMoment, site: Site, resolved: ResolvedClaim): readonly Finding[] {
  const name = resolved.claim.functions[0];
  if (name === undefined) return [];
  switch (resolved.status) {
    case 'function-has-no-barrier':
      return withoutBarrier(moment, site, resolved, name);
    case 'function-missing':
      return withoutFunction(moment, site, resolved, name);
    case 'resolved':
    case 'ordered-otherwise':
    case 'ambiguous':
    case 'not-point-to-point':
      return [];
  }
}

function withoutBarrier(
  { tree }: FileMoment,
  site: Site,
  { claim, foundIn }: ResolvedClaim,
  name: string,
): readonly Finding[] {
  const there = tree
    .functions(foundIn?.function ?? name)
    .find(({ file }) => file === foundIn?.file);
  if (there === undefined || there.fact.errors.length > 0) return [];
  const { file, fact } = there;
  const bare = !tree.sitesIn(file, fact.name).some(({ explicit }) => explicit);
  const what = bare ? 'which has no barrier' : 'where no barrier can be the other side';
  return [
    {
      span: claim.span,
      message: `the comment of ${site.primitive}() names ${name}() as its partner, ${what}`,
      related: [{ file, span: fact.span, line: fact.line, message: `${name}() is here` }],
      partnerOf: site.id,
    },
  ];
}

/** In a kernel tree that was searched the name is wrong; elsewhere it may be one of the kernel's, and only
 *  a name that nearly is there is told. */
function withoutFunction(
  { tree, coverage }: FileMoment,
  site: Site,
  { claim }: ResolvedClaim,
  name: string,
): readonly Finding[] {
  if (coverage.extent === 'reading' || coverage.elsewhere.has(name)) return [];
  const meant = similarName(name, tree.functionNames());
  if (coverage.extent === 'folder' && meant === undefined) return [];
  const instead = meant === undefined ? '' : `; did you mean ${meant}()?`;
  const message = `the comment of ${site.primitive}() names ${name}() as its partner, and there is no such function${instead}`;
  return [{ span: claim.span, message, related: [], partnerOf: site.id }];
}
