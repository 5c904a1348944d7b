/** Has the pairings of open files proved after a pause, one at a time. */

import type { Host } from '../language-service/host.ts';
import type { ProofThread } from '../language-service/node-proof-thread.ts';

export interface Solving {
  /** Facts changed: what is open is to be solved again, after a pause. */
  readonly changed: () => void;
  readonly stop: () => void;
}

/** How long the user must pause before pairings are solved again. */
const PAUSE_MS = 150;

/** `focus` gives the open files; `solved` is told the files whose answers changed when nothing is left to do. */
export function createSolving(parts: {
  readonly host: Pick<Host, 'nextProof' | 'proofsLeft' | 'proved'>;
  readonly proofs: ProofThread;
  readonly focus: () => ReadonlySet<string>;
  readonly solved: (files: ReadonlySet<string>) => void;
  /** Told how many proofs are left. */
  readonly left: (count: number) => void;
}): Solving {
  const { host, proofs, focus, solved, left } = parts;
  let stopped = false;
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let touched = new Set<string>();

  const solve = async () => {
    const open = focus();
    for (let next = host.nextProof(open); next !== undefined; next = host.nextProof(open)) {
      left(host.proofsLeft() + 1);
      const answer = await proofs.prove(next);
      if (stopped) return;
      for (const file of host.proved(next, answer)) touched.add(file);
      // Somebody edits: what is left is asked for again after the next pause.
      if (timer !== undefined) return;
    }
    left(0);
    const done = touched;
    touched = new Set();
    if (done.size > 0) solved(done);
  };

  /** A proof that still runs for earlier texts is waited for. */
  const begin = () => {
    timer = undefined;
    if (running) return again();
    running = true;
    void solve().finally(() => {
      running = false;
    });
  };

  const again = () => {
    clearTimeout(timer);
    timer = stopped ? undefined : setTimeout(begin, PAUSE_MS);
  };

  return {
    changed: again,
    stop() {
      stopped = true;
      clearTimeout(timer);
      proofs.stop();
    },
  };
}
