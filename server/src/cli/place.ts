/** A place of a command line: `FILE:LINE[:COL]`. */

import { resolve } from 'node:path';
import { BadUse } from './command.ts';

/** A place as it was given; line and column count from 1, the file is absolute. */
export interface PlaceInFile {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** Reads the one argument of a command about a place. Throws `BadUse` where it is not one. */
export function readPlace(paths: readonly string[]): PlaceInFile {
  const [text, ...more] = paths;
  if (text === undefined || more.length > 0) throw new BadUse('one FILE:LINE[:COL] is needed');
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(text);
  if (match === null) throw new BadUse(`"${text}" is not FILE:LINE[:COL]`);
  const place = { file: resolve(match[1]!), line: Number(match[2]) };
  return match[3] === undefined ? place : { ...place, column: Number(match[3]) };
}
