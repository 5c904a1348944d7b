/** What becomes of a scenario's invariants when the code, or the world around it, were different. */

import type { Scenario, Supposition } from '../scenario/scenario.ts';
import { basesOf, type SourceTree } from '../scenario/scenario-request.ts';
import { type InvariantAnswer, supposedInvariants } from './scenario-answer.ts';
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
  const answers = new Map<string, readonly InvariantAnswer[]>();
  const answerUnder = (supposed: readonly Supposition[]): readonly InvariantAnswer[] => {
    const key = supposed.map(({ name }) => name).join();
    const answer = answers.get(key) ?? supposedInvariants(scenario, tree, cache, supposed);
    answers.set(key, answer);
    return answer;
  };
  return scenario.suppositions.flatMap((supposition) => {
    const bases = basesOf(scenario, supposition);
    const before = answerUnder(bases);
    const after = answerUnder([...bases, supposition]);
    return after.map((answer, at) => ({
      scenario,
      supposition,
      before: before[at] ?? answer,
      after: answer,
    }));
  });
}
