/** What cat expressions are worth: sets and relations of events, events, tags, tuples, functions. */

import {
  type EventSet,
  emptyRelation,
  emptySet,
  inSet,
  pairsOf,
  type Relation,
} from '../memory-model/relation.ts';

export type Value =
  | { readonly kind: 'set'; readonly set: EventSet }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'tuple'; readonly elements: readonly Value[] }
  /** A set whose elements are no events: of relations, of sets, of tags. */
  | { readonly kind: 'collection'; readonly elements: readonly Value[] }
  /** `0` or `{}` before its use says of what. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'function'; readonly apply: (argument: Value) => Value };

/** A model that asks for something undefined or mixes kinds; ends the interpretation with a message. */
export class ModelError extends Error {}

export function asRelation(value: Value, size: number): Relation {
  if (value.kind === 'relation') return value.relation;
  if (value.kind === 'empty') return emptyRelation(size);
  throw new ModelError(`a relation is expected, not a ${value.kind}`);
}

export function asSet(value: Value, size: number): EventSet {
  if (value.kind === 'set') return value.set;
  if (value.kind === 'empty') return emptySet(size);
  throw new ModelError(`a set of events is expected, not a ${value.kind}`);
}

/** The elements of a set, relation or collection, in a fixed order, for `match` and `with`. */
export function elementsOf(value: Value, size: number): readonly Value[] {
  switch (value.kind) {
    case 'empty':
      return [];
    case 'collection':
      return value.elements;
    case 'set':
      return indices(value.set, size).map((event) => ({ kind: 'event', event }));
    case 'relation':
      return pairsOf(value.relation).map(([from, to]) => ({
        kind: 'tuple',
        elements: [
          { kind: 'event', event: from },
          { kind: 'event', event: to },
        ],
      }));
    default:
      throw new ModelError(`a ${value.kind} has no elements`);
  }
}

export function indices(set: EventSet, size: number): number[] {
  return Array.from({ length: size }, (_, event) => event).filter((event) => inSet(set, event));
}
