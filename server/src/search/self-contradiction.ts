/** Whether a path has found the same two reads equal and different: no values let a thread take it. */

import type { ThreadPath } from '../memory-model/thread-paths.ts';
import type { Term } from '../memory-model/value.ts';

/** Exact for what it finds, and not all that there is: comparisons of two reads only. */
export function contradictsItself({ constraints, equations }: ThreadPath): boolean {
  const equal = new Set(equations.map(({ left, right }) => pairOf(left, right)));
  const different = new Set<string | undefined>();
  for (const { term, holds } of constraints) {
    if (term.kind !== 'binary' || !['==', '!='].includes(term.operator)) continue;
    const isEqual = (term.operator === '==') === holds;
    // What is equal in some type need not be so as a whole; what differs in one does.
    if (!isEqual) different.add(pairOf(term.left, term.right));
    else if (term.type === undefined) equal.add(pairOf(term.left, term.right));
  }
  return [...different].some((pair) => pair !== undefined && equal.has(pair));
}

/** What identifies two reads in either order. */
function pairOf(left: Term, right: Term): string | undefined {
  if (left.kind !== 'read' || right.kind !== 'read') return undefined;
  return [left.event, right.event].sort((one, other) => one - other).join(' ');
}
