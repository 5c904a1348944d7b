/** `unresolved-claim`: a comment names a partner that is not there. */

import type { Claim } from '../../claims/claim.ts';
import type { Site } from '../../facts/file-facts.ts';
import { functionsCalling } from '../../facts/functions-of-file.ts';
import { primitive } from '../../kernel/primitives.ts';
import { isFull, nameMatch } from '../../pairing/fit.ts';
import type { PlacedSite, ResolvedClaim } from '../../pairing/pairing.ts';
import { isOpposite, roleOf } from '../../pairing/side.ts';
import type { OpenPairingCheck } from '../../proof/open-check.ts';
import { bareRef } from '../bare-side.ts';
import { missingBeside } from '../claimed-behind.ts';
import { conflicts, meets, reachOf, sitesWithin } from '../claimed-function.ts';
import type { Finding } from '../diagnostic.ts';
import { answering, likelyPartner } from '../likely-partner.ts';
import type { FileMoment } from '../moment.ts';
import type { PlacedFunction } from '../tree.ts';
import { isUnread } from '../unread-words.ts';
import { decisive } from '../verdict.ts';
import { canOrder } from '../words.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const unresolvedClaim: CheckedKind = {
  code: 'unresolved-claim',
  meaning:
    'The comment of a barrier says with whom it pairs, and there is no such barrier: the function has none that can be the other side, never touches the object that is meant, or there is no function of that name. Either the comment is stale or the partner was lost.',
  fires:
    'On a comment right before a barrier or behind it that claims a pairing in so many words ("pairs with", "matches", "the corresponding write barrier is in"): where nothing in the function that it names, or in what it calls, can order anything for this side; where an acquire or a release names a function that has nothing to do with the object it is on; and where no C file of the tree defines a function of that name or of a longer one. At most information, where the operation that is named is not in the function, but another one, or one in a function that it calls. Not on "see f()" or a mere mention, which often point at an explanation (but where it is all that stands behind a barrier, and f accesses what that orders), not where the barrier is said to stand between two places, not where the function calls through a pointer or was read only in part, and not on a lock or an atomic operation that happens to have such a comment, but where that says beside which operation of the function the barrier stands ("the barrier behind clear_bit() in f()"), and none stands there. Where the name has no parentheses, and outside of a kernel tree, an unknown name is only told where a function that is there may be meant.',
  fix: 'Correct the name in the comment, or put the missing barrier back.',
  asks: (tree) => tree.unpaired(),
  check: (moment) =>
    moment.facts.sites
      .filter(({ uncertain }) => !uncertain)
      .flatMap((site) =>
        moment.tree
          .claims(moment.file, site.id)
          .filter((resolved) => saysSo(resolved.claim) || sendsThere(moment, site, resolved))
          .flatMap((claim) => {
            const found = isJudged(site) ? finding(moment, site, claim) : [];
            return found.length > 0 ? found : withoutBeside(moment, site, claim);
          }),
      ),
};

/** Whether what a comment claims of a site is told where it is not so. */
export function isJudged({ uncertain, domain, explicit }: Site): boolean {
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
    case 'ordered-against':
      return true;
    case 'label':
    case 'relative':
    case 'see':
    case 'mention':
      return false;
  }
}

/** A comment behind a barrier that is nothing but "see f()", where f accesses what the barrier orders: f is the other side. */
function sendsThere(
  { tree }: FileMoment,
  site: Site,
  { claim, status, foundIn }: ResolvedClaim,
): boolean {
  if (claim.style !== 'see' || claim.attach !== 'trailing') return false;
  if (status !== 'function-has-no-barrier' || foundIn === undefined) return false;
  const [name = ''] = claim.functions;
  const words = site.comment?.text.match(/\w+/g) ?? [];
  if (words.length !== 2 || words[1] !== name || roleOf(site) === 'both') return false;
  const there = tree.functionIn(foundIn.file, foundIn.function);
  return site.orders.some(({ before, after }) =>
    [...before, ...after].some((access) =>
      there?.fact.accesses.some((other) => conflicts(access, other)),
    ),
  );
}

