/** Whether a function takes a lock: what it reads then it need not order itself. */

import { type Access, type FileFacts, fieldName, type Site } from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { looksLikeLock } from '../kernel/lock-names.ts';
import type { Span } from '../text/span.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOf } from './met-orders.ts';

/** A wait that is called with a lock, gives it back and takes it again. */
const LOCKED_WAIT = /^wait_event\w*_lock_irq/;

const lockSites = new WeakMap<FileFacts, ReadonlyMap<string, readonly Site[]>>();

/** Whether a function takes a lock, or calls what looks so, before it comes to `until`; a function of a file that is not known may. */
export function isLocking(
  of: PlacedFunction,
  sources: FunctionsOf,
  until = Number.POSITIVE_INFINITY,
): boolean {
  const locks = locksTaken(of, sources, until);
  return locks === undefined || locks.size > 0;
}

/** The locks that a function takes before it comes to `until`, by the names of their fields and variables; undefined where it
 *  may take one of which nothing else is known. */
export function locksTaken(
  { file, fact }: PlacedFunction,
  sources: FunctionsOf,
  until = Number.POSITIVE_INFINITY,
): ReadonlySet<string> | undefined {
  const facts = sources.facts(file);
  if (facts === undefined) return undefined;
  const isBefore = ({ span }: { readonly span: Span }) => span.start < until;
  const sites = (lockSitesOf(facts).get(fact.name) ?? []).filter(isBefore);
  const isSite = ({ span }: { readonly span: Span }) =>
    sites.some((site) => site.span.start === span.start);
  if (fact.callSites.some((call) => isBefore(call) && looksLikeLock(call.name) && !isSite(call)))
    return undefined;
  const isWithLock = (site: Site) =>
    site.function === fact.name && isBefore(site) && LOCKED_WAIT.test(site.primitive);
  if (facts.sites.some(isWithLock)) return undefined;
  const names = sites.map(({ own }) => own && lockName(own));
  return names.includes(undefined) ? undefined : new Set(names.map(String));
}

function lockSitesOf(facts: FileFacts): ReadonlyMap<string, readonly Site[]> {
  const known =
    lockSites.get(facts) ??
    grouped(
      facts.sites.filter(({ category }) => category === 'lock'),
      (site) => [site.function],
    );
  lockSites.set(facts, known);
  return known;
}

/** Undefined for a lock in what nothing is known of. */
function lockName({ field }: Access): string | undefined {
  return field.struct === '?' ? undefined : fieldName(field);
}
