/** `check` with a choice of rules and folders, a baseline, and findings that are accepted where they stand. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { DIAGNOSTICS } from '../../server/src/language-service/diagnose.ts';
import { folderWith, publishAndConsume, run } from './support/run.ts';

const FILES = publishAndConsume('smp_wmb();');
let tree: string;

/** A kernel tree in which the comment of one barrier names a function that is not there, beside one with which the
 *  pairing is broken. */
const TWO_FAULTS = {
  Kbuild: '',
  Kconfig: '',
  'include/linux/types.h': '',
  'tub.c': `struct tub { int data; int flag; };
void fill(struct tub *t)
{
	WRITE_ONCE(t->data, 1);
	/* Pairs with the barriers in drain() and gone_away(). */
	smp_wmb();
	WRITE_ONCE(t->flag, 1);
}
int drain(struct tub *t)
{
	/* Pairs with the barrier in fill(). */
	smp_rmb();
	if (!READ_ONCE(t->flag))
		return -1;
	return READ_ONCE(t->data);
}
/* Pairs with the barrier in gone_away(). */
void bare(struct tub *t)
{
	WRITE_ONCE(t->data, 2);
	/* Pairs with the barrier in gone_away(). */
	smp_wmb();
	WRITE_ONCE(t->flag, 2);
	smp_mb();
}
`,
};

/** Two functions that miss what the other one stored, with what stands between store and look in the second one. */
const bothMiss = (barrier: string) => ({
  Kbuild: '',
  Kconfig: '',
  'include/linux/types.h': '',
  'request.c': `struct request { atomic_t users; atomic_t dying; wait_queue_head_t queue; };
void drop(struct request *r)
{
	atomic_dec(&r->users);
	if (atomic_read(&r->dying))
		wake_up(&r->queue);
}
void kill(struct request *r)
{
	atomic_inc(&r->dying);
	${barrier}
	wait_event(r->queue, atomic_read(&r->users) == 0);
}
`,
});

beforeEach(() => {
  tree = folderWith(FILES);
});

function codesOf(out: string): readonly string[] {
  return [...out.matchAll(/ \[([\w-]+)\]$/gm)].map(([, code]) => code!);
}

async function codes(...options: readonly string[]): Promise<readonly string[]> {
  return codesOf((await run('check', tree, ...options)).out);
}

/** How many pairings are proved. */
async function proofs(...options: readonly string[]): Promise<number> {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await run('check', tree, '--progress', ...options);
  const lines = told.mock.calls.map(([line]) => String(line)).join('');
  told.mockRestore();
  return Number(/pairings proved: \d+ of (\d+)/.exec(lines)?.[1] ?? 0);
}

describe('a choice', () => {
  test('of rules', async () => {
    const all = await codes();
    const [rule] = all;
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(await codes('--rule', rule!))).toEqual(new Set([rule]));
    expect(await codes('--rule', 'credited-order,violated-invariant')).toEqual([]);
    expect(await codes('--rule', 'credited-order', '--rule', rule!)).toContain(rule);
  });

  test('of each rule tells what it tells among all, at every level', async () => {
    const found = async (...options: readonly string[]) =>
      JSON.parse((await run('check', tree, '--format', 'json', ...options)).out) as {
        readonly code: string;
      }[];
    tree = folderWith(TWO_FAULTS);
    const all = await found('--level', 'hint');
    expect(new Set(all.map(({ code }) => code)).size).toBeGreaterThan(2);
    for (const { code: rule } of DIAGNOSTICS)
      expect(await found('--level', 'hint', '--rule', rule)).toEqual(
        all.filter(({ code }) => code === rule),
      );
  });

  test('of rules proves only what they look at', async () => {
    vi.stubEnv('BARRIERLENS_CACHE', '');
    expect(await proofs()).toBeGreaterThan(0);
    expect(await proofs('--rule', 'credited-order')).toBe(0);
    vi.unstubAllEnvs();
  });

  test.each([
    { barrier: '', level: 'information', rule: 'missing-full-barrier' },
    { barrier: 'smp_mb__after_atomic();', level: 'warning', rule: 'unpaired-barrier' },
  ])(
    'of a level proves only what can be told there: $rule is a finding of $level',
    async ({ barrier, level, rule }) => {
      vi.stubEnv('BARRIERLENS_CACHE', '');
      tree = folderWith(bothMiss(barrier));
      const levels = ['error', 'warning', 'information', 'hint'];
      for (const asked of levels) {
        const isTold = levels.indexOf(asked) >= levels.indexOf(level);
        expect((await proofs('--level', asked)) > 0).toBe(isTold);
        expect((await codes('--level', asked)).includes(rule)).toBe(isTold);
      }
      vi.unstubAllEnvs();
    },
  );

  test('of a rule that there is not', async () => {
    const { code, err } = await run('check', tree, '--rule', 'none');
    expect(code).toBe(2);
    expect(err).toMatch(/there is no rule "none"/);
  });

  test('of files that are left out: they are read, and nothing is told of them', async () => {
    const { out, code } = await run('check', tree, '--exclude', join(tree, 'reader.c'));
    expect(out).not.toMatch(/^\S*reader\.c:\d+:\d+: warning/m);
    expect((await run('check', tree, '--exclude', tree)).out).toBe('');
    expect((await run('check', tree, '--exclude', tree)).code).toBe(0);
    expect(code).toBe(out === '' ? 0 : 1);
  });
});

