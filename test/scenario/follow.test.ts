/** `follow:`: what is known of a function gives way to what the tree has. */

import { expect, test } from 'vitest';
import { observationsIn, simulateFiles } from '../support/simulated.ts';

/** A lock of the tree that locks nothing. */
const TREE = {
  'lock.c': `void spin_lock(spinlock_t *lock) { }
void spin_unlock(spinlock_t *lock) { }
void add(void) { spin_lock(&the_lock); the_count = the_count + 1; spin_unlock(&the_lock); }
`,
};

const scenario = (header: string) => `C count
source: lock.c
${header}
{ spinlock_t the_lock; int the_count = 0; }
P0 { add(); }
P1 { add(); }
never lost "an addition is lost": (the_count = 1)
`;

test('a lock locks, unless its function in the tree is to be followed', async () => {
  expect(await observationsIn({ ...TREE, 't.scenario': scenario('') })).toEqual({ lost: 'Never' });
  const followed = scenario('follow: spin_lock spin_unlock');
  expect(await observationsIn({ ...TREE, 't.scenario': followed })).toEqual({ lost: 'Sometimes' });
});

test('a function that is to be followed has to be there', async () => {
  const { code, warnings } = await simulateFiles({
    ...TREE,
    't.scenario': scenario('follow: spin_lok'),
  });
  expect(code).toBe(2);
  expect(warnings).toEqual(['t.scenario:3: there is no function spin_lok; spin_lock?']);
});
