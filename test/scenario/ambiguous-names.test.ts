/** A name that two `.c` files of a scenario have each for itself means nothing in the scenario, and that is told (C11 6.2.2). */

import { expect, test } from 'vitest';
import { simulateFiles } from '../support/simulated.ts';

const A = `
struct s { int x; int y; };
enum { ON = 1 };
typedef unsigned char t;
#define STEP 2
static int seen;
static int help(struct s *p) { return p->x; }
int take(struct s *p) { seen = ON; return help(p) + STEP; }
`;

const B = `
struct s { long y; short x; };
enum { ON = 7 };
typedef unsigned short t;
#define STEP 3
static int seen;
static long help(struct s *p) { return p->y; }
int give(struct s *p) { seen = ON; return help(p) + STEP; }
`;

async function told(state: string, body: string, formula: string, b = B) {
  const scenario = `C two\nsource: a.c b.c\n{\n\t${state};\n\tint other;\n}\nP0 { r = 1; ${body} }\nnever n "n": (${formula})\n`;
  const { warnings } = await simulateFiles({ 'a.c': A, 'b.c': b, 't.scenario': scenario });
  return warnings;
}

test.each([
  ['struct s v', '', 'P0:r = 2', 4, 'struct s'],
  ['t v', '', 'P0:r = 2', 4, 't'],
  ['int v = ON', '', 'P0:r = 2', 4, 'ON'],
  ['int v', 'r = ON;', 'P0:r = 2', 7, 'ON'],
  ['int v', 'r = STEP;', 'P0:r = 2', 7, 'STEP'],
  ['int v', 'r = help(0);', 'P0:r = 2', 7, 'help'],
  ['int v', 'r = seen;', 'P0:r = 2', 7, 'seen'],
  ['int v', 'r = ((struct s *)0) == 0;', 'P0:r = 2', 7, 'struct s'],
  ['int v', 't x = 3; r = x;', 'P0:r = 2', 7, 't'],
  ['int v', '', 'P0:r = ON', 8, 'ON'],
  ['int v', '', 'P0:r = ON + 1', 8, 'ON'],
])('%s; %s %s', async (state, body, formula, line, name) => {
  expect(await told(state, body, formula)).toEqual([
    `t.scenario:${line}: ${name} is one thing in a.c, another in b.c`,
  ]);
});

test('a name that means the same in both, is local, or is what one file has for all, is no mistake', async () => {
  const same = B.replace('= 7', '= 1').replace('STEP 3', 'STEP 2');
  expect(await told('int v = ON', 'r = STEP;', 'P0:r = ON', same)).toEqual([]);
  expect(
    await told('int v', 'enum { ON = 4 }; typedef char t; t x = ON; r = x;', 'P0:r = 4'),
  ).toEqual([]);
  expect(await told('int v', 'r = give(0) + take(0);', 'P0:r = 4')).toEqual([]);
});
