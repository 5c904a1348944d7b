/** What becomes of a scenario's invariants when the code, or the world around it, were different. */

import type { Scenario, Supposition } from '../scenario/scenario.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { answerScenario, type InvariantAnswer, type ScenarioAnswer } from './scenario-answer.ts';
import type { SolutionCache } from './scenario-solution.ts';

/** One invariant under one supposition. */
export interface SupposedAnswer {
  readonly scenario: Scenario;
  readonly supposition: Supposition;
  /** As the scenario is, under the suppositions that this one builds on. */
  readonly before: InvariantAnswer;
  readonly after: InvariantAnswer;
}

/** Answers every supposition of a scenario; what it builds on is the case to compare with. */
export function supposedAnswers(
  scenario: Scenario,
  tree: SourceTree,
  cache: SolutionCache,
): readonly SupposedAnswer[] {
  const answers = new Map<string, ScenarioAnswer>();
  const answerUnder = (supposed: readonly Supposition[]): ScenarioAnswer => {
    const key = supposed.map(({ name }) => name).join();
    const answer = answers.get(key) ?? answerScenario(scenario, tree, cache, supposed);
    answers.set(key, answer);
    return answer;
  };
  return scenario.suppositions.flatMap((supposition) => {
    const bases = basesOf(scenario, supposition, new Set([supposition.name]));
    const before = answerUnder(bases).invariants;
    const after = answerUnder([...bases, supposition]).invariants;
    return after.map((answer, at) => ({
      scenario,
      supposition,
      before: before[at] ?? answer,
      after: answer,
    }));
  });
}

/** All that a supposition builds on, the deepest first, each once. */
function basesOf(
  scenario: Scenario,
  { on }: Supposition,
  seen: Set<string>,
): readonly Supposition[] {
  return on.flatMap((name) => {
    const base = scenario.suppositions.find((other) => other.name === name);
    if (base === undefined || seen.has(name)) return [];
    seen.add(name);
    return [...basesOf(scenario, base, seen), base];
  });
}
