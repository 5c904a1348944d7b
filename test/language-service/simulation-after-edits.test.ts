/** What a simulation says of livepatch after edits is what one says that knows nothing from before them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createSimulation,
  type TreeTexts,
} from '../../server/src/language-service/simulate-tree.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';

const EDITED = ['core', 'patch', 'transition'].map((name) => `kernel/livepatch/${name}.c`);
const HEADERS = ['core', 'patch', 'transition'].map((name) => `kernel/livepatch/${name}.h`);
const FILES = [...EDITED, ...HEADERS, 'include/linux/livepatch.h'];

interface Edit {
  readonly what: string;
  readonly file: string;
  readonly text: string;
}

const BARRIER = /\bsmp_[rw]?mb\(\);/g;
/** A statement without blocks, with the comment before it. */
const NEXT = /^(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*[^;{}]*;/;
const LAST = /[^;{}]*;\s*(?:\/\*(?:[^*]|\*(?!\/))*\*\/\s*)*$/;

/** Each barrier taken away, and the statements around it moved over it. */
function editsOf(file: string, text: string): readonly Edit[] {
  return [...text.matchAll(BARRIER)].flatMap(({ 0: barrier, index }): readonly Edit[] => {
    const [before, after] = [text.slice(0, index), text.slice(index + barrier.length)];
    const line = before.split('\n').length;
    const edit = (what: string, changed: string) => ({
      what: `${file}:${line}: ${what}`,
      file,
      text: changed,
    });
    const [next, last] = [NEXT.exec(after)?.[0], LAST.exec(before)?.[0]];
    return [
      edit(`${barrier} taken away`, before + after),
      ...(next === undefined
        ? []
        : [
            edit(
              `what follows moved before ${barrier}`,
              `${before}${next}${barrier}${after.slice(next.length)}`,
            ),
          ]),
      ...(last === undefined
        ? []
        : [
            edit(
              `what stands before ${barrier} moved behind it`,
              `${before.slice(0, -last.length)}${barrier}${last}${after}`,
            ),
          ]),
    ];
  });
}

/** A small pseudo-random generator, so that a failing run can be repeated from its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** `SEED` and `RUNS` name others. */
const SEED = Number(process.env['SEED'] ?? 20261129);
const RUNS = Number(process.env['RUNS'] ?? 2);

const NEVER = new AbortController().signal;

test.each(KERNELS)(
  `livepatch of $kernel after edits of its barriers: seed ${SEED} ($without)`,
  async ({ kernel }) => {
    const root = linuxSource(kernel);
    if (root === undefined) return;
    const texts = new Map(FILES.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
    const tree: TreeTexts = { root, texts };
    const edits = EDITED.flatMap((file) => editsOf(file, texts.get(file)!));
    const random = randomOf(SEED);
    const simulate = await createSimulation();
    await simulate(tree, NEVER);
    for (let run = 0; run < RUNS; run++) {
      const { what, file, text } = edits[random(edits.length)]!;
      const edited = { root, texts: new Map([...texts, [file, text]]) };
      const anew = await createSimulation();
      const told = plain(await simulate(edited, NEVER));
      expect(told, `seed ${SEED}, run ${run}, ${what}`).toEqual(plain(await anew(edited, NEVER)));
    }
  },
);

/** An answer as plain data: which of its execution's events a step is does not matter, as one that was found before has
 *  the barrier's, too. */
function plain(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value) => (key === 'event' ? undefined : value)));
}
