/** `barrierlens simulate`: what it prints, as text, as JSON and as litmus tests. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dispatch } from '../../server/src/cli/dispatch.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { check } from '../../server/src/search/check.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { scenarioFile } from '../support/scenario-tree.ts';

const linux = linuxSource();
const newer = linuxSource('6.12');
const folder = mkdtempSync(join(tmpdir(), 'barrierlens-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command; what it wrote and its exit code. */
async function run(...args: readonly string[]) {
  let text = '';
  let warnings = '';
  const code = await dispatch(args, {
    write: (more) => {
      text += more;
    },
    warn: (more) => {
      warnings += more;
    },
  });
  return { code, text, warnings };
}

const PENDING = scenarioFile('rfc-v2', 'reverse-enable-pending');
const SWITCHED = scenarioFile('rfc-v2', 'reverse-enable-switched');

test('JSON has the observations, the needs by barrier, and the assumptions', async () => {
  const { code, text } = await run('simulate', PENDING, SWITCHED, '--suppose', '--json');
  const answer = JSON.parse(text);
  expect(code).toBe(1);
  expect(answer.scenarios).toContainEqual(
    expect.objectContaining({ path: 'reverse', invariant: 'I4-at-rest', observation: 'Sometimes' }),
  );
  expect(answer.needs).toContainEqual(
    expect.objectContaining({
      barrier: {
        file: 'transition.c',
        line: expect.any(Number),
        function: 'klp_patch_task',
        primitive: 'smp_rmb',
        ordinal: 1,
      },
      path: 'reverse',
      invariant: 'I2-at-the-switch',
      orders: [
        {
          ...{ before: 'TIF_PATCH_PENDING', after: 'klp_target_state' },
          partners: [
            expect.objectContaining({ function: 'klp_reverse_transition', primitive: 'smp_wmb' }),
          ],
        },
      ],
      verdict: 'needed',
      by: [],
    }),
  );
  expect(answer.suppositions).toContainEqual(
    expect.objectContaining({
      supposition: 'ordered-clear',
      invariant: 'I4-at-rest',
      before: 'Sometimes',
      observation: 'Never',
    }),
  );
  expect(answer.assumptions.length).toBeGreaterThan(0);
});

test('text tells a violation on the lines of the source', async () => {
  const { code, text } = await run('simulate', PENDING);
  expect(code).toBe(1);
  expect(text).toContain('klp-reverse-enable-pending: I4-at-rest is violated');
  expect(text).toMatch(
    /transition\.c:\d+ klp_patch_task\(\) +P1: reads klp_target_state = KLP_PATCHED, a value that has been overwritten/,
  );
});

test('livepatch is told at a glance: the table, what is violated with two columns, and --full has the rest', async () => {
  const { code, text } = await run('simulate', 'livepatch');
  expect(code).toBe(1);
  const [, head] = text.split('\n');
  expect(head?.split(/ {2,}/)).toEqual(expect.arrayContaining(['enable', 'disable', 'reverse']));
  expect(text).toMatch(/^ *\d+ {2}transition\.c:\d+ klp_init_transition smp_wmb 2 {2,}needed: /m);
  expect(text).toMatch(
    /nothing keeps klp_ops\.func_stack \(patch\.c:\d+\) before TIF_PATCH_PENDING/,
  );
  expect(text).toContain('klp-enable-live: I3-after-the-switch is violated');
  expect(text).toMatch(
    /klp_start_transition +reads TIF_PATCH_PENDING = 0.*; writes TIF_PATCH_PENDING = 1$/m,
  );
  expect(text).toMatch(/smp_wmb 2 {2,}needed: I2 I3 I4 ([a-z]) /);
  expect(text).toMatch(
    /^ {2}[a-z] {2}the review: not needed \(docs\/livepatch\.md#2-the-handler-after-the-switch/m,
  );
  expect(text).not.toContain('What this rests on');
  const full = await run('simulate', 'livepatch', '--full');
  expect(full.text).toContain('What this rests on');
  expect(full.text).toMatch(/klp_init_transition smp_wmb 2 {2,}needed: /);
});

test.skipIf(linux === undefined || newer === undefined).each([
  ['6.1', linux!, 'klp_target_state = KLP_PATCHED'],
  ['6.12', newer!, 'klp_target_state = KLP_TRANSITION_PATCHED'],
])(
  `of Linux %s that takes 60 lines at most, and what is accepted is no finding (${WITHOUT_LINUX}, ${WITHOUT_LINUX_6_12})`,
  async (_, tree, words) => {
    const { code, text } = await run('simulate', 'livepatch', '--tree', tree);
    expect(code).toBe(0);
    expect(text.split('\n').length).toBeLessThanOrEqual(60);
    expect(text).toContain(words);
    expect(text).toContain('accepted: ');
  },
);

test.skipIf(linux === undefined)(
  `protocols are asked for together or by name, and named with what their barriers are for (${WITHOUT_LINUX})`,
  async () => {
    const { code, text, warnings } = await run('simulate', 'protocols', '--tree', linux!);
    expect({ code, warnings }).toEqual({ code: 0, warnings: '' });
    expect(text).toMatch(/^ {2}holds +never lost-wakeup: /m);
    expect(text).toMatch(/wait\.h:\d+ wq_has_sleeper\(\) smp_mb\(\): needed for lost-wakeup$/m);
    const one = await run('simulate', 'llist', '--tree', linux!);
    expect(one.code).toBe(0);
    expect(one.text).not.toContain('wq_has_sleeper');
    expect((await run('simulate', 'llist', '--tree', linux!, '--full')).text).toContain(
      'What this rests on',
    );
  },
);

test('protocols without a tree that has them are bad use, with a hint', async () => {
  const { code, warnings } = await run('simulate', 'protocols');
  expect(code).toBe(2);
  expect(warnings).toContain('--tree DIR');
});

test('a scenario whose invariants hold is clean', async () => {
  expect((await run('simulate', SWITCHED)).code).toBe(0);
});

test('every exported test comes to what its Result: line says', async () => {
  const { warnings } = await run('simulate', PENDING, SWITCHED, '--export', folder);
  expect(warnings).toBe('');
  const files = readdirSync(folder).filter((file) => file.endsWith('.litmus'));
  expect(files).toContain('klp-reverse-enable-pending+I4-at-rest.litmus');
  expect(files.some((file) => file.includes('+without+klp_patch_task-smp_rmb-1'))).toBe(true);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const { program, problems } = parseLitmus(text);
    expect(problems, file).toEqual([]);
    const [, result] = /Result: (\w+)/.exec(text)!;
    expect(check(program!).observation, file).toBe(result);
    if (file.includes('+without+')) expect(result, file).toBe('Sometimes');
    if (file.includes('+only-without+')) expect(result, file).toBe('Never');
    expect(text, file).toMatch(/WRITE_ONCE.*; \/\/ transition\.c:\d+ klp_\w+\(\)$/m);
  }
  expect(readFileSync(join(folder, '@all'), 'utf8').trim().split('\n').sort()).toEqual(
    files.sort(),
  );
});

