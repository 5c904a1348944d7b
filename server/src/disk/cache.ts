/**
 * What was found before, on disk: a file for each key, with its checksum. It is rebuilt and never trusted: whatever
 * cannot be read, is damaged or is of another program counts as not there, and what cannot be written is left out.
 * Several processes may use one folder: a file appears under its name only when it is whole.
 */

import { createHash } from 'node:crypto';
import {
  type Dirent,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { BUILD } from './build-number.ts';

export interface Cache {
  /** The value that was put under the key, or undefined. */
  readonly get: (key: readonly string[]) => unknown;
  readonly put: (key: readonly string[], value: unknown) => void;
  /** Takes away the longest unused, as far as there is more than the bound; asked for once, at the end of a run. */
  readonly trim: () => void;
}

/** Keeps nothing. */
export const noCache: Cache = { get: () => undefined, put: () => undefined, trim: () => undefined };

/** So many bytes are kept: a tree of the kernel in two versions. */
const MOST_BYTES = 1_500_000_000;

/** The user's cache: `BARRIERLENS_CACHE` names another folder, and empty switches it off. */
export function userCacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const named = environment['BARRIERLENS_CACHE'];
  if (named !== undefined) return named === '' ? undefined : named;
  const caches = environment['XDG_CACHE_HOME'] ?? environment['LOCALAPPDATA'];
  return join(
    caches === undefined || caches === '' ? join(homedir(), '.cache') : caches,
    'barrierlens',
    'found',
  );
}

/** The cache of the user who runs this program; none where the program has no number. */
export function userCache(): Cache {
  const folder = userCacheFolder(process.env);
  return BUILD === undefined || folder === undefined ? noCache : createCache(folder, BUILD);
}

/** A cache in `folder`, made when something is put. `program` names the program and its version; Node's own format of
 *  values is of its version, too. */
export function createCache(folder: string, program: string, mostBytes = MOST_BYTES): Cache {
  const suffix = `-${process.pid}-${Date.now().toString(36)}.new`;
  let isWritable = true;
  let isFuller = false;
  let count = 0;

  const placeOf = (key: readonly string[]): string => {
    const hash = createHash('sha256');
    for (const part of [program, process.versions.v8, ...key])
      hash.update(`${part.length}:${part}`);
    const name = hash.digest('hex');
    return join(folder, name.slice(0, 2), name.slice(2));
  };

  return {
    get(key) {
      const place = placeOf(key);
      try {
        const payload = checked(readFileSync(place));
        if (payload === undefined) {
          rmSync(place, { force: true });
          return undefined;
        }
        touch(place);
        return deserialize(payload);
      } catch {
        return undefined;
      }
    },
    put(key, value) {
      if (!isWritable) return;
      const place = placeOf(key);
      const started = `${place}${suffix}${count++}`;
      const bytes = withChecksum(serialize(value));
      try {
        mkdirSync(join(place, '..'), { recursive: true });
        writeFileSync(started, bytes, { flag: 'wx' });
        renameSync(started, place);
        isFuller = true;
      } catch {
        isWritable = false;
        remove(started);
      }
    },
    trim() {
      if (isFuller) trim(folder, mostBytes);
    },
  };
}

const CHECKSUM_BYTES = 32;

function withChecksum(payload: Buffer): Buffer {
  return Buffer.concat([createHash('sha256').update(payload).digest(), payload]);
}

/** What stands behind the checksum, where it is that. */
function checked(bytes: Buffer): Buffer | undefined {
  const payload = bytes.subarray(CHECKSUM_BYTES);
  const sum = createHash('sha256').update(payload).digest();
  return sum.equals(bytes.subarray(0, CHECKSUM_BYTES)) ? payload : undefined;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Notes that the file was of use, once a day. */
function touch(place: string): void {
  try {
    const now = Date.now();
    if (now - statSync(place).mtimeMs > DAY) utimesSync(place, now / 1000, now / 1000);
  } catch {
    // It may be read only, or taken away by another process.
  }
}

interface Kept {
  readonly place: string;
  readonly bytes: number;
  readonly used: number;
}

/** Leaves four fifths of the bound, so that not every run has to look again. */
function trim(folder: string, mostBytes: number): void {
  const kept = filesOf(folder);
  const isLeft = ({ place, used }: Kept) => /\.new\d+$/.test(place) && Date.now() - used > HOUR;
  for (const each of kept.filter(isLeft)) remove(each.place);
  let bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes <= mostBytes) return;
  for (const each of kept.toSorted((a, b) => a.used - b.used)) {
    if (bytes <= 0.8 * mostBytes) return;
    remove(each.place);
    bytes -= each.bytes;
  }
}

/** The names that a cache gives, whole and while it writes: whatever else is in the folder is somebody else's. */
const OWN_FOLDER = /^[0-9a-f]{2}$/;
const OWN_FILE = /^[0-9a-f]{62}(?:-[0-9a-z-]+\.new[0-9]+)?$/;

function filesOf(folder: string): readonly Kept[] {
  return entriesOf(folder, OWN_FOLDER, (entry) => entry.isDirectory()).flatMap((part) =>
    entriesOf(part, OWN_FILE, (entry) => entry.isFile()).flatMap((place) => {
      const stats = statSync(place, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ place, bytes: stats.size, used: stats.mtimeMs }];
    }),
  );
}

function entriesOf(
  folder: string,
  name: RegExp,
  isWanted: (entry: Dirent) => boolean,
): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => name.test(entry.name) && isWanted(entry))
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

function remove(place: string): void {
  try {
    rmSync(place, { force: true });
  } catch {
    // Another process may be at it.
  }
}
