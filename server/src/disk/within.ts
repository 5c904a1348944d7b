/** Whether a path lies in a folder: what a file names is read only where that holds. */

import { isAbsolute, relative, sep } from 'node:path';

export const OUTSIDE = 'not read: it lies outside of the folder that was opened';

/** Whether `path` is `folder` or lies below it; both are taken as they are written. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether it is or lies below one of `folders`. */
export function isWithinAny(path: string, folders: Iterable<string>): boolean {
  for (const folder of folders) if (isWithin(path, folder)) return true;
  return false;
}
