/** Checks fixes when they are asked for, in a thread of its own, so that nothing waits for them but the one who asked. */

import type { Action } from '../language-service/actions/action.ts';
import { checkedFix } from '../language-service/checked-fix.ts';
import type { Host } from '../language-service/host.ts';
import type { ProofThread } from '../language-service/node-proof-thread.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { Span } from '../text/span.ts';

export interface Fixing {
  /** The fixes in a range of the present text that were found to mend: as many as the time allows. */
  readonly fixes: (path: string, range: Span) => Promise<readonly Action[]>;
  readonly stop: () => void;
}

/** Longer than this nobody waits for a lamp. */
const MOST_MS = 4000;

/** The texts are those of `host`; a fix that was checked for them is not checked again. */
export function createFixing(host: Host, proofs: ProofThread): Fixing {
  let known: {
    readonly snapshot: Snapshot;
    readonly fixes: Map<string, Promise<Action | undefined>>;
  };
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time: each asks the thread. */
  const inTurn = (check: () => Promise<Action | undefined>): Promise<Action | undefined> => {
    const next = last.then(check);
    last = next.catch(() => undefined);
    return next;
  };

  return {
    async fixes(path, range) {
      const snapshot = host.snapshot();
      if (known?.snapshot.moment.tree !== snapshot.moment.tree)
        known = { snapshot, fixes: new Map() };
      const { fixes } = known;
      const end = performance.now() + MOST_MS;
      const isWanted = () =>
        performance.now() < end && host.snapshot().moment.tree === snapshot.moment.tree;
      const found: Action[] = [];
      for (const fix of snapshot.fixes(path, range)) {
        const key = JSON.stringify(fix);
        const checked =
          fixes.get(key) ?? inTurn(() => checkedFix(host, fix, proofs.prove, isWanted));
        fixes.set(key, checked);
        const action = await checked;
        // What was broken off is asked again.
        if (action === undefined && !isWanted()) fixes.delete(key);
        if (action !== undefined && isWanted()) found.push(action);
      }
      return found;
    },
    stop: proofs.stop,
  };
}
