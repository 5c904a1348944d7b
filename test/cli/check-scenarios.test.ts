/** `barrierlens check` runs scenarios as tests: those of the tree, and the bundled ones that speak of what it reads. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../server/src/disk/node-file-system.ts';
import { simulateFound } from '../../server/src/language-service/simulate-found.ts';
import { createSimulation } from '../../server/src/language-service/simulate-tree.ts';
import type { Kernel } from '../support/linux-source.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { edited, livepatchBarriers, livepatchTexts } from '../support/livepatch-tree.ts';
import { RFC_V2 } from '../support/scenario-tree.ts';
import { folderWith, publishAndConsume, run } from './support/run.ts';

const SCENARIO = `C box
"A box is filled and looked into."
source: lib/writer.c lib/reader.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with the code in `lib` and the scenario in `tests`. */
function boxes(scenario: string, barrier?: string): string {
  const code = Object.entries(publishAndConsume(barrier)).map(
    ([name, text]) => [`lib/${name}`, text.replace(/\/\* Pairs.*\n/g, '')] as const,
  );
  const folder = folderWith({ ...Object.fromEntries(code), 'tests/box.scenario': scenario });
  folders.push(folder);
  return folder;
}

test('a scenario of the tree that holds is silent', async () => {
  expect(await run('check', boxes(SCENARIO))).toEqual({ code: 0, out: '', err: '' });
});

test('one that can be violated is a warning with the execution, at the access that is not ordered', async () => {
  const folder = boxes(SCENARIO, ';');
  const { code, out } = await run('check', folder, '--format', 'json');
  expect(code).toBe(1);
  const found = JSON.parse(out).filter(
    (each: { code: string }) => each.code === 'violated-invariant',
  );
  expect(found).toMatchObject([
    {
      severity: 'warning',
      file: expect.stringMatching(/reader\.c$/),
      message: expect.stringContaining('half a box is seen (half in box)'),
    },
  ]);
  expect(found[0].related.map(({ message }: { message: string }) => message)).toContainEqual(
    'P1: consume() reads box.data = 0, a value that has been overwritten',
  );
});

/** The warning of a tree whose two functions have these bodies. */
async function warned(publish: string, consume: string) {
  const folder = folderWith({
    'lib/writer.c': `struct box { int data; int flag; };\nvoid publish(struct box *b)\n{\n${publish}\n}\n`,
    'lib/reader.c': `struct box { int data; int flag; };\nint consume(struct box *b)\n{\n${consume}\n}\n`,
    'tests/box.scenario': SCENARIO,
  });
  folders.push(folder);
  const { out } = await run('check', folder, '--format', 'json');
  return JSON.parse(out).find(({ code }: { code: string }) => code === 'violated-invariant');
}

const READS = 'if (!READ_ONCE(b->flag))\n\treturn -1;\n';

test('report tells of an operation that a scenario needs what its lens says', async () => {
  const folder = folderWith({
    'lib/writer.c':
      'struct box { int data; int flag; };\nvoid publish(struct box *b)\n{\n\tWRITE_ONCE(b->data, 1);\n\txchg(&b->flag, 1);\n}\nvoid other(void) { smp_mb(); }\n',
    'lib/reader.c': `struct box { int data; int flag; };\nint consume(struct box *b)\n{\n${READS}smp_rmb();\nreturn READ_ONCE(b->data);\n}\n`,
    'tests/box.scenario': SCENARIO,
  });
  folders.push(folder);
  const { out } = await run('report', folder);
  expect(out).toMatch(/^2 barriers and 1 other operation in 2 files\n/);
  expect(out).toMatch(/writer\.c:5:2: xchg\(\) in publish\(\)\n {4}✓ needed on \S+ · xchg\(\)\n/);
  expect((await run('report', folder, '--all')).out).toMatch(
    /writer\.c:5:2\n {4}✓ needed on \S+: xchg\(\) in publish\(\)/,
  );
});

test('where it takes a barrier on both sides, both orders are named', async () => {
  const found = await warned(
    'WRITE_ONCE(b->data, 1);\nWRITE_ONCE(b->flag, 1);',
    `${READS}return READ_ONCE(b->data);`,
  );
  expect(found.message).toMatch(
    /nothing keeps (box\.data before box\.flag and box\.flag before box\.data|box\.flag before box\.data and box\.data before box\.flag):/,
  );
});

