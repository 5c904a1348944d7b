/** Practice in spare time: what will have to be quick after the user's first edit is done some times before. */

import type { Simulate, TreeTexts } from '../language-service/simulate-tree.ts';
import { later } from './later.ts';

export interface Rehearsal {
  /** Somebody waits for an answer: practice stops before its next scenario. */
  readonly pause: () => void;
  /** Nobody waits, and this is a tree that was asked about. */
  readonly goOn: (tree: TreeTexts) => void;
}

/** By then the engine of JavaScript has compiled what takes the time; an edit is answered twice as fast. */
const ROUNDS = 3;

/** Practice begins when nobody has asked for so long: who edits at once is not to share the machine with it. */
export const REST_MS = 2500;

/** `create` gives a simulation that knows nothing yet. What comes out of practice is dropped. */
export function createRehearsal(create: () => Promise<Simulate>, restMs = REST_MS): Rehearsal {
  let left = ROUNDS;
  let running: AbortController | undefined;

  const practise = async (tree: TreeTexts, { signal }: AbortController) => {
    while (left > 0 && !signal.aborted) {
      const simulate = await create();
      for (const each of [tree, ...editedTrees(tree)])
        if (!signal.aborted) await simulate(each, signal);
      if (!signal.aborted) left--;
    }
  };

  return {
    pause: () => running?.abort(),
    goOn(tree) {
      running?.abort();
      if (left === 0) return;
      const own = new AbortController();
      running = own;
      const start = () =>
        practise(tree, own).catch(() => {
          left = 0;
        });
      later(start, restMs);
    },
  };
}

/** Edits of the kind that matters: in each of the trees one file lacks a barrier, or has one somewhere else. */
function editedTrees({ root, texts }: TreeTexts): readonly TreeTexts[] {
  return [...texts].flatMap(([path, text]) =>
    editsOf(text).map((edited) => ({ root, texts: new Map([...texts, [path, edited]]) })),
  );
}

/** The first barrier before its statement, and the last one gone. */
function editsOf(text: string): readonly string[] {
  const barriers = [...text.matchAll(/\bsmp_[rw]?mb\(\);/g)];
  const [first, last] = [barriers[0], barriers.at(-1)];
  if (first === undefined || last === undefined) return [];
  const before = text.slice(0, first.index);
  const end = before.lastIndexOf(';') - 1;
  const start = 1 + Math.max(...[';', '{', '}'].map((last) => before.lastIndexOf(last, end)));
  const moved = `${text.slice(0, start)}${first[0]}${before.slice(start)}`;
  return [
    moved + text.slice(first.index + first[0].length),
    `${text.slice(0, last.index)};${text.slice(last.index + last[0].length)}`,
  ];
}
