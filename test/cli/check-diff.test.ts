/** `check --diff`: what a patch brings or touches, on either side, before it is applied and afterwards. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programOf } from '../support/program.ts';
import { folderWith, publishAndConsume } from './support/run.ts';

const program = programOf('server/src/cli/main.ts');
const GOOD = publishAndConsume();
const OTHER = Object.fromEntries(
  Object.entries(publishAndConsume('smp_wmb();')).map(([name, text]) => [
    `other-${name}`,
    text.replaceAll(/\b(box|publish|consume)\b/g, 'other_$1'),
  ]),
);
let tree: string;

beforeEach(() => {
  tree = folderWith({ ...GOOD, ...OTHER });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
});

afterEach(() => rmSync(tree, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  const user = ['-c', 'user.name=n', '-c', 'user.email=e@x'];
  return execFileSync('git', [...user, ...args], { cwd: tree, encoding: 'utf8' });
}

function check(diff: string, input = '', ...more: readonly string[]) {
  const env = { ...process.env, BARRIERLENS_CACHE: '' };
  const options = { cwd: tree, input, encoding: 'utf8', env } as const;
  return spawnSync(process.execPath, [program, 'check', '.', '--diff', diff, ...more], options);
}

/** Edits a file and gives the patch. */
function edit(name: string, from: string, to: string): string {
  writeFileSync(join(tree, name), { ...GOOD, ...OTHER }[name]!.replace(from, to));
  return git('diff');
}

test('a barrier that becomes the wrong one: told before the patch is in the tree, and when it is', () => {
  const patch = edit('reader.c', 'smp_rmb();', 'smp_wmb();');
  const there = check('HEAD');
  expect(there.stdout).toMatch(/^(?:reader|writer)\.c:/);
  expect(there.stdout).not.toMatch(/other/);
  expect(there.status).toBe(1);
  git('checkout', '-q', '.');
  const ahead = check('-', patch);
  expect(ahead.stdout).toBe(there.stdout);
  expect(ahead.status).toBe(1);
  expect(git('status', '--short')).toBe('');
});

test.each([
  ['smp_rmb();', 'barrier();'],
  ['smp_rmb();', ''],
])('a barrier that goes, and that a comment counts on: %s to "%s"', (from, to) => {
  const claiming = GOOD['writer.c']!.replace(
    'smp_wmb();',
    '/* Pairs with consume(). */ smp_wmb();',
  );
  writeFileSync(join(tree, 'writer.c'), claiming);
  git('commit', '-qam', 'a comment');
  const patch = edit('reader.c', from, to);
  const there = check('HEAD');
  expect(there.stdout).toMatch(
    /^writer\.c:\d+:\d+: warning: smp_wmb\(\) has lost its partner smp_rmb\(\)/,
  );
  git('checkout', '-q', '.');
  expect(check('-', patch).stdout).toBe(there.stdout);
});

test('a patch that breaks nothing and touches nothing that is broken', () => {
  const patch = edit('writer.c', 'WRITE_ONCE(b->data, 1);', 'WRITE_ONCE(b->data, 2);');
  expect(check('HEAD')).toMatchObject({ status: 0, stdout: '' });
  git('checkout', '-q', '.');
  expect(check('-', patch)).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('a function that is touched is told about with what was wrong before, also on the other side', () => {
  edit('other-writer.c', 'WRITE_ONCE(b->data, 1);', 'WRITE_ONCE(b->data, 2);');
  const { stdout } = check('HEAD');
  expect(stdout).toMatch(/other-/);
});

test('what a patch cannot change is not asked about', () => {
  const simulated = () =>
    Number(/pairings simulated: (\d+)/.exec(check('HEAD', '', '--stats').stderr)?.[1]);
  edit('writer.c', 'WRITE_ONCE(b->data, 1);', 'WRITE_ONCE(b->data, 2);');
  const one = simulated();
  edit('other-writer.c', 'WRITE_ONCE(b->data, 1);', 'WRITE_ONCE(b->data, 2);');
  const both = simulated();
  git('checkout', '-q', 'writer.c');
  const other = simulated();
  expect([one > 0, other > 0]).toEqual([true, true]);
  expect(one + other).toBe(both);
});

test.each([
  ['a function that both sides call', 'helper.c'],
  ['one that they call by way of others', 'deep.c'],
  ['a header of theirs', 'order.h'],
])('what a patch takes from %s', (_, name) => {
  const files = {
    Kbuild: '',
    Kconfig: '',
    'include/linux/types.h': '',
    'writer.c': GOOD['writer.c']!.replace('smp_wmb();', 'order_it();').replace(
      /^/,
      '#include "order.h"\n',
    ),
    'order.h': 'static inline void order_it(void)\n{\n\torder_all();\n}\n',
    'helper.c': 'void order_all(void)\n{\n\torder_deep();\n\tsmp_mb();\n}\n',
    'deep.c': 'void order_deep(void)\n{\n\tsmp_mb();\n}\n',
  };
  const without = {
    'helper.c': files['helper.c'].replace('\tsmp_mb();\n', ''),
    'deep.c': files['deep.c'].replace('\tsmp_mb();\n', ''),
    'order.h': files['order.h'].replace('\torder_all();\n', ''),
  };
  const only =
    name === 'deep.c' ? { 'helper.c': without['helper.c'] } : { 'deep.c': without['deep.c'] };
  mkdirSync(join(tree, 'include/linux'), { recursive: true });
  for (const [file, text] of Object.entries({ ...files, ...only }))
    writeFileSync(join(tree, file), text);
  git('add', '.');
  git('commit', '-qm', 'helpers');
  writeFileSync(join(tree, name), without[name as keyof typeof without]);
  const whole = spawnSync(process.execPath, [program, 'check', '.', '--level', 'information'], {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, BARRIERLENS_CACHE: '' },
  }).stdout;
  const found = whole.split('\n').filter((line) => /^(?:writer|reader)\.c:.*\]$/.test(line));
  const { stdout } = check('HEAD', '', '--level', 'information');
  expect(found.length).toBeGreaterThan(0);
  for (const line of found) expect(stdout).toContain(line);
});

