/** `barrierlens litmus` as its user and herd's scripts meet it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, run } from './support/run.ts';

const SB = `C SB+mbs

(* Result: Never *)

{}

P0(int *x, int *y)
{
	int r0;
	WRITE_ONCE(*x, 1);
	smp_mb();
	r0 = READ_ONCE(*y);
}

P1(int *x, int *y)
{
	int r0;
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
}

exists (0:r0=0 /\\ 1:r0=0)
`;

const RACE = 'C race\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { *x = 2; }\n~exists (x=1)\n';

const files = {
  'sb.litmus': SB,
  'more/race.litmus': RACE,
  'broken.litmus': 'C broken\n{}\nP0(int *x) { smp_bm(); }\n',
};

test('prints what herd7 prints, but for the hash', async () => {
  const { code, out, err } = await run(
    'litmus',
    '-conf',
    'linux-kernel.cfg',
    join(folderWith(files), 'sb.litmus'),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.replace(/[\d.]+(?=\n\n$)/, 'T')).toBe(`Test SB+mbs Allowed
States 3
0:r0=0; 1:r0=1;
0:r0=1; 1:r0=0;
0:r0=1; 1:r0=1;
No
Witnesses
Positive: 0 Negative: 3
Condition exists (0:r0=0 /\\ 1:r0=0)
Observation SB+mbs Never 0 3
Time SB+mbs T

`);
});

test.each([
  ['0:a=0 /\\ (0:b=0 /\\ x=0)', '0:a=0 /\\ 0:b=0 /\\ [x]=0'],
  ['(0:a=0 \\/ 0:b=0) /\\ x=0', '(0:a=0 \\/ 0:b=0) /\\ [x]=0'],
  ['(0:a=0 /\\ 0:b=0) \\/ ~(x=0 \\/ 0:a=1)', '0:a=0 /\\ 0:b=0 \\/ not ([x]=0 \\/ 0:a=1)'],
  ['(0:a=0 => 0:b=0) /\\ x=0', '(0:a=0 => 0:b=0) /\\ [x]=0'],
  ['0:a=0 => ~0:b=0 => x=0', '0:a=0 => not (0:b=0) => [x]=0'],
  ['(0:a=0 /\\ 0:b=0) => x=0', '(0:a=0 /\\ 0:b=0) => [x]=0'],
  ['not (not (0:a=0))', 'not (not (0:a=0))'],
  ['false', 'false'],
])('the condition %s has the parentheses that herd7 gives it', async (condition, printed) => {
  const text = `C c\n{}\nP0(int *x) { int a; int b; a = READ_ONCE(*x); b = 0; }\nexists (${condition})\n`;
  const { out } = await run('litmus', join(folderWith({ 'c.litmus': text }), 'c.litmus'));
  expect(out).toContain(`\nCondition exists (${printed})\n`);
});

test('a forbidding condition counts its witnesses the other way round, flags have their line', async () => {
  const { out } = await run('litmus', join(folderWith(files), 'more'));
  expect(out).toContain('Test race Forbidden\n');
  expect(out).toContain('\nNo\nWitnesses\nPositive: 1 Negative: 1\nFlag data-race\n');
  expect(out).toContain('Observation race Sometimes 1 1\n');
});

test('--json gives a line a test; folders and lists are followed; a bad file is told apart', async () => {
  const folder = folderWith(files);
  const { code, out, err } = await run('litmus', '--json', '--states', folder);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(1);
  expect(err).toBe(
    `File "${join(folder, 'broken.litmus')}": line 3, column 14: unknown primitive smp_bm()\n`,
  );
  expect(lines).toEqual([
    { path: join(folder, 'broken.litmus'), error: 'line 3, column 14: unknown primitive smp_bm()' },
    expect.objectContaining({
      name: 'race',
      observation: 'Sometimes',
      flags: ['data-race'],
      ok: false,
    }),
    {
      path: join(folder, 'sb.litmus'),
      name: 'SB+mbs',
      observation: 'Never',
      states: 3,
      positive: 0,
      negative: 3,
      flags: [],
      ok: false,
      unknown: null,
      ms: expect.any(Number),
      final_states: ['0:r0=0; 1:r0=1;', '0:r0=1; 1:r0=0;', '0:r0=1; 1:r0=1;'],
    },
  ]);
});

test('a list names files, one a line', async () => {
  const folder = folderWith({
    ...files,
    list: `# mine\n${join(folderWith(files), 'sb.litmus')}\n`,
  });
  const { out } = await run('litmus', '--json', `@${join(folder, 'list')}`);
  expect(JSON.parse(out)).toMatchObject({ name: 'SB+mbs' });
});

test('--dot and --svg draw the execution that decides the condition', async () => {
  const folder = folderWith(files);
  await run(
    'litmus',
    '--dot',
    join(folder, 'd'),
    '--svg',
    join(folder, 's'),
    join(folder, 'sb.litmus'),
  );
  expect(readdirSync(join(folder, 'd'))).toEqual(['SB+mbs.dot']);
  expect(readFileSync(join(folder, 's', 'SB+mbs.svg'), 'utf8')).toContain(
    'forbidden by propagation',
  );
});

test('bad use is said', async () => {
  expect(await run('litmus')).toMatchObject({ code: 2 });
  expect((await run('litmus', '/nowhere/at.litmus')).err).toContain(
    'there is no file /nowhere/at.litmus',
  );
  const folder = folderWith(files);
  expect((await run('litmus', '-j', 'many', folder)).err).toContain('-j needs a number');
});
