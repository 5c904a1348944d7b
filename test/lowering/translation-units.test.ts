/** Names of a `.c` file mean there what it says itself, whatever other files of the scenario call by the same names (C11 6.2.1). */

import { expect, test } from 'vitest';
import { observe, type Scene } from './support/lower-c.ts';

const BODY =
  'T t = 70000; struct s v = { 1, 2 }; return A + B * 2 + t * 100 + sizeof(struct s) + v.y + help() + g + K;';

/** Compiled by gcc as two files, these return 4431 and 446476. */
const scene: Scene = {
  files: {
    'a.c': `enum { A = 1, B }; typedef unsigned char T; struct s { int x; int y; }; static int help(void) { return 1; }
static int g = 10;
#define K 5
int fa(void) { ${BODY.replace('70000', '300')} }`,
    'b.c': `enum { A = 7, B }; typedef unsigned short T; struct s { long y; long x; char z; }; static int help(void) { return 2; }
static int g = 20;
#define K 6
int fb(void) { ${BODY} }`,
  },
  threads: ['p = fa(); q = fb();'],
};

test('enumerators, types, members, functions, objects and macros of two files', () => {
  expect(observe(scene, { '0:p': 4431, '0:q': 446476 })).toBe('Always');
});

test('what one file gives to the other is of the type that it has there', () => {
  const passed: Scene = {
    files: {
      'a.c': 'typedef unsigned char T; T give(int x) { return x; }',
      'b.c': 'typedef unsigned short T; int take(void) { return give(0x1ff) + (T)0x10001; }',
    },
    threads: ['v = take();'],
  };
  expect(observe(passed, { '0:v': 256 })).toBe('Always');
});