/** One claim that leads nowhere, or to the wrong place. */
interface Doubt {
  readonly moment: FileMoment;
  readonly from: PlacedSite;
  readonly resolved: ResolvedClaim;
  readonly name: string;
}

/** Words of order ("order x with f()") may name a function of this side; that it is not there is told. */
function finding(moment: FileMoment, site: Site, resolved: ResolvedClaim): readonly Finding[] {
  const name = resolved.claim.functions[0];
  if (name === undefined) return [];
  const doubt = { moment, from: { file: moment.file, site }, resolved, name };
  if (resolved.claim.style === 'ordered-against' && resolved.status !== 'function-missing')
    return [];
  switch (resolved.status) {
    case 'function-missing':
      return withoutFunction(doubt);
    case 'function-has-no-barrier':
    case 'ordered-otherwise':
      return firstOf(doubt, [withoutOrder, withoutAccess, withoutOperation]);
    case 'resolved':
      return firstOf(doubt, [takenByAnother, withoutAccess, withoutOperation]);
    case 'ambiguous':
    case 'not-point-to-point':
      return [];
  }
}

function firstOf(
  doubt: Doubt,
  kinds: readonly ((doubt: Doubt) => readonly Finding[])[],
): readonly Finding[] {
  return kinds.map((kind) => kind(doubt)).find(({ length }) => length > 0) ?? [];
}

/** The function is there, and nothing in it or in what it calls can be the other side. */
function withoutOrder(doubt: Doubt): readonly Finding[] {
  const { moment, from, resolved } = doubt;
  const there = homeOf(doubt);
  if (there === undefined || resolved.at !== undefined) return [];
  const reach = reachOf(moment.tree, there);
  const isNamed = namesBarrier(resolved.claim);
  const sites = sitesWithin(moment.tree, reach).filter(
    (other) => canOrder(other) && !(isNamed && isLock(other)),
  );
  if (reach.isOpen || sites.some((other) => isOpposite(roleOf(from.site), roleOf(other))))
    return [];
  const proof = proofOf(doubt, there);
  if (proof === 'ordered') return [];
  const barrier = sites.find(({ explicit }) => explicit);
  const what =
    barrier === undefined
      ? 'which has no barrier'
      : `whose ${barrier.primitive}() cannot pair with it`;
  if (proof === undefined) return [found(doubt, what, there)];
  const finding = found(doubt, `${what}: ${decisive(proof)?.bad}`, there);
  return [{ ...finding, related: [...finding.related, ...stepsOf(moment, proof)] }];
}

/** What the simulation of both functions says of a barrier and the function that it names: that something there keeps
 *  the order all the same, or is not known yet to keep none; the outcome; undefined where it says nothing. */
function proofOf(
  { moment, from }: Doubt,
  { file, fact }: PlacedFunction,
): 'ordered' | OpenPairingCheck | undefined {
  const bare = bareRef(file, fact.name);
  const pairing = moment.tree
    .unpaired()
    .find(
      ({ sites: [one, two] }) =>
        one.file === from.file &&
        one.id === from.site.id &&
        two.file === bare.file &&
        two.id === bare.id,
    );
  const shown = pairing && moment.verdictOf(pairing);
  if (shown === undefined) return undefined;
  switch (shown.answer?.verdict.kind) {
    case undefined:
    case 'needed':
    case 'redundant':
      return 'ordered';
    case 'broken':
      return shown.currency === 'current' ? shown.answer : undefined;
    case 'idle':
    case 'unknown':
      return undefined;
  }
}

/** The barrier that was found stands in a function that the named one calls, and another barrier beside this one
 *  claims it under that function's own name: the named function has lost its own. */
