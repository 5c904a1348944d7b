/** What would hold an invariant that no barrier holds: a wait for a grace period, or a read-side section. */

import { expect, test } from 'vitest';
import { transitionTable } from '../../server/src/proof/transition-table.ts';
import { readText } from '../../server/src/scenario/load-library.ts';
import { linuxSource, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { type Edit, scenarioFile, treeBelow } from '../support/scenario-tree.ts';
import { simulateFiles } from '../support/simulated.ts';

/** A box that somebody looks into while it is taken away. */
const files = (wait: string, before: string, after: string, last = '') => ({
  'box.c': `struct box { int shown; int gone; }; spinlock_t lock;

void take(struct box *b)
{
	WRITE_ONCE(b->shown, 0);
	${wait}
	WRITE_ONCE(b->gone, 1); ${last}
}

int look(struct box *b)
{
	int gone = 0;

	${before}
	if (READ_ONCE(b->shown))
		gone = READ_ONCE(b->gone);
	${after}
	return gone;
}
`,
  't.scenario': `C box
"A box is looked into while it is taken away."
source: box.c
{ struct box the_box = { .shown = 1 }; }
P0 { take(&the_box); }
P1 { gone = look(&the_box); }
never gone "what is gone is looked into": (P1:gone = 1)
`,
});

test.each([
  [
    'a wait, before what must not come too early',
    files('', 'rcu_read_lock();', 'rcu_read_unlock();'),
    /no barrier is enough, but a wait for a grace period is, before what stands there in take\(\) \(box\.c:7\) in P0\n/,
  ],
  [
    'a wait, before the lock in which it must not come too early',
    files('spin_lock(&lock);', 'rcu_read_lock();', 'rcu_read_unlock();', 'spin_unlock(&lock);'),
    /but a wait for a grace period is, before the locks and sections around what stands there in take\(\) \(box\.c:7\) in P0\n/,
  ],
  [
    'a section, where there is a wait',
    files('synchronize_rcu();', '', ''),
    /no barrier is enough, but a read-side section is, around all of look\(\) \(box\.c:15\) in P1\n/,
  ],
  [
    'neither, where both are missing',
    files('', '', ''),
    /no one barrier was found to be enough; several, a wait, a section/,
  ],
])('%s', async (_, code, words) => {
  const { text } = await simulateFiles(code);
  expect(text.replace(/\S*\/(?=box\.c)/g, '')).toMatch(words);
});

test('no section is told around two calls and what is done between them', async () => {
  const code = files('synchronize_rcu();', '', '');
  const peek = 'int peek(struct box *b) { return READ_ONCE(b->shown); }';
  const calls = 'first = look(&the_box); seen = peek(&the_box); gone = look(&the_box);';
  const { text } = await simulateFiles({
    'box.c': `${code['box.c']}${peek}\n`,
    't.scenario': code['t.scenario']
      .replace('gone = look(&the_box);', calls)
      .replace('(P1:gone = 1)', '(P1:first = 1)'),
  });
  expect(text).not.toContain('around all of look()');
});

const linux = linuxSource('6.12');

test.skipIf(linux === undefined).each<readonly [string, string, string, readonly Edit[]]>([
  [
    'wait',
    'reverse-enable-pending',
    'klp_start_transition',
    [
      {
        file: 'kernel/livepatch/transition.c',
        from: /klp_synchronize_transition\(\);(?=\n\n\t\/\*\n\t \* All patching has stopped)/,
        to: '',
      },
    ],
  ],
  [
    'section',
    'reverse-enable-pending',
    'klp_update_patch_state',
    ['preempt_disable_notrace();', 'preempt_enable_notrace();'].map((from) => ({
      file: 'kernel/livepatch/transition.c',
      from,
      to: '',
    })),
  ],
])(`a %s is missing in %s (${WITHOUT_LINUX_6_12})`, (kind, name, where, edits) => {
  const tree = treeBelow(linux!, edits);
  const table = transitionTable([scenarioFile('linux', name)], readText, tree, new Map());
  const remedies = table.answers.flatMap(({ invariants }) =>
    invariants.flatMap(({ remedy }) => remedy() ?? []),
  );
  expect(remedies).toMatchObject([{ kind, at: { function: where } }]);
});
