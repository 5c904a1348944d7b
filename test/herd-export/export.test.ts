/** What an exported test says of itself: where each access comes from, and nothing that herd7 refuses to read. */

import { expect, test } from 'vitest';
import { exportScenario } from '../../server/src/herd-export/export-litmus.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { parseText } from '../support/scenario-tree.ts';

const SOURCE = `struct counter { spinlock_t lock; int value; };
void count(struct counter *c)
{
	spin_lock(&c->lock);
	c->value = c->value + 1;
	spin_unlock(&c->lock);
}
`;

const SCENARIO = `C counting
"Two threads count."
source: count.c
{
	struct counter the_counter = { };
	spinlock_t other_lock;
}
stubs {
	void look(void)
	{
		spin_lock(&other_lock);
		spin_unlock(&other_lock);
	}
}
P0 {
	count(&the_counter);
	look();
}
P1 {
	count(&the_counter);
	int seen = READ_ONCE(the_counter.value);
}
never lost "a count is lost": (the_counter.value = 1)
`;

function exported() {
  const { scenario } = loadScenario('t.scenario', () => SCENARIO);
  const tree = { source: () => parseText('count.c', SOURCE), parse: parseText };
  return exportScenario(scenario!, tree, new Map()).flatMap(({ text }) => text ?? []);
}

test('every access and fence has the line that it comes from, in sources, stubs and threads', () => {
  const [text] = exported();
  const events = text!
    .split('\n')
    .filter((line) => /\b(?:spin_\w+|READ_ONCE|WRITE_ONCE)\(/.test(line));
  const places = events.map((line) => / \/\/ (\S+ \w+\(\))$/.exec(line)?.[1]);
  expect(places).toContain('count.c:4 count()');
  expect(places).toContain('t.scenario:11 look()');
  expect(places).toContain('t.scenario:21 P1()');
  expect(places).not.toContain(undefined);
});

test('a lock has a first value and no type: herd7 does not know how large a spinlock_t is', () => {
  const [text] = exported();
  const state = /^\{\n([^}]*)\}/m.exec(text!)![1]!;
  expect(state).toContain('the_counter_lock = 0;');
  expect(state).not.toContain('spinlock_t');
});
