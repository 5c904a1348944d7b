/** Which sides order a field, and on which side of it: what makes inference linear in practice. */

import type { Field } from '../facts/file-facts.ts';
import { hasWords, likeness, nearest } from './crossing.ts';
import type { ByFieldName, Side } from './side.ts';

export interface FieldPostings {
  /** Replaces what was posted for the file, and says what that changes for others. */
  readonly put: (file: string, sides: readonly Side[]) => PostingChange;
  /** Sides that could meet `side`: with a field after that it has before, and one before that it has after; or with one
   *  that is near on both. */
  readonly candidates: (side: Side) => ReadonlySet<Side>;
  /** How many functions order the field, in one file or in all. */
  readonly frequency: (field: Field, file?: string) => number;
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
  /** The fields of a name that has several words, by their keys. */
  const named = new Map<string, Map<string, Field>>();

  return {
    put(file, sides) {
      const before = new Map(
        (posted.get(file) ?? []).map((key) => [key, frequencyAt(entries, key)]),
      );
      for (const key of before.keys()) remove(entries, key, file);
      const keys = new Set<string>();
      for (const side of sides)
        for (const { field, key, posting } of postingsOf(side)) {
          keys.add(key);
          add(entries, key, file, posting);
          if (hasWords(field.name))
            named.set(field.name, (named.get(field.name) ?? new Map()).set(key, field));
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
      for (const own of postingsOf(side)) {
        const { where, closeness } = own.posting;
        const bit = where === 'before' ? 1 : 2;
        for (const { key, likeness } of metUnder(own, named)) {
          const entry = entries.get(key);
          for (const other of postingsIn(entry, side.file)) {
            if (other.where === where) continue;
            const isNear = likeness * other.closeness * closeness >= LEAST_CLOSE;
            found.set(other.side, (found.get(other.side) ?? 0) | (isNear ? BOTH : bit));
          }
        }
      }
      const met = [...found].filter(([other, bits]) => bits === BOTH && other !== side);
      return new Set(met.map(([other]) => other));
    },
    frequency: (field, file) =>
      file === undefined
        ? frequencyAt(entries, fieldKey(field))
        : (entries.get(fieldKey(field))?.files.get(file)?.functions.size ?? 0),
  };
}

/** Under which keys a posting can be met: its own and, where the struct of the field or of another one is not known,
 *  those of the same name. */
function metUnder(
  { field, key }: PostedField,
  named: ReadonlyMap<string, ReadonlyMap<string, Field>>,
): readonly { readonly key: string; readonly likeness: number }[] {
  const others = [...(named.get(field.name) ?? [])].filter(
    ([other, { struct }]) => other !== key && (struct === '?' || field.struct === '?'),
  );
  return [
    { key, likeness: 1 },
    ...others.map(([other, its]) => ({ key: other, likeness: likeness(field, its) })),
  ];
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

/** What is posted for a field; where that is too common, only what `file` has. */
function postingsIn(entry: FieldEntry | undefined, file: string): readonly Posting[] {
  if (entry === undefined) return [];
  if (isCommon(entry)) return entry.files.get(file)?.postings ?? [];
  return [...entry.files.values()].flatMap(({ postings }) => postings);
}

/** A field as it is posted: before or after the barrier of a side. */
interface PostedField {
  readonly field: Field;
  readonly key: string;
  readonly posting: Posting;
}

/** The same flag accessed by both primitives counts as met before and after. */
function postingsOf(side: Side): readonly PostedField[] {
  const { own } = side.site;
  const flag = own === undefined ? [] : [{ field: own.field, closeness: 1 }];
  const before = side.orders.flatMap((order) => fieldsOf(order.before));
  const after = side.orders.flatMap((order) => fieldsOf(order.after));
  const post =
    (where: Posting['where']) =>
    ([key, { field, closeness }]: readonly [string, CloseField]): PostedField => ({
      field,
      key,
      posting: { side, where, closeness },
    });
  return [
    ...[...nearestOf([...flag, ...before])].map(post('before')),
    ...[...nearestOf([...flag, ...after])].map(post('after')),
  ];
}

interface CloseField {
  readonly field: Field;
  readonly closeness: number;
}

/** Of each field the nearest, by its key. */
function nearestOf(fields: readonly CloseField[]): ReadonlyMap<string, CloseField> {
  const table = new Map<string, CloseField>();
  for (const each of fields) {
    const key = fieldKey(each.field);
    if (each.closeness > (table.get(key)?.closeness ?? -1)) table.set(key, each);
  }
  return table;
}

function fieldsOf(fields: ByFieldName): readonly CloseField[] {
  return [...fields.values()]
    .flat()
    .map((each) => ({ field: each.field, closeness: nearest(each) }));
}

/** A text that stands for the field. */
export function fieldKey({ struct, name }: Field): string {
  return `${struct ?? ''}.${name}`;
}
