/** Solves the pairings of open files after a pause, one at a time, so that no question waits for more than one. */

import type { Host } from '../language-service/host.ts';

export interface Solving {
  /** Facts changed: what is open is to be solved again, after a pause. */
  readonly changed: () => void;
  readonly stop: () => void;
}

/** How long the user must pause before pairings are solved again. */
const PAUSE_MS = 150;

/** `focus` gives the open files; `solved` is told the files whose answers changed when nothing is left to do. */
export function createSolving(
  host: Host,
  focus: () => ReadonlySet<string>,
  solved: (files: ReadonlySet<string>) => void,
): Solving {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const solve = () => {
    timer = undefined;
    const open = focus();
    const touched = new Set<string>();
    const slice = () => {
      if (stopped || timer !== undefined) return;
      const files = host.work(open);
      if (files === undefined) {
        if (touched.size > 0) solved(touched);
        return;
      }
      for (const file of files) touched.add(file);
      setImmediate(slice);
    };
    slice();
  };

  return {
    changed() {
      clearTimeout(timer);
      timer = stopped ? undefined : setTimeout(solve, PAUSE_MS);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
