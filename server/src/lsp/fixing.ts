/** Checks fixes when they are asked for, in a thread of its own, so that nothing waits for them but the one who asked. */

import type { Action } from '../language-service/actions/action.ts';
import { checkedFixes } from '../language-service/checked-fix.ts';
import type { Host, TablesFor } from '../language-service/host.ts';
import type { ProofThread } from '../language-service/node-proof-thread.ts';
import type { Tree } from '../language-service/tree.ts';
import type { Span } from '../text/span.ts';

export interface Fixing {
  /** The fixes in a range of the present text that were found to mend: as many as the time allows; where the user did not ask,
   *  only those that findings ask for. */
  readonly fixes: (path: string, range: Span, isAsked: boolean) => Promise<readonly Action[]>;
  readonly stop: () => void;
}

/** Longer than this nobody waits for a lamp. */
const MOST_MS = 4000;

/** The texts are those of `host`; fixes that were checked for them are not checked again. */
export function createFixing(
  host: Host,
  { prove, stop }: ProofThread,
  tablesFor: TablesFor,
): Fixing {
  let known: { readonly tree: Tree; readonly found: Map<string, Promise<readonly Action[]>> };
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time: each asks the thread. */
  const inTurn = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    const next = last.then(ask);
    last = next.catch(() => undefined);
    return next;
  };

  return {
    async fixes(path, range, isAsked) {
      const snapshot = host.snapshot();
      const { tree } = snapshot.moment;
      if (known?.tree !== tree) known = { tree, found: new Map() };
      const { found } = known;
      const fixes = snapshot
        .fixes(path, range)
        .filter(({ isOnRequest }) => isAsked || isOnRequest !== true);
      const end = performance.now() + MOST_MS;
      const isWanted = () => performance.now() < end && host.snapshot().moment.tree === tree;
      const key = JSON.stringify(fixes);
      const checked =
        found.get(key) ?? inTurn(() => checkedFixes(host, fixes, { prove, isWanted, tablesFor }));
      found.set(key, checked);
      const actions = await checked;
      // What was broken off is asked again.
      if (!isWanted()) found.delete(key);
      return host.snapshot().moment.tree === tree ? actions : [];
    },
    stop,
  };
}