function takenByAnother(doubt: Doubt): readonly Finding[] {
  const { moment, from, resolved, name } = doubt;
  const [target, ...others] = resolved.targets;
  const there = homeOf(doubt);
  const site = target && moment.tree.site(target)?.site;
  if (site === undefined || there === undefined || others.length > 0) return [];
  if (!namesBarrier(resolved.claim) || site.function === name) return [];
  const other = moment.tree
    .sitesIn(from.file, from.site.function)
    .find(
      ({ id }) =>
        id !== from.site.id &&
        moment.tree
          .claims(from.file, id)
          .some(
            ({ claim, targets }) =>
              claim.functions[0] === site.function &&
              targets.some(({ file, id: its }) => file === target?.file && its === target.id),
          ),
    );
  if (other === undefined) return [];
  const what = `which has no ${site.primitive}() of its own: the one in ${site.function}(), which it calls, pairs with the ${other.primitive}() in line ${other.line}`;
  return [found(doubt, what, there)];
}

/** The operation that is named has left the function: what orders stands in a function that it calls, of another name, or
 *  is something else. The order may be sound, so this is information; `f()` and `__f()` are one to who writes comments. */
function withoutOperation(doubt: Doubt): readonly Finding[] {
  const { moment, from, resolved, name } = doubt;
  const { primitive: operation } = resolved.claim;
  const there = homeOf(doubt);
  if (operation === undefined || there === undefined || !isNamedExactly(operation)) return [];
  const own = moment.tree.sitesIn(there.file, there.fact.name);
  if (there.fact.name !== name || own.some((site) => isOfKind(operation, site))) return [];
  const target = resolved.targets.map((ref) => moment.tree.site(ref)?.site).find(Boolean);
  const isWrapped = target !== undefined && target.function !== name;
  if (isWrapped && withoutUnderscores(target.function) === withoutUnderscores(name)) return [];
  if (!isWrapped && own.some((site) => site.explicit && isAsGood(site, operation, from.site)))
    return [];
  const other = isWrapped ? target : own.find((site) => canOrder(site) && !isLock(site));
  if (other === undefined) return [];
  const instead = isWrapped
    ? `the ${other.primitive}() of ${other.function}(), which it calls, may be meant`
    : `its ${other.primitive}() may be meant`;
  const proof = proofOf(doubt, there);
  // What comes of it is told by itself.
  if (proof !== undefined && proof !== 'ordered') return [];
  const finding = found(doubt, `which has no ${operation}(): ${instead}`, there);
  return [{ ...finding, brief: `${name}() has no ${operation}()`, atMost: 'information' }];
}

/** Whether a barrier may do for `from` the work of the one that is named: all may, but where both are full ones. These may keep
 *  a store in front of a read, and nothing less does. */
function isAsGood(site: Site, operation: string, from: Site): boolean {
  const areFull = primitive(operation)?.category === 'full-barrier' && isFull(from);
  return !areFull || isFull(site);
}

/** The barrier is said to stand beside an operation of the function, which has none there. */
function withoutBeside(
  moment: FileMoment,
  site: Site,
  resolved: ResolvedClaim,
): readonly Finding[] {
  const name = resolved.claim.functions[0];
  if (name === undefined) return [];
  const doubt = { moment, from: { file: moment.file, site }, resolved, name };
  const there = homeOf(doubt);
  const where = there && missingBeside(moment, site, resolved.claim, there);
  return where === undefined ? [] : [found(doubt, `which has no barrier ${where}`, there!)];
}

/** A name of the kernel's tables that orders: no kind ("write barrier", "barrier"), and no mere access. */
function isNamedExactly(operation: string): boolean {
  const row = primitive(operation);
  const isMere = row?.category === 'marked-access' || row?.category === 'compiler-barrier';
  return row !== undefined && !isMere && !isLock(row);
}

/** Whether the site is what the comment calls `operation`, or does its work. */
function isOfKind(operation: string, site: Site): boolean {
  const match = nameMatch(operation, site);
  return match === 'exact' || match === 'kind';
}

function withoutUnderscores(name: string): string {
  return name.replace(/^_+/, '');
}

/** Whether the claim says which operation is meant, and that is a barrier: no lock will do. */
function namesBarrier({ primitive: name }: Claim): boolean {
  return name !== undefined && primitive(name)?.explicit === true;
}

