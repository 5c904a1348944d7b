/** `barrierlens scenario`: what it writes can be read and run as it stands. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { RFC_V2, treeBelow } from '../support/scenario-tree.ts';
import { SEED } from '../support/seed.ts';
import { runCommand } from '../support/simulated.ts';

const folder = mkdtempSync(join(tmpdir(), 'barrierlens-begun-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Begins a scenario for these functions and runs it; each warning is a mistake in it. */
async function begun(tree: string, ...functions: readonly string[]) {
  const { code, text } = await runCommand('scenario', ...functions, '--tree', tree);
  const file = join(folder, 't.scenario');
  writeFileSync(file, text);
  const run = await runCommand('simulate', file, '--tree', tree);
  return { code, text, run };
}

test('objects are made by type, functions are called with them, and it runs', async () => {
  const { code, text, run } = await begun(
    RFC_V2,
    'transition.c:klp_patch_task',
    'patch.c:klp_ftrace_handler',
  );
  expect(code).toBe(0);
  expect(text).toContain('source: transition.c\nsource: patch.c\n');
  expect(text).toContain('\tstruct task_struct the_task_struct = { };\n');
  expect(text).toContain('\tklp_patch_task(&the_task_struct);\n');
  expect(text).toContain('klp_ftrace_handler(0, 0, &the_ftrace_ops, &the_pt_regs);');
  expect(run.warnings).toEqual([]);
  expect(run.text).toContain('to-be-said');
});

test('a function without its file is looked for in the tree', async () => {
  const { text } = await begun(RFC_V2, 'klp_patch_task', 'klp_init_transition');
  expect(text).toContain('source: transition.c\n');
});

test('a line stands for the function around it', async () => {
  const { text } = await begun(RFC_V2, 'transition.c:200', 'klp_patch_task');
  expect(text).toMatch(/^P0 as task_of_P0 \{\n\t(?:result = )?klp_\w+\(/m);
});

test('a lock that a function releases for its caller is to be filled in', async () => {
  const tree = mkdtempSync(join(folder, 'tree-'));
  writeFileSync(
    join(tree, 'switch.c'),
    'struct queue { spinlock_t lock; int done; };\nvoid finish(struct queue *q)\n{\n\tWRITE_ONCE(q->done, 1);\n\tspin_unlock(&q->lock);\n}\n',
  );
  const { text, run } = await begun(tree, 'switch.c:finish');
  const gap = 'switch.c:5: a lock is released that is not held';
  expect(text).toMatch(new RegExp(`Still to be filled in.*\n// +${gap}`));
  expect(run.text).toContain(`unknown: ${gap}`);
});

test.each([
  [[], 'a function is needed'],
  [
    ['transition.c:klp_patch_taks'],
    'transition.c does not define klp_patch_taks(); klp_patch_task()?',
  ],
  [['transition.c:1'], 'line 1 of transition.c stands in no function'],
  [['transition.c:a-b'], '"a-b" is no name of a function'],
  [['nowhere.c:f'], 'the tree has no file nowhere.c'],
  [['no_such_function'], 'defines no_such_function()'],
])('%s is bad use', async (functions, message) => {
  const { code, warnings } = await runCommand('scenario', ...functions, '--tree', RFC_V2);
  expect(code).toBe(2);
  expect(warnings.join('\n')).toContain(message);
});

const linux = linuxSource();

describe.skipIf(linux === undefined)(`of Linux (${WITHOUT_LINUX})`, () => {
  test('structs bring the header that defines them', async () => {
    const { text } = await begun(
      linux!,
      'kernel/locking/osq_lock.c:osq_lock',
      'kernel/locking/osq_lock.c:osq_unlock',
    );
    expect(text).toContain('source: include/linux/osq_lock.h\n');
  });

  test('a file that others include has the headers of these', async () => {
    const file = 'kernel/sched/swait.c';
    const { text } = await begun(linux!, `${file}:swake_up_all`, `${file}:finish_swait`);
    expect(text).toContain('source: include/linux/swait.h\n');
  });

  test('functions and structs that they come to bring theirs, and these those that they need', async () => {
    const file = 'kernel/trace/ring_buffer.c';
    const ofRing = await begun(
      linux!,
      `${file}:rb_set_commit_to_write`,
      `${file}:rb_tail_page_update`,
    );
    expect(ofRing.text).toContain('source: include/asm-generic/local.h\n');
    const { text, run } = await begun(linux!, 'task_work_add', 'kernel/task_work.c:task_work_run');
    expect(text).toContain('source: include/linux/sched.h\n');
    expect(text).not.toContain('Still to be filled in');
    expect(run.text).toMatch(/to-be-said +Never/);
  });

  test(`any two functions are begun without a mistake (BARRIERLENS_SEED=${SEED})`, {}, async () => {
    const tree = treeBelow(linux!);
    const files = ['kernel/locking', 'kernel/sched', 'net/core'].flatMap((folder) =>
      readdirSync(join(linux!, folder)).flatMap((file) =>
        file.endsWith('.c') ? `${folder}/${file}` : [],
      ),
    );
    const all = files.flatMap((path) => {
      return (tree.source(path)?.parsed.functions ?? []).map(({ name }) => `${path}:${name}`);
    });
    const pairs = fc.sample(fc.tuple(fc.constantFrom(...all), fc.constantFrom(...all)), {
      seed: SEED,
      numRuns: 12,
    });
    for (const pair of pairs) {
      const { text, run } = await begun(linux!, ...pair);
      expect({ pair, warnings: run.warnings }).toEqual({ pair, warnings: [] });
      const reason = /to-be-said +unknown: (.*)/.exec(run.text)?.[1];
      // What is to be filled in may matter in more than one place.
      const open = reason?.replace(/^\S+:\d+: /, '') ?? '';
      expect({ pair, open, isSaid: text.includes(open) }).toEqual({ pair, open, isSaid: true });
    }
  });
});
