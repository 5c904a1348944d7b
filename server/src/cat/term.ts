/**
 * Relations over the events of one execution whose rf and co are still open, as terms: what does not
 * depend on them is computed at once, the rest is kept as operations. A set S of events is the
 * relation [S], so that sets and relations share their operations.
 */

import type { Relation } from '../memory-model/relation.ts';
import * as algebra from '../memory-model/relation.ts';

export type Term = TermProperties &
  (
    | { readonly kind: 'known'; readonly relation: Relation }
    | { readonly kind: 'choice'; readonly choice: Choice }
    | { readonly kind: BinaryTermKind; readonly left: Term; readonly right: Term }
    | { readonly kind: UnaryTermKind; readonly of: Term }
    /** What a `let rec` defines, as it stands inside of its own definition. */
    | { readonly kind: 'recursive' }
    /** One of the relations that a `let rec` defines, as it stands after it. */
    | { readonly kind: 'fixpoint'; readonly variable: Term; readonly recursion: Recursion }
  );

export type BinaryTermKind = 'union' | 'intersection' | 'difference' | 'sequence';
export type UnaryTermKind = 'closure' | 'inverse' | 'domain';

interface TermProperties {
  /** Larger than those of the terms it is made of. Equal terms are one object. */
  readonly id: number;
  /**
   * Its pairs stay at one location (or on one event), and those at a location depend on nothing but
   * what is chosen at that location.
   */
  readonly isLocal: boolean;
  /** It stands inside of a `let rec` and mentions what that defines. */
  readonly isOpen: boolean;
}

/** What is chosen by an execution: rf of the ordinary reads, or an `x` of `with x from ...`. */
export type Choice =
  | { readonly kind: 'reads-from' }
  /** Which events have one value: no choice by itself, but known only once rf is. */
  | { readonly kind: 'same-value' }
  /** `FW`: of each group of writes the one that co puts last. */
  | { readonly kind: 'final'; readonly groups: readonly (readonly number[])[] }
  /** A relation of each component, united (`cross`). */
  | { readonly kind: 'selection'; readonly components: readonly (readonly Relation[])[] }
  /** A total order of each class of events, those of one location, which extends the base
   *  (`generate_orders`). */
  | {
      readonly kind: 'order';
      readonly classes: readonly (readonly number[])[];
      readonly base: Term;
    };

export type ChoiceTerm = Term & { readonly kind: 'choice' };

/** The least relations with `variables[i] = bodies[i]`; the bodies grow with the variables. */
export interface Recursion {
  readonly variables: readonly Term[];
  readonly bodies: readonly Term[];
  /** All terms inside the bodies that mention a variable, smaller ones first. */
  readonly open: readonly Term[];
}

/** The model asks for the pairs of a relation that is not chosen yet. */
export class NotChosenYet extends Error {}

/** Makes the terms over the events of one structure. */
export interface Terms {
  readonly size: number;
  readonly empty: Term;
  /** `[_]`: each event with itself. */
  readonly identity: Term;
  readonly full: Term;
  readonly known: (relation: Relation) => Term;
  readonly choice: (choice: Choice) => ChoiceTerm;
  readonly union: (left: Term, right: Term) => Term;
  readonly intersection: (left: Term, right: Term) => Term;
  readonly difference: (left: Term, right: Term) => Term;
  readonly sequence: (left: Term, right: Term) => Term;
  readonly closure: (of: Term) => Term;
  readonly inverse: (of: Term) => Term;
  /** `[domain(r)]` */
  readonly domain: (of: Term) => Term;
  readonly recursive: () => Term;
  readonly fixpoints: (variables: readonly Term[], bodies: readonly Term[]) => readonly Term[];
}

