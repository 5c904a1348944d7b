/** What is read of a disk that holds more than files, by the commands and by the language service alike. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodeFileSystem } from '../../server/src/disk/node-file-system.ts';
import { readText } from '../../server/src/disk/read-text.ts';

const LIMIT = 100_000;
const isWindows = process.platform === 'win32';

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'barrierlens-disk-'));
}

describe.each([
  ['at once', async (path: string, within?: readonly string[]) => readText(path, LIMIT, within)],
  [
    'without waiting',
    (path: string, within?: readonly string[]) => nodeFileSystem.readText(path, LIMIT, within),
  ],
])('%s', (_, read) => {
  test('a text of any length up to the limit', async () => {
    const path = join(newFolder(), 'a.c');
    for (const length of [0, 1, 65_535, 65_536, 65_537, LIMIT]) {
      writeFileSync(path, 'é'.repeat(length >> 1) + 'x'.repeat(length & 1));
      const found = await read(path);
      expect('value' in found && Buffer.byteLength(found.value)).toBe(length);
    }
    writeFileSync(path, 'x'.repeat(LIMIT + 1));
    expect(await read(path)).toEqual({
      problem: `not read: larger than ${LIMIT} bytes, the limit`,
    });
  });

  test('what is not there, and a folder', async () => {
    const folder = newFolder();
    expect(await read(join(folder, 'nothing.c'))).toEqual({ problem: 'no such file or folder' });
    expect(await read(folder)).toEqual({ problem: 'a folder, not a file' });
    expect(await read(join(folder, 'x'.repeat(300)))).toEqual({ problem: 'its name is too long' });
    expect(await read(join(folder, 'a\0b'))).toHaveProperty('problem');
  });

  test.skipIf(isWindows)('a pipe that nobody writes, a socket and a device', async () => {
    const folder = newFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await read(join(folder, 'pipe'))).toEqual({ problem: 'not read: a pipe, not a file' });
    expect(await read(join(folder, 'socket'))).toEqual({
      problem: 'not read: a socket, not a file',
    });
    expect(await read('/dev/zero')).toEqual({ problem: 'not read: a device, not a file' });
  });

  test.skipIf(process.platform !== 'linux')(
    'a file whose size the system does not tell is bounded all the same',
    async () => {
      expect(await read('/proc/self/status')).toEqual({ value: expect.stringMatching(/^Name:/) });
    },
  );

  test('what lies outside of the folder that was opened, by name or by link', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'opened/below'), { recursive: true });
    writeFileSync(join(folder, 'secret.h'), 'secret');
    writeFileSync(join(folder, 'opened/a.h'), 'a');
    const opened = join(folder, 'opened');
    const outside = { problem: 'not read: it lies outside of the folder that was opened' };
    expect(await read(join(opened, 'below/../a.h'), [opened])).toEqual({ value: 'a' });
    expect(await read(`${opened}/below/../../secret.h`, [opened])).toEqual(outside);
    expect(await read(join(folder, 'secret.h'), [opened, folder])).toEqual({ value: 'secret' });
    if (isWindows) return;
    symlinkSync(join(folder, 'secret.h'), join(opened, 'link.h'));
    symlinkSync(folder, join(opened, 'up'));
    symlinkSync(opened, join(folder, 'other-name'));
    expect(await read(join(opened, 'link.h'), [opened])).toEqual(outside);
    expect(await read(join(opened, 'up/secret.h'), [opened])).toEqual(outside);
    expect(await read(join(opened, 'a.h'), [join(folder, 'other-name')])).toEqual({ value: 'a' });
    expect(await read(join(opened, 'a.h'), [join(folder, 'not-there')])).toEqual(outside);
  });
});
