/** Whether a function takes a lock: what it reads then it need not order itself. */

import type { FileFacts, Site } from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { primitive } from '../kernel/primitives.ts';
import type { Span } from '../text/span.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOf } from './met-orders.ts';

const LOCK = /(?:^|_)(?:lock|down|down_read|down_write)(?:_|$)/;

const lockers = new WeakMap<FileFacts, ReadonlyMap<string, readonly Site[]>>();

/** Whether a function takes a lock, or calls what looks so, before it comes to `until`; a function of a file that is not known may. */
export function isLocking(
  { file, fact }: PlacedFunction,
  sources: FunctionsOf,
  until = Number.POSITIVE_INFINITY,
): boolean {
  const facts = sources.facts(file);
  if (facts === undefined) return true;
  const known =
    lockers.get(facts) ??
    grouped(
      facts.sites.filter(({ category }) => category === 'lock'),
      (site) => [site.function],
    );
  lockers.set(facts, known);
  const isBefore = ({ span }: { readonly span: Span }) => span.start < until;
  return (
    (known.get(fact.name)?.some(isBefore) ?? false) ||
    fact.callSites.some((call) => isBefore(call) && looksLikeLock(call.name))
  );
}

/** RCU's readers keep nobody away. */
function looksLikeLock(name: string): boolean {
  return LOCK.test(name) && primitive(name)?.category !== 'rcu-reader';
}
