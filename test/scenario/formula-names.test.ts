/** What a formula may name: a variable that is there at the end of its thread, a place that holds one value. */

import { describe, expect, test } from 'vitest';
import { observationsIn, simulateFiles } from '../support/simulated.ts';

const BOX = `#define BOX_SLOTS 4
struct lid { int shut; };
struct box { int full; struct lid lid; int slots[BOX_SLOTS]; };
void box_fill(struct box *b) { WRITE_ONCE(b->slots[3], 7); smp_store_release(&b->full, 1); }
int box_look(struct box *b) { return smp_load_acquire(&b->full) ? READ_ONCE(b->slots[3]) : -1; }
`;

/** A thread that fills the box, and another; each formula is an invariant of its own. */
const files = (statements: string, ...formulas: readonly string[]) => ({
  'box.c': BOX,
  't.scenario': `C box
source: box.c
{ struct box the_box = { .slots = { 1, 2, 3, 4 } }; int other = 5; }
P0 { box_fill(&the_box); done = 1; }
P1 { ${statements} }
${formulas.map((formula, at) => `never n${at} "": (${formula})`).join('\n')}
`,
});

async function told(statements: string, formula: string): Promise<readonly string[]> {
  const { code, warnings } = await simulateFiles(files(statements, formula));
  expect(code).toBe(2);
  return warnings;
}

describe('what cannot be seen is told with its line', () => {
  const hidden =
    'P1 has no variable seen at its end: what an inner block declares, or "static", is no register';
  test.each([
    ['{ int seen; seen = box_look(&the_box); }', hidden],
    ['if (1) { int seen = 3; other = seen; }', hidden],
    ['for (int seen = 0; seen < 2; seen++) other = seen;', hidden],
    ['static int seen = 3; seen = 4;', hidden],
    ['other = ({ int seen = 3; seen; });', hidden],
    ['struct lid seen = the_box.lid;', 'P1:seen is a struct: assign what is asked of it'],
    ['int seen[2] = { 1, 2 };', 'P1:seen is an array: assign what is asked of it'],
    ['int seen = 1; int seen = 2;', 'seen is declared twice'],
    ['seen = 1; int seen = 2;', 'seen is declared twice, or behind its first use'],
  ])('a variable: %s', async (statements, message) => {
    expect((await told(statements, 'P1:seen = 0'))[0]).toContain(message);
  });

  test.each([
    ['other', '6: P1 has no variable other of its own: what it assigns is an object'],
    ['box_look', '5: box_look is a function, and is not assigned to'],
  ])('what is assigned is no variable: %s', async (name, message) => {
    expect(await told(`${name} = 1;`, `P1:${name} = 0`)).toEqual([`t.scenario:${message}`]);
  });

  test.each([
    ['the_box.slots[4] = 0', 'the_box.slots has 4 elements, and no [4]; the_box.slots[3]?'],
    ['the_box.slots[BOX_SLOTS] = 0', 'the_box.slots has 4 elements, and no [4]'],
    ['other = the_box.slots[9]', 'the_box.slots has 4 elements, and no [9]'],
    ['the_box.slots[-1] = 0', 'there is no element -1'],
    ['the_box.slots[other] = 0', 'other is no constant'],
    ['the_box.slots[BOX_SLOT - 1] = 4', 'BOX_SLOT is no constant; BOX_SLOTS?'],
    ['the_box.slots[1 = 0', 'expected "]" in the formula'],
    ['the_box = 0', 'the_box is a struct: a formula can speak of one member of it'],
    ['other = the_box', 'the_box is a struct'],
    ['the_box.lid != 0', 'the_box.lid is a struct'],
    ['the_box.slots = 1', 'the_box.slots is an array'],
    ['other = &the_box.slots[5]', 'the_box.slots has 4 elements, and no [5]'],
  ])('a place: %s', async (formula, message) => {
    const [first, ...others] = await told('seen = box_look(&the_box);', formula);
    expect(first).toContain(`t.scenario:6: ${message}`);
    expect(others).toEqual([]);
  });
});

