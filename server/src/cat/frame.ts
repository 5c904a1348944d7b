/**
 * A model specialised to one event structure, made ready for the search: which tests can be asked of
 * each location by itself, which relate several, and through which local relations these see them.
 */

import type { EventStructure } from '../memory-model/event-structure.ts';
import { addPair, emptyRelation, has, type Relation } from '../memory-model/relation.ts';
import type { Residue } from './interpret.ts';
import type { Requirement } from './requirement.ts';
import { type ChoiceTerm, NotChosenYet, partsOf, type Term } from './term.ts';

/** What is chosen at one location; `events` without a location share a place without choices. */
export interface Place {
  readonly location: number | undefined;
  /** By their index in the structure. */
  readonly events: readonly number[];
  /** The ordinary reads among them. */
  readonly reads: readonly number[];
  /** The ordinary writes among them, the initial one first. */
  readonly writes: readonly number[];
}

export interface Frame {
  readonly structure: EventStructure;
  readonly residue: Residue;
  readonly places: readonly Place[];
  /** The place of each component of a selection. */
  readonly placeOf: ReadonlyMap<readonly Relation[], Place>;
  /** Checks that hold if they hold at each place. */
  readonly localChecks: readonly Requirement[];
  readonly globalChecks: readonly Requirement[];
  readonly flags: readonly Requirement[];
  /** The largest local terms that global checks and flags are made of; rf and co first. */
  readonly leaves: readonly Term[];
  /** The place of each leaf in `leaves`, by its id. */
  readonly leafNumbers: ReadonlyMap<number, number>;
  /** The terms above the leaves, larger ones first. */
  readonly globalTerms: readonly Term[];
}

/** Throws NotChosenYet where what the model leaves open is not a choice at single locations. */
export function frameOf(structure: EventStructure, residue: Residue): Frame {
  const { choices, checks, flags, co } = residue;
  const places = placesOf(structure);
  if (!co.isLocal || choices.some(({ isLocal }) => !isLocal)) throw new NotChosenYet();
  const localChecks = checks.filter(({ term, negated }) => term.isLocal && !negated);
  const globalChecks = checks.filter((check) => !localChecks.includes(check));
  const { leaves, above } = frontier([choices[0]!, co], [...globalChecks, ...flags]);
  return {
    structure,
    residue,
    places,
    placeOf: placesOfComponents(choices, places),
    localChecks,
    globalChecks,
    flags,
    leaves,
    leafNumbers: new Map(leaves.map(({ id }, number) => [id, number])),
    globalTerms: above.sort((left, right) => right.id - left.id),
  };
}

function placesOf({ events }: EventStructure): readonly Place[] {
  const byLocation = new Map<number | undefined, number[]>();
  for (const { location, index } of events) {
    const known = byLocation.get(location);
    if (known === undefined) byLocation.set(location, [index]);
    else known.push(index);
  }
  return [...byLocation].map(([location, members]) => ({
    location,
    events: members,
    reads: members.filter((event) => events[event]!.kind === 'read'),
    writes: members.filter((event) => events[event]!.kind === 'write'),
  }));
}

function placesOfComponents(
  choices: readonly ChoiceTerm[],
  places: readonly Place[],
): ReadonlyMap<readonly Relation[], Place> {
  const components = choices.flatMap(({ choice }) =>
    choice.kind === 'selection' ? choice.components : [],
  );
  return new Map(components.map((component) => [component, placeOfComponent(places, component)]));
}

/** The place whose events a component of a selection relates. */
function placeOfComponent(places: readonly Place[], component: readonly Relation[]): Place {
  const place = places.find(({ events }) =>
    component.every((relation) => project(relation, events).inside === countPairs(relation)),
  );
  if (place === undefined) throw new NotChosenYet();
  return place;
}

function countPairs({ bits }: Relation): number {
  let count = 0;
  for (const word of bits) for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The part of a relation among `events`, numbered as they stand there, and how many pairs that are. */
export function project(
  relation: Relation,
  events: readonly number[],
): { readonly relation: Relation; readonly inside: number } {
  const part = emptyRelation(events.length);
  let inside = 0;
  for (const [row, from] of events.entries())
    for (const [column, to] of events.entries())
      if (has(relation, from, to)) {
        addPair(part, row, column);
        inside++;
      }
  return { relation: part, inside };
}

/** Goes down from the requirements to the first local terms. */
function frontier(always: readonly Term[], requirements: readonly Requirement[]) {
  const leaves = new Map(always.map((term) => [term.id, term]));
  const above = new Map<number, Term>();
  const visit = (term: Term): void => {
    if (term.kind === 'known' || leaves.has(term.id) || above.has(term.id)) return;
    if (term.isLocal) {
      leaves.set(term.id, term);
      return;
    }
    above.set(term.id, term);
    partsOf(term).forEach(visit);
  };
  for (const { term } of requirements) visit(term);
  return { leaves: [...leaves.values()], above: [...above.values()] };
}
