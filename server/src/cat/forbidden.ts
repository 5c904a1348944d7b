/**
 * What the checks forbid while choices are open, told of the relations that they are made of. An edge of
 * hb that would close a cycle with edges that are certain must not come about, so neither may the pair
 * of prop, and of fr, that would make it. Going through the operations backwards turns each check into
 * pairs that a leaf must not have; this holds for every cat file, as it follows the operations alone.
 */

import type { Relation } from '../memory-model/relation.ts';
import * as algebra from '../memory-model/relation.ts';
import type { Bounds } from './bounds.ts';
import type { Requirement } from './requirement.ts';
import type { Term } from './term.ts';

/**
 * The pairs that terms must not have in any choice that passes `checks`, by the id of the term. The
 * bounds are those of the choices as they stand, and break none of the checks. `terms` are those that
 * are looked through, larger ones first.
 */
export function forbiddenPairs(
  checks: readonly Requirement[],
  terms: readonly Term[],
  bounds: Bounds,
): readonly (Relation | undefined)[] {
  const forbidden: (Relation | undefined)[] = [];
  const forbid = (term: Term, pairs: Relation): void => {
    if (term.kind === 'known') return;
    const before = forbidden[term.id];
    forbidden[term.id] = before === undefined ? pairs : algebra.union(before, pairs);
  };
  for (const check of checks) {
    const pairs = forbiddenBy(check, bounds);
    if (pairs !== undefined) forbid(check.term, pairs);
  }
  for (const term of terms) {
    const pairs = forbidden[term.id];
    if (pairs !== undefined && !algebra.isEmpty(pairs)) pass(term, pairs, bounds, forbid);
  }
  return forbidden;
}

/** The pairs that would break a check by themselves, together with what is certain. */
function forbiddenBy({ test, negated, term }: Requirement, bounds: Bounds): Relation | undefined {
  if (negated) return undefined;
  const { size } = bounds;
  const everything = algebra.setOf(size, () => true);
  switch (test) {
    case 'acyclic':
      return algebra.inverse(algebra.optional(algebra.closure(bounds.lower(term))));
    case 'irreflexive':
      return algebra.identityOn(size, everything);
    case 'empty':
      return algebra.product(size, everything, everything);
  }
}

/** Passes on to the operands what an operation must not have. */
function pass(
  term: Term,
  pairs: Relation,
  bounds: Bounds,
  forbid: (term: Term, pairs: Relation) => void,
): void {
  switch (term.kind) {
    case 'union':
      forbid(term.left, pairs);
      forbid(term.right, pairs);
      return;
    case 'intersection':
      forbid(term.left, algebra.intersection(pairs, bounds.lower(term.right)));
      forbid(term.right, algebra.intersection(pairs, bounds.lower(term.left)));
      return;
    case 'difference':
      forbid(term.left, algebra.difference(pairs, bounds.upper(term.right)));
      return;
    case 'sequence':
      forbid(term.left, algebra.sequence(pairs, algebra.inverse(bounds.lower(term.right))));
      forbid(term.right, algebra.sequence(algebra.inverse(bounds.lower(term.left)), pairs));
      return;
    case 'inverse':
      forbid(term.of, algebra.inverse(pairs));
      return;
    case 'closure': {
      const before = algebra.inverse(algebra.optional(bounds.lower(term)));
      forbid(term.of, algebra.sequence(algebra.sequence(before, pairs), before));
      return;
    }
    case 'fixpoint':
      for (const [index, variable] of term.recursion.variables.entries())
        if (variable === term.variable) forbid(term.recursion.bodies[index]!, pairs);
      return;
    case 'domain':
    case 'known':
    case 'choice':
    case 'recursive':
      return;
  }
}