describe('what can never be so, by a slip, is told', () => {
  const RACK = `enum rack_state { RACK_FREE, RACK_TAKEN };
enum rack_bits { RACK_OPEN, RACK_SHUT };
#define RACK_MOST 1
struct rack { spinlock_t lock; atomic_t users; refcount_t refs; enum rack_state state; u8 kind : 3; char label; };
void rack_take(struct rack *r) { spin_lock(&r->lock); r->state = RACK_TAKEN; spin_unlock(&r->lock); }
`;
  const rack = (formula: string) => ({
    'rack.c': RACK,
    't.scenario': `C rack
source: rack.c
{ struct rack the_rack = { .label = 'a' }; }
P0 { rack_take(&the_rack); done = 1; }
P1 { seen = READ_ONCE(the_rack.state); }
never n0 "": (${formula})
`,
  });
  test.each([
    ['P1:seen = 0 /\\ P1:seen = 1', 'this never holds together with P1:seen = 0'],
    [
      'P1:seen = 1 /\\ (P0:done = 1 /\\ ~(P1:seen = 1))',
      'this never holds together with P1:seen = 1',
    ],
    ['P1:seen != 1 /\\ P1:seen = 1', 'this never holds together with P1:seen != 1'],
    [
      'P0:done = 1 \\/ (P1:seen = 0 /\\ P1:seen = RACK_TAKEN)',
      'this never holds together with P1:seen = 0',
    ],
    [
      'not (the_rack.state = 1 => the_rack.state != 0)',
      'this never holds together with the_rack.state = 1',
    ],
    [
      'the_rack.state = RACK_SHUT',
      'the_rack.state is of type enum rack_state, and RACK_SHUT one of enum rack_bits',
    ],
    ['the_rack.users.count = 1', 'no member count of atomic_t; counter?'],
    ['the_rack.refs.count = 1', 'no member count of refcount_t; refs?'],
    [
      'the_rack.lock = 1',
      'the_rack.lock is of type spinlock_t, and nothing that a formula compares',
    ],
    ['the_rack.kind = 8', 'the_rack.kind is of type unsigned char:3, which has no value 8'],
    ["the_rack.label = 'ab'", "'ab' has several characters, and is no number"],
    ['P1:seen =! 0', '"=!" is written "!="'],
    ['P1:seen < 1', 'a formula compares by "=" and "!=": assign what else is asked to a variable'],
    ['P1:seen = 0 and P0:done = 1', '"and" is written /\\ in a formula'],
    ['P1:seen = 0 or P0:done = 1', '"or" is written \\/ in a formula'],
    ['p1:seen = 0', 'there is no thread p1; P1?'],
    ['reader:seen = 0', 'there is no thread reader'],
  ])('%s', async (formula, message) => {
    const { code, warnings } = await simulateFiles(rack(formula));
    expect([code, warnings]).toEqual([2, [`t.scenario:6: ${message}`]]);
  });

  test.each([
    ['P1:seen = 0 \\/ P1:seen = 1', 'Sometimes'],
    ['P1:seen = 0 => P1:seen = 1', 'Sometimes'],
    ['not (P1:seen = 0 /\\ P0:done = 0) /\\ not (P1:seen = 1)', 'Sometimes'],
    ['P1:seen != 0 /\\ P1:seen != 2 /\\ the_rack.state = 1', 'Sometimes'],
    [
      'the_rack.state != RACK_MOST \\/ the_rack.users.counter = 1 \\/ the_rack.refs.refs.counter = 1',
      'Never',
    ],
    ["the_rack.label = '\\141' /\\ the_rack.label = 'a'", 'Sometimes'],
  ])('but not %s', async (formula, observation) => {
    expect(await observationsIn(rack(formula))).toEqual({ n0: observation });
  });
});

test('an index is what C makes of it', async () => {
  const found = await observationsIn(
    files(
      'int i = 3; p = &the_box.slots[i]; seen = box_look(&the_box);',
      'P0:done = 1 /\\ the_box.slots[BOX_SLOTS - 1] = 7',
      'the_box.slots[ 1 << 1 ] != 3',
      'P1:p = &the_box.slots[BOX_SLOTS-1]',
      'P1:p = &the_box.slots[4]',
    ),
  );
  expect(found).toEqual({ n0: 'Sometimes', n1: 'Never', n2: 'Sometimes', n3: 'Never' });
});

test('what is set in an inner block, and declared outside of it, is seen', async () => {
  const found = await observationsIn(
    files('int seen; { int own = 3; seen = own; } { int seen = 9; other = seen; }', 'P1:seen != 3'),
  );
  expect(found).toEqual({ n0: 'Never' });
});

describe('a variable that is not set is nothing that is known, and no 0', () => {
  test.each([
    ['on no path', 'int seen;', 'unknown'],
    ['in what is never come to', 'if (0) seen = 1;', 'unknown'],
    ['on one path only', 'if (READ_ONCE(the_box.full)) seen = 1;', 'Sometimes'],
  ])('%s', async (_, statements, another) => {
    const scenario = files(
      `${statements} sure = 3;`,
      'P1:seen = 0',
      'P1:seen != 0',
      'P1:sure = 3 /\\ P1:seen = 0',
      'P1:sure = 4',
      'P1:sure = 3',
    );
    expect(await observationsIn(scenario)).toEqual({
      n0: 'unknown',
      n1: another,
      n2: 'unknown',
      n3: 'Never',
      n4: 'Sometimes',
    });
    const { text } = await simulateFiles(scenario);
    expect(text).toMatch(
      /n0 +unknown: \S*t\.scenario:5: .*not set matters where seen is asked for/,
    );
  });
});
