/** `unresolved-claim`: a comment names a partner that is not there. */

import type { Claim } from '../../claims/claim.ts';
import type { Site } from '../../facts/file-facts.ts';
import type { ResolvedClaim } from '../../pairing/pairing.ts';
import { similarName } from '../../text/similar-name.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { PlacedFunction, Tree } from '../tree.ts';
import { canOrder } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const unresolvedClaim: CheckedKind = {
  code: 'unresolved-claim',
  meaning:
    'The comment of a barrier says with whom it pairs, and there is no such barrier: the function has none, or there is no function of that name. Either the comment is stale or the partner was lost.',
  fires:
    'On a comment right before a barrier or behind it that claims a pairing in so many words ("pairs with", "matches", "the corresponding write barrier is in"): where the function that it names has no operation that can order anything, and where no C file of the tree defines a function of that name or of a longer one. Not on "see f()" or a mere mention, which often point at an explanation, not where the barrier is said to stand between two places, and not on a lock or an atomic operation that happens to have such a comment. Where the name has no parentheses, and outside of a kernel tree, an unknown name is only told where it nearly is that of a function that is there.',
  fix: 'Correct the name in the comment, or put the missing barrier back.',
  check: (moment) =>
    moment.facts.sites.filter(isJudged).flatMap((site) =>
      moment.tree
        .claims(moment.file, site.id)
        .filter(({ claim }) => saysSo(claim))
        .flatMap((claim) => finding(moment, site, claim)),
    ),
};

function isJudged({ uncertain, domain, explicit }: Site): boolean {
  return explicit && !uncertain && (domain === 'smp' || domain === 'virt');
}

/** Words that can only mean "my partner is there", beside the barrier. */
function saysSo({ style, attach }: Claim): boolean {
  if (attach !== 'preceding' && attach !== 'trailing') return false;
  switch (style) {
    case 'pairs':
    case 'matches':
    case 'coupled':
    case 'corresponds':
    case 'synchronizes':
      return true;
    case 'ordered-against':
    case 'label':
    case 'relative':
    case 'see':
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
  const there = foundIn && tree.functionIn(foundIn.file, foundIn.function);
  if (there === undefined || claim.isBeside || mayOrder(tree, there)) return [];
  const { file, fact } = there;
  return [
    {
      span: claim.span,
      message: `the comment of ${site.primitive}() names ${name}() as its partner, which has no barrier`,
      related: [{ file, span: fact.span, line: fact.line, message: `${name}() is here` }],
      partnerOf: site.id,
    },
  ];
}

/** Whether anything in the function, or in what it calls, may be the order that is meant; where it only stands
 *  before another of nearly its name (`__f`) that was not read, nobody knows. */
function mayOrder(tree: Tree, { file, fact }: PlacedFunction): boolean {
  if (fact.errors.length > 0) return true;
  const isFront = (name: string) =>
    name.includes(fact.name) && name !== fact.name && tree.functions(name).length === 0;
  if (fact.calls.some(isFront)) return true;
  const called = fact.calls.flatMap((name) => tree.functions(name));
  return [{ file, fact }, ...called].some((placed) =>
    tree.sitesIn(placed.file, placed.fact.name).some(canOrder),
  );
}

/** In a kernel tree that was searched the name is wrong; elsewhere it may be one of the kernel's, a bare name
 *  that of a variable, and only what nearly is there is told. */
function withoutFunction(
  { tree, coverage }: FileMoment,
  site: Site,
  { claim }: ResolvedClaim,
  name: string,
): readonly Finding[] {
  if (coverage.extent === 'reading' || coverage.elsewhere.has(name)) return [];
  const known = [...tree.functionNames()];
  if (known.some((other) => other !== name && other.includes(name))) return [];
  const meant = similarName(name, known);
  if ((coverage.extent === 'folder' || claim.isBare) && meant === undefined) return [];
  const instead = meant === undefined ? '' : `; did you mean ${meant}()?`;
  const message = `the comment of ${site.primitive}() names ${name}() as its partner, and there is no such function${instead}`;
  return [{ span: claim.span, message, related: [], partnerOf: site.id }];
}
