/** Files that are read come to the host in groups: what each group makes stale is found again at once, and the longer that takes, the
 *  longer the next group waits. In between a question costs what it costs when nothing is read. */

import type { Change, Host } from '../language-service/host.ts';
import { later } from './later.ts';

/** What reads a tree gives its files to. */
export interface Groups extends Pick<Host, 'headers' | 'apply' | 'snapshot'> {
  /** Nothing comes any more. */
  readonly stop: () => void;
}

/** A group does not come sooner than that behind the last one. */
const SOONEST_MS = 300;
/** By how many times of what a group took the next one waits: of twenty questions one may have to wait for a group. */
const TIMES = 20;

/** What is applied is held back for the next group; whoever asks for the snapshot has all of it. `came` finds again what a group made stale. */
export function inGroups(host: Host, came: () => void): Groups {
  let held: Change[] = [];
  let nextAt = performance.now() + SOONEST_MS;
  let timer: NodeJS.Timeout | undefined;

  const takeIn = () => {
    clearTimeout(timer);
    timer = undefined;
    if (held.length === 0) return;
    const start = performance.now();
    host.apply(held);
    held = [];
    came();
    const end = performance.now();
    nextAt = end + Math.max(SOONEST_MS, TIMES * (end - start));
  };

  return {
    headers: host.headers,
    apply(changes) {
      held.push(...changes);
      timer ??= later(takeIn, nextAt - performance.now());
    },
    snapshot() {
      takeIn();
      return host.snapshot();
    },
    stop: () => clearTimeout(timer),
  };
}
