/** Practice in spare time: it makes way for questions, ends by itself, and nothing of it is seen. */

import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Simulate, TreeTexts } from '../../server/src/language-service/simulate-tree.ts';
import { createRehearsal } from '../../server/src/lsp/rehearsal.ts';

const TEXT = 'void f(void)\n{\n\tx = 1;\n\t/* Order. */\n\tsmp_wmb();\n\ty = 1;\n\tsmp_mb();\n}\n';
const tree: TreeTexts = { root: '/tree', texts: new Map([['f.c', TEXT]]) };

/** Simulations that say what they were asked, and answer when `answer` is called. */
function recorded() {
  const asked: { readonly text: string; readonly signal: AbortSignal }[] = [];
  const waiting: (() => void)[] = [];
  const simulate: Simulate = ({ texts }, signal) => {
    asked.push({ text: texts.get('f.c')!, signal });
    return new Promise((resolve) =>
      waiting.push(() =>
        resolve(signal.aborted ? undefined : { rows: [], violations: [], unanswered: [] }),
      ),
    );
  };
  const settled = () => setTimeout(5);
  const answer = async () => {
    waiting.shift()?.();
    await settled();
  };
  return { asked, answer, settled, create: () => Promise.resolve(simulate) };
}

test('it plays the tree and edits of it, some times over', async () => {
  const { asked, answer, settled, create } = recorded();
  createRehearsal(create, 0).goOn(tree);
  await settled();
  for (let before = -1; before < asked.length; await answer()) before = asked.length;
  const words = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/ ?([{;]) ?/g, '$1');
  const round = [
    TEXT,
    'void f(void) { smp_wmb(); x = 1; /* Order. */ y = 1; smp_mb(); } ',
    TEXT.replace('smp_mb();', ';'),
  ];
  expect(asked.map(({ text }) => words(text))).toEqual(
    [...round, ...round, ...round].map((text) => words(text)),
  );
});

test('it stops when somebody asks, and goes on afterwards', async () => {
  const { asked, answer, settled, create } = recorded();
  const rehearsal = createRehearsal(create, 0);
  rehearsal.goOn(tree);
  await settled();
  rehearsal.pause();
  expect(asked.at(-1)!.signal.aborted).toBe(true);
  await answer();
  const before = asked.length;
  await answer();
  expect(asked).toHaveLength(before);
  rehearsal.goOn(tree);
  await settled();
  expect(asked.length).toBeGreaterThan(before);
  expect(asked.at(-1)!.signal.aborted).toBe(false);
});

test('it waits until nobody has asked for a while', async () => {
  const { asked, create } = recorded();
  const rehearsal = createRehearsal(create, 40);
  rehearsal.goOn(tree);
  await setTimeout(5);
  rehearsal.pause();
  await setTimeout(60);
  expect(asked).toEqual([]);
});

test('where it fails it gives up', async () => {
  let created = 0;
  const rehearsal = createRehearsal(() => {
    created++;
    return Promise.reject(new Error('no grammar'));
  }, 0);
  for (let time = 0; time < 3; time++) {
    rehearsal.goOn(tree);
    await setTimeout(5);
  }
  expect(created).toBe(1);
});
