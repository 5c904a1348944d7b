/** The lowering answers whatever it is given, and the same thing each time. */

import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { earlierTree, enabling } from './support/livepatch-scenes.ts';
import { lowerScene, observe, type Scene } from './support/lower-c.ts';

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
});

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

describe('ever more preprocessor lines cost what they are, and what is not followed is said', () => {
  const many = (lines: string, times: number) => `${lines}\n`.repeat(times);
  const scene = (source: string): Scene => ({
    source: `${source}int f(void) { return A; }`,
    threads: ['v = f();'],
  });

  test.each([
    ['nested deeply', `#define A 7\n${many('#if A', 30_000)}${many('#endif', 30_000)}`],
    ['definitions for want of another one', many('#ifndef A\n#define A 7\n#endif', 60)],
    ['taken back as often', `${many('#define A 1\n#undef A', 20_000)}#define A 7\n`],
    ['that follow each other', `#define A 7\n${many('#ifdef A\n#define A 7\n#endif', 10_000)}`],
  ])('%s', (_, source) => {
    expect(observe(scene(source), { '0:v': 7 })).toBe('Always');
  });

  test.each([
    [
      'definitions for want of another one, of which all but the first are left out',
      many('#ifndef A\n#define A 7\n#endif', 10_000),
      'more than 64 definitions of one macro that are left out',
    ],
    [
      'that each rest on those before',
      many('#if defined(A) && B\n#define A 7\n#endif', 200),
      'more than 64 definitions of one macro that are left out',
    ],
    [
      'in what is nested too deeply',
      `${many('#if 1', 300)}#define A 7\n${many('#endif', 300)}`,
      '#if nested more than 256 deep',
    ],
  ])('%s', (_, source, reason) => {
    const messages = lowerScene(scene(source)).notModelled.map(({ message }) => message);
    expect(messages).toContain(reason);
  });
});