/** Terms over `size` events; `loc` relates those at one location. */
export function termsOver(size: number, loc: Relation): Terms {
  const maker: Maker = { size, near: algebra.optional(loc), made: new Map(), next: 0 };
  const everything = algebra.setOf(size, () => true);
  const empty = known(maker, algebra.emptyRelation(size));
  const identity = known(maker, algebra.identityOn(size, everything));
  const full = known(maker, algebra.product(size, everything, everything));
  const constants: Constants = { empty, identity, full };
  return {
    size,
    ...constants,
    known: (relation) => known(maker, relation),
    choice: (choice) => choiceTerm(maker, choice),
    union: (left, right) => union(maker, constants, left, right),
    intersection: (left, right) => intersection(maker, constants, left, right),
    difference: (left, right) => difference(maker, constants, left, right),
    sequence: (left, right) => sequence(maker, constants, left, right),
    closure: (of) => unary(maker, 'closure', of),
    inverse: (of) => unary(maker, 'inverse', of),
    domain: (of) => unary(maker, 'domain', of),
    recursive: () => fresh(maker, { kind: 'recursive', isLocal: false, isOpen: true }),
    fixpoints: (variables, bodies) => fixpoints(maker, variables, bodies),
  };
}

/** The relation of a term that depends on no choice. Throws NotChosenYet for another. */
export function knownRelation(term: Term): Relation {
  if (term.kind === 'known') return term.relation;
  throw new NotChosenYet();
}

/** The terms a term is made of. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'known':
    case 'choice':
    case 'recursive':
      return [];
    case 'union':
    case 'intersection':
    case 'difference':
    case 'sequence':
      return [term.left, term.right];
    case 'closure':
    case 'inverse':
    case 'domain':
      return [term.of];
    case 'fixpoint':
      return term.recursion.bodies;
  }
}

interface Maker {
  readonly size: number;
  /** loc | id */
  readonly near: Relation;
  readonly made: Map<string, Term>;
  next: number;
}

interface Constants {
  readonly empty: Term;
  readonly identity: Term;
  readonly full: Term;
}

type WithoutId<T> = T extends Term ? Omit<T, 'id'> : never;

function fresh(maker: Maker, term: WithoutId<Term>): Term {
  return { ...term, id: maker.next++ };
}

function choiceTerm(maker: Maker, choice: Choice): ChoiceTerm {
  const isLocal = isChosenLocally(maker, choice);
  return { kind: 'choice', choice, isLocal, isOpen: false, id: maker.next++ };
}

function isChosenLocally({ near }: Maker, choice: Choice): boolean {
  switch (choice.kind) {
    case 'reads-from':
    case 'final':
      return true;
    case 'same-value':
      return false;
    case 'selection':
      return choice.components
        .flat()
        .every((option) => algebra.isEmpty(algebra.difference(option, near)));
    case 'order':
      return (
        choice.base.isLocal &&
        choice.classes.every((events) =>
          events.every((event) => algebra.has(near, events[0]!, event)),
        )
      );
  }
}

function once(maker: Maker, key: string, make: () => WithoutId<Term>): Term {
  const before = maker.made.get(key);
  if (before !== undefined) return before;
  const term = fresh(maker, make());
  maker.made.set(key, term);
  return term;
}

function known(maker: Maker, relation: Relation): Term {
  return once(maker, relation.bits.join(), () => ({
    kind: 'known',
    relation,
    isLocal: algebra.isEmpty(algebra.difference(relation, maker.near)),
    isOpen: false,
  }));
}

function binary(
  maker: Maker,
  kind: BinaryTermKind,
  left: Term,
  right: Term,
  isLocal: boolean,
): Term {
  const isOpen = left.isOpen || right.isOpen;
  return once(maker, `${kind} ${left.id} ${right.id}`, () => ({
    kind,
    left,
    right,
    isLocal,
    isOpen,
  }));
}

function unary(maker: Maker, kind: UnaryTermKind, of: Term): Term {
  if (of.kind === 'known') return known(maker, computeUnary(kind, of.relation));
  const { isLocal, isOpen } = of;
  return once(maker, `${kind} ${of.id}`, () => ({ kind, of, isLocal, isOpen }));
}

/** The value of an operation on one relation. */
export function computeUnary(kind: UnaryTermKind, of: Relation): Relation {
  switch (kind) {
    case 'closure':
      return algebra.closure(of);
    case 'inverse':
      return algebra.inverse(of);
    case 'domain':
      return algebra.identityOn(of.size, algebra.domain(of));
  }
}

