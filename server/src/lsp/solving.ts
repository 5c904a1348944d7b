/** Has the pairings of open files proved after a pause, one at a time. */

import type { Host } from '../language-service/host.ts';
import type { ProofThread } from '../language-service/node-proof-thread.ts';
import type { ProofPass } from '../language-service/verdicts.ts';
import type { Progress } from './reading.ts';

export interface Solving {
  /** Facts changed: what is open is to be solved again, after a pause. */
  readonly changed: () => void;
  /** More files were read: what they bring is solved with what is left. */
  readonly cameMore: () => void;
  readonly stop: () => void;
}

/** How long the user must pause before pairings are solved again. */
const PAUSE_MS = 150;
/** How long answers wait to be shown. */
const SHOWN_MS = 500;

/** `focus` gives the open files; `solved` is told the files whose answers changed when nothing is left to do. */
export function createSolving(parts: {
  readonly host: Pick<Host, 'nextProof' | 'proofsLeft' | 'proved'>;
  readonly proofs: ProofThread;
  readonly focus: () => ReadonlySet<string>;
  /** While a file is opened nothing is proved, for it would have to be proved again; while more files come, nothing that functions do
   *  without a barrier. */
  readonly progress: () => Progress;
  readonly solved: (files: ReadonlySet<string>) => void;
  /** Told that some answers are there, and more wait; twice a second at most. */
  readonly someSolved: () => void;
  /** Told how many proofs are left. */
  readonly left: (count: number) => void;
}): Solving {
  const { host, proofs, focus, progress, solved, someSolved, left } = parts;
  let stopped = false;
  let running = false;
  let isMore = false;
  let timer: NodeJS.Timeout | undefined;
  let touched = new Set<string>();

  const solve = async () => {
    const open = focus();
    const pass: ProofPass = { isOfBarriers: progress() !== 'read' };
    let shownAt = performance.now();
    for (
      let next = host.nextProof(open, pass);
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
      // Somebody edits, or more is known: what is left is asked for again, after the next pause or at once.
      if (timer !== undefined || isMore) return;
    }
    left(0);
    const done = touched;
    touched = new Set();
    if (done.size > 0) solved(done);
  };

  /** A proof that still runs for earlier texts is waited for, and what an opened file asks for first. */
  const begin = () => {
    timer = undefined;
    if (running || progress() === 'opening') return again();
    running = true;
    isMore = false;
    void solve().finally(() => {
      running = false;
      if (isMore) solveMore();
    });
  };

  const again = () => {
    clearTimeout(timer);
    timer = stopped ? undefined : setTimeout(begin, PAUSE_MS);
  };

  const solveMore = () => {
    isMore = running;
    if (!running && timer === undefined && !stopped) begin();
  };

  return {
    changed: again,
    cameMore: solveMore,
    stop() {
      stopped = true;
      clearTimeout(timer);
      proofs.stop();
    },
  };
}
