/** At which steps of a function a lock is held that the function took itself, by the names of what it calls. */

import { looksLikeLock, looksLikeUnlock } from '../kernel/lock-names.ts';
import type { Step } from '../syntax/control-flow.ts';
import type { Flow } from './flow.ts';

/** Whether more locks are taken than released on the ways to a step, in the order of the text: what is released on a branch that
 *  leads elsewhere, as in an error path, is held here. */
export function isLockedAt(at: number, steps: readonly Step[], { predecessors }: Flow): boolean {
  const before = new Set([at]);
  for (const step of before) for (const from of predecessors[step]!) before.add(from);
  let held = 0;
  for (const { expression, index } of steps.slice(0, at)) {
    if (!before.has(index)) continue;
    const name = calledName(expression);
    if (looksLikeUnlock(name)) held = Math.max(0, held - 1);
    else if (looksLikeLock(name)) held += 1;
  }
  return held > 0;
}

/** The function that a step calls; empty where it calls none by its name. */
export function calledName(expression: Step['expression']): string {
  return expression?.kind === 'call' && expression.callee.kind === 'identifier'
    ? expression.callee.name
    : '';
}
