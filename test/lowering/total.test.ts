/** The lowering answers whatever it is given, and the same thing each time. */

import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { earlierTree, enabling } from './support/livepatch-scenes.ts';
import { lowerScene, type Scene } from './support/lower-c.ts';

const SCENE: Scene = enabling(
  earlierTree(fileURLToPath(new URL('../livepatch/rfc-v2/', import.meta.url))),
);
const FILES = ['patch.c', 'transition.c', 'core.c', 'livepatch.h'];

/** The scene with a piece of one of its files cut out or doubled. */
function damaged(file: string, at: number, length: number, twice: boolean): Scene {
  const text = SCENE.files![file]!;
  const start = Math.floor(at * text.length);
  const piece = text.slice(start, start + length);
  const changed = text.slice(0, start) + (twice ? piece + piece : '') + text.slice(start + length);
  return { ...SCENE, files: { ...SCENE.files, [file]: changed } };
}

test('damaged sources are lowered as far as they can be read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FILES),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      (file, at, length, twice) => {
        const lowered = lowerScene(damaged(file, at, length, twice));
        expect(lowered.threads.length).toBe(2);
      },
    ),
    { numRuns: 25, verbose: true },
  );
}, 120_000);

test('the same request has the same answer', () => {
  const text = (lowered: Lowered) => JSON.stringify(lowered);
  expect(text(lowerScene(SCENE))).toBe(text(lowerScene(SCENE)));
});

test('where paths double at every step, the lowering stops and says so', () => {
  const exits = Array.from({ length: 24 }, () => 'if (READ_ONCE(x)) { if (READ_ONCE(y)) return; }');
  const scene: Scene = {
    source: `int x, y; void f(void) { ${exits.join(' ')} WRITE_ONCE(x, 2); }`,
    state: 'int x, y;',
    threads: ['f();', 'WRITE_ONCE(x, 1); WRITE_ONCE(y, 1);'],
  };
  const { assumptions } = lowerScene(scene);
  expect(assumptions.map(({ message }) => message)).toContain('more paths than can be followed');
});

test.each([
  ['a function that calls itself twice', 'return f(n - 1) + f(n - 1);'],
  ['loops in loops', 'for (n = 0; n < 200; n++) for (int i = 0; i < 200; i++) g(i); return n;'],
])('and where there is no end of statements: %s', (_, body) => {
  const scene: Scene = {
    source: `int x; void g(int i) { } int f(int n) { if (n < 1) return 0; ${body} }`,
    state: 'int x;',
    threads: ['WRITE_ONCE(x, f(30));'],
    depth: 60,
  };
  const { assumptions } = lowerScene(scene);
  expect(assumptions.map(({ message }) => message)).toContain(
    'more statements than can be followed',
  );
});

test('and where a value is computed of ever more, it is not known', () => {
  const doubling = Array.from({ length: 40 }, () => 'a = a * b + (a ^ b); b = b * a + (b ^ a);');
  const scene: Scene = {
    source: `int x; int f(int a, int b) { ${doubling.join(' ')} return a; }`,
    state: 'int x;',
    threads: ['WRITE_ONCE(x, f(READ_ONCE(x), READ_ONCE(x)));', 'WRITE_ONCE(x, 1);'],
  };
  const { threads } = lowerScene(scene);
  expect(JSON.stringify(threads)).toContain('a value of more operations than can be followed');
});

test.each([
  ['no state', { ...SCENE, state: '' }],
  ['no stubs', { ...SCENE, stubs: '' }],
  ['no sources', { ...SCENE, files: {} }],
  ['no threads', { ...SCENE, threads: [] }],
  ['threads that are no C', { ...SCENE, threads: ['}}}{{{', 'if ('] }],
  ['endless recursion', { source: 'void f(void) { f(); }', threads: ['f();'] }],
  [
    'a macro of itself',
    { source: '#define A B\n#define B A\nint x;', state: 'int x;', threads: ['x = A;'] },
  ],
  [
    'a loop without end',
    { source: 'int x;', state: 'int x;', threads: ['for (;;) x++;', 'x = 1;'] },
  ],
  [
    'pointers that lead ever further',
    {
      source: 'struct n { struct n *next; int v; }; struct n a;',
      state: 'struct n a;',
      threads: [
        'struct n *p = &a; while (1) { p->next = (struct n *)&p->next; p = p->next; }',
        'v = READ_ONCE(a.next);',
      ],
    },
  ],
] as [string, Scene][])('nothing is thrown for %s', (_, scene) => {
  expect(lowerScene(scene).threads.length).toBe(scene.threads.length);
});
