/** Keeps a budget: says when to stop, and remembers why. */

import type { Budget, Unknown } from '../memory-model/outcome.ts';
import type { Span } from '../text/span.ts';

export interface Clock {
  /** Whether `count` traces of one thread, or steps, are still within the budget. */
  readonly mayGoOn: (count: number, at: Span) => boolean;
  /** Whether an execution of that many events may be looked at. */
  readonly allowsEvents: (events: number, at: Span) => boolean;
  /** Set once the budget is spent. */
  readonly stopped: Unknown | undefined;
}

/** How many steps pass between two looks at the time. */
const STRIDE = 32;

export function startClock(budget: Partial<Budget>): Clock {
  const deadline = Date.now() + (budget.milliseconds ?? Number.POSITIVE_INFINITY);
  const limits = {
    events: Number.POSITIVE_INFINITY,
    executions: Number.POSITIVE_INFINITY,
    steps: Number.POSITIVE_INFINITY,
    ...budget,
  };
  let stopped: Unknown | undefined;
  let calls = 0;
  const stop = (reason: string, span: Span): boolean => {
    stopped ??= { reason, span };
    return false;
  };
  return {
    mayGoOn: (count, at) => {
      if (stopped !== undefined) return false;
      if (count > limits.executions) return stop(`more than ${limits.executions} executions`, at);
      if (++calls > limits.steps) return stop(`more than ${limits.steps} steps of the search`, at);
      if (calls % STRIDE === 0 && Date.now() > deadline)
        return stop(`more than ${budget.milliseconds} ms`, at);
      return true;
    },
    allowsEvents: (events, at) =>
      events <= limits.events || stop(`an execution of more than ${limits.events} events`, at),
    get stopped() {
      return stopped;
    },
  };
}