test('where several executions violate it, what is missing in each is named', async () => {
  const folder = folderWith({
    'box.c': `struct box { int a; int b; int c; int d; };
void publish(struct box *x)
{
	WRITE_ONCE(x->a, 1);
	WRITE_ONCE(x->b, 1);
	WRITE_ONCE(x->c, 1);
	WRITE_ONCE(x->d, 1);
}
int look(struct box *x)
{
	int b = READ_ONCE(x->b), a, c, d;

	smp_rmb();
	a = READ_ONCE(x->a);
	d = READ_ONCE(x->d);
	smp_rmb();
	c = READ_ONCE(x->c);
	return (b && !a) || (d && !c);
}
`,
    'box.scenario': `C box
source: box.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { stale = look(&the_box); }
never stale "half of it is seen": (P1:stale = 1)
`,
  });
  folders.push(folder);
  const { out } = await run('check', folder, '--rule', 'violated-invariant');
  const [, one, other] = /nothing keeps (box\.. before box\..) and (.*?):/.exec(out) ?? [];
  expect([one, other].sort()).toEqual(['box.a before box.b', 'box.c before box.d']);
});

test('where the order of the statements is wrong, it says that no barrier is enough, at the first write', async () => {
  const found = await warned(
    'WRITE_ONCE(b->flag, 1);\nsmp_wmb();\nWRITE_ONCE(b->data, 1);',
    `${READS}smp_rmb();\nreturn READ_ONCE(b->data);`,
  );
  expect(found.message).toContain(
    'no one barrier was found to be enough; several, a wait, a section, a lock',
  );
  expect(found).toMatchObject({ file: expect.stringMatching(/writer\.c$/), line: 4 });
});

