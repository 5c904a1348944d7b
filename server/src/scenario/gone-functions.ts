/** Scenarios that speak of a tree, but for a function that is gone or has another name: who counts on what they say has
 *  to be told. A tree that only lacks what they are about, as an older version may, is none of theirs. */

import { similarName } from '../text/similar-name.ts';
import type { Scenario, ScenarioProblem } from './scenario.ts';
import { defines, functionsIn, type SourceTree, scenarioSources } from './scenario-request.ts';

/** A scenario that is left out for a function that is gone. */
export interface LostScenario {
  readonly scenario: Scenario;
  readonly problem: ScenarioProblem;
}

/** Those of `leftOut` that the tree has every file of, and something that none of those that are `asked` in their place speaks of,
 *  or a function of nearly the name that is gone; of those about the same file the ones that lack least. */
export function lostScenarios(
  leftOut: readonly Scenario[],
  asked: readonly Scenario[],
  tree: SourceTree,
): readonly LostScenario[] {
  return [...new Set(leftOut.map(protocolOf))].flatMap((protocol) => {
    const isAboutIt = (scenario: Scenario) => protocolOf(scenario) === protocol;
    const [scenarios, others] = [leftOut.filter(isAboutIt), asked.filter(isAboutIt)];
    const spokenOf = new Set(others.flatMap(namesIn));
    const all = new Set([...scenarios, ...others].flatMap(namesIn));
    const lacking = scenarios.flatMap((scenario) => lackOf(scenario, spokenOf, all, tree) ?? []);
    const least = Math.min(...lacking.map(({ lacks }) => lacks));
    return lacking.filter(({ lacks }) => lacks === least);
  });
}

/** Scenarios about the same files are about the same protocol, for one version or another. */
export function protocolOf({ sources }: Scenario): string {
  return sources[0]!.name;
}

/** The functions and conditions by which a scenario speaks of its code. */
function namesIn({ applies, when, actors }: Scenario): readonly string[] {
  const called = actors.flatMap(({ body }) =>
    [...body.text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map(([, name]) => name!),
  );
  return [...[...applies, ...when].map(({ name }) => name), ...called];
}

/** With how many functions it lacks; undefined where the tree is none that it is about. */
function lackOf(
  scenario: Scenario,
  spokenOf: ReadonlySet<string>,
  all: ReadonlySet<string>,
  tree: SourceTree,
): (LostScenario & { readonly lacks: number }) | undefined {
  const { sources, absent } = scenarioSources(scenario, tree);
  const defined = functionsIn(sources);
  const missing = scenario.applies.filter(({ name }) => !defined.has(name));
  const [first] = missing;
  if (first === undefined || absent.length > 0) return undefined;
  const { name, ...place } = first;
  const near = similarName(
    name,
    [...defined].filter((other) => !all.has(other)),
  );
  const isThere = namesIn(scenario).some(
    (each) => !spokenOf.has(each) && sources.some((source) => defines(source, each)),
  );
  if (near === undefined && !isThere) return undefined;
  const meant = near === undefined ? '' : `; ${near}()?`;
  const problem = { ...place, message: `the tree does not define ${name}()${meant}` };
  return { scenario, problem, lacks: missing.length };
}
