/** Which files a walk comes by in a folder that somebody else has filled. */

import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFileSystem } from '../../server/src/disk/node-file-system.ts';
import { walk } from '../../server/src/disk/walk.ts';

/** The folder `opened` in a folder of its own, with the C files `names`. */
function folderWith(...names: readonly string[]): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'barrierlens-walk-')), 'opened');
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  return folder;
}

async function walked(root: string, within: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = [];
  const isWanted = (name: string) => name.endsWith('.c');
  for await (const each of walk({ files: nodeFileSystem, root, within, isWanted })) {
    const path = relative(root, each.path);
    found.push(each.kind === 'path' ? path : `${path}: ${each.message}`);
  }
  return found;
}

test('the files of a folder before those of its folders', async () => {
  const root = folderWith('b/c.c', 'z.c', 'a/b/c.c', 'a/d.c', 'a/readme.md');
  expect(await walked(root)).toEqual(['z.c', 'a/d.c', 'b/c.c', 'a/b/c.c']);
});

test('each folder once, however many links lead to it', async () => {
  const root = folderWith('a.c', 'below/b.c');
  for (const at of ['one', 'two', 'below/three', 'below/four']) symlinkSync(root, join(root, at));
  symlinkSync('itself', join(root, 'itself'));
  symlinkSync('nowhere', join(root, 'nowhere.c'));
  expect(await walked(root)).toEqual(['a.c', 'below/b.c']);
});

test('links out of the folder are told and not followed', async () => {
  const root = folderWith('a.c', '../elsewhere/b.c');
  const elsewhere = join(root, '../elsewhere');
  symlinkSync(elsewhere, join(root, 'link'));
  symlinkSync(join(elsewhere, 'b.c'), join(root, 'link.c'));
  const outside = 'not read: it lies outside of the folder that was opened';
  expect(await walked(root)).toEqual(['a.c', `link: ${outside}`, `link.c: ${outside}`]);
  expect(await walked(root, [elsewhere])).toEqual(['a.c', 'link.c', 'link/b.c']);
});

test('a folder that is not there', async () => {
  expect(await walked(join(folderWith('a.c'), 'gone'))).toEqual([': no such file or folder']);
});
