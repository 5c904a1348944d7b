/** What a model requires or flags: a test of a term, and what bounds of the term tell about it. */

import { isAcyclic, isEmpty, isIrreflexive, type Relation } from '../memory-model/relation.ts';
import type { Test } from './ast.ts';
import type { Bounds } from './bounds.ts';
import type { Term } from './term.ts';

/** `acyclic hb as happens-before`, `flag ~empty race as data-race`. */
export interface Requirement {
  readonly name: string;
  readonly test: Test['test'];
  readonly negated: boolean;
  readonly term: Term;
}

/** Whether it holds for every choice, for none, or for some perhaps. */
export type Standing = 'holds' | 'fails' | 'open';

/**
 * What can be said while choices are open. Each test holds of a relation if it holds of a larger one:
 * what the upper bound satisfies all do, what the lower bound violates none does.
 */
export function standingOf(requirement: Requirement, bounds: Bounds): Standing {
  const { test, negated, term } = requirement;
  if (!satisfies(test, bounds.lower(term))) return negated ? 'holds' : 'fails';
  if (satisfies(test, bounds.upper(term))) return negated ? 'fails' : 'holds';
  return 'open';
}

/** Whether it fails for every choice. */
export function isBroken({ test, negated, term }: Requirement, bounds: Bounds): boolean {
  return negated ? satisfies(test, bounds.upper(term)) : !satisfies(test, bounds.lower(term));
}

function satisfies(test: Test['test'], relation: Relation): boolean {
  switch (test) {
    case 'acyclic':
      return isAcyclic(relation);
    case 'irreflexive':
      return isIrreflexive(relation);
    case 'empty':
      return isEmpty(relation);
  }
}
