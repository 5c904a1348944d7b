/** The command line as its user meets it: output, formats, exit codes, help. */

import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isBadUse } from '../../server/src/cli/command.ts';
import { folderWith, publishAndConsume, run } from './support/run.ts';

test('check says nothing about a pair as it should be', async () => {
  expect(await run('check', folderWith(publishAndConsume()))).toEqual({
    code: 0,
    out: '',
    err: '',
  });
});

test('check prints what compilers print, with notes, and exits with 1', async () => {
  const folder = folderWith(publishAndConsume(';'));
  const { code, out, err } = await run('check', folder);
  expect(code).toBe(1);
  expect(err).toBe('');
  const [first, ...notes] = out.trim().split('\n');
  expect(first).toBe(
    `${join(folder, 'writer.c')}:5:5: warning: the comment of smp_wmb() names consume() as its partner, which has no barrier: consume() sees the new box.flag and then the old box.data [unresolved-claim]`,
  );
  expect(notes).toEqual([
    expect.stringMatching(/reader\.c:2:\d+: note: consume\(\) is here$/),
    expect.stringMatching(/writer\.c:4:\d+: note: P0: publish\(\) writes box\.data = 1$/),
    expect.stringMatching(/writer\.c:6:\d+: note: P0: publish\(\) smp_wmb\(\)$/),
    expect.stringMatching(/writer\.c:7:\d+: note: P0: publish\(\) writes box\.flag = 1$/),
    expect.stringMatching(/reader\.c:4:\d+: note: P1: consume\(\) reads box\.flag = 1, from P0$/),
    expect.stringMatching(/reader\.c:8:\d+: note: P1: consume\(\) reads box\.data = 0, /),
  ]);
});

test('check --format json gives the same as data', async () => {
  const { out } = await run('check', folderWith(publishAndConsume(';')), '--format', 'json');
  expect(JSON.parse(out)).toContainEqual(
    expect.objectContaining({ line: 5, column: 5, severity: 'warning', code: 'unresolved-claim' }),
  );
});

test.each([
  ['warning', false],
  ['hint', true],
])('check --level %s', async (level, isTold) => {
  const folder = folderWith({
    'a.c':
      '#include <linux/types.h>\nint a, b;\nvoid f(void)\n{\n\ta = 1;\n\tsmp_wmb();\n\tb = 1;\n}\n',
  });
  const { out } = await run('check', folder, '--level', level);
  expect(out.includes('[uncommented-barrier]')).toBe(isTold);
});

test('pairs --json names the call that a claim means where it is no site', async () => {
  const text = `#include <linux/compiler.h>
struct box { int data; int flag; };
void publish(struct box *b)
{
	b->data = 1;
	/* Pairs with kick() in consume(). */
	smp_wmb();
	b->flag = 1;
}
void consume(struct box *b)
{
	if (b->flag)
		kick(b);
}
`;
  const { out } = await run('pairs', folderWith({ 'box.c': text }), '--json');
  expect(JSON.parse(out).sites).toMatchObject([
    {
      function: 'publish',
      claims: [
        {
          functions: ['consume'],
          status: 'ordered-otherwise',
          targets: [],
          foundIn: { file: 'box.c', function: 'consume' },
          at: { file: 'box.c', line: 13 },
        },
      ],
    },
  ]);
});

