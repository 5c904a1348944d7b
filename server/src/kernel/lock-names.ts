/** What takes and gives back locks, by how the kernel names its functions: also those that nobody has listed. */

import { primitive } from './primitives.ts';

const LOCK = /(?:^|_)(?:lock|down|down_read|down_write)(?:_|$)/i;
const UNLOCK = /unlock|(?:^|_)up(?:_|$)/i;
const INITIALISATION = /(?:^|_)init(?:_|$)/i;

/** Whether a function of that name takes a lock. RCU's readers keep nobody away. */
export function looksLikeLock(name: string): boolean {
  return (
    LOCK.test(name) &&
    !UNLOCK.test(name) &&
    !INITIALISATION.test(name) &&
    !name.startsWith('rcu') &&
    primitive(name)?.category !== 'rcu-reader'
  );
}

/** Whether a function of that name gives a lock back. */
export function looksLikeUnlock(name: string): boolean {
  return UNLOCK.test(name);
}