/** Known parts are put together: (k | (l | x)) is ((k | l) | x). */
function union(maker: Maker, constants: Constants, left: Term, right: Term): Term {
  if (left === right || right === constants.empty) return left;
  if (left === constants.empty) return right;
  const [[leftKnown, leftRest], [rightKnown, rightRest]] = [split(left), split(right)];
  if (leftKnown === undefined || rightKnown === undefined) {
    const rest = binary(maker, 'union', ...ordered(left, right), left.isLocal && right.isLocal);
    return rest;
  }
  const together = known(maker, algebra.union(leftKnown, rightKnown));
  if (leftRest === undefined && rightRest === undefined) return together;
  const rest =
    leftRest === undefined || rightRest === undefined
      ? (leftRest ?? rightRest)!
      : union(maker, constants, leftRest, rightRest);
  return binary(maker, 'union', together, rest, together.isLocal && rest.isLocal);
}

/** The known part of a union, and the rest of it. */
function split(term: Term): [Relation | undefined, Term | undefined] {
  if (term.kind === 'known') return [term.relation, undefined];
  if (term.kind === 'union' && term.left.kind === 'known') return [term.left.relation, term.right];
  return [undefined, term];
}

/** Known terms first, others by age: `a | b` and `b | a` are one term. */
function ordered(left: Term, right: Term): [Term, Term] {
  if (left.kind === 'known') return [left, right];
  return right.kind === 'known' || right.id < left.id ? [right, left] : [left, right];
}

function intersection(maker: Maker, { empty, full }: Constants, left: Term, right: Term): Term {
  if (left === right || right === full) return left;
  if (left === full) return right;
  if (left === empty || right === empty) return empty;
  if (left.kind === 'known' && right.kind === 'known')
    return known(maker, algebra.intersection(left.relation, right.relation));
  return binary(maker, 'intersection', ...ordered(left, right), meetsLocally(left, right));
}

/** A local relation stays so where fixed pairs or those of another local one are asked for. */
function meetsLocally(left: Term, right: Term): boolean {
  if (left.isLocal) return right.isLocal || right.kind === 'known';
  return right.isLocal && left.kind === 'known';
}

function difference(maker: Maker, { empty }: Constants, left: Term, right: Term): Term {
  if (right === empty) return left;
  if (left === right || left === empty) return empty;
  if (left.kind === 'known' && right.kind === 'known')
    return known(maker, algebra.difference(left.relation, right.relation));
  if (right.isOpen) throw new NotChosenYet();
  const isLocal = left.isLocal && (right.isLocal || right.kind === 'known');
  return binary(maker, 'difference', left, right, isLocal);
}

function sequence(maker: Maker, constants: Constants, left: Term, right: Term): Term {
  const { empty, identity } = constants;
  if (left === empty || right === empty) return empty;
  if (left === identity) return right;
  if (right === identity) return left;
  if (left.kind === 'known' && right.kind === 'known')
    return known(maker, algebra.sequence(left.relation, right.relation));
  return binary(maker, 'sequence', left, right, left.isLocal && right.isLocal);
}

function fixpoints(
  maker: Maker,
  variables: readonly Term[],
  bodies: readonly Term[],
): readonly Term[] {
  const open = openTerms(bodies);
  if (open.some(({ kind }) => kind === 'fixpoint')) throw new NotChosenYet();
  const recursion: Recursion = { variables, bodies, open };
  return variables.map((variable) =>
    fresh(maker, { kind: 'fixpoint', variable, recursion, isLocal: false, isOpen: false }),
  );
}

function openTerms(bodies: readonly Term[]): readonly Term[] {
  const found = new Map<number, Term>();
  const visit = (term: Term): void => {
    if (!term.isOpen || found.has(term.id)) return;
    found.set(term.id, term);
    partsOf(term).forEach(visit);
  };
  bodies.forEach(visit);
  return [...found.values()].sort((left, right) => left.id - right.id);
}
