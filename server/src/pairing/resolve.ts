/** Finds the sites that the claims of comments mean: by function, then by what is said of the site in it. */

import { type Claim, isDescription } from '../claims/claim.ts';
import { matchesPattern } from '../claims/name-pattern.ts';
import type { Site } from '../facts/file-facts.ts';
import { inPlace } from './claimed-place.ts';
import { firstFound, longerNames } from './fits-in-function.ts';
import type { FunctionIndex } from './function-index.ts';
import { refOf } from './orient.ts';
import { callNamed, withoutBarrier } from './other-order.ts';
import type { ResolvedClaim } from './pairing.ts';
import { type Found, isNear, MISSING, type Seeker, type Sides } from './seeker.ts';
import type { Side } from './side.ts';

/** Whether the claim says in so many words that the partner is there; `see` and mentions are hints, and
 *  one that leads nowhere is no finding. */
export function isAssertion({ style }: Claim): boolean {
  switch (style) {
    case 'pairs':
    case 'matches':
    case 'coupled':
    case 'corresponds':
    case 'synchronizes':
    case 'ordered-against':
    case 'label':
    case 'relative':
      return true;
    case 'see':
    case 'mention':
      return false;
  }
}

/** Whether a claim is about the order that its site gives. What "serializes with f()" beside a lock, a
 *  grace period or a wait says is no pairing of barriers; "pairs with" is. */
export function isAboutOrder({ category }: Site, { style }: Claim): boolean {
  switch (category) {
    case 'lock':
    case 'unlock':
    case 'rcu-reader':
    case 'grace-period':
    case 'sleep':
    case 'wake':
      return style === 'pairs' || style === 'corresponds' || style === 'label';
    default:
      return true;
  }
}

/** Whether something orders in the function that the site of a helper calls, or in what that calls; who cannot be
 *  looked into may. */
export function holdsOrder({ file, site }: Side, functions: FunctionIndex, sides: Sides): boolean {
  const helper = functions.called(site.primitive, file);
  if (site.category !== 'helper' || helper === undefined) return true;
  const called = helper.fact.calls.flatMap((name) => functions.called(name, helper.file) ?? []);
  return [helper, ...called].some((placed) =>
    sides.inFunction(placed.file, placed.fact.name).some(({ site: inner }) => canOrder(inner)),
  );
}

function canOrder({ category, orders }: Site): boolean {
  return orders.length > 0 && category !== 'marked-access' && category !== 'compiler-barrier';
}

/** A function that a comment mentions without any site there to be meant, a bare name in words of order that is
 *  no function ("order the flag vs. the_index"), or an operation of which nobody can say where: the comment claims nothing. */
export function isIdle({ claim, targets, status }: ResolvedClaim): boolean {
  if (claim.style === 'mention') return status === 'ordered-otherwise' || targets.length === 0;
  if (targets.length > 0) return false;
  if (isDescription(claim)) return true;
  return claim.isBare === true && !isPairing(claim) && status !== 'ordered-otherwise';
}

function isPairing({ style }: Claim): boolean {
  return style !== 'ordered-against' && style !== 'see';
}

/** What `claim`, made for `from`, points to. */
export function resolveClaim(
  from: Side,
  claim: Claim,
  functions: FunctionIndex,
  sides: Sides,
): ResolvedClaim {
  const seeker: Seeker = { from, claim, functions, sides };
  if (isOfThisSide(seeker)) return { from: refOf(from), claim, ...MISSING };
  const found =
    claim.functions.length > 0
      ? merged(
          claim.functions
            .flatMap((name) => expanded(name, seeker))
            .map((name) => inFunction(name, seeker)),
        )
      : inPlace(seeker);
  const generic = claim.functions.some((name) => GENERIC_PARTNERS.has(name));
  return {
    from: refOf(from),
    claim,
    ...found,
    ...(generic ? { status: 'not-point-to-point' } : {}),
  };
}

/** A function that is mentioned and that stands on this side: the site's own calls it. */
function isOfThisSide({ from, claim, functions }: Seeker): boolean {
  if (claim.style !== 'mention') return false;
  const own = functions.called(from.site.function, from.file);
  return claim.functions.some((name) => own?.fact.calls.includes(name) === true);
}

/** Functions through which everybody waits and wakes: a claim on them says with what, not with whom. */
const GENERIC_PARTNERS: ReadonlySet<string> = new Set([
  'wq_has_sleeper',
  'waitqueue_active',
  'skwq_has_sleeper',
  'prepare_to_wait',
  'prepare_to_wait_event',
  'prepare_to_wait_exclusive',
  '___wait_event',
  'set_current_state',
  'wake_up',
  'wake_up_process',
  'wait_event',
  'wait_event_interruptible',
  'wait_var_event',
  'wait_on_bit',
  'poll_wait',
  'sock_poll_wait',
]);

/** The names a pattern with `*` stands for, looked up near the claim. */
function expanded(name: string, { from, functions }: Seeker): readonly string[] {
  if (!name.includes('*')) return [name];
  const names = functions
    .nearby(from.file, (other) => matchesPattern(name, other))
    .map(({ fact }) => fact.name);
  return names.length > 0 ? [...new Set(names)] : [name];
}

/** The first definition, from the nearest on, that has a fitting site, or calls a function that has; then
 *  a longer name in the file that ends in this one (`unthrottle` for `foo_unthrottle`). */
function inFunction(name: string, seeker: Seeker): Found {
  const { from, functions } = seeker;
  const named = functions.named(name, from.file);
  const ordering = callNamed(named, seeker);
  if (ordering !== undefined) return ordering;
  const found = firstFound(named, seeker);
  if (found !== undefined) return found;
  const short = firstFound(longerNames(name, seeker), seeker);
  if (short !== undefined)
    return {
      ...short,
      via: `${short.foundIn?.function}(), which ${name}() abbreviates; ${short.via}`,
    };
  const home = named.find((placed) => isNear(placed, from));
  if (home !== undefined) return withoutBarrier(home, seeker);
  return functions.isMacro(name)
    ? { status: 'ordered-otherwise', targets: [], via: 'a macro' }
    : MISSING;
}

/** The answers for the functions of one pattern together. */
function merged(found: readonly Found[]): Found {
  const [first] = found;
  if (first === undefined) return MISSING;
  const hits = found.filter(({ targets }) => targets.length > 0);
  if (hits.length <= 1) return hits[0] ?? first;
  return { ...hits[0]!, targets: hits.flatMap(({ targets }) => targets) };
}
