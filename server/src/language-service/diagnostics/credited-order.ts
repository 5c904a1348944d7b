/** `credited-order`: a comment takes a lock for a full barrier, or what orders nothing for a barrier. */

import { creditedIn } from '../../claims/credited.ts';
import { type Site, shownField } from '../../facts/file-facts.ts';
import { sitesOfFunction } from '../../facts/sites-of-function.ts';
import { primitive } from '../../kernel/primitives.ts';
import type { CheckedKind } from './check.ts';

export const creditedOrder: CheckedKind = {
  code: 'credited-order',
  meaning:
    'A comment says that taking or releasing a lock implies a full memory barrier. It does not: what stands before the lock can be done inside of the critical section, and what stands behind the unlock as well (memory-barriers.txt, "Lock acquisition functions"). A store before spin_lock() and a load behind it are not ordered. Or it says of an operation that orders nothing, as atomic_read() or set_bit(), that it is or implies an acquire, a release or a barrier (atomic_t.txt, "ORDERING").',
  fires:
    'On a lock or an unlock whose own comment, before it or on its line, says that it implies, provides or is a memory barrier, a full barrier or smp_mb(). Not where the comment says the opposite, nor beside smp_mb__after_spinlock() or another explicit barrier, which may be what is meant. On an operation without any order whose own comment says so of it by its name.',
  fix: 'Put smp_mb__after_spinlock() behind the lock, or smp_mb() before it, if the order is needed; else correct the comment.',
  check: ({ facts }) =>
    facts.sites
      .filter(({ uncertain }) => !uncertain)
      .flatMap((site) => {
        const what = wronglySaid(site);
        const around = sitesOfFunction(facts, site.function);
        if (what === undefined || isBesideBarrier(site, around)) return [];
        const message = `the comment of ${site.primitive}()${objectOf(site)} takes it for ${what}`;
        return [{ span: site.span, message, related: [] }];
      }),
};

/** What the comment takes the operation for, and what it is. */
function wronglySaid(site: Site): string | undefined {
  if (isLock(site))
    return saysFull(site)
      ? 'a full barrier, and it is none: what stands before it can come later than what stands behind it'
      : undefined;
  const what = saidOf(site);
  return what && `${what}, and it orders nothing`;
}

/** The order that a comment credits an operation with which has none. */
function saidOf({ comment, primitive: name }: Site): string | undefined {
  if (comment === undefined || primitive(name)?.orders.length !== 0) return undefined;
  const what = creditedIn(comment.text).find((each) => each.primitive === name)?.what;
  return what && (what === 'acquire' ? 'an acquire' : `a ${what}`);
}

function isLock({ category }: Site): boolean {
  return category === 'lock' || category === 'unlock';
}

function objectOf({ own }: Site): string {
  return own === undefined ? '' : ` on ${shownField(own.field)}`;
}

const FULL =
  /\b(?:implies|implied|implicit|provides|is|as) (?:an? )?(?:(?:full|implicit|general) )?(?:memory barrier|barrier|smp_mb\(\)|mb\(\))/i;
/** Behind it: whose barrier it is. */
const OF_ANOTHER = /^[\s*]+(?:of|in|by|from)\s+(?:the\s+)?(\w+)\(\)/i;
const NOT = /\b(?:not|no|never|n't)\b/i;

function saysFull({ comment, primitive }: Site): boolean {
  if (comment === undefined || NOT.test(comment.text)) return false;
  const text = comment.text.replace(/\s+/g, ' ');
  const said = FULL.exec(text);
  if (said === null) return false;
  const [, whose] = OF_ANOTHER.exec(text.slice(said.index + said[0].length)) ?? [];
  return whose === undefined || whose === primitive;
}

/** Whether an explicit barrier stands so near that the comment may be its, or the comment speaks of it by name: "the
 *  smp_mb()". */
function isBesideBarrier(site: Site, sites: readonly Site[]): boolean {
  const names = new Set(site.comment?.text.match(/(?<=\bthe )\w+(?=\(\))/gi));
  return sites.some(
    ({ explicit, line, primitive }) =>
      explicit && (Math.abs(line - site.line) <= NEAR || names.has(primitive)),
  );
}

const NEAR = 3;