function isLock({ category }: Pick<Site, 'category'>): boolean {
  switch (category) {
    case 'lock':
    case 'unlock':
    case 'rcu-reader':
    case 'rcu-dereference':
      return true;
    default:
      return false;
  }
}

/** The function never touches the object that an acquire or a release is on. Where it may do more than is known,
 *  another function has to do so, one that is called by its name. */
function withoutAccess(doubt: Doubt): readonly Finding[] {
  const { moment, from, resolved, name } = doubt;
  const { own, category } = from.site;
  const there = homeOf(doubt);
  if (there === undefined || own === undefined || own.field.struct === '?') return [];
  if (category !== 'acquire' && category !== 'release') return [];
  if (resolved.targets.some((target) => answersBack(doubt, target.file, target.id))) return [];
  const reach = reachOf(moment.tree, there);
  if (meets(reach, own)) return [];
  const claimed = new Set(from.site.claims.flatMap(({ functions }) => functions));
  const others = answering(moment.tree, from).filter(
    ({ site }) => !claimed.has(site.function) && isCalled(moment, site.function),
  );
  if (reach.isOpen && others.length === 0) return [];
  const verb = own.effect === 'read' ? 'writes' : 'accesses';
  const other = others[0] === undefined ? '' : `; ${others[0].site.function}() does`;
  const object =
    own.field.struct === undefined ? own.field.name : `${own.field.struct}.${own.field.name}`;
  return [found({ ...doubt, name }, `which never ${verb} ${object}${other}`, there)];
}

/** Whether the site that was found touches the same object, or names this side in turn. */
function answersBack({ moment, from }: Doubt, file: string, id: string): boolean {
  const target = moment.tree.site({ file, id })?.site;
  if (target === undefined) return true;
  const back = target.claims.some(({ functions }) => functions.includes(from.site.function));
  const { own } = from.site;
  return back || (own !== undefined && target.own !== undefined && conflicts(own, target.own));
}

function isCalled({ tree }: FileMoment, name: string): boolean {
  return [...tree.files.values()].some((facts) => functionsCalling(facts, name).length > 0);
}

function homeOf({ moment, resolved: { claim, foundIn } }: Doubt): PlacedFunction | undefined {
  if (claim.isBeside || foundIn === undefined) return undefined;
  return moment.tree.functionIn(foundIn.file, foundIn.function);
}

function found({ from, resolved, name }: Doubt, what: string, there: PlacedFunction): Finding {
  const { file, fact } = there;
  return {
    span: resolved.claim.span,
    message: `the comment of ${from.site.primitive}() names ${name}() as its partner, ${what}`,
    brief: `no partner: ${name}() orders nothing for it`,
    related: [{ file, span: fact.span, line: fact.line, message: `${fact.name}() is here` }],
    partnerOf: from.site.id,
  };
}

/** In a kernel tree that was searched the name is wrong; elsewhere it may be one of the kernel's, a bare name
 *  that of a variable, and only what nearly is there is told. */
function withoutFunction({ moment, from, resolved, name }: Doubt): readonly Finding[] {
  const { tree, coverage } = moment;
  const { claim } = resolved;
  if (coverage.extent === 'reading' || coverage.elsewhere.has(name)) return [];
  if (coverage.sought?.has(name) === false) return [];
  // The tree is searched for names, not for what a pattern stands for.
  if (name.includes('*')) return [];
  if (isUnread(name, moment)) return [];
  for (const other of tree.functionNames()) if (other !== name && other.includes(name)) return [];
  const meant = likelyPartner(tree, from, name);
  if ((coverage.extent === 'folder' || claim.isBare) && meant === undefined) return [];
  const instead = meant === undefined ? '' : `; did you mean ${meant}()?`;
  const message = `the comment of ${from.site.primitive}() names ${name}() as its partner, and there is no such function${instead}`;
  const brief = `no partner: there is no ${name}()`;
  return [{ span: claim.span, message, brief, related: [], partnerOf: from.site.id }];
}
