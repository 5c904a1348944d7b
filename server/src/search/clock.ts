/** Keeps a budget: says when to stop, and remembers why. */

import type { Budget, Unknown } from '../memory-model/outcome.ts';
import type { Span } from '../text/span.ts';

export interface Clock {
  /** Adds steps, also parts of them; whether they are still within the budget. */
  readonly spend: (steps: number, at: Span) => boolean;
  /** Spends what it costs to follow a path of a thread, and to keep it, with so many nodes. */
  readonly spendPath: (nodes: number, at: Span) => boolean;
  /** Whether so many executions or traces may be counted. */
  readonly allowsExecutions: (count: number, at: Span) => boolean;
  /** Whether executions may be kept of which the relations take so many words. */
  readonly allowsWords: (words: number, at: Span) => boolean;
  /** Whether an execution of that many events may be looked at. */
  readonly allowsEvents: (events: number, at: Span) => boolean;
  /** A clock of the same limits and the same end in time, for a tenth of the steps more. */
  readonly further: () => Clock;
  /** So many statements may be gone through to find what the threads may read. */
  readonly valueSteps: number;
  /** The steps spent so far. */
  readonly spent: number;
  /** Set once the budget is spent. */
  readonly stopped: Unknown | undefined;
}

/** How many calls pass between two looks at the time. */
const STRIDE = 32;

/** What a question may cost where its asker sets nothing else: some seconds. What has no answer by then grows so
 *  fast with what it is asked about that it hardly ever gets one. */
const DEFAULT: Budget = {
  events: Number.POSITIVE_INFINITY,
  executions: Number.MAX_SAFE_INTEGER,
  steps: 40_000,
  stepsOfNode: 1 / 4,
  valueSteps: 1 << 22,
  milliseconds: Number.POSITIVE_INFINITY,
};

/** Some 130 megabytes; what is computed from it takes several times as much. */
const MOST_WORDS = 1 << 25;

/** What a look at something smaller than an execution costs, in steps. */
export const SMALL_STEP = 1 / 128;

/** What a step towards a solution of one location under a user's model costs at least, in time and, where it finds
 *  one, in memory: the checks that look at the location are gone through. */
const SOLUTION_STEP = 1 / 8;

/** What a step towards a solution costs at a location of so many events. */
export function stepsOfPlace(events: number): number {
  return Math.max(SOLUTION_STEP, (events / 48) ** 2);
}

/** What a look at the beginning of a combination of traces costs. */
export const COMBINATION_STEP = 1 / 1024;

/** What it costs to find out that values and coherence exclude a combination of traces of so many events. */
export function stepsOfCombination(events: number): number {
  return stepsOfEvents(events) / 8;
}

/** What a final state costs, in memory above all. */
export const STATE_STEP = 1 / 10;

/** What it costs to judge an execution, or a bound of many: its relations are gone through word by word. */
export function stepsOfEvents(events: number): number {
  return Math.max(1, (events / 64) ** 2);
}

/** A clock that goes on where `before` steps of the same budget are spent already. */
export function startClock(budget: Partial<Budget>, before = 0): Clock {
  const limits = { ...DEFAULT, ...budget };
  return clockUntil(Date.now() + limits.milliseconds, limits, before);
}

function clockUntil(deadline: number, limits: Budget, before: number): Clock {
  let stopped: Unknown | undefined;
  let [spent, calls] = [before, 0];
  const stop = (reason: string, span: Span): boolean => {
    stopped ??= { reason, span };
    return false;
  };
  const spend = (steps: number, at: Span): boolean => {
    if (stopped !== undefined) return false;
    spent += steps;
    if (spent > limits.steps) return stop(`more than ${limits.steps} steps of the search`, at);
    if (++calls % STRIDE === 0 && Date.now() > deadline)
      return stop(`more than ${limits.milliseconds} ms`, at);
    return true;
  };
  return {
    spend,
    spendPath: (nodes, at) => spend(Math.max(1, nodes * limits.stepsOfNode), at),
    allowsExecutions: (count, at) =>
      stopped === undefined &&
      (count <= limits.executions || stop(`more than ${limits.executions} executions`, at)),
    allowsWords: (words, at) =>
      words <= MOST_WORDS || stop('more executions than there is room for', at),
    allowsEvents: (events, at) =>
      events <= limits.events || stop(`an execution of more than ${limits.events} events`, at),
    further: () => clockUntil(deadline, { ...limits, steps: limits.steps / 10 }, 0),
    valueSteps: limits.valueSteps,
    get spent() {
      return spent;
    },
    get stopped() {
      return stopped;
    },
  };
}
