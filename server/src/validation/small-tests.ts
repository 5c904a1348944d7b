/** Litmus tests small enough for herd7 that together settle what a program comes to. */

import type { Program } from '../litmus/program.ts';
import { check } from '../memory-model/check.ts';
import type { Observation } from '../memory-model/outcome.ts';
import { isNeverMet, splitAtOr } from './decided-condition.ts';
import { herdWork } from './herd-work.ts';
import { divisions, withoutIdleEvents } from './one-sided.ts';
import { reduceExactly } from './reduce-exactly.ts';
import { rewriteProgram } from './rewrite-program.ts';

/** What the answer of a test says about the program that it was made from. `same`: it comes to the same.
 *  `wider`: what is never possible in the tests is never possible there. `narrower`: what is possible
 *  in the test is possible there. */
export type Likeness = 'same' | 'wider' | 'narrower';

export interface SmallTests {
  readonly likeness: Likeness;
  /** One, or one for each way that control can take: each comes to what the program comes to. */
  readonly programs: readonly Program[];
}

/** Ways to pair reads and writes that herd7 gets through in some seconds. */
const COMFORTABLE = 300_000;

/** The most tests that one program may become. */
const MOST_PARTS = 24;

/**
 * Tests for a flattened program that comes to `observation`. The program is first reduced without changing
 * its question; if it is still much work, what is never possible is shown by a wider program, or by one
 * for each way through it, and what is possible by one way on which it is.
 */
export function smallTests(program: Program, observation: Observation): SmallTests {
  const same = reduceExactly(withinBounds(program));
  const exact: SmallTests = { likeness: 'same', programs: [same] };
  if (isComfortable(same)) return exact;
  switch (observation) {
    case 'Never':
      return widerTests(same) ?? exact;
    case 'Sometimes':
      return { likeness: 'narrower', programs: [narrowed(same)] };
    case 'Always':
      return exact;
  }
}

/** The program for executions that reach no bound; that it has an answer means that the model allows none
 *  that would matter. */
function withinBounds(program: Program): Program {
  return rewriteProgram(program, {
    statement: (statement) =>
      statement.kind === 'stop' ? { ...statement, why: 'discard' } : statement,
    expression: (expression) => expression,
  });
}

function isComfortable(program: Program): boolean {
  return herdWork(program) <= COMFORTABLE;
}

/** Undefined where leaving out reads would leave out what makes it impossible. */
function widerTests(program: Program): SmallTests | undefined {
  const wide = widened(program);
  if (!isImpossible(wide)) return undefined;
  return { likeness: 'wider', programs: ways(wide) };
}

function widened(program: Program): Program {
  const next = reduceExactly(withoutIdleEvents(program));
  return herdWork(next) < herdWork(program) ? widened(next) : next;
}

function isImpossible(program: Program): boolean {
  return check(program, { question: 'exists' }).observation === 'Never';
}

/** The program itself or, where that is too much work, several that it is divided into: the one that is most
 *  work is divided until all are comfortable. Those whose condition nothing can meet are left out. */
function ways(program: Program): readonly Program[] {
  let done: readonly Program[] = [];
  let left: readonly Program[] = [program];
  while (left.length > 0) {
    const [hardest, ...others] = [...left].sort((one, other) => herdWork(other) - herdWork(one));
    const isEnough = isComfortable(hardest!) || left.length + done.length >= MOST_PARTS;
    if (isEnough) return [...done, ...left];
    const parts = bestDivision(hardest!)?.map(widened);
    if (parts?.every(isImpossible))
      left = [...others, ...parts.filter((part) => !isNeverMet(part))];
    else [done, left] = [[...done, hardest!], others];
  }
  return done.length === 0 ? [program] : done;
}

/** The division whose harder part is least work; at an "or" first. */
function bestDivision(program: Program): readonly [Program, Program] | undefined {
  const all = divisions(program);
  if (splitAtOr(program.condition.proposition) !== undefined) return all[0];
  const hardness = new Map(
    all.map((parts) => [parts, Math.max(...parts.map((part) => herdWork(part)))]),
  );
  return [...all].sort((one, other) => hardness.get(one)! - hardness.get(other)!)[0];
}

/** One way through the program on which its condition can hold, decided step by step. */
function narrowed(program: Program): Program {
  if (isComfortable(program)) return program;
  const possible = bestDivision(program)
    ?.map(reduceExactly)
    .find((part) => check(part, { question: 'exists' }).observation === 'Sometimes');
  return possible === undefined ? program : narrowed(possible);
}
