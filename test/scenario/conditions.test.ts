/** `when:` and `unless:`: what of an included file counts is for the tree to say. */

import { expect, test } from 'vitest';
import { observationsIn, simulateFiles } from '../support/simulated.ts';

/** A buffer that is filled and looked into, its state named as in one of two versions of the tree. */
const tree = (full: string, fence: string) => ({
  'box.h': `#define ${full} 7\nstruct box { int data; int state; };\n`,
  'box.c': `void fill(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	${fence};
	WRITE_ONCE(b->state, ${full});
}
`,
});

const SCENARIO = `C box
"A box is filled while somebody looks."
source: box.h box.c
include: older.scenario newer.scenario
{ struct box the_box = { .data = 0 }; }
P0 { fill(&the_box); }
P1 { seen = READ_ONCE(the_box.state); smp_rmb(); data = READ_ONCE(the_box.data); }
never half "full and empty": (P1:seen = BOX_IS_FULL /\\ P1:data = 0)
never full "full": (P1:seen = 7)
`;

const SCENARIOS = {
  'older.scenario': `// Its name was another one.
unless: BOX_IS_FULL
stubs {
	#define BOX_IS_FULL FULL
}
`,
  'newer.scenario': `when: BOX_IS_FULL fill
include: ordered.scenario
`,
  'ordered.scenario': 'stubs { void box_fence(void) { smp_wmb(); } }\n',
  't.scenario': SCENARIO,
};

test('a file counts unless the tree defines the name', async () => {
  const files = { ...tree('FULL', 'smp_wmb()'), ...SCENARIOS };
  expect(await observationsIn(files)).toEqual({ half: 'Never', full: 'Sometimes' });
});

test('a file counts, with what it includes, when the tree defines all of its names', async () => {
  const newer = { ...tree('BOX_IS_FULL', 'box_fence()'), ...SCENARIOS };
  expect(await observationsIn(newer)).toEqual({ half: 'Never', full: 'Sometimes' });
  const older = { ...tree('FULL', 'box_fence()'), ...SCENARIOS };
  const { warnings, text } = await simulateFiles(older);
  expect(warnings).toEqual([]);
  expect(text).toContain('box.c:4: box_fence(), which no file that is read defines');
});

test('a name that the tree has almost is a mistake, told with its line', async () => {
  const files = {
    ...tree('BOX_IS_FULL', 'smp_wmb()'),
    ...SCENARIOS,
    'newer.scenario': 'stubs { }\nwhen: BOX_IS_FUL\n',
  };
  const { code, warnings } = await simulateFiles(files);
  expect(code).toBe(2);
  expect(warnings).toEqual(['newer.scenario:2: the tree does not define BOX_IS_FUL; BOX_IS_FULL?']);
});

test('what is no name is a mistake', async () => {
  const files = {
    ...tree('BOX_IS_FULL', 'smp_wmb()'),
    ...SCENARIOS,
    'newer.scenario': 'when: BOX-FULL\nunless:\n',
  };
  const { code, warnings } = await simulateFiles(files);
  expect(code).toBe(2);
  expect(warnings).toEqual([
    'newer.scenario:1: "BOX-FULL" is no name of C',
    'newer.scenario:2: "unless:" says nothing',
  ]);
});

test('a scenario itself says by "applies:" of which trees it speaks', async () => {
  const text = SCENARIO.replace('source:', 'when: fill\nsource:');
  const files = { ...tree('BOX_IS_FULL', 'smp_wmb()'), ...SCENARIOS, 't.scenario': text };
  const { code, warnings } = await simulateFiles(files);
  expect(code).toBe(2);
  expect(warnings).toEqual([
    't.scenario:3: "when:", "unless:" and "calls:" stand in files that are included; of which trees a scenario speaks, "applies:" says',
  ]);
});

test('a stub stands for a function as long as that calls what the file says', async () => {
  const waiting = (body: string) => {
    const { 'box.h': header, 'box.c': source } = tree('BOX_IS_FULL', 'box_wait()');
    const newer = `calls: box_wait schedule_on_each_cpu
stubs {
	#define box_wait() smp_wmb()
}
`;
    const waits = `static void box_wait(void) { ${body} }\n${source}`;
    return { ...SCENARIOS, 'box.h': header, 'box.c': waits, 'newer.scenario': newer };
  };
  const holds = { half: 'Never', full: 'Sometimes' };
  expect(await observationsIn(waiting('if (1) { schedule_on_each_cpu(0); }'))).toEqual(holds);
  const broken = { half: 'Sometimes', full: 'Sometimes' };
  expect(await observationsIn(waiting(''))).toEqual(broken);
  expect(await observationsIn(waiting('/* schedule_on_each_cpu(0); */'))).toEqual(broken);
});

test('what calls whom is said with two names', async () => {
  const files = {
    ...tree('BOX_IS_FULL', 'smp_wmb()'),
    ...SCENARIOS,
    'newer.scenario': 'calls: fill\n',
  };
  const { code, warnings } = await simulateFiles(files);
  expect(code).toBe(2);
  expect(warnings).toEqual([
    'newer.scenario:1: "calls:" needs a function and what it calls, not "fill"',
  ]);
});
