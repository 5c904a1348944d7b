/** How much work a flattened program is for herd7. */

import { type Access, accessesOf } from '../program/plain-access.ts';
import type { LocationName, Program, Statement } from '../program/program.ts';
import { bodiesOf } from '../program/walk.ts';

/**
 * The number of ways in which herd pairs reads with writes before it looks at values: for each
 * combination of control paths the product, over the reads, of the writes to their location (the
 * initial one among them, those of the same thread too, whether before or after). herd solves a
 * system of equations for each, so each counts as much as it has accesses. Locks are paired by `lock.cat` afterwards. `Infinity` where the paths are too many to count.
 */
export function herdWork({ threads }: Program): number {
  let combined: readonly Path[] = [NOTHING];
  for (const { body } of threads) {
    combined = joined(combined, pathsOf(body));
    if (combined.length > MOST_PATHS) return Number.POSITIVE_INFINITY;
  }
  return combined.reduce((sum, path) => sum + path.count * pairings(path) * lengthOf(path), 0);
}

/** Kinds of paths beyond this many are not counted. */
const MOST_PATHS = 5000;

/** How often each location is read, updated (read and written at once) and written on a control path, and
 *  how many paths are like it. */
interface Path {
  readonly updates: ReadonlyMap<LocationName, number>;
  readonly reads: ReadonlyMap<LocationName, number>;
  readonly writes: ReadonlyMap<LocationName, number>;
  readonly count: number;
}

const NOTHING: Path = { updates: new Map(), reads: new Map(), writes: new Map(), count: 1 };

function pathsOf(body: readonly Statement[]): readonly Path[] {
  let paths: readonly Path[] = [NOTHING];
  for (const statement of body) {
    const bodies = bodiesOf(statement);
    const own = statement.kind === 'lock' ? [] : accessesOf(statement);
    const inner =
      bodies.length === 0
        ? [pathOf(own)]
        : (bodies.length === 1 ? [...bodies, []] : bodies).flatMap(pathsOf);
    paths = joined(paths, inner);
    if (paths.length > MOST_PATHS) return paths;
  }
  return paths;
}

function pathOf(accesses: readonly Access[]): Path {
  const counted = (isCounted: (access: Access) => boolean) => {
    const counts = new Map<LocationName, number>();
    for (const access of accesses)
      if (access.place !== undefined && isCounted(access))
        counts.set(access.place, (counts.get(access.place) ?? 0) + 1);
    return counts;
  };
  return {
    updates: counted(({ reads, writes }) => reads && writes),
    reads: counted(({ reads, writes }) => reads && !writes),
    writes: counted(({ writes }) => writes),
    count: 1,
  };
}

/** Every path of the one followed by every path of the other, those that are alike drawn together; where they
 *  are too many to count, some of them, too many too. */
function joined(left: readonly Path[], right: readonly Path[]): readonly Path[] {
  if (right.length === 1 && lengthOf(right[0]!) === 1) return left;
  const alike = new Map<string, Path>();
  for (const one of left) {
    if (alike.size > MOST_PATHS) break;
    for (const other of right) {
      const path: Path = {
        updates: sumOf(one.updates, other.updates),
        reads: sumOf(one.reads, other.reads),
        writes: sumOf(one.writes, other.writes),
        count: one.count * other.count,
      };
      const key = keyOf(path);
      const known = alike.get(key);
      alike.set(key, known === undefined ? path : { ...path, count: known.count + path.count });
    }
  }
  return [...alike.values()];
}

function sumOf(
  left: ReadonlyMap<LocationName, number>,
  right: ReadonlyMap<LocationName, number>,
): ReadonlyMap<LocationName, number> {
  const sum = new Map(left);
  for (const [place, count] of right) sum.set(place, (sum.get(place) ?? 0) + count);
  return sum;
}

function keyOf({ updates, reads, writes }: Path): string {
  return [updates, reads, writes].map((counts) => [...counts].sort().join()).join('|');
}

/** An update does not read what it writes itself. */
function pairings({ updates, reads, writes }: Path): number {
  const written = (place: LocationName) => writes.get(place) ?? 0;
  const factors = [
    ...[...reads].map(([place, count]) => (1 + written(place)) ** count),
    ...[...updates].map(([place, count]) => written(place) ** count),
  ];
  return factors.reduce((product, factor) => product * factor, 1);
}

function lengthOf({ reads, writes }: Path): number {
  return [...reads.values(), ...writes.values()].reduce((sum, count) => sum + count, 1);
}
