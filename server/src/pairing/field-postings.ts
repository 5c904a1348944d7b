/** Which sides order a field, and on which side of it: what makes inference linear in practice. */

import type { Field } from '../facts/file-facts.ts';
import { nearest } from './crossing.ts';
import type { ByFieldName, Side } from './side.ts';

export interface FieldPostings {
  /** Replaces what was posted for the file, and says what that changes for others. */
  readonly put: (file: string, sides: readonly Side[]) => PostingChange;
  /** Sides that could meet `side`: with a field after that it has before, and one before that it has after; or with one
   *  that is near on both. */
  readonly candidates: (side: Side) => ReadonlySet<Side>;
  /** How many functions order the field. */
  readonly frequency: (field: Field) => number;
}

export interface PostingChange {
  /** Fields whose frequency is another now. */
  readonly fields: readonly string[];
  /** Sides that order a field which was too common to say anything and no longer is. */
  readonly uncovered: ReadonlySet<Side>;
}

/** A field that more functions than this order says nothing about who meets whom. */
export const MOST_POSTINGS = 96;

/** Two sides that share one field only can meet where both have it this near to their barriers, multiplied. */
export const LEAST_CLOSE = 0.4;

interface Posting {
  readonly side: Side;
  readonly where: 'before' | 'after';
  /** How near the side's barrier is, 0 to 1. */
  readonly closeness: number;
}

/** What is posted for one field, and how many functions order it. */
interface FieldEntry {
  readonly files: Map<string, FileEntry>;
  frequency: number;
}

interface FileEntry {
  readonly postings: Posting[];
  readonly functions: Set<string>;
}

export function createFieldPostings(): FieldPostings {
  const entries = new Map<string, FieldEntry>();
  const posted = new Map<string, readonly string[]>();

  return {
    put(file, sides) {
      const before = new Map(
        (posted.get(file) ?? []).map((key) => [key, frequencyAt(entries, key)]),
      );
      for (const key of before.keys()) remove(entries, key, file);
      const keys = new Set<string>();
      for (const side of sides)
        for (const { key, posting } of postingsOf(side)) {
          keys.add(key);
          add(entries, key, file, posting);
        }
      posted.set(file, [...keys]);
      const fields = [...new Set([...before.keys(), ...keys])].filter(
        (key) => frequencyAt(entries, key) !== (before.get(key) ?? -1),
      );
      const rare = fields.filter(
        (key) => (before.get(key) ?? 0) > MOST_POSTINGS && !isCommon(entries.get(key)),
      );
      return { fields, uncovered: new Set(rare.flatMap((key) => sidesOf(entries.get(key)))) };
    },
    candidates(side) {
      const found = new Map<Side, number>();
      for (const { key, posting } of postingsOf(side)) {
        const entry = entries.get(key);
        if (entry === undefined || isCommon(entry)) continue;
        const bit = posting.where === 'before' ? 1 : 2;
        for (const { postings } of entry.files.values())
          for (const other of postings) {
            if (other.where === posting.where) continue;
            const isNear = other.closeness * posting.closeness >= LEAST_CLOSE;
            found.set(other.side, (found.get(other.side) ?? 0) | (isNear ? BOTH : bit));
          }
      }
      const met = [...found].filter(([other, bits]) => bits === BOTH && other !== side);
      return new Set(met.map(([other]) => other));
    },
    frequency: (field) => frequencyAt(entries, fieldKey(field)),
  };
}

/** Met with one field before and with another (or the same flag) after, or near. */
const BOTH = 3;

function add(entries: Map<string, FieldEntry>, key: string, file: string, posting: Posting): void {
  const entry = entries.get(key) ?? { files: new Map<string, FileEntry>(), frequency: 0 };
  entries.set(key, entry);
  const here = entry.files.get(file) ?? { postings: [], functions: new Set<string>() };
  entry.files.set(file, here);
  here.postings.push(posting);
  const name = posting.side.site.function;
  if (here.functions.has(name)) return;
  here.functions.add(name);
  entry.frequency++;
}

function remove(entries: Map<string, FieldEntry>, key: string, file: string): void {
  const entry = entries.get(key);
  if (entry === undefined) return;
  entry.frequency -= entry.files.get(file)?.functions.size ?? 0;
  entry.files.delete(file);
  if (entry.files.size === 0) entries.delete(key);
}

function frequencyAt(entries: ReadonlyMap<string, FieldEntry>, key: string): number {
  return entries.get(key)?.frequency ?? 0;
}

function isCommon(entry: FieldEntry | undefined): boolean {
  return entry !== undefined && entry.frequency > MOST_POSTINGS;
}

function sidesOf(entry: FieldEntry | undefined): readonly Side[] {
  return [...(entry?.files.values() ?? [])].flatMap(({ postings }) =>
    postings.map(({ side }) => side),
  );
}

/** The same flag accessed by both primitives counts as met before and after. */
function postingsOf(side: Side): readonly { readonly key: string; readonly posting: Posting }[] {
  const own = side.site.own === undefined ? [] : [[fieldKey(side.site.own.field), 1] as const];
  const before = side.orders.flatMap((order) => keysOf(order.before));
  const after = side.orders.flatMap((order) => keysOf(order.after));
  const post =
    (where: Posting['where']) =>
    ([key, closeness]: readonly [string, number]) => ({ key, posting: { side, where, closeness } });
  return [
    ...[...nearestOf([...own, ...before])].map(post('before')),
    ...[...nearestOf([...own, ...after])].map(post('after')),
  ];
}

function nearestOf(fields: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (const [key, closeness] of fields) table.set(key, Math.max(closeness, table.get(key) ?? 0));
  return table;
}

function keysOf(fields: ByFieldName): readonly (readonly [string, number])[] {
  return [...fields.values()].flat().map((each) => [fieldKey(each.field), nearest(each)]);
}

/** A text that stands for the field. Fields of unknown structs meet only each other here; a claim can still bring them to others. */
export function fieldKey({ struct, name }: Field): string {
  return `${struct ?? ''}.${name}`;
}
