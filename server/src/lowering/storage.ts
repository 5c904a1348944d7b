/**
 * Which bytes of objects are accessed together. Members of unions overlap, bits have a word around them:
 * what is one location in memory depends on what all threads access, and is found over the rounds of the
 * lowering, which begin anew whenever an access shows that more belongs together.
 */

import type { LocationName } from '../program/program.ts';
import type { CType } from './ctype.ts';

/** Bits of a union that are accessed as one, counted from its start. */
export interface Range {
  readonly offset: number;
  readonly width: number;
  /** The first path by which they were accessed, and the type of that. */
  readonly path: LocationName;
  readonly type: CType;
}

/** The bits of a word that are accessed by their number. */
export interface WordBits {
  /** What each is called, by its number; by its name, where that has no number. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether the word is also accessed as a whole. */
  readonly isWhole: boolean;
}

/** What is known so far, over all threads and rounds. */
export interface Storage {
  /** The accessed ranges of each union. */
  readonly unions: Map<string, readonly Range[]>;
  readonly words: Map<LocationName, WordBits>;
  /** Whether this round has shown more than was known. */
  grew: boolean;
}

export function emptyStorage(): Storage {
  return { unions: new Map(), words: new Map(), grew: false };
}

/** Notes that a range of a union is accessed. */
export function addRange(storage: Storage, union: string, range: Range): void {
  const known = storage.unions.get(union) ?? [];
  if (known.some((other) => isSameRange(other, range))) return;
  storage.unions.set(union, [...known, range]);
  if (known.some((other) => overlap(other, range))) storage.grew = true;
}

function isSameRange(left: Range, right: Range): boolean {
  return left.offset === right.offset && left.width === right.width;
}

function overlap(left: Range, right: Range): boolean {
  return left.offset < right.offset + right.width && right.offset < left.offset + left.width;
}

/** What is one location in memory: the ranges that overlap each other, directly or by way of others. */
export interface Unit {
  readonly offset: number;
  readonly width: number;
  readonly ranges: readonly Range[];
}

/** The unit that a range belongs to, which has been added. */
export function unitAround(storage: Storage, union: string, range: Range): Unit {
  const all = storage.unions.get(union) ?? [];
  let unit: Unit = { offset: range.offset, width: range.width, ranges: [] };
  for (;;) {
    const { offset, width } = unit;
    const ranges = all.filter((other) => overlap(other, { ...range, offset, width }));
    const start = Math.min(...ranges.map((each) => each.offset));
    const end = Math.max(...ranges.map((each) => each.offset + each.width));
    if (ranges.length === unit.ranges.length) return unit;
    unit = { offset: start, width: end - start, ranges };
  }
}

/** Whether two ranges of a unit have no bit in common: between them, memory keeps no order that their
 *  being one location would suggest. */
export function hasApart({ ranges }: Unit): boolean {
  return ranges.some((left) => ranges.some((right) => !overlap(left, right)));
}

/** Notes that a bit of a word is accessed; `key` is its number, or a name that has none. */
export function addBit(
  storage: Storage,
  word: LocationName,
  key: string,
  name: string,
  isWhole: boolean,
): void {
  const known = storage.words.get(word) ?? { names: new Map(), isWhole };
  const before = known.names.get(key);
  const isNamed = before !== undefined && numberOf(before) === undefined;
  if (before !== undefined && (before === name || isNamed || numberOf(name) !== undefined)) return;
  storage.words.set(word, { ...known, names: new Map([...known.names, [key, name]]) });
  if (known.names.size > 0) storage.grew = true;
}

/** What a bit is called that has no better name than its number. */
export function numberedName(number: number): string {
  return `bit${number}`;
}

/** The number of a bit that is called so. */
export function numberOf(name: string): number | undefined {
  const number = /^bit(\d+)$/.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Notes that a word is accessed as a whole, if bits of it are by their numbers. */
export function addWhole(storage: Storage, word: LocationName): void {
  const known = storage.words.get(word);
  if (known === undefined || known.isWhole) return;
  storage.words.set(word, { ...known, isWhole: true });
  if (known.names.size > 0) storage.grew = true;
}

/** The one bit of a word that is ever accessed, which is then a location of its own. */
export function onlyBit(storage: Storage, word: LocationName): string | undefined {
  const known = storage.words.get(word);
  if (known === undefined || known.isWhole || known.names.size > 1) return undefined;
  return [...known.names.values()][0];
}

/** What is known of a location, in a form that can be compared. */
export function shapeOf({ unions, words }: Storage, location: string): string {
  const ranges = unions
    .get(location)
    ?.map(({ offset, width, path }) => `${offset}:${width}:${path}`);
  const bits = words.get(location);
  return `${ranges?.join() ?? ''}|${bits ? [...bits.names].join() + bits.isWhole : ''}`;
}
