/** What may be read: regular files, for a pipe may never end and a device has effects. */

import { constants, type Stats } from 'node:fs';

/** To open a file for reading without waiting, should it have become a pipe in the meantime. */
export const OPEN_TO_READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Why something that is no regular file is not read; undefined for one that is. */
export function whyNoFile(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder, not a file';
  if (stats.isFIFO()) return 'not read: a pipe, not a file';
  if (stats.isSocket()) return 'not read: a socket, not a file';
  return 'not read: a device, not a file';
}

export function tooLarge(limit: number): string {
  return `not read: larger than ${limit} bytes, the limit`;
}
