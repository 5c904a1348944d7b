/** What cat expressions are worth: sets and relations of events, events, tags, tuples, functions. */

import { has, pairsOf } from '../memory-model/relation.ts';
import type { SourceSpan } from './source.ts';
import { knownRelation, type Term, type Terms } from './term.ts';

export type Value =
  /** `set` is the identity on the events of the set. */
  | { readonly kind: 'set'; readonly set: Term }
  | { readonly kind: 'relation'; readonly relation: Term }
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'tuple'; readonly elements: readonly Value[] }
  /** A set whose elements are no events: of relations, of sets, of tags. */
  | { readonly kind: 'collection'; readonly elements: readonly Value[] }
  /** The collection of all unions that take one relation of each component. */
  | { readonly kind: 'selections'; readonly components: readonly (readonly Term[])[] }
  /** The collection of all orders that extend a base and are total on each class of events. */
  | {
      readonly kind: 'orders';
      readonly classes: readonly (readonly number[])[];
      readonly base: Term;
    }
  /** `0` or `{}` before its use says of what. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'function'; readonly apply: (argument: Value) => Value };

/** A model that asks for something undefined or mixes kinds; ends the interpretation with a message. */
export class ModelError extends Error {
  readonly at: SourceSpan | undefined;
  constructor(message: string, at?: SourceSpan) {
    super(message);
    this.at = at;
  }
}

/** Computes what stands at `span`; errors are told with the innermost place of the user's files. */
export function locating<T>(span: SourceSpan, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ModelError) || error.at?.source.isLibrary === false) throw error;
    throw new ModelError(error.message, span);
  }
}

export function asRelation(value: Value, terms: Terms): Term {
  if (value.kind === 'relation') return value.relation;
  if (value.kind === 'empty') return terms.empty;
  throw new ModelError(`a relation is expected, not ${nameOf(value)}`);
}

/** A set of events, as the identity on them. */
export function asSet(value: Value, terms: Terms): Term {
  if (value.kind === 'set') return value.set;
  if (value.kind === 'empty') return terms.empty;
  throw new ModelError(`a set of events is expected, not ${nameOf(value)}`);
}

/** What a value is, as a message says it. */
export function nameOf({ kind }: Value): string {
  switch (kind) {
    case 'set':
      return 'a set of events';
    case 'event':
      return 'an event';
    case 'empty':
      return 'the empty set';
    case 'collection':
    case 'selections':
    case 'orders':
      return 'a set of relations';
    default:
      return `a ${kind}`;
  }
}

/** The elements of a set, relation or collection, in a fixed order, for `match` and `map`. Throws
 *  NotChosenYet where they depend on what is chosen. */
export function elementsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'empty':
      return [];
    case 'collection':
      return value.elements;
    case 'set':
      return eventsOf(value.set).map((event) => ({ kind: 'event', event }));
    case 'relation':
      return pairsOf(knownRelation(value.relation)).map(([from, to]) => ({
        kind: 'tuple',
        elements: [
          { kind: 'event', event: from },
          { kind: 'event', event: to },
        ],
      }));
    default:
      throw new ModelError(`${nameOf(value)} has no elements to go through`);
  }
}

/** The events of a set that depends on no choice. */
export function eventsOf(set: Term): number[] {
  const relation = knownRelation(set);
  return Array.from({ length: relation.size }, (_, event) => event).filter((event) =>
    has(relation, event, event),
  );
}
