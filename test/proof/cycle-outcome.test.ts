/** The outcome of a pairing, asked of the real code of two functions: what each barrier removes of it. */

import { describe, expect, test } from 'vitest';
import {
  type AskedProgram,
  askCycle,
  type CycleLegs,
  weakExecutionsOf,
} from '../../server/src/proof/cycle-outcome.ts';
import { fieldNames } from '../../server/src/scenario/field-names.ts';
import { lowerScene, programOf, requestOf } from '../lowering/support/lower-c.ts';

const STRUCT = 'struct box { int data; int flag; int other; };';

/** The two sides as functions of one box: `publish()` stores data, then flag; `consume()` reads the reverse. */
function asked(publish: string, consume: string): AskedProgram {
  const scene = {
    source: `${STRUCT}
void publish(struct box *b) { ${publish} }
int consume(struct box *b) { ${consume} return 0; }`,
    state: 'struct box the_box;',
    threads: ['publish(&the_box);', 'consume(&the_box);'],
    observed: ['the_box.data', 'the_box.flag', 'the_box.other'],
  };
  const lowered = lowerScene(scene);
  expect(lowered.notModelled).toEqual([]);
  const { state, sources } = requestOf(scene);
  return {
    programs: [programOf(lowered, {})],
    sites: lowered.sites,
    names: fieldNames([state, ...sources]),
    unroll: 2,
  };
}

const DATA = new Set(['the_box.data']);
const FLAG = new Set(['the_box.flag']);

const LEGS: CycleLegs = [
  { thread: 0, first: DATA, last: FLAG, kinds: ['write', 'write'] },
  { thread: 1, first: FLAG, last: DATA, kinds: ['read', 'read'] },
];

function answer(publish: string, consume: string, legs = LEGS) {
  const program = asked(publish, consume);
  return askCycle(program, weakExecutionsOf(program, legs), legs);
}

/** The threads which would forbid an outcome that is allowed, if they kept their accesses in order. */
function ordersThatForbid(legs: CycleLegs, publish: string, consume: string): readonly number[] {
  const found = answer(publish, consume, legs);
  if (found.kind !== 'allowed') throw new Error(`the outcome is ${found.kind}`);
  return [0, 1].filter((thread) => found.isForbiddenByOrderIn([thread]));
}

/** The verdicts by primitive; what is not named removes nothing. */
function verdicts(publish: string, consume: string): Readonly<Record<string, string>> {
  const found = answer(publish, consume);
  if (found.kind !== 'forbidden') return { outcome: found.kind };
  return Object.fromEntries(
    found.needs.map(({ group, verdict }) => [group.sites[0]!.primitive, verdict]),
  );
}

const WRITES = 'b->data = 1; smp_wmb(); WRITE_ONCE(b->flag, 1);';

describe('message passing', () => {
  test('both barriers are needed where they stand between', () => {
    const reads = 'if (READ_ONCE(b->flag)) { smp_rmb(); return b->data; }';
    expect(verdicts(WRITES, reads)).toEqual({ smp_wmb: 'needed', smp_rmb: 'needed' });
  });

  test.each([
    ['before both reads', 'smp_rmb(); if (READ_ONCE(b->flag)) return b->data;'],
    ['behind both reads', 'int v = 0; if (READ_ONCE(b->flag)) v = b->data; smp_rmb(); return v;'],
    [
      'on one branch only',
      'int v = READ_ONCE(b->flag); if (v == 2) smp_rmb(); if (v) return b->data;',
    ],
  ])('a read barrier %s does not forbid it', (_, reads) => {
    expect(verdicts(WRITES, reads)).toEqual({ outcome: 'allowed' });
  });

  test('where the reads are not ordered, their order alone would forbid it', () => {
    expect(ordersThatForbid(LEGS, WRITES, 'if (READ_ONCE(b->flag)) return b->data;')).toEqual([1]);
  });

  test('where the reader looks at one flag or another, its order behind both together', () => {
    const writes = 'b->data = 1; smp_wmb(); WRITE_ONCE(b->flag, 1); WRITE_ONCE(b->other, 1);';
    const reads = 'if (READ_ONCE(b->flag) || READ_ONCE(b->other)) return b->data;';
    const flags = new Set([...FLAG, 'the_box.other']);
    const legs: CycleLegs = [
      { ...LEGS[0], last: flags },
      { ...LEGS[1], first: flags },
    ];
    expect(ordersThatForbid(legs, writes, reads)).toEqual([1]);
  });

  test('where neither side is ordered, that of no thread alone', () => {
    const writes = 'b->data = 1; WRITE_ONCE(b->flag, 1);';
    expect(ordersThatForbid(LEGS, writes, 'if (READ_ONCE(b->flag)) return b->data;')).toEqual([]);
  });

  test('a reader that sees the flag never comes to the data: nothing has to be ordered', () => {
    const reads = 'if (!READ_ONCE(b->flag)) { smp_rmb(); return b->data; }';
    expect(verdicts(WRITES, reads)).toEqual({ outcome: 'impossible' });
  });

  test('beside an acquire the read barrier is redundant', () => {
    const reads = 'if (smp_load_acquire(&b->flag)) { smp_rmb(); return b->data; }';
    expect(verdicts(WRITES, reads)).toMatchObject({
      smp_rmb: 'redundant',
      smp_load_acquire: 'redundant',
    });
  });
});

test('what was spent on earlier questions, and on other first values, is not there to be spent again', () => {
  const one = asked(WRITES, 'if (READ_ONCE(b->flag)) { smp_rmb(); return b->data; }');
  const { spent } = weakExecutionsOf(one, LEGS);
  const twice = weakExecutionsOf(
    { ...one, programs: [...one.programs, ...one.programs] },
    LEGS,
    10,
  );
  expect(twice.spent).toBe(10 + 2 * spent);
  const none = weakExecutionsOf(one, LEGS, 6_000).showing(() => true);
  expect(none.unknown([])?.reason).toMatch(/^more than 6000 steps/);
});
