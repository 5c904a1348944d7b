/** `barrierlens simulate --comments`: a patch that applies, with claims that hold, and what the comments now lack. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { unifiedDiff } from '../../server/src/cli/unified-diff.ts';
import { createHost } from '../../server/src/language-service/host.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { RFC_V2 } from '../support/scenario-tree.ts';
import { runCommand } from '../support/simulated.ts';
import { folderWith, run } from './support/run.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const FILES = ['core.c', 'patch.c', 'transition.c', 'core.h', 'patch.h', 'transition.h'];
const IN_LINUX = [...FILES.map((name) => `kernel/livepatch/${name}`), 'include/linux/livepatch.h'];

interface Sample {
  readonly name: string;
  readonly tree: string | undefined;
  readonly why: string;
  readonly files: readonly string[];
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'RFC v2',
    tree: RFC_V2,
    why: '',
    files: ['core.c', 'patch.c', 'transition.c', 'livepatch.h', 'patch.h', 'transition.h'],
  },
  { name: 'Linux 6.1', tree: linuxSource(), why: WITHOUT_LINUX, files: IN_LINUX },
  { name: 'Linux 6.12', tree: linuxSource('6.12'), why: WITHOUT_LINUX_6_12, files: IN_LINUX },
];

/** A copy of the files with the patch, applied by git. */
async function patched({ tree, files }: Sample) {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-comments-'));
  folders.push(folder);
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(tree!, file), join(folder, file));
  }
  const {
    text: patch,
    warnings,
    code,
  } = await runCommand(...['simulate', 'livepatch', '--tree', folder, '--comments']);
  const git = spawnSync('git', ['apply', '--whitespace=error-all', '-'], {
    cwd: folder,
    input: patch,
    encoding: 'utf8',
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
  });
  expect(git.stderr).toBe('');
  return { folder, patch, warnings, code };
}

/** `[smp_wmb in f, smp_rmb in g]` of all that the comments before barriers say of who pairs with whom. */
function claimedPairs(folder: string, files: readonly string[]): readonly (readonly string[])[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/\/\*(?:[^*]|\*(?!\/))*\*\/\s*(?:if \()?(\w+)\(/g)].flatMap(
      ([comment, primitive], at, all) => {
        const before = text.slice(0, all[at]!.index);
        const name = [...before.matchAll(/^\w[^\n;]*?(\w+)\([^;]*\)\n\{/gm)].at(-1)?.[1];
        const words = comment.replace(/\s*\n\s*\*\s*/g, ' ');
        const claims = [...words.matchAll(/Pairs with ([^.]*)\./g)].flatMap(([, list]) => [
          ...list!.matchAll(/(\w+)\(\) in (\w+)\(\)/g),
        ]);
        return claims.map(([, other, where]) => [
          `${primitive} in ${name}`,
          `${other} in ${where}`,
        ]);
      },
    );
  });
}

