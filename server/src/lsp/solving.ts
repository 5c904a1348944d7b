/** Has the pairings of open files proved after a pause, one at a time. */

import type { Host } from '../language-service/host.ts';
import type { ProofThread } from '../language-service/node-proof-thread.ts';
import type { ProofPass } from '../language-service/verdicts.ts';

export interface Solving {
  /** Facts changed: what is open is to be solved again, after a pause. */
  readonly changed: () => void;
  /** More files were read: now and then what is open is solved with them, the rarer the longer it takes to look for that. */
  readonly cameMore: () => void;
  readonly stop: () => void;
}

/** How long the user must pause before pairings are solved again. */
const PAUSE_MS = 150;
/** How long it is not looked again for what more files bring, at least, and by how many times what a look took. */
const LOOK_AGAIN_MS = 500;
const LOOK_AGAIN_TIMES = 10;
/** How long answers wait to be shown. */
const SHOWN_MS = 500;

/** `focus` gives the open files; `solved` is told the files whose answers changed when nothing is left to do. */
export function createSolving(parts: {
  readonly host: Pick<Host, 'nextProof' | 'proofsLeft' | 'proved'>;
  readonly proofs: ProofThread;
  readonly focus: () => ReadonlySet<string>;
  readonly solved: (files: ReadonlySet<string>) => void;
  /** Told that some answers are there, and more wait; twice a second at most. */
  readonly someSolved: () => void;
  /** Told how many proofs are left. */
  readonly left: (count: number) => void;
}): Solving {
  const { host, proofs, focus, solved, someSolved, left } = parts;
  let stopped = false;
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let touched = new Set<string>();
  let lookAgainAt = 0;

  /** Does what others wait for meanwhile. */
  const holding = <Result>(act: () => Result): Result => {
    const start = performance.now();
    const result = act();
    const end = performance.now();
    lookAgainAt = end + Math.max(LOOK_AGAIN_MS, LOOK_AGAIN_TIMES * (end - start));
    return result;
  };

  const solve = async (pass: ProofPass) => {
    const open = focus();
    let shownAt = performance.now();
    for (
      let next = holding(() => host.nextProof(open, pass));
      next !== undefined;
      next = host.nextProof(open, pass)
    ) {
      left(host.proofsLeft() + 1);
      const answer = await proofs.prove(next);
      if (stopped) return;
      for (const file of host.proved(next, answer)) touched.add(file);
      if (performance.now() - shownAt > SHOWN_MS) {
        someSolved();
        shownAt = performance.now();
      }
      // Somebody edits: what is left is asked for again after the next pause.
      if (timer !== undefined) return;
    }
    left(0);
    const done = touched;
    touched = new Set();
    if (done.size > 0) holding(() => solved(done));
  };

  /** A proof that still runs for earlier texts is waited for. */
  const begin = (pass: ProofPass) => {
    timer = undefined;
    if (running) return again();
    running = true;
    void solve(pass).finally(() => {
      running = false;
    });
  };

  const again = () => {
    clearTimeout(timer);
    timer = stopped ? undefined : setTimeout(begin, PAUSE_MS, { isOfBarriers: false });
  };

  return {
    changed: again,
    cameMore() {
      const isTime = !running && timer === undefined && performance.now() >= lookAgainAt;
      if (isTime && !stopped) begin({ isOfBarriers: true });
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      proofs.stop();
    },
  };
}