describe('a baseline', () => {
  const baseline = () => join(tree, 'old.json');

  test('has what is there, and only what is new is told', async () => {
    const before = await codes();
    const updated = await run('check', tree, '--baseline', baseline(), '--update-baseline');
    expect(updated).toEqual({ code: 0, out: '', err: '' });
    expect(await run('check', tree, '--baseline', baseline())).toEqual(updated);
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(
        join(tree, `new-${name}`),
        text.replaceAll(/\b(box|publish|consume)\b/g, 'new_$1'),
      );
    const told = await run('check', tree, '--baseline', baseline());
    expect(codesOf(told.out)).toEqual(before);
    expect(told.out).not.toMatch(/^\S*\/(?:reader|writer)\.c:\d+:\d+: warning/m);
    expect(told.code).toBe(1);
  });

  test('knows findings whose lines have moved, and not those whose code is another', async () => {
    await run('check', tree, '--baseline', baseline(), '--update-baseline');
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(tree, name), `\n\n/* moved */\n${text}`);
    expect((await run('check', tree, '--baseline', baseline())).out).toBe('');
    const other = FILES['reader.c']!.replace('smp_wmb();', 'virt_wmb();');
    writeFileSync(join(tree, 'reader.c'), other);
    expect((await run('check', tree, '--baseline', baseline())).code).toBe(1);
  });

  test('counts what is there twice', async () => {
    await run('check', tree, '--baseline', baseline(), '--update-baseline');
    const { findings } = JSON.parse(readFileSync(baseline(), 'utf8'));
    const prints = findings.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  test.each([
    ['that is not there', undefined, /old\.json: no such file/],
    ['that is no JSON', '{', /no baseline/],
    ['of another version', '{"version":2,"findings":[]}', /no baseline/],
  ])('%s', async (_, text, message) => {
    if (text !== undefined) writeFileSync(baseline(), text);
    const { code, err } = await run('check', tree, '--baseline', baseline());
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('--update-baseline without a file', async () => {
    expect((await run('check', tree, '--update-baseline')).code).toBe(2);
  });
});

test('a finding that is accepted where it stands is not told', async () => {
  const told = (await run('check', tree)).out.split('\n');
  const [, name, line, code] = /([^/]+\.c):(\d+):\d+: warning: .*\[([\w-]+)\]$/.exec(
    told.find((each) => each.includes(': warning: '))!,
  )!;
  const lines = FILES[name!]!.split('\n');
  const write = (comment: string) =>
    writeFileSync(
      join(tree, name!),
      lines.map((each, at) => (at === Number(line) - 1 ? `${each} ${comment}` : each)).join('\n'),
    );
  write(`// barrierlens: ok(${code}): the other side is asm`);
  expect((await run('check', tree)).out).not.toMatch(
    new RegExp(`${name}:${line}:\\d+: warning: .*\\[${code}\\]`),
  );
  write(`// barrierlens: ok(${code}):`);
  expect((await run('check', tree)).out).toMatch(`[${code}]`);
});