describe.each(SAMPLES)('$name', (sample) => {
  const { tree, why, files } = sample;
  const isSkipped = tree === undefined;

  test.skipIf(isSkipped)(
    `git applies it, and every claim in it resolves to a barrier of the function it names ${why}`,
    async () => {
      const { folder, patch, code } = await patched(sample);
      expect(code).toBe(0);
      const host = createHost({ engine: await createEngine(), inKernelTree: () => true });
      for (const file of files) {
        const path = join(folder, file);
        host.apply([{ kind: 'disk', path, text: readFileSync(path, 'utf8') }]);
      }
      host.apply([{ kind: 'coverage', coverage: { extent: 'tree', elsewhere: new Set() } }]);
      const { claims } = host.snapshot().moment.tree.pairing;
      const pairs = claims.filter(({ claim }) => claim.style === 'pairs');
      const written = patch.match(/^\+.*\bPairs with\b/gm) ?? [];
      expect(written.length).toBeGreaterThan(3);
      expect(pairs.length).toBeGreaterThanOrEqual(written.length);
      // An atomic operation may be found as a call that orders instead of as a site.
      const wrong = pairs.filter(({ status, targets, claim, foundIn, at }) => {
        const names = status === 'resolved' ? targets.map(({ id }) => id.split(':')[0]) : [];
        const called = at === undefined ? [] : [foundIn?.function];
        return ![...names, ...called].some((name) => claim.functions.includes(name ?? ''));
      });
      expect(wrong.map(({ from, claim, status }) => [from.id, claim.functions, status])).toEqual(
        [],
      );
    },
  );

  test.skipIf(isSkipped)(
    `who is named as a partner names the other, and what is said is not proposed again ${why}`,
    async () => {
      const { folder } = await patched(sample);
      const pairs = claimedPairs(folder, files);
      expect(pairs.length).toBeGreaterThan(3);
      expect(
        pairs.filter(([one, other]) => !pairs.some(([a, b]) => a === other && b === one)),
      ).toEqual([]);
      const again = await runCommand(...['simulate', 'livepatch', '--tree', folder, '--comments']);
      expect(again.text).toBe('');
      expect(again.warnings.filter((line) => line.includes('leaves out'))).toEqual([]);
    },
  );

  const checkpatch = join(linuxSource() ?? '', 'scripts/checkpatch.pl');
  test.skipIf(isSkipped || !existsSync(checkpatch))(`checkpatch.pl is silent ${why}`, async () => {
    const { patch } = await patched(sample);
    const { status, stdout, stderr, error } = spawnSync(
      'perl',
      [checkpatch, '--no-tree', '--strict', '--quiet', '-'],
      { input: patch, encoding: 'utf8' },
    );
    expect(error).toBeUndefined();
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

test('the comment says what is ordered, with whom it pairs, on which path and why, and where it is not needed', async () => {
  const { patch } = await patched(SAMPLES[0]!);
  const added = patch
    .split('\n')
    .filter((line) => /^\+[^+]/.test(line))
    .map((line) => line.replace(/^\+\s*\*?\s*/, ''))
    .join(' ');
  expect(added).toContain(
    'Order task_struct.patch_state before klp_func.transition. Pairs with the 2nd smp_rmb() in klp_ftrace_handler().',
  );
  expect(added).toContain(
    'Needed on disable, or else a task that has not been switched does not run the new version.',
  );
  expect(added).toMatch(
    /Not needed on enable, as long as there is the 2nd smp_wmb\(\) in klp_init_transition\(\)\./,
  );
});

test('git applies it to files whose lines end as on Windows', async () => {
  const { files } = SAMPLES[0]!;
  const texts = files.map((file) => [file, readFileSync(join(RFC_V2, file), 'utf8')] as const);
  const folder = folderWith(
    Object.fromEntries(texts.map(([file, text]) => [file, text.replaceAll('\n', '\r\n')])),
  );
  folders.push(folder);
  const { out } = await run('simulate', 'livepatch', '--tree', folder, '--comments');
  const { status, stderr } = spawnSync('git', ['-c', 'core.whitespace=cr-at-eol', 'apply', '-'], {
    cwd: folder,
    input: out,
    encoding: 'utf8',
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
  });
  expect([status, stderr]).toEqual([0, '']);
  const text = readFileSync(join(folder, 'transition.c'), 'utf8');
  expect(text).toContain('Pairs with');
  expect(text.match(/[^\r]\n/)).toBeNull();
  expect((await run('simulate', 'livepatch', '--tree', folder, '--comments')).out).toBe('');
});

test.skipIf(linuxSource() === undefined)(
  `what the comments of Linux 6.1 leave out is told, and nothing that they say is called wrong (${WITHOUT_LINUX})`,
  async () => {
    const { warnings } = await patched(SAMPLES[1]!);
    expect(warnings.filter((line) => line.includes('nothing needs it to pair'))).toEqual([]);
    // The read barrier of the handler says "isn't needed in the disable path" itself.
    expect(warnings.filter((line) => /handler\(\):.*not needed on disable/.test(line))).toEqual([]);
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /smp_wmb\(\) in __klp_enable_patch\(\): its comment leaves out that it is not needed on enable/,
      ),
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /klp_update_patch_state\(\) is not enough: on enable nothing keeps klp_ops\.func_stack/,
      ),
    );
  },
);

test('edits that are near are one hunk, and lines count on behind those that were added', () => {
  const text = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`).join('');
  const patch = unifiedDiff('a.c', text, [
    { at: 1, removed: 0, lines: ['one', 'two'] },
    { at: 5, removed: 1, lines: ['six'] },
    { at: 29, removed: 0, lines: ['end'] },
  ]);
  expect(patch.match(/^@@.*@@$/gm)).toEqual(['@@ -1,9 +1,11 @@', '@@ -27,4 +29,5 @@']);
  expect(patch).toContain('\n-line 6\n+six\n line 7\n');
});
