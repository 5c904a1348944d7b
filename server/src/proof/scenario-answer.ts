/** The answer to one scenario on one tree: what each invariant comes to, and what each barrier is for. */

import type { Assumption, NotModelled } from '../lowering/lowering.ts';
import { once } from '../memo/once.ts';
import type { Observation } from '../memory-model/outcome.ts';
import type { Origin } from '../program/program.ts';
import { partsOfRun } from '../scenario/run-parts.ts';
import type {
  Acceptance,
  Invariant,
  Scenario,
  ScenarioProblem,
  Supposition,
} from '../scenario/scenario.ts';
import { basesOf, type SourceTree } from '../scenario/scenario-request.ts';
import { runScenario, type ScenarioRun } from '../scenario/scenario-run.ts';
import type { Place } from '../text/span.ts';
import { type Remedy, remedyOf } from './remedy.ts';
import { type Retrace, retrace } from './retrace.ts';
import { rowsOf, type ScenarioRow } from './scenario-rows.ts';
import {
  type Solution,
  type SolutionCache,
  type SolvedScenario,
  solveScenario,
} from './scenario-solution.ts';
import { type ExecutionStep, tellExecution } from './tell-execution.ts';
import type { Violation } from './violations.ts';

export interface InvariantAnswer {
  readonly name: string;
  readonly words: string;
  /** `Never`: it holds. `Sometimes`: it can be violated. Absent where it is not known. */
  readonly observation?: Observation;
  /** Why it is not known, in a sentence, and where. */
  readonly unknown?: { readonly reason: string; readonly place: Place };
  /** Of a violated invariant: the initial case it is violated in, as choices of the scenario's `any`. */
  readonly start: readonly string[];
  /** Of a violated invariant: how it comes about, step by step; empty otherwise. */
  readonly execution: () => readonly ExecutionStep[];
  /** Of a violated invariant: the orders on the execution's cycle; empty where no barrier would help. */
  readonly unkept: readonly UnkeptOrder[];
  /** Of a violated invariant that no barrier holds: what would, where that is found when it is asked for. */
  readonly remedy: () => Remedy | undefined;
  /** Of a violated invariant: why that is accepted in the code as it is. */
  readonly accepted?: string;
}

/** One of the orders that would have to be kept so that a violated invariant holds. */
export interface UnkeptOrder {
  readonly before: string;
  readonly after: string;
  readonly thread: number;
  /** Where the two accesses stand. */
  readonly first?: Place;
  readonly last?: Place;
  /** Whether a full barrier between these two alone would do; else there is none, or one is not enough. */
  readonly lacking: boolean;
}

export interface ScenarioAnswer {
  readonly scenario: Scenario;
  readonly invariants: readonly InvariantAnswer[];
  /** The functions that order something in it. */
  readonly ordering: ReadonlySet<string>;
  /** What each barrier is for; found when it is first asked for, as that can cost more than all else. */
  readonly rows: () => readonly ScenarioRow[];
  readonly assumptions: readonly Assumption[];
  readonly notModelled: readonly NotModelled[];
  readonly problems: readonly ScenarioProblem[];
}

/** Answers a scenario against a tree. Programs that `cache` knows are not solved again. */
export function answerScenario(
  scenario: Scenario,
  tree: SourceTree,
  cache: SolutionCache,
): ScenarioAnswer {
  // First what has more fences, as suppositions mostly do: its executions answer for what has fewer (program-match.ts).
  const supposed = underAcceptance(scenario, tree, cache);
  const run = runScenario(scenario, tree);
  const { sites, assumptions, notModelled, problems } = run;
  const ordering = new Set(sites.map((site) => site.function));
  const answers = answersTo(run, cache);
  const invariants = answers.map(({ answer }, at) =>
    withAcceptance(answer, scenario.invariants[at]?.accepted, supposed),
  );
  const rows = once(() => answers.flatMap((each) => each.rows()));
  return { scenario, invariants, ordering, rows, assumptions, notModelled, problems };
}

/** What the invariants of a scenario come to where code or world are as `supposed` has them; none of them where it
 *  has mistakes. What each barrier is for is not asked then. */
export function supposedInvariants(
  scenario: Scenario,
  tree: SourceTree,
  cache: SolutionCache,
  supposed: readonly Supposition[],
): readonly InvariantAnswer[] {
  return answersTo(runScenario(scenario, tree, supposed), cache).map(({ answer }) => answer);
}

/** By the suppositions with which something is accepted: what the invariants come to under them. */
type UnderAcceptance = ReadonlyMap<string, readonly InvariantAnswer[]>;