test('pairs --json names sites, orders, claims and pairings', async () => {
  const { code, out } = await run('pairs', folderWith(publishAndConsume()), '--json');
  expect(code).toBe(0);
  const { sites, pairings } = JSON.parse(out);
  expect(sites.filter((site: { primitive: string }) => /mb$/.test(site.primitive))).toMatchObject([
    {
      file: 'reader.c',
      line: 7,
      column: 2,
      function: 'consume',
      primitive: 'smp_rmb',
      orders: [{ before: ['box.flag'], after: ['box.data'] }],
      claims: [{ functions: ['publish'], status: 'resolved' }],
    },
    {
      file: 'writer.c',
      line: 6,
      function: 'publish',
      primitive: 'smp_wmb',
      orders: [{ before: ['box.data'], after: ['box.flag'] }],
    },
  ]);
  const ids = sites.map(({ id }: { id: string }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(pairings).toMatchObject([
    {
      sources: ['claimed', 'inferred', 'proven'],
      fields: expect.arrayContaining(['box.data', 'box.flag']),
      verdict: 'needed',
      score: expect.any(Number),
    },
  ]);
  for (const id of pairings[0].sites) expect(ids).toContain(id);
});

test('a partner in a file without barriers is found by its name', async () => {
  const files = publishAndConsume();
  const folder = folderWith({
    'writer.c': files['writer.c']!.replace('smp_rmb()', 'READ_ONCE()'),
    'reader.c': `struct box { int data; int flag; };
int consume(struct box *b)
{
	return READ_ONCE(b->flag) ? b->data : -1;
}
`,
  });
  const { out } = await run('pairs', folder);
  expect(out).toContain('READ_ONCE() in consume() reader.c:4');
});

test('pairs --ignore-comments infers the pairing from the fields', async () => {
  const { out } = await run(
    'pairs',
    folderWith(publishAndConsume()),
    '--json',
    '--ignore-comments',
  );
  const { sites, pairings } = JSON.parse(out);
  expect(sites.flatMap(({ claims }: { claims: unknown[] }) => claims)).toEqual([]);
  expect(pairings).toMatchObject([{ sources: ['inferred', 'proven'] }]);
});

test('explain --all adds every order, every partner and what the answer assumes', async () => {
  const folder = folderWith(publishAndConsume());
  const { out } = await run('explain', `${join(folder, 'reader.c')}:7`, '--all');
  expect(out).toMatch(/^✓ needed: /);
  expect(out).toContain('assuming: ');
});

test('explain gives the hover as text', async () => {
  const folder = folderWith(publishAndConsume());
  const { code, out } = await run('explain', `${join(folder, 'reader.c')}:7`);
  expect(code).toBe(0);
  expect(out).toMatch(/^✓ needed: smp_rmb\(\) in consume\(\), read barrier\n/);
  expect(out).toMatch(/b->flag read .*reader\.c:4 → b->data read .*reader\.c:8/);
  expect(out).toMatch(/smp_wmb\(\) in publish\(\) .*writer\.c:6/);
});

test('explain of a line without a barrier', async () => {
  const folder = folderWith(publishAndConsume());
  expect(await run('explain', `${join(folder, 'reader.c')}:1`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no barrier and no ordered field'),
  });
});

test('prove says what each barrier of a pair is worth, and for which fields', async () => {
  const folder = folderWith(publishAndConsume());
  const { code, out, err } = await run('prove', `${join(folder, 'writer.c')}:6`, '--execution');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('box.data and box.flag (MP)');
  expect(out).toContain(
    'must not happen: consume() sees the new box.flag and then the old box.data',
  );
  expect(out).toContain('smp_wmb() in publish() needed');
  expect(out).toContain('smp_rmb() in consume() needed');
  expect(out).toMatch(/reader\.c:8 consume\(\) +P\d: reads box\.data = 0/);
});

test('prove exits with 1 where a pair is broken', async () => {
  const files = publishAndConsume();
  const broken = files['reader.c']!.replace(/smp_rmb\(\);\n(.*)/, '$1').replace(
    '\tif (!READ_ONCE',
    '\t/* pairs with publish() */ smp_rmb();\n\tif (!READ_ONCE',
  );
  const folder = folderWith({ ...files, 'reader.c': broken });
  const { code, out } = await run('prove', `${join(folder, 'reader.c')}:4`);
  expect(out).toContain('broken');
  expect(code).toBe(1);
});

test.each(['explain', 'prove'])(
  '%s answers also where another function of the file is too large',
  async (command) => {
    const files = publishAndConsume();
    const large = `void large(void)\n{\n${'\tsmp_mb();\n'.repeat(5000)}}\n`;
    const folder = folderWith({ ...files, 'reader.c': `${files['reader.c']}${large}` });
    const { code, out, err } = await run(command, `${join(folder, 'reader.c')}:7`);
    expect(err).toContain('large() is not analysed');
    expect(out).toContain('needed');
    expect(code).toBe(0);
  },
);

test('prove of a line without a barrier', async () => {
  const folder = folderWith(publishAndConsume());
  expect(await run('prove', `${join(folder, 'reader.c')}:1`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('no barrier with a partner'),
  });
});

test('report --all gives the hover of each barrier', async () => {
  const { out } = await run('report', folderWith(publishAndConsume()), '--all');
  expect(out).toMatch(
    /reader\.c:7:2\n +✓ needed: smp_rmb\(\) in consume\(\), read barrier\n +b->flag read /,
  );
});

test('report lists each barrier with its partner', async () => {
  const { code, out } = await run('report', folderWith(publishAndConsume()));
  expect(code).toBe(0);
  expect(out).toMatch(/^2 barriers in 2 files\n/);
  expect(out).toContain(
    'reader.c:7:2: smp_rmb() in consume()\n    ✓ needed · pairs with publish()\n',
  );
  expect(out).toContain('0 findings');
});

test.each([
  [['check'], 'no PATH is given'],
  [['check', '/does/not/exist'], 'there is no /does/not/exist'],
  [['check', '.', '--format', 'xml'], 'there is no format "xml"'],
  [['check', '.', '--frobnicate'], '--frobnicate'],
  [['explain', 'here'], '"here" is not FILE:LINE[:COL]'],
  [['frobnicate'], 'there is no command "frobnicate"'],
])('%j is bad use', async (args, message) => {
  const { code, out, err } = await run(...args);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(message);
});

test('bad use is known as such where the command is of another bundle than the program', async () => {
  vi.resetModules();
  const { BadUse } = await import('../../server/src/cli/command.ts');
  expect(isBadUse(new BadUse('no PATH is given'))).toBe(true);
  expect(isBadUse(new Error('no PATH is given'))).toBe(false);
});

test('help of the program and of each command', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  const names = [...out.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1]!);
  expect(names).toEqual(expect.arrayContaining(['check', 'pairs', 'explain', 'report']));
  for (const name of names) {
    const help = await run(name, '--help');
    expect(help).toMatchObject({
      code: 0,
      out: expect.stringMatching(`usage: barrierlens ${name} `),
    });
  }
});

test('--version', async () => {
  expect(await run('--version')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^barrierlens \d+\.\d+\.\d+\n$/),
  });
});