test('what cannot be exported is told, with the reason', async () => {
  const own = mkdtempSync(join(tmpdir(), 'barrierlens-unsaid-'));
  writeFileSync(
    join(own, 'a.c'),
    'int take(struct kref *k) { return kref_get_unless_zero(k); }\nvoid give(struct kref *k) { atomic_dec(&k->refcount.refs); }\n',
  );
  writeFileSync(
    join(own, 't.scenario'),
    'C refs\nsource: a.c\n{ struct kref k; }\nsetup { kref_init(&k); }\nP0 { got = take(&k); }\nP1 { give(&k); }\nnever none "": (P0:got = 0)\n',
  );
  const { warnings } = await run(
    'simulate',
    join(own, 't.scenario'),
    '--tree',
    own,
    '--export',
    own,
  );
  expect(warnings).toBe(
    'not exported: refs: whether none can be violated: herd7 has no words for a conditional addition other than atomic_add_unless()\n',
  );
  rmSync(own, { recursive: true });
});

test('the index of the exported tests says what they show', async () => {
  await run('simulate', SWITCHED, '--export', folder);
  const index = readFileSync(join(folder, 'index.md'), 'utf8');
  expect(index).toContain(
    '| klp-reverse-enable-switched: I2-at-the-switch can be violated without klp_patch_task smp_rmb 1 | Sometimes |',
  );
  expect(index).toContain('Nothing is missing.');
});

test('a mistake in a scenario is told with its line', async () => {
  const wrong = join(folder, 'wrong.scenario');
  writeFileSync(wrong, 'C wrong\n"No."\nsource: transition.c\nP0 { f(); }\nnever bad: P0:x\n');
  const { code, warnings } = await run('simulate', wrong);
  expect(code).toBe(2);
  expect(warnings).toMatch(/wrong\.scenario:5: expected "=" or "!=" in the formula/);
});

test('a tree that no scenario speaks of, or that is not there, is bad use', async () => {
  expect((await run('simulate', 'livepatch', '--tree', folder)).code).toBe(2);
  expect((await run('simulate', 'livepatch', '--tree', join(folder, 'none'))).code).toBe(2);
  expect((await run('simulate')).code).toBe(2);
});

test.each([
  ['two reads', 'smp_wmb()', 'read barrier'],
  ['two writes', 'smp_rmb()', 'write barrier'],
])(
  'a barrier of the wrong kind between %s (%s) is told with the least that would do: a %s',
  async (_, barrier, least) => {
    writeFileSync(
      join(folder, 'box.c'),
      `int data, full;
void fill(void) { WRITE_ONCE(data, 1); ${barrier}; WRITE_ONCE(full, 1); }
int look(void) { int seen = READ_ONCE(full); ${barrier}; return seen && !READ_ONCE(data); }
`,
    );
    const file = join(folder, 'box.scenario');
    writeFileSync(
      file,
      'C box\n"A box."\nsource: box.c\nP0 { fill(); }\nP1 { half = look(); }\nnever half "half a box": (P1:half = 1)\n',
    );
    const { text } = await run('simulate', file, '--tree', folder);
    expect(text).toMatch(new RegExp(`does not keep .*; a ${least} would`));
  },
);
