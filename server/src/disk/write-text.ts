/** Writes the files that a command was asked for: into a named folder, over regular files only. */

import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Neither through a symbolic link nor waiting for the reader of a pipe. */
const OPEN_TO_WRITE =
  constants.O_WRONLY |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** Makes the folder where it is not there. Returns in a sentence why it cannot be. */
export function makeFolder(folder: string): string | undefined {
  return unlessDone(`the folder ${folder} cannot be made`, () =>
    mkdirSync(folder, { recursive: true }),
  );
}

/** Writes `folder/name`; `name` is one step. Returns in a sentence why that cannot be. */
export function writeText(folder: string, name: string, text: string): string | undefined {
  const path = join(folder, name);
  return unlessDone(`${path} cannot be written`, () => {
    const descriptor = openSync(path, OPEN_TO_WRITE, 0o666);
    try {
      if (!fstatSync(descriptor).isFile()) throw new Error('something that is no file is there');
      ftruncateSync(descriptor);
      for (let rest = Buffer.from(text); rest.length > 0; )
        rest = rest.subarray(writeSync(descriptor, rest));
    } finally {
      closeSync(descriptor);
    }
  });
}

function unlessDone(what: string, act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return `${what}: ${reasonOf(error)}`;
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file is in the way';
    case 'EISDIR':
      return 'a folder is in the way';
    case 'ELOOP':
      return 'a symbolic link is in the way';
    case 'ENXIO':
      return 'a pipe or a device is in the way';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no space is left';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