test('a file that comes', () => {
  writeFileSync(join(tree, 'third.c'), OTHER['other-reader.c']!.replaceAll('other_', 'third_'));
  git('add', '-N', 'third.c');
  const patch = git('diff');
  const there = check('HEAD').stdout;
  git('rm', '-q', '--cached', 'third.c');
  rmSync(join(tree, 'third.c'));
  expect(check('-', patch).stdout).toBe(there);
});

test.each([
  [
    'a patch that does not fit',
    '-',
    '--- a/reader.c\n+++ b/reader.c\n@@ -1 +1 @@\n-no\n+x\n',
    /does not fit reader\.c/,
  ],
  [
    'a file that is not there',
    '-',
    '--- a/no.c\n+++ b/no.c\n@@ -1 +1 @@\n-no\n+x\n',
    /there is no no\.c/,
  ],
  ['a revision that there is not', 'nothing', '', /nothing/],
  ['an option where a revision should be', '--output=x', '', /no revision/],
])('%s', (_, diff, input, message) => {
  const env = { ...process.env, BARRIERLENS_CACHE: '' };
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [program, 'check', '.', `--diff=${diff}`],
    { cwd: tree, input, encoding: 'utf8', env },
  );
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

/** The code with a scenario beside it, in which half a box must not be seen. */
function withScenario(writer: string) {
  const scenario = `C box
"A box is filled and looked into."
source: writer.c reader.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`;
  writeFileSync(join(tree, 'box.scenario'), scenario);
  writeFileSync(join(tree, 'writer.c'), writer);
  git('add', '.');
  git('commit', '-qm', 'a scenario');
}

const CHANGES: readonly (readonly [
  string,
  before: string,
  after: string,
  said: RegExp | undefined,
])[] = [
  [
    'that an invariant holds which could be violated',
    '',
    'smp_wmb();',
    /^writer\.c: on the path box half \(box, "half a box is seen"\) holds with the patch; it could be violated before$/,
  ],
  [
    'that an invariant rests on a barrier which another one stood beside',
    'smp_mb(); smp_wmb();',
    'smp_wmb();',
    /^writer\.c: on the path box smp_wmb\(\) of publish\(\) is needed for half with the patch; before, smp_mb\(\) .*gave the order, too$/,
  ],
  [
    'that an invariant no longer rests on a barrier',
    'smp_wmb();',
    'smp_mb(); smp_wmb();',
    /^writer\.c: on the path box smp_wmb\(\) of publish\(\) is no longer needed for half with the patch: the order is also given by smp_mb\(\) /,
  ],
  ['nothing of a barrier that is another one', 'smp_mb();', 'smp_wmb();', undefined],
];

test.each(CHANGES)('of what scenarios say a patch is told %s', (_, before, after, said) => {
  const [writer, reader] = ['writer.c', 'reader.c'].map((name) =>
    GOOD[name]!.replace(/.*Pairs with.*\n/, ''),
  );
  const withBarriers = (barriers: string) => writer!.replace('smp_wmb();', barriers);
  writeFileSync(join(tree, 'reader.c'), reader!);
  withScenario(withBarriers(before));
  writeFileSync(join(tree, 'writer.c'), withBarriers(after));
  const patch = git('diff');
  const there = check('HEAD');
  const line = there.stderr.split('\n').find((each) => each.startsWith('writer.c: on the path'));
  if (said === undefined) expect(line).toBeUndefined();
  else expect(line).toMatch(said);
  expect(there.status).toBe(0);
  git('checkout', '-q', '.');
  expect(check('-', patch).stderr).toBe(there.stderr);
});
