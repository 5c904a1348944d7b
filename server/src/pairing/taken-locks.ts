/** Whether a function takes a lock: what it reads then it need not order itself. */

import { type Access, fieldName } from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { looksLikeLock } from '../kernel/lock-names.ts';
import type { Span } from '../text/span.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOf } from './met-orders.ts';

/** A wait that is called with a lock, gives it back and takes it again. */
const LOCKED_WAIT = /^wait_event\w*_lock_irq/;

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
  const met = sitesOfFunction(facts, fact.name).filter(isBefore);
  if (met.some(({ primitive }) => LOCKED_WAIT.test(primitive))) return undefined;
  const sites = met.filter(({ category }) => category === 'lock');
  const isSite = ({ span }: { readonly span: Span }) =>
    sites.some((site) => site.span.start === span.start);
  if (fact.callSites.some((call) => isBefore(call) && looksLikeLock(call.name) && !isSite(call)))
    return undefined;
  const names = sites.map(({ own }) => own && lockName(own));
  return names.includes(undefined) ? undefined : new Set(names.map(String));
}

/** Those of them that it gives back nowhere. */
export function locksKept(
  of: PlacedFunction,
  sources: FunctionsOf,
): ReadonlySet<string> | undefined {
  const taken = locksTaken(of, sources);
  const facts = sources.facts(of.file);
  if (taken === undefined || facts === undefined) return undefined;
  const given = sitesOfFunction(facts, of.fact.name).flatMap(({ category, own }) =>
    category === 'unlock' && own !== undefined ? (lockName(own) ?? []) : [],
  );
  return new Set([...taken].filter((lock) => !given.includes(lock)));
}

/** Undefined for a lock in what nothing is known of. */
function lockName({ field }: Access): string | undefined {
  return field.struct === '?' ? undefined : fieldName(field);
}
