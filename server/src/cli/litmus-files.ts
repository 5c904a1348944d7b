/** Which tests the arguments of `barrierlens litmus` name. */

import { existsSync, statSync } from 'node:fs';
import { readText } from '../disk/read-text.ts';
import { BadUse } from './command.ts';

/** The tests that an argument names: itself, those below a folder, those of an `@LIST`. `unread` is told what
 *  cannot be looked into; the rest goes on. */
export async function testsOf(
  argument: string,
  unread: (path: string, why: string) => void,
): Promise<readonly string[]> {
  if (argument.startsWith('@')) return testsInList(argument.slice(1));
  if (!existsSync(argument)) throw new BadUse(`there is no file ${argument}`);
  return statSync(argument).isDirectory() ? testsBelow(argument, unread) : [argument];
}

function testsInList(list: string): readonly string[] {
  const read = readText(list);
  if ('problem' in read) throw new BadUse(`the list ${list} cannot be read: ${read.problem}`);
  const lines = read.value.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** Sorted by path. */
async function testsBelow(
  folder: string,
  unread: (path: string, why: string) => void,
): Promise<readonly string[]> {
  const { nodeFileSystem } = await import('../disk/node-file-system.ts');
  const { walk } = await import('../disk/walk.ts');
  const isWanted = (name: string) => name.endsWith('.litmus');
  const tests: string[] = [];
  for await (const found of walk({ files: nodeFileSystem, root: folder, isWanted })) {
    if (found.kind === 'path') tests.push(found.path);
    else unread(found.path, found.message);
  }
  return tests.sort();
}
