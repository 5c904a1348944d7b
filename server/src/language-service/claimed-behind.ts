/** Claims of a barrier by the operation that it stands beside: "pairs with the barrier behind clear_bit() in f()". */

import type { Claim } from '../claims/claim.ts';
import type { Site } from '../facts/file-facts.ts';
import { primitive } from '../kernel/primitives.ts';
import { reachOf, sitesWithin } from './claimed-function.ts';
import type { FileMoment } from './moment.ts';
import type { PlacedFunction } from './tree.ts';

const BESIDE =
  /\b(\w+)(?:\(\))? (?:(?:which|that) (?:is|stands) )?(behind|after|following|below|before|above|ahead of|in front of|preceding) (?:the )?(\w+)\(\) in (\w+)\(\)/gi;

const BARRIER = /^(?:barrier|(?:smp_)?[rw]?mb(?:__\w+)?)$/i;

const IN_FRONT = /^(?:before|above|ahead of|in front of|preceding)$/i;

/** Where the comment of a site says that the barrier of a claim stands beside an operation of the function `there`, and
 *  that is there without a barrier on that side: "behind its clear_bit()". */
export function missingBeside(
  { textOf, tree }: FileMoment,
  { comment }: Site,
  { functions }: Claim,
  there: PlacedFunction,
): string | undefined {
  const said = comment?.text.replace(/[\s*]+/g, ' ') ?? '';
  for (const [, barrier = '', side = '', operation = '', name = ''] of said.matchAll(BESIDE)) {
    if (!BARRIER.test(barrier)) continue;
    if (name !== there.fact.name || !functions.includes(name) || isFull(operation)) continue;
    const { start, end } = there.fact.span;
    const body = textOf(there.file)?.slice(start, end) ?? '';
    const at = [...body.matchAll(new RegExp(`\\b${operation}\\s*\\(`, 'g'))].map(
      ({ index }) => start + index,
    );
    const [first, last] = [at[0], at.at(-1)];
    if (first === undefined || last === undefined) continue;
    const isInFront = IN_FRONT.test(side);
    const isThere = (place: number) => (isInFront ? place < last : place > first);
    const own = tree
      .sitesIn(there.file, name)
      .filter(({ primitive: its, span }) => its !== operation && isThere(span.start));
    const called = there.fact.callSites.filter(({ span }) => isThere(span.start));
    if (own.some(isBarrier) || called.some((call) => mayOrder(tree, call.name))) continue;
    return `${isInFront ? 'before' : 'behind'} its ${operation}()`;
  }
  return undefined;
}

function isBarrier({ explicit, primitive: name }: Site): boolean {
  return explicit || isFull(name);
}

/** Whether an operation orders all before it with all behind it, if only sometimes. */
function isFull(name: string): boolean {
  const orders = primitive(name)?.orders ?? [];
  return orders.some(({ before, after }) => before === 'all' && after === 'all');
}

/** Whether a function that is called has a barrier, or looks so by its name where it was not read. */
function mayOrder(tree: FileMoment['tree'], name: string): boolean {
  const callees = tree.functions(name);
  if (callees.length === 0) return /barrier|fence|sync|(?:^|_)[rw]?mb(?:_|$)/.test(name);
  return callees.some((callee) => sitesWithin(tree, reachOf(tree, callee)).some(isBarrier));
}