function underAcceptance(
  scenario: Scenario,
  tree: SourceTree,
  cache: SolutionCache,
): UnderAcceptance {
  const answers = new Map<string, readonly InvariantAnswer[]>();
  for (const { accepted } of scenario.invariants) {
    if (accepted === undefined || accepted.under.length === 0) continue;
    const key = nameOf(accepted);
    if (answers.has(key)) continue;
    const supposed = supposedBy(scenario, accepted.under);
    answers.set(key, supposedInvariants(scenario, tree, cache, supposed));
  }
  return answers;
}

function nameOf({ under }: Acceptance): string {
  return under.map(({ name }) => name).join();
}

/** An answer, with the reason where that is accepted. What violates an invariant also under what
 *  it is accepted with is told instead: that is not what was accepted; where that is not known, that is told. */
function withAcceptance(
  answer: InvariantAnswer,
  accepted: Acceptance | undefined,
  supposed: UnderAcceptance,
): InvariantAnswer {
  if (accepted === undefined || answer.observation !== 'Sometimes') return answer;
  const { reason, under } = accepted;
  if (under.length === 0) return { ...answer, accepted: reason };
  const still = supposed.get(nameOf(accepted))?.find(({ name }) => name === answer.name);
  return still?.observation === 'Never' ? { ...answer, accepted: reason } : (still ?? answer);
}

/** The suppositions of these names with all that they build on, each once. */
function supposedBy(scenario: Scenario, names: Acceptance['under']): readonly Supposition[] {
  const named = names.flatMap(({ name }) =>
    scenario.suppositions.filter((supposition) => supposition.name === name),
  );
  return [...new Set(named.flatMap((each) => [...basesOf(scenario, each), each]))];
}

/** The answer to an invariant, with what each barrier is for it. */
interface Answered {
  readonly answer: InvariantAnswer;
  readonly rows: () => readonly ScenarioRow[];
}

/** In the order of the invariants; none where the run has no programs. */
function answersTo(run: ScenarioRun, cache: SolutionCache): readonly Answered[] {
  if (run.invariants.length === 0) return [];
  const answers = new Map(
    partsOfRun(run).flatMap((part) => {
      const solved = solveScenario(part, cache);
      return part.invariants.map(({ invariant }, at): readonly [Invariant, Answered] => {
        const solution = doubted(solved.solutions[at]!, part);
        const rows = () => rowsOf(invariant, solution, part, solved);
        return [invariant, { answer: invariantAnswer(invariant, solution, part, solved), rows }];
      });
    }),
  );
  return run.invariants.map(({ invariant }) => answers.get(invariant)!);
}

/** Where something is not modelled, nothing that was found can be relied upon. */
function doubted(solution: Solution, { notModelled }: ScenarioRun): Solution {
  const [first] = notModelled;
  if (first === undefined) return solution;
  const { message: reason, place } = first;
  return { kind: 'unknown', unknown: { reason, span: place.span }, place };
}

/** What is not known of an invariant without a place in the C stands at the invariant. */
function invariantAnswer(
  invariant: Invariant,
  solution: Solution,
  run: ScenarioRun,
  solved: SolvedScenario,
): InvariantAnswer {
  const { name, words, file, span } = invariant;
  const base = {
    ...{ name, words, start: [], unkept: [] },
    ...{ execution: () => [], remedy: () => undefined },
  };
  switch (solution.kind) {
    case 'unknown': {
      const { unknown, place = unknown.origin ?? { file, span } } = solution;
      return { ...base, unknown: { reason: unknown.reason, place } };
    }
    case 'holds':
      return { ...base, observation: 'Never' };
    case 'violated': {
      const { violation } = solution;
      const { start, program } = run.invariants[0]!.programs[violation.start]!;
      const moved = retrace(solved.programs[violation.start]!, program);
      return {
        ...base,
        observation: 'Sometimes',
        start: start.choices,
        execution: () => tellExecution(violation, run.fields, moved),
        unkept: solution.broken.map(({ order, thread, lacking, ...ends }) => {
          const [first, last] = [ends.first && moved(ends.first), ends.last && moved(ends.last)];
          return { ...order, thread, ...(first && { first }), ...(last && { last }), lacking };
        }),
        remedy: once(() =>
          solution.broken.length > 0
            ? undefined
            : remedyOf(run.withReadSides(invariant), originsOf(violation, moved)),
        ),
      };
    }
  }
}

/** Where the events of an execution stand now, by thread and in program order. */
function originsOf(
  { execution: { structure } }: Violation,
  moved: Retrace,
): readonly (readonly Origin[])[] {
  return structure.paths.map((_, thread) =>
    structure.events.flatMap((event) =>
      event.thread === thread && event.origin ? (moved(event.origin) ?? []) : [],
    ),
  );
}
