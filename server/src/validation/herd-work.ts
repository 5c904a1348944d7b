/** How much work a flattened program is for herd7. */

import type { LocationName, Program, Statement } from '../litmus/program.ts';
import { bodiesOf } from '../lowering/tidy.ts';
import { accessesOf } from './plain-access.ts';

/**
 * The number of ways in which herd pairs reads with writes before it looks at values: for each
 * combination of control paths the product, over the reads, of the writes to their location (the
 * initial one among them, those of the same thread too, whether before or after). herd solves a
 * system of equations for each. Locks are paired by `lock.cat` afterwards. `Infinity` where the paths are too many to count.
 */
export function herdWork({ threads }: Program): number {
  let combined: readonly Path[] = [NOTHING];
  for (const { body } of threads) {
    combined = joined(combined, pathsOf(body));
    if (combined.length > MOST_PATHS) return Number.POSITIVE_INFINITY;
  }
  return combined.reduce((sum, path) => sum + path.count * pairings(path), 0);
}

/** Kinds of paths beyond this many are not counted. */
const MOST_PATHS = 5000;

/** How often each location is read and written on a control path, and how many paths are like it. */
interface Path {
  readonly reads: ReadonlyMap<LocationName, number>;
  readonly writes: ReadonlyMap<LocationName, number>;
  readonly count: number;
}

const NOTHING: Path = { reads: new Map(), writes: new Map(), count: 1 };

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

function pathOf(accesses: ReturnType<typeof accessesOf>): Path {
  const counted = (which: 'reads' | 'writes') => {
    const counts = new Map<LocationName, number>();
    for (const access of accesses)
      if (access[which] && access.place !== undefined)
        counts.set(access.place, (counts.get(access.place) ?? 0) + 1);
    return counts;
  };
  return { reads: counted('reads'), writes: counted('writes'), count: 1 };
}

/** Every path of the one followed by every path of the other, those that are alike drawn together. */
function joined(left: readonly Path[], right: readonly Path[]): readonly Path[] {
  if (right.length === 1 && right[0]!.reads.size + right[0]!.writes.size === 0) return left;
  const alike = new Map<string, Path>();
  for (const one of left)
    for (const other of right) {
      const path: Path = {
        reads: sumOf(one.reads, other.reads),
        writes: sumOf(one.writes, other.writes),
        count: one.count * other.count,
      };
      const key = keyOf(path);
      const known = alike.get(key);
      alike.set(key, known === undefined ? path : { ...path, count: known.count + path.count });
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

function keyOf({ reads, writes }: Path): string {
  return [reads, writes].map((counts) => [...counts].sort().join()).join('|');
}

function pairings({ reads, writes }: Path): number {
  return [...reads].reduce(
    (product, [place, count]) => product * (1 + (writes.get(place) ?? 0)) ** count,
    1,
  );
}
