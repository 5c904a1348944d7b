/** Where files that were asked for are written, and where they are not. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileNameOf } from '../../server/src/disk/file-name.ts';
import { makeFolder, writeText } from '../../server/src/disk/write-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'barrierlens-write-'));

test('a file is written anew, whatever was in it', () => {
  expect(writeText(folder, 'a.svg', 'a longer text')).toBe(undefined);
  expect(writeText(folder, 'a.svg', 'text')).toBe(undefined);
  expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe('text');
});

test('a folder, a link or a pipe in the way stays as it is', () => {
  mkdirSync(join(folder, 'b.svg'));
  expect(writeText(folder, 'b.svg', 'x')).toMatch(
    /b\.svg cannot be written: a folder is in the way$/,
  );
  expect(makeFolder(join(folder, 'a.svg', 'below'))).toMatch(/: a file is in the way$/);
  if (process.platform === 'win32') return;
  writeFileSync(join(folder, 'mine'), 'mine');
  symlinkSync(join(folder, 'mine'), join(folder, 'c.svg'));
  expect(writeText(folder, 'c.svg', 'x')).toMatch(/: a symbolic link is in the way$/);
  expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine');
  execFileSync('mkfifo', [join(folder, 'd.svg')]);
  expect(writeText(folder, 'd.svg', 'x')).toMatch(/: a pipe or a device is in the way$/);
});

test('a name is one step of a path', () => {
  expect(fileNameOf('SB+mbs', '.svg')).toBe('SB+mbs.svg');
  expect(fileNameOf('../../etc/passwd', '')).toBe('.._.._etc_passwd');
  expect(fileNameOf('..', '')).toBe('_');
  expect(fileNameOf('a\nb\\c:d\0', '.svg')).toBe('a_b_c_d_.svg');
});

test('names that are too long are cut and stay different', () => {
  const names = ['x'.repeat(300), `${'x'.repeat(300)}y`, 'é'.repeat(300), '\u{1f600}'.repeat(99)];
  const files = names.map((name) => fileNameOf(name, '.svg'));
  expect(new Set(files).size).toBe(names.length);
  for (const file of files) {
    expect(Buffer.byteLength(file)).toBeLessThan(256);
    expect(writeText(folder, file, '')).toBe(undefined);
  }
});
