/** Fields that one side has before its barrier and the other behind its own: what speaks for the two even where they share
 *  no more than one. */

import { type Field, fieldName } from '../facts/file-facts.ts';
import type { PlacedAccess } from './pairing.ts';
import { sameness } from './shape.ts';
import type { ByFieldName, FieldAccesses, Side } from './side.ts';

/** One such field. */
export interface Crossing {
  readonly field: Field;
  /** The field as the side names it that does not know its struct, where the other one does. */
  readonly unknown?: Field;
  /** Where the first side has it. */
  readonly where: 'before' | 'after';
  /** 0 to 1: how near both accesses are to their barriers, less where both write, and where a struct is not known. */
  readonly weight: number;
}

/** What crosses between two sides. */
export interface Crossings {
  readonly found: readonly Crossing[];
  /** They also meet at different bits of one word, and never at the same: each is about another one. */
  readonly areApart: boolean;
}

/** How many steps away from a barrier an access counts half, a step being a statement. */
const HALF = 8;
/** Different bits of a word tell two sides apart where both are this near, multiplied. */
const NEAR = 0.4;
/** A call on the way to an access, and one out to a caller, in steps. */
const CALL = 4;
const CALLER = 10;
/** Two writes tell less than a write and a read. */
const TWO_WRITES = 0.4;
const STRUCT_NOT_KNOWN = 0.35;
/** The same of a field whose name has several words: hardly any is that of two structs. */
const STRUCT_NOT_KNOWN_OF_WORDS = 0.7;

/** Whether a name has several words (`snd_unacked`, not `state`). */
export function hasWords(name: string): boolean {
  return /[a-z\d]_[a-z\d]/i.test(name);
}

/** How likely two fields of one name are the same one. */
export function likeness(one: Field, other: Field): number {
  if (one.struct === other.struct) return one.struct === '?' ? STRUCT_NOT_KNOWN : 1;
  return hasWords(one.name) ? STRUCT_NOT_KNOWN_OF_WORDS : STRUCT_NOT_KNOWN;
}

/** 1 beside the barrier, less the further away. */
export function closeness({ distance, via, caller }: PlacedAccess): number {
  const steps = distance + CALL * via.length + (caller === undefined ? 0 : CALLER);
  return 1 / (1 + Math.max(0, steps - 1) / HALF);
}

/** The nearest of what is accessed of a field. */
export function nearest({ read, write }: FieldAccesses): number {
  return Math.max(
    read === undefined ? 0 : closeness(read),
    write === undefined ? 0 : closeness(write),
  );
}

/** The fields that `one` and `other` have on opposite sides of their barriers, of which one writes what the other
 *  accesses. Of each field the nearest. */
export function crossingsOf(one: Side, other: Side): Crossings {
  const found = new Map<string, Crossing>();
  const apart = new Set<string>();
  for (const left of one.orders)
    for (const right of other.orders) {
      gather(found, apart, 'before', left.before, right.after);
      gather(found, apart, 'after', left.after, right.before);
    }
  const crossings = [...found.values()];
  const areApart = [...apart].some((word) =>
    crossings.every(({ field }) => fieldName(field) !== word),
  );
  return { found: crossings, areApart };
}

function gather(
  found: Map<string, Crossing>,
  apart: Set<string>,
  where: Crossing['where'],
  lefts: ByFieldName,
  rights: ByFieldName,
): void {
  const [few, many] = lefts.size <= rights.size ? [lefts, rights] : [rights, lefts];
  for (const [name, some] of few)
    for (const one of some)
      for (const other of many.get(name) ?? []) {
        if (areOtherBits(one, other)) apart.add(fieldName(one.field));
        const weight = weightOf(one, other);
        const [field, same] =
          one.field.struct === '?' ? [other.field, one.field] : [one.field, other.field];
        const key = `${where} ${field.struct}.${name}`;
        if (weight <= (found.get(key)?.weight ?? 0)) continue;
        const isKnown = field.struct === same.struct;
        found.set(key, { field, ...(!isKnown && { unknown: same }), where, weight });
      }
}

function areOtherBits(one: FieldAccesses, other: FieldAccesses): boolean {
  if (one.bit === undefined || other.bit === undefined || one.bit === other.bit) return false;
  if (nearest(one) * nearest(other) < NEAR) return false;
  return fieldName(one.field) === fieldName(other.field);
}

function weightOf(one: FieldAccesses, other: FieldAccesses): number {
  if (sameness(one, other) === 0) return 0;
  const both = Math.max(
    product(one.write, other.read),
    product(one.read, other.write),
    TWO_WRITES * product(one.write, other.write),
  );
  return likeness(one.field, other.field) * both;
}

function product(a: PlacedAccess | undefined, b: PlacedAccess | undefined): number {
  return a === undefined || b === undefined ? 0 : closeness(a) * closeness(b);
}