test('check, simulate and the page say the same of what would do where no barrier does', async () => {
  const folder = folderWith({
    'box.c': `struct box { int shown; int gone; };
void take(struct box *b)
{
	WRITE_ONCE(b->shown, 0);
	WRITE_ONCE(b->gone, 1);
}
int look(struct box *b)
{
	int gone = 0;

	rcu_read_lock();
	if (READ_ONCE(b->shown))
		gone = READ_ONCE(b->gone);
	rcu_read_unlock();
	return gone;
}
`,
    'box.scenario': `C box
source: box.c
{ struct box the_box = { .shown = 1 }; }
P0 { take(&the_box); }
P1 { gone = look(&the_box); }
never gone "what is gone is looked into": (P1:gone = 1)
`,
  });
  folders.push(folder);
  const [scenario, page] = [join(folder, 'box.scenario'), join(folder, 'page.html')];
  const told = [
    (await run('simulate', scenario, '--tree', folder, '--html', page)).out,
    readFileSync(page, 'utf8'),
    (await run('check', folder)).out,
  ].map((text) => /no barrier is enough, but .*? in P\d/.exec(text)?.[0].replace(/\(\S*\//, '('));
  const wait =
    'no barrier is enough, but a wait for a grace period is, before what stands there in take() (box.c:5) in P0';
  expect(told).toEqual([wait, wait, wait]);
});

test('it is found also where only the scenario is named, or one of its files', async () => {
  const folder = boxes(SCENARIO, ';');
  const named = await run('check', join(folder, 'tests/box.scenario'));
  expect(named.err).toMatch(/has no file/);
  expect(named.code).toBe(1);
  const both = await run('check', join(folder, 'tests/box.scenario'), join(folder, 'lib'));
  expect(both.err).toMatch(/has no file/);
  const whole = await run('check', folder, join(folder, 'tests/box.scenario'));
  expect(whole.out.match(/\[violated-invariant\]/g)).toHaveLength(1);
});

test('what is accepted is no warning, and the exit status is 0', async () => {
  const accepted = SCENARIO.replace(/\n$/, '\n\taccepted: "a lock outside orders it"\n');
  const folder = boxes(accepted, 'barrier();');
  const { out } = await run('check', folder);
  expect(out).not.toContain('violated-invariant');
  const told = await run('check', folder, '--level', 'information');
  expect(told.out).toMatch(/note: .*accepted: a lock outside orders it \[violated-invariant\]/);
});

test('a mistake in a scenario and what is not known of it are told with their lines; the status is 1', async () => {
  const wrong = await run('check', boxes(SCENARIO.replace('seen = 0', 'sen = 0')));
  expect(wrong.code).toBe(1);
  expect(wrong.err).toMatch(/tests\/box\.scenario:7: .*seen\?/);
  const unknown = await run('check', boxes(SCENARIO, 'refill(b);'));
  expect(unknown.code).toBe(1);
  expect(unknown.err).toMatch(/half in box is not known: .*refill\(\)/);
});

test.each([
  ['a comment', '// Written by hand.\n'],
  ['an empty line', '\n'],
  ['a byte order mark', '\ufeff'],
])('a scenario that begins with %s is run', async (_, begins) => {
  const { out } = await run('check', boxes(begins + SCENARIO, ';'));
  expect(out).toContain('(half in box)');
});

test('a file that is no scenario is told once, unless others include it', async () => {
  const part = 'stubs { int spare; }\n';
  const told = 'tests/part.scenario:1: the first line must be "C" and the scenario\'s name\n';
  for (const [scenario, err] of [
    [SCENARIO, expect.stringMatching(new RegExp(`^\\S*${told}$`))],
    [SCENARIO.replace('source:', 'include: part.scenario\nsource:'), ''],
  ] as const) {
    const folder = boxes(scenario);
    writeFileSync(join(folder, 'tests/part.scenario'), part);
    expect((await run('check', folder)).err).toEqual(err);
    // What includes it counts also where it is run for none of the files that are looked at.
    writeFileSync(join(folder, '.barrierlens.toml'), 'scenarios = ["tests"]\n');
    writeFileSync(join(folder, 'lib/other.c'), 'int other;\n');
    expect((await run('check', join(folder, 'lib/other.c'))).err).toEqual(err);
  }
});

test('of two scenarios of one name the second has no answer, and that is told', async () => {
  const folder = boxes(SCENARIO, ';');
  writeFileSync(join(folder, 'tests/other.scenario'), SCENARIO);
  const { out, err, code } = await run('check', folder);
  expect(out).toContain('(half in box)');
  expect(err).toMatch(
    /^\S*tests\/other\.scenario:1: there are two scenarios "box", the first in box\.scenario\n$/,
  );
  expect(code).toBe(1);
});

test('what is accepted and holds is told, as a violation would not be', async () => {
  const accepted = SCENARIO.replace(/\n$/, '\n\taccepted: "a lock outside orders it"\n');
  const { err, code } = await run('check', boxes(accepted));
  expect(err).toMatch(/^\S*tests\/box\.scenario:7: half in box is accepted, and holds: [^\n]*\n$/);
  expect(code).toBe(1);
});

test('of files that are not there only these are told, whatever folder the scenario stands in', async () => {
  const { err } = await run('check', boxes(SCENARIO.replace('reader.c', 'raeder.c')));
  expect(err).toMatch(/^\S*tests\/box\.scenario:3: the tree has no file "lib\/raeder\.c"\n$/);
});

test('a scenario that does not speak of the tree is left out', async () => {
  const other = SCENARIO.replace('{ struct', 'applies: unbox\n{ struct');
  expect(await run('check', boxes(other, 'smp_rmb();'))).toEqual({ code: 0, out: '', err: '' });
});

test.each([
  ['CONFIG_BOX=y', 0],
  ['# CONFIG_BOX is not set', 1],
])('a tree whose .config says %s is read so: the status is %i', async (config, code) => {
  const folder = boxes(SCENARIO, '\n#ifdef CONFIG_BOX\n\tsmp_rmb();\n#endif\n');
  writeFileSync(join(folder, '.config'), `${config}\n`);
  expect((await run('check', folder, '--rule', 'violated-invariant')).code).toBe(code);
});

test('where a bundled scenario has no answer for the code, that is told and the status is 1', async () => {
  const sample = readdirSync(RFC_V2).map(
    (name) => [name, readFileSync(join(RFC_V2, name), 'utf8')] as const,
  );
  const folder = (texts: Readonly<Record<string, string>>) => {
    const made = folderWith(texts);
    folders.push(made);
    return made;
  };
  const texts = Object.fromEntries(sample);
  const known = await run('check', folder(texts), '--level', 'error');
  expect(known).toEqual({ code: 0, out: '', err: '' });
  const asked = { ...texts, 'patch.c': texts['patch.c']!.replace('smp_rmb();', 'order_it();') };
  const { code, err } = await run('check', folder(asked), '--level', 'error');
  expect(err).toMatch(/bundled scenarios have no answer .*order_it\(\)/);
  expect(code).toBe(1);
});

test('scenarios are counted that have no answer, and not the files that they include', async () => {
  const texts = readdirSync(RFC_V2).map((name) => {
    const text = readFileSync(join(RFC_V2, name), 'utf8');
    return [name, text.replace(/\btransition\b(?!\.h)/g, 'in_transition')] as const;
  });
  const folder = folderWith(Object.fromEntries(texts));
  folders.push(folder);
  const { err } = await run('check', folder, '--level', 'error');
  const [, count] = /(\d+) bundled scenarios have no answer .*: no member transition of/.exec(err)!;
  // Two files say how a func starts, and all scenarios include one of them.
  expect(Number(count)).toBeGreaterThan(9);
});

test('where a function is gone that bundled scenarios need, that is told in a line, with the name that it may have now', async () => {
  const texts = readdirSync(RFC_V2).map((name) => {
    const text = readFileSync(join(RFC_V2, name), 'utf8');
    return [name, text.replaceAll('klp_ftrace_handler', 'klp_ftrace_handlers')] as const;
  });
  const folder = folderWith(Object.fromEntries(texts));
  folders.push(folder);
  const { code, err } = await run('check', folder, '--level', 'error');
  expect(err.split('\n')).toEqual([
    expect.stringMatching(
      /core\.c: \d+ bundled scenarios have no answer for this version of the code: the tree does not define klp_ftrace_handler; klp_ftrace_handlers\?$/,
    ),
    '',
  ]);
  expect(code).toBe(1);
  const simulated = await run('simulate', 'livepatch', '--tree', folder);
  expect(simulated.code).toBe(2);
  expect(simulated.err).toMatch(
    /^\S*world\.scenario:5: the tree does not define klp_ftrace_handler; klp_ftrace_handlers\?\n$/,
  );
});

const simulation = createSimulation();

/** The violations that `check` warns of in a tree of the livepatch files with these texts. */
async function warnedOf(root: string, texts: ReadonlyMap<string, string>) {
  const tables = await simulateFound(
    {
      own: [...texts.keys()].filter((file) => file.includes('/livepatch/')),
      scenarios: [],
      opened: [root],
      textOf: (file) => texts.get(file),
      files: nodeFileSystem,
      maxFileSize: 1_000_000,
    },
    () => simulation,
  );
  return tables.flatMap(({ violations }) =>
    violations.filter(({ accepted }) => accepted === undefined).map(({ invariant }) => invariant),
  );
}

const KERNELS: readonly (readonly [Kernel, string])[] = [
  ['6.1', WITHOUT_LINUX],
  ['6.12', WITHOUT_LINUX_6_12],
];

describe.each(KERNELS)('livepatch of Linux %s', (kernel, why) => {
  const linux = linuxSource(kernel);
  const barriers = livepatchBarriers(kernel);

  test.skipIf(linux === undefined)(`as it is: no warning (${why})`, async () => {
    expect(await warnedOf(linux!, livepatchTexts(linux!))).toEqual([]);
  });

  test.skipIf(linux === undefined).each(barriers)(
    'without $what in $name() there is a warning',
    async (barrier) => {
      const texts = edited(livepatchTexts(linux!), barrier);
      expect(await warnedOf(linux!, texts)).not.toEqual([]);
    },
  );
});

test.skipIf(linuxSource() === undefined)(`the command says so too (${WITHOUT_LINUX})`, async () => {
  const linux = linuxSource()!;
  const [barrier] = livepatchBarriers('6.1');
  const files = (texts: ReadonlyMap<string, string>) =>
    Object.fromEntries([...texts].map(([file, text]) => [file.slice(linux.length + 1), text]));
  const whole = folderWith(files(livepatchTexts(linux)));
  const without = folderWith(files(edited(livepatchTexts(linux), barrier!)));
  folders.push(whole, without);
  expect(await run('check', join(whole, 'kernel/livepatch'))).toMatchObject({ code: 0, out: '' });
  const { code, out } = await run('check', join(without, 'kernel/livepatch'));
  expect(code).toBe(1);
  expect(out).toMatch(/warning: .*\[violated-invariant\]/);
});
