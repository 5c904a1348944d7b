/** Reads one file at once, for commands that do nothing else meanwhile; never more than a bound, never what is no file. */

import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { problemOf, type Read } from './read.ts';
import { OPEN_TO_READ, tooLarge, whyNoFile } from './readable.ts';
import { isWithinAny, OUTSIDE } from './within.ts';

/** Larger texts that somebody wrote are not known. */
export const LARGEST_TEXT = 4_000_000;

/** What the shell hands over: a pipe or a terminal that the user has named as such. */
const HANDED_OVER = /^\/dev\/(?:stdin|fd\/\d+)$/;

/** The text of a regular file of at most `limit` bytes. With `within`, only of one that lies below one of
 *  these folders, symbolic links followed. */
export function readText(
  path: string,
  limit: number = LARGEST_TEXT,
  within?: readonly string[],
): Read<string> {
  try {
    const real = within === undefined ? path : realpathSync.native(path);
    if (within !== undefined && !isInside(real, within)) return { problem: OUTSIDE };
    const isHandedOver = HANDED_OVER.test(real);
    const refused = isHandedOver ? undefined : whyNoFile(statSync(real));
    return refused === undefined ? readOpened(real, limit, isHandedOver) : { problem: refused };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** The names of what is in a folder; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const STANDARD_INPUT = 0;

/** What is handed over on standard input, to its end: a file, a pipe or a socket. */
export function readStandardInput(limit: number): Read<string> {
  try {
    const bytes = firstBytes(STANDARD_INPUT, limit + 1);
    return bytes.length > limit ? { problem: tooLarge(limit) } : { value: bytes.toString('utf8') };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** Whether a real path lies in one of the folders: it does where it does as they are written, for no link is in it. */
function isInside(real: string, folders: readonly string[]): boolean {
  return isWithinAny(real, folders) || isWithinAny(real, folders.map(realFolder));
}

/** One that is not there has nothing in it. */
function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

function readOpened(path: string, limit: number, waits: boolean): Read<string> {
  const descriptor = openSync(path, waits ? 'r' : OPEN_TO_READ);
  try {
    const bytes = firstBytes(descriptor, limit + 1);
    return bytes.length > limit ? { problem: tooLarge(limit) } : { value: bytes.toString('utf8') };
  } finally {
    closeSync(descriptor);
  }
}

/** What is read goes through one place in memory, which grows: thousands of files leave no garbage behind. */
let passage = Buffer.allocUnsafe(1 << 18);

/** At most `most` bytes, until something else is read: sizes that the system tells are not relied on. */
function firstBytes(descriptor: number, most: number): Buffer {
  let length = 0;
  for (;;) {
    const room = Math.min(most, passage.length) - length;
    const read = readSync(descriptor, passage, length, room, null);
    length += read;
    if (read === 0 || length === most) return passage.subarray(0, length);
    if (length === passage.length) {
      const wider = Buffer.allocUnsafe(4 * passage.length);
      passage.copy(wider, 0, 0, length);
      passage = wider;
    }
  }
}
