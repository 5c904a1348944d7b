/** Patches of git and diff, read and applied: what comes of it is the text that they were made of. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { applyHunks, readPatch, reversed } from '../../server/src/text/patch.ts';

const folder = mkdtempSync(join(tmpdir(), 'barrierlens-patch-'));
afterAll(() => rmSync(folder, { recursive: true }));

function filesOf(text: string) {
  const read = readPatch(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.files;
}

/** What `diff -u` and `git diff` say of two texts. */
function diffs(before: string, after: string): readonly string[] {
  writeFileSync(join(folder, 'a'), before);
  writeFileSync(join(folder, 'b'), after);
  const git = spawnSync('git', ['diff', '--no-index', '-U1', 'a', 'b'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const diff = spawnSync('diff', ['-u', 'a', 'b'], { cwd: folder, encoding: 'utf8' });
  return [git.stdout, diff.stdout];
}

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at % 7}`);

test.each([
  ['a line in the middle', (lines: string[]) => lines.splice(10, 1, 'other', 'more')],
  ['the first and the last', (lines: string[]) => lines.splice(0, 1) && lines.splice(-1, 1, 'end')],
  ['several places', (lines: string[]) => [3, 12, 25].map((at) => lines.splice(at, 2, `at ${at}`))],
  ['blank lines', (lines: string[]) => lines.splice(5, 3, '', '', 'x', '')],
  ['lines that look like a patch', (lines: string[]) => lines.splice(5, 1, '-- a/x', '++ b/x')],
  ['everything', (lines: string[]) => lines.splice(0, 30, 'all')],
])('%s, there and back', (_, edit) => {
  const lines = [...LINES];
  edit(lines);
  const [before, after] = [`${LINES.join('\n')}\n`, `${lines.join('\n')}\n`];
  for (const text of diffs(before, after)) {
    const [patch] = filesOf(text);
    expect(applyHunks(before, patch!.hunks)).toBe(after);
    expect(applyHunks(after, reversed(patch!).hunks)).toBe(before);
  }
});

test('a hunk whose lines stand elsewhere by now, and one whose lines are gone', () => {
  const [text] = diffs('a\nb\nc\nd\ne\n', 'a\nb\nX\nd\ne\n');
  const [patch] = filesOf(text!);
  expect(applyHunks('1\n2\n3\na\nb\nc\nd\ne\n', patch!.hunks)).toBe('1\n2\n3\na\nb\nX\nd\ne\n');
  expect(applyHunks('a\nb\nd\ne\n', patch!.hunks)).toBe(undefined);
});

test('files that come, go and are renamed, as git tells it in a mail', () => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@x', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '-q');
  writeFileSync(join(folder, 'gone.c'), 'gone\n');
  writeFileSync(join(folder, 'old.c'), `${LINES.join('\n')}\n`);
  git('add', 'gone.c', 'old.c');
  git('commit', '-qm', 'first');
  git('mv', 'old.c', 'new.c');
  git('rm', '-q', 'gone.c');
  writeFileSync(join(folder, 'come.c'), 'come\n');
  git('add', 'come.c');
  git('commit', '-qm', 'second');
  const files = filesOf(git('format-patch', '-1', '--stdout', '-M'));
  expect(files.map(({ oldName, newName }) => [oldName, newName])).toEqual([
    [undefined, 'come.c'],
    ['gone.c', undefined],
    ['old.c', 'new.c'],
  ]);
});

test('a patch that was cut off', () => {
  const [text] = diffs('a\nb\n', 'a\nX\nb\n');
  expect(readPatch(text!.split('\n').slice(0, -3).join('\n'))).toEqual({
    problem: expect.stringMatching(/ends in the middle/),
  });
});

test('a text of more lines than can be handed on at once', () => {
  const many = '\n'.repeat(300_000);
  const before = `${many}one\n${many}`;
  const [file] = filesOf('--- a/x\n+++ b/x\n@@ -300001 +300001 @@\n-one\n+other\n');
  expect(applyHunks(before, file!.hunks)).toBe(`${many}other\n${many}`);
});
