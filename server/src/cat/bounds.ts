/**
 * Bounds for terms while choices are open: the pairs that a relation has whatever is chosen, and those
 * that it may have. They are exact for what no open choice reaches. This holds for every cat file:
 * all operations grow with their operands but for the right side of `\`, whose bounds are exchanged.
 */

import type { Relation } from '../memory-model/relation.ts';
import * as algebra from '../memory-model/relation.ts';
import { type BinaryTermKind, computeUnary, type Recursion, type Term } from './term.ts';

export interface Interval {
  readonly lower: Relation;
  readonly upper: Relation;
}

export interface Bounds {
  readonly size: number;
  readonly lower: (term: Term) => Relation;
  readonly upper: (term: Term) => Relation;
}

/** The bounds of terms over `size` events that follow from those of the terms that `given` knows. */
export function boundsOver(size: number, given: (term: Term) => Interval | undefined): Bounds {
  const table: Table = {
    size,
    given,
    lowers: [],
    uppers: [],
    solvedLower: new Set(),
    solvedUpper: new Set(),
  };
  return {
    size,
    lower: (term) => lowerOf(table, term),
    upper: (term) => upperOf(table, term),
  };
}

interface Table {
  readonly size: number;
  readonly given: (term: Term) => Interval | undefined;
  /** By the id of the term. */
  readonly lowers: (Relation | undefined)[];
  readonly uppers: (Relation | undefined)[];
  readonly solvedLower: Set<Recursion>;
  readonly solvedUpper: Set<Recursion>;
}

function lowerOf(table: Table, term: Term): Relation {
  const before = table.lowers[term.id];
  if (before !== undefined) return before;
  const interval = table.given(term);
  if (interval !== undefined) {
    table.uppers[term.id] = interval.upper;
    table.lowers[term.id] = interval.lower;
    return interval.lower;
  }
  const lower = computeLower(table, term);
  table.lowers[term.id] = lower;
  return lower;
}

function upperOf(table: Table, term: Term): Relation {
  const before = table.uppers[term.id];
  if (before !== undefined) return before;
  const interval = table.given(term);
  const upper = interval === undefined ? computeUpper(table, term) : interval.upper;
  table.uppers[term.id] = upper;
  return upper;
}

function computeLower(table: Table, term: Term): Relation {
  switch (term.kind) {
    case 'known':
      return term.relation;
    case 'union':
    case 'intersection':
    case 'sequence':
      return computeBinary(term.kind, lowerOf(table, term.left), lowerOf(table, term.right));
    case 'difference':
      return algebra.difference(lowerOf(table, term.left), upperOf(table, term.right));
    case 'closure':
    case 'inverse':
    case 'domain':
      return computeUnary(term.kind, lowerOf(table, term.of));
    case 'fixpoint':
      if (!table.solvedLower.has(term.recursion)) {
        solve(table.lowers, term.recursion, table.size, (body) => lowerOf(table, body));
        table.solvedLower.add(term.recursion);
      }
      return table.lowers[term.variable.id]!;
    case 'choice':
      return term.choice.kind === 'final'
        ? identityOn(table.size, term.choice.groups, ({ length }) => length === 1)
        : algebra.emptyRelation(table.size);
    case 'recursive':
      return algebra.emptyRelation(table.size);
  }
}

/** [S] for the events of those groups for which `isWanted`. */
function identityOn(
  size: number,
  groups: readonly (readonly number[])[],
  isWanted: (group: readonly number[]) => boolean,
): Relation {
  const result = algebra.emptyRelation(size);
  for (const event of groups.filter(isWanted).flat()) algebra.addPair(result, event, event);
  return result;
}

function computeUpper(table: Table, term: Term): Relation {
  switch (term.kind) {
    case 'known':
      return term.relation;
    case 'union':
    case 'intersection':
    case 'sequence':
    case 'difference':
      return upperOfBinary(table, term, term.left, term.right);
    case 'closure':
    case 'inverse':
    case 'domain': {
      const isSettled = !term.isOpen && isExact(table, term.of);
      return isSettled ? lowerOf(table, term) : computeUnary(term.kind, upperOf(table, term.of));
    }
    case 'fixpoint':
      if (!table.solvedUpper.has(term.recursion)) {
        solve(table.uppers, term.recursion, table.size, (body) => upperOf(table, body));
        table.solvedUpper.add(term.recursion);
      }
      return table.uppers[term.variable.id]!;
    case 'choice':
      return term.choice.kind === 'final'
        ? identityOn(table.size, term.choice.groups, () => true)
        : allPairs(table.size);
    case 'recursive':
      return allPairs(table.size);
  }
}

/** Where both operands are exact, so is the result: it need not be computed twice. */
function upperOfBinary(
  table: Table,
  term: Term & { readonly kind: BinaryTermKind },
  left: Term,
  right: Term,
): Relation {
  const over = upperOf(table, left);
  if (!term.isOpen && over === lowerOf(table, left) && isExact(table, right))
    return lowerOf(table, term);
  return term.kind === 'difference'
    ? algebra.difference(over, lowerOf(table, right))
    : computeBinary(term.kind, over, upperOf(table, right));
}

function isExact(table: Table, term: Term): boolean {
  return lowerOf(table, term) === upperOf(table, term);
}

function computeBinary(kind: BinaryTermKind, left: Relation, right: Relation): Relation {
  switch (kind) {
    case 'union':
      return algebra.union(left, right);
    case 'intersection':
      return algebra.intersection(left, right);
    case 'difference':
      return algebra.difference(left, right);
    case 'sequence':
      return algebra.sequence(left, right);
  }
}

/** The least solution, reached from the empty relations. */
function solve(
  values: (Relation | undefined)[],
  { variables, bodies, open }: Recursion,
  size: number,
  evaluate: (body: Term) => Relation,
): void {
  let current = variables.map(() => algebra.emptyRelation(size));
  for (;;) {
    for (const { id } of open) values[id] = undefined;
    for (const [index, { id }] of variables.entries()) values[id] = current[index]!;
    const next = bodies.map(evaluate);
    const isSolved = next.every((value, index) => algebra.sameRelation(value, current[index]!));
    if (isSolved) return;
    current = next;
  }
}

function allPairs(size: number): Relation {
  const everything = algebra.setOf(size, () => true);
  return algebra.product(size, everything, everything);
}
