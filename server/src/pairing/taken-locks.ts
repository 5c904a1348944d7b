/** Whether a function takes a lock: what it reads then it need not order itself. */

import type { FileFacts } from '../facts/file-facts.ts';
import { primitive } from '../kernel/primitives.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOf } from './met-orders.ts';

const LOCK = /(?:^|_)(?:lock|down|down_read|down_write)(?:_|$)/;

const lockers = new WeakMap<FileFacts, ReadonlySet<string>>();

/** Whether a function takes a lock, or calls what looks so; a function of a file that is not known may. */
export function isLocking({ file, fact }: PlacedFunction, sources: FunctionsOf): boolean {
  const facts = sources.facts(file);
  if (facts === undefined) return true;
  const known =
    lockers.get(facts) ??
    new Set(facts.sites.filter(({ category }) => category === 'lock').map((site) => site.function));
  lockers.set(facts, known);
  return known.has(fact.name) || fact.calls.some(looksLikeLock);
}

/** RCU's readers keep nobody away. */
function looksLikeLock(name: string): boolean {
  return LOCK.test(name) && primitive(name)?.category !== 'rcu-reader';
}
