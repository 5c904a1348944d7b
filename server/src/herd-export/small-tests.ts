/** Litmus tests small enough for herd7 that together settle what a program comes to. */

import type { Observation } from '../memory-model/outcome.ts';
import type { Program } from '../program/program.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import { check } from '../search/check.ts';
import { withoutConstantUpdates } from './constant-updates.ts';
import { isNeverMet } from './decided-condition.ts';
import { herdWork } from './herd-work.ts';
import {
  asking,
  behindDecisions,
  decisionsOf,
  divisions,
  withoutIdleEvents,
  withWritesOnly,
} from './one-sided.ts';
import { reduceExactly } from './reduce-exactly.ts';

/** What the answer of a test says about the program that it was made from. `same`: it comes to the same.
 *  `wider`: what is never possible in the tests is never possible there. `narrower`: what is possible
 *  in the test is possible there. */
export type Likeness = 'same' | 'wider' | 'narrower';

export interface SmallTests {
  readonly likeness: Likeness;
  /** One, or one for each way that control can take: each comes to what the program comes to. */
  readonly programs: readonly Program[];
}

/** Work that herd7 gets through in some seconds. */
const COMFORTABLE = 3_000_000;

/** The most tests that one program may become. */
const MOST_PARTS = 16;

/**
 * Tests for a flattened program that comes to `observation`. The program is first reduced without changing
 * its question; if it is still much work, what is never possible is shown by a wider program, or by one
 * for each way through it, and what is possible by one way on which it is.
 */
export function smallTests(program: Program, observation: Observation): SmallTests {
  const same = sameAnswer(withinBounds(program), observation);
  const exact: SmallTests = { likeness: 'same', programs: [same] };
  if (isComfortable(same)) return exact;
  switch (observation) {
    case 'Never':
      return widerTests(same) ?? exact;
    case 'Sometimes':
      return { likeness: 'narrower', programs: [stillSometimes(narrowed(same), same)] };
    case 'Always':
      return exact;
  }
}

/** The program reduced for its question, where that comes to the same word, else for all executions. */
function sameAnswer(program: Program, observation: Observation): Program {
  const asked = reduceExactly(program);
  const isSame = observation === 'Never' || check(asked).observation === observation;
  return isSame ? asked : reduceExactly(program, 'all');
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
  if (isNeverMet(program)) return { likeness: 'wider', programs: [withWritesOnly(program)] };
  const wide = widened(program);
  if (!isImpossible(wide)) return undefined;
  return { likeness: 'wider', programs: ways(wide).map((one) => behindDecisions(one, 'freely')) };
}

function widened(program: Program): Program {
  const next = lessIdle(lessIdle(program));
  return herdWork(next) < herdWork(program) ? widened(next) : next;
}

/** A register that is not used any more leaves its read unused, which the next round sees. */
function lessIdle(program: Program): Program {
  return reduceExactly(withoutIdleEvents(withoutConstantUpdates(program)));
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

/** The division whose harder part is least work, as far as that can be seen before reducing the parts; one
 *  of the condition where that already helps, for it leaves the code as it is. */
function bestDivision(program: Program): readonly [Program, Program] | undefined {
  const all = divisions(program);
  const ofCondition = all.find(([one, other]) => one.threads === other.threads);
  if (ofCondition !== undefined && hardnessOf(ofCondition.map(widened)) < 0.9 * herdWork(program))
    return ofCondition;
  const hardness = new Map(
    all.filter((parts) => parts !== ofCondition).map((parts) => [parts, hardnessOf(parts)]),
  );
  return [...hardness].sort(([, one], [, other]) => one - other)[0]?.[0] ?? ofCondition;
}

function hardnessOf(parts: readonly Program[]): number {
  return Math.max(...parts.map(herdWork));
}

/** One way through the program on which its condition can hold, decided step by step for what is less work;
 *  where that ends with too much, for what is least work of all that could be decided. */
function narrowed(program: Program): Program {
  const balanced = narrowedBy(program, (open) => bestDivision(open) ?? []);
  if (isComfortable(balanced)) return balanced;
  const greedy = narrowedBy(program, (open) => divisions(open).flat());
  return herdWork(greedy) < herdWork(balanced) ? greedy : balanced;
}

function narrowedBy(program: Program, partsOf: (open: Program) => readonly Program[]): Program {
  if (isComfortable(program)) return program;
  const parts = partsOf(program)
    .map((way) => reduceExactly(way))
    .sort((one, other) => herdWork(one) - herdWork(other));
  const easiest = parts.find(isPossible);
  return easiest === undefined ? program : narrowedBy(easiest, partsOf);
}

/**
 * The way with what is behind its decisions inside of them, if that is still possible. Where all that the
 * filter lets through satisfies the condition, one decision becomes a part of the condition instead, or all
 * of them: the answer keeps its word.
 */
function stillSometimes(way: Program, whole: Program): Program {
  const inside = behindDecisions(way, 'everywhere');
  if (isSometimes(inside)) return inside;
  const open = decisionsOf(way).map((decision) =>
    behindDecisions(asking(way, [decision]), 'everywhere'),
  );
  const all = decisionsOf(way).length === 0 ? way : asking(way, decisionsOf(way));
  return [...open.reverse(), way].find(isSometimes) ?? (isSometimes(all) ? all : whole);
}

/** Whether the answer is Sometimes, and no flag is raised on the way. */
function isSometimes(program: Program): boolean {
  const { observation, flags } = check(program);
  return observation === 'Sometimes' && !flags.some((flag) => flag.startsWith('unbalanced'));
}

function isPossible(program: Program): boolean {
  return check(program, { question: 'exists' }).observation === 'Sometimes';
}
