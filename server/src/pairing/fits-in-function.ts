/** Which sites a claim means that names a function: its own, or those of the functions that it calls. */

import type { Claim } from '../claims/claim.ts';
import { isWrapper } from '../facts/around.ts';
import { primitive } from '../kernel/primitives.ts';
import { type Fit, isKin } from './fit.ts';
import { best, fitting, foundAt } from './fitting.ts';
import type { PlacedFunction } from './function-index.ts';
import { type Found, isNear, type Seeker } from './seeker.ts';
import type { Side } from './side.ts';

/** Its own sites; those of its callees where no own site is clearly meant. A static function of another folder can
 *  be meant by its name, but only if more speaks for it. */
export function fitsIn(placed: PlacedFunction, seeker: Seeker): readonly Fit[] {
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
 *  there is no other, or no other of the kind that belongs to this one. */
function fitsInCallees(placed: PlacedFunction, seeker: Seeker): readonly Fit[] {
  const levels = calleesOf(placed, seeker);
  return levels.flatMap((callees, depth) => {
    const there = callees.flatMap(({ file, fact }) => seeker.sides.inFunction(file, fact.name));
    const barriers = there.filter(({ site }) => site.explicit);
    const kin = barriers.filter(({ site }) => isKin(seeker.from.site, site));
    const only = [barriers, kin].find(({ length }) => length === 1)?.[0];
    return fitting(there, seeker)
      .filter((fit) => isMeantBelow(fit, depth, seeker.claim, fit.side === only))
      .filter((fit) => fit.isStrong || !isOfOthers(fit.side, seeker))
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

/** Whether a site has its partner elsewhere: its comment names another function than that of this one, and there is one that names it in
 *  turn. Where the claim does not say which barrier it is, that may have more partners. */
function isOfOthers({ file, site }: Side, { from, claim, functions, sides }: Seeker): boolean {
  if (primitive(claim.primitive ?? '')?.explicit !== true) return false;
  const named = site.claims.flatMap((claim) => claim.functions);
  const answers = (name: string) =>
    functions
      .named(name, file)
      .some((home) =>
        sides
          .inFunction(home.file, home.fact.name)
          .some((other) =>
            other.site.claims.some((claim) => claim.functions.includes(site.function)),
          ),
      );
  return !named.includes(from.site.function) && named.some(answers);
}

/** The functions that `placed` calls, then those that these call, each once. */
function calleesOf(
  placed: PlacedFunction,
  { functions, claim }: Seeker,
): readonly (readonly PlacedFunction[])[] {
  const seen = new Set([placed.fact]);
  const calledBy = (callers: readonly PlacedFunction[]) =>
    callers.flatMap(({ file, fact }) =>
      fact.calls.flatMap((name) => functions.called(name, file) ?? []),
    );
  /** What does little but call another one stands for that. */
  const beyondWrappers = (called: readonly PlacedFunction[]) => [
    ...called,
    ...calledBy(called.filter(isWrapper)),
  ];
  const levels: PlacedFunction[][] = [];
  let callers: readonly PlacedFunction[] = [placed];
  const depth = claim.primitive === undefined ? 1 : NAMED_DEPTH;
  while (levels.length < depth && seen.size < MOST_CALLEES) {
    const level = beyondWrappers(calledBy(callers));
    const fresh = level.filter(({ fact }) => !seen.has(fact) && seen.add(fact));
    levels.push(fresh);
    callers = fresh;
  }
  return levels;
}

/** The one function nearby whose name ends in `name` and has what can be meant. */
export function longerNames(name: string, seeker: Seeker): readonly PlacedFunction[] {
  const { from, claim, functions } = seeker;
  const near = functions.nearby(
    from.file,
    (other) =>
      other.endsWith(`_${name}`) && !(claim.style === 'mention' && other === from.site.function),
  );
  const own = near.filter(({ file }) => file === from.file);
  const candidates = own.length > 0 ? own : near;
  const isGuess = claim.style === 'mention' && claim.isBare === true;
  const fitting = candidates.filter((placed) =>
    fitsIn(placed, seeker).some(({ isAnswer }) => isAnswer || !isGuess),
  );
  return fitting.length === 1 ? fitting : [];
}

/** The sites that are meant in the first of `functions` that has any. */
export function firstFound(
  functions: readonly PlacedFunction[],
  seeker: Seeker,
): Found | undefined {
  for (const placed of functions) {
    const fits = fitsIn(placed, seeker);
    if (fits.length > 0)
      return { ...foundAt(fits), foundIn: { file: placed.file, function: placed.fact.name } };
  }
  return undefined;
}
