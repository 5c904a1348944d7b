/** Finds the sites that the claims of comments mean: by function, then by what is said of the site in it. */

import type { Claim } from '../claims/claim.ts';
import { matchesPattern } from '../claims/name-pattern.ts';
import { isOperation } from '../claims/operations.ts';
import type { Access, FunctionFact, Site } from '../facts/file-facts.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Place } from '../text/span.ts';
import { type Fit, fitOf, hasCommonField, nameMatch } from './fit.ts';
import { type FunctionIndex, folderOf, isVisible, type PlacedFunction } from './function-index.ts';
import { refOf } from './orient.ts';
import type { ClaimStatus, ResolvedClaim } from './pairing.ts';
import type { Side } from './side.ts';

/** The sides of the files at hand. */
export interface Sides {
  readonly inFile: (file: string) => readonly Side[];
  readonly inFunction: (file: string, name: string) => readonly Side[];
  /** Sites of any file whose comment gives them that label. */
  readonly labelled: (label: string) => readonly Side[];
  readonly files: () => Iterable<string>;
}

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

/** A function that a comment mentions without any site there to be meant, or a bare name in words of order that is
 *  no function ("order the flag vs. the_index"): the comment claims nothing. */
export function isIdle({ claim, targets, status }: ResolvedClaim): boolean {
  if (targets.length > 0) return false;
  if (claim.style === 'mention') return true;
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

interface Seeker {
  readonly from: Side;
  readonly claim: Claim;
  readonly functions: FunctionIndex;
  readonly sides: Sides;
}

type Found = Omit<ResolvedClaim, 'from' | 'claim'>;

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

const MISSING: Found = { status: 'function-missing', targets: [] };

/** Functions that a comment of the folder can mean without more said: those it could call, and statics. */
function isNear(placed: PlacedFunction, { file }: Side): boolean {
  return isVisible(placed, file) || folderOf(placed.file) === folderOf(file);
}

/** "pairs with task_work_add() in f()": a call that is no primitive. What orders is inside of it. */
function callNamed(named: readonly PlacedFunction[], seeker: Seeker): Found | undefined {
  const { from, claim, functions, sides } = seeker;
  const call = claim.primitive;
  if (call === undefined || isOperation(call)) return undefined;
  const home = named.find((placed) => isNear(placed, from) && placed.fact.calls.includes(call));
  if (home === undefined) return undefined;
  const callee = functions.called(call, home.file);
  const fits =
    callee === undefined ? [] : fitting(sides.inFunction(callee.file, callee.fact.name), seeker);
  const foundIn = { file: home.file, function: home.fact.name };
  const via = `its call of ${call}()`;
  if (fits.length > 0) return { ...foundAt(best(fits)), foundIn, via };
  const site = home.fact.callSites.find(({ name }) => name === call);
  const at = site === undefined ? {} : { at: { file: home.file, span: site.span } };
  return { status: 'ordered-otherwise', targets: [], foundIn, via, ...at };
}

/** Its own sites; those of its callees where no own site is clearly meant. A static function of another folder can
 *  be meant by its name, but only if more speaks for it. */
function fitsIn(placed: PlacedFunction, seeker: Seeker): readonly Fit[] {
  const { from, claim, sides } = seeker;
  const own = fitting(sides.inFunction(placed.file, placed.fact.name), seeker);
  if (!isNear(placed, from))
    return best(own.filter(({ hasEvidence }) => hasEvidence || claim.label !== undefined));
  if (isCounted(claim) || own.some(({ isAnswer }) => isAnswer)) return best(own);
  return best([...own, ...fitsInCallees(placed, seeker)]);
}

/** "the 2nd barrier of f()" and a label of f() speak of f() itself. */
function isCounted({ ordinal, label }: Claim): boolean {
  return ordinal !== undefined || label?.includes(':') === true;
}

/** How much better a callee's site has to be than one of the function itself, for each call on the way to it. */
const CALLEE_POINTS = 8;

/** How many calls down an operation is looked for that the comment names; others only in what is called directly. */
const NAMED_DEPTH = 3;

/** How many functions are looked into below the one that is named. */
const MOST_CALLEES = 60;

/** The sites of the functions it calls. A barrier is meant there if it is named or shares a field, or if
 *  there is no other. */
function fitsInCallees(placed: PlacedFunction, seeker: Seeker): readonly Fit[] {
  const levels = calleesOf(placed, seeker);
  return levels.flatMap((callees, depth) => {
    const there = callees.flatMap(({ file, fact }) => seeker.sides.inFunction(file, fact.name));
    const barriers = there.filter(({ site }) => site.explicit);
    const only = barriers.length === 1 ? barriers[0] : undefined;
    return fitting(there, seeker)
      .filter((fit) => isMeantBelow(fit, depth, seeker.claim, fit.side === only))
      .map((each) => ({
        ...each,
        points: each.points - CALLEE_POINTS * (depth + 1),
        via: `in its callee ${each.side.site.function}(), ${each.via}`,
      }));
  });
}

/** Whether a site in a callee can be meant: `depth` calls further down than a direct one. */
function isMeantBelow(
  { hasEvidence, isStrong, isNamed }: Fit,
  depth: number,
  { style, isBare }: Claim,
  isOnlyBarrier: boolean,
): boolean {
  if (depth > 0) return isNamed;
  if (style === 'mention') return isStrong && isBare !== true;
  return hasEvidence || isOnlyBarrier;
}

/** The functions that `placed` calls, then those that these call, each once. */
function calleesOf(
  placed: PlacedFunction,
  { functions, claim }: Seeker,
): readonly (readonly PlacedFunction[])[] {
  const seen = new Set([placed.fact]);
  const levels: PlacedFunction[][] = [];
  let callers: readonly PlacedFunction[] = [placed];
  const depth = claim.primitive === undefined ? 1 : NAMED_DEPTH;
  while (levels.length < depth && seen.size < MOST_CALLEES) {
    const level = callers.flatMap(({ file, fact }) =>
      fact.calls.flatMap((name) => functions.called(name, file) ?? []),
    );
    const fresh = level.filter(({ fact }) => !seen.has(fact) && seen.add(fact));
    levels.push(fresh);
    callers = fresh;
  }
  return levels;
}

function longerNames(name: string, seeker: Seeker): readonly PlacedFunction[] {
  const { from, functions } = seeker;
  const near = functions.nearby(
    from.file,
    (other) => other.endsWith(`_${name}`) && other !== from.site.function,
  );
  const own = near.filter(({ file }) => file === from.file);
  const candidates = own.length > 0 ? own : near;
  const isGuess = seeker.claim.style === 'mention' && seeker.claim.isBare === true;
  const fitting = candidates.filter((placed) =>
    fitsIn(placed, seeker).some(({ isAnswer }) => isAnswer || !isGuess),
  );
  return fitting.length === 1 ? fitting : [];
}

function firstFound(functions: readonly PlacedFunction[], seeker: Seeker): Found | undefined {
  for (const placed of functions) {
    const fits = fitsIn(placed, seeker);
    if (fits.length > 0)
      return { ...foundAt(fits), foundIn: { file: placed.file, function: placed.fact.name } };
  }
  return undefined;
}

/** So many equally good sites can all be meant ("the writers of f()"); more means that we do not know. */
const MOST_TARGETS = 4;

function foundAt(fits: readonly Fit[]): Found {
  const isLock = fits.every(
    ({ side: { site } }) => site.category === 'lock' || site.category === 'unlock',
  );
  const status: ClaimStatus = isLock
    ? 'ordered-otherwise'
    : fits.length > MOST_TARGETS
      ? 'ambiguous'
      : 'resolved';
  return { status, targets: fits.map(({ side }) => refOf(side)), via: fits[0]!.via };
}

/** The candidates that can be meant, by label or ordinal where the claim has one. */
function fitting(candidates: readonly Side[], { from, claim }: Seeker): readonly Fit[] {
  const { label, ordinal } = claim;
  const labelled =
    label === undefined ? [] : candidates.filter(({ site }) => site.labels.includes(label));
  if (label?.includes(':') === true && labelled.length === 0) return [];
  const pool = labelled.length > 0 ? labelled : candidates;
  const counted = ordinal === undefined ? pool : nth(pool, claim, ordinal);
  return counted.flatMap((candidate) => fitOf(from, claim, candidate) ?? []);
}

/** The best, and all that are equally good. */
function best(fits: readonly Fit[]): readonly Fit[] {
  const most = Math.max(...fits.map(({ points }) => points));
  return fits.filter(({ points }) => points > most - NEAR_TIE);
}

const NEAR_TIE = 2;

/** "the 2nd smp_wmb()": of the sites of that primitive, or of all barriers, in text order. */
function nth(candidates: readonly Side[], { primitive }: Claim, ordinal: number): readonly Side[] {
  const counted = candidates
    .filter(
      ({ site }) =>
        site.explicit && (primitive === undefined || nameMatch(primitive, site) !== 'other'),
    )
    .sort((a, b) => a.site.span.start - b.site.span.start);
  const found = counted[ordinal - 1];
  return found === undefined ? [] : [found];
}

/** No barrier fits: the access that is named, a lock, a grace period, or an operation that the kernel's tables do not
 *  have (`dmb()`) may be what is meant. */
function withoutBarrier({ file, fact }: PlacedFunction, { claim, sides }: Seeker): Found {
  const foundIn = { file, function: fact.name };
  const access = namedAccess(fact, claim);
  if (access !== undefined)
    return otherwise(foundIn, `its ${claim.primitive}()`, { file, span: access.span });
  const sites = sides.inFunction(file, fact.name);
  const locks = sites.filter(
    ({ site }) => site.category === 'lock' || site.category === 'grace-period',
  );
  if (locks.length > 0)
    return {
      ...otherwise(foundIn, `its ${locks[0]!.site.primitive}()`),
      targets: locks.map(refOf),
    };
  const ordering = sites.find(({ site }) => mayBeMeant(site));
  if (ordering !== undefined)
    return otherwise(foundIn, `its ${ordering.site.primitive}()`, {
      file,
      span: ordering.site.span,
    });
  const call = fact.callSites.find(({ name }) => isOperation(name));
  return call === undefined
    ? { status: 'function-has-no-barrier', targets: [], foundIn }
    : otherwise(foundIn, `its ${call.name}()`, { file, span: call.span });
}

/** Whether a site that is no barrier of its own orders anything between CPUs. */
function mayBeMeant({ category, explicit, orders }: Site): boolean {
  if (explicit || category === 'compiler-barrier' || category === 'marked-access') return false;
  return category !== 'rcu-dereference' && (orders.length > 0 || category === 'unlock');
}

function otherwise(foundIn: Found['foundIn'], via: string, at?: Place): Found {
  const status = 'ordered-otherwise';
  return { status, targets: [], ...(foundIn && { foundIn }), via, ...(at && { at }) };
}

/** "WRITE_ONCE() in f()": an access of f that orders nothing, marked as the claim says. */
function namedAccess({ accesses }: FunctionFact, { primitive: name }: Claim): Access | undefined {
  const row = name === undefined ? undefined : primitive(name);
  if (row?.access === undefined || row.explicit || row.orders.some(({ after }) => after === 'all'))
    return undefined;
  const { effect } = row.access;
  return accesses.find((access) => access.effect === effect && access.marking !== 'plain');
}

/** A claim without a function: above or below in the same one, a label, or a file. */
function inPlace(seeker: Seeker): Found {
  const { from, claim, sides } = seeker;
  if (claim.label !== undefined) return atLabel(claim.label, seeker);
  if (claim.direction !== undefined) return beside(seeker);
  if (claim.file !== undefined) {
    const wanted = claim.file;
    const files = [...sides.files()].filter(
      (file) => file === wanted || file.endsWith(`/${wanted}`),
    );
    const fits = best(
      fitting(
        files.flatMap((file) => sides.inFile(file)),
        seeker,
      ),
    );
    return fits.length > 0 ? foundAt(fits) : MISSING;
  }
  return { ...MISSING, foundIn: { file: from.file, function: from.site.function } };
}

/** A label means a site of the same file; of another only if that names the label of this site in turn. */
function atLabel(label: string, seeker: Seeker): Found {
  const { from, sides } = seeker;
  const bearing = sides.labelled(label).filter(({ site }) => site.id !== from.site.id);
  const own = bearing.filter(({ file }) => file === from.file);
  const answering = bearing.filter(
    (bearer) =>
      (isHeaderOf(bearer.file, from.file) || hasCommonField(from, bearer)) &&
      bearer.site.claims.some(
        (claim) => claim.label !== undefined && from.site.labels.includes(claim.label),
      ),
  );
  const bearers = own.length > 0 ? own : answering;
  const isShared = from.site.labels.includes(label);
  const fits = isShared
    ? bearers.flatMap((bearer) => fitOf(from, seeker.claim, bearer) ?? [])
    : best(fitting(bearers, seeker));
  if (fits.length === 0)
    return { ...MISSING, foundIn: { file: from.file, function: from.site.function } };
  return {
    status: 'resolved',
    targets: fits.map(({ side }) => refOf(side)),
    via: `the label ${label}`,
  };
}

/** `percpu-rwsem.h` and `percpu-rwsem.c`, in any folders; or files of one folder. */
function isHeaderOf(a: string, b: string): boolean {
  const stem = (file: string) => file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  return stem(a) === stem(b) || folderOf(a) === folderOf(b);
}

/** "smp_load_acquire() above": the best of that side of the site in its function, the nearest of equals. */
function beside(seeker: Seeker): Found {
  const { from, claim, sides } = seeker;
  const isThere = ({ site }: Side) =>
    claim.direction === 'above'
      ? site.span.end <= from.site.span.start
      : site.span.start >= from.site.span.end;
  const there = sides.inFunction(from.file, from.site.function).filter(isThere);
  const fits = best(fitting(there, seeker));
  const foundIn = { file: from.file, function: from.site.function };
  if (fits.length === 0) return { status: 'function-has-no-barrier', targets: [], foundIn };
  return { ...foundAt(fits), foundIn };
}

/** The answers for the functions of one pattern together. */
function merged(found: readonly Found[]): Found {
  const [first] = found;
  if (first === undefined) return MISSING;
  const hits = found.filter(({ targets }) => targets.length > 0);
  if (hits.length <= 1) return hits[0] ?? first;
  return { ...hits[0]!, targets: hits.flatMap(({ targets }) => targets) };
}
