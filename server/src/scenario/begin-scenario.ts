/** A scenario to begin with for functions of a tree: with the headers that they need, and with what is still to be filled in. */

import { isKnownByName } from '../lowering/known-by-name.ts';
import { missingNames } from '../lowering/lower.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/span.ts';
import { loadScenario } from './load-scenario.ts';
import { headersAround, isDefinedIn } from './needed-headers.ts';
import type { Scenario } from './scenario.ts';
import { initialCases } from './scenario-cases.ts';
import { loweringRequest, type SourceTree, scenarioSources } from './scenario-request.ts';
import { runScenario, type ScenarioRun } from './scenario-run.ts';
import { type Called, startScenario } from './start-scenario.ts';

/** What a file is called that is not written yet. */
const FILE = 'begun.scenario';
/** Headers are looked for so often: what one of them defines may need others. */
const MOST_ROUNDS = 12;
/** So much of what is not known is told. */
const MOST_GAPS = 12;

/** What of a scenario has no answer although it could be followed. */
export type UnknownIn = (
  run: ScenarioRun,
) => { readonly reason: string; readonly origin?: Place } | undefined;

/** The text of a scenario with a thread for each function. */
export function beginScenario(
  called: readonly Called[],
  tree: SourceTree,
  unknownIn: UnknownIn,
): string {
  const headerOf = headersAround(
    called.map(({ source }) => source),
    tree,
  );
  const headers = new Set<string>();
  const add = (names: readonly string[]) => {
    for (const name of names) {
      const header = headerOf(name);
      if (header !== undefined) headers.add(header);
    }
    return headers.size;
  };
  let known = add(typesOf(called));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const now = add(missingIn(scenarioOf(called, headers, tree), tree));
    if (now === known) break;
    known = now;
  }
  const begun = scenarioOf(called, headers, tree);
  return startScenario(called, [...headers], gapsIn(begun, tree, unknownIn));
}

/** The types of what the functions are given, which are not defined beside them. */
function typesOf(called: readonly Called[]): readonly string[] {
  const bases = called.flatMap(({ definition, source }) =>
    definition.parameters.flatMap(({ type }) => (isDefinedIn(source, type.base) ? [] : type.base)),
  );
  return [...new Set(bases)].filter((base) => !isKnownByName(base));
}

function scenarioOf(
  called: readonly Called[],
  headers: ReadonlySet<string>,
  tree: SourceTree,
): Scenario | undefined {
  const text = startScenario(called, [...headers], []);
  return loadScenario(FILE, (file) => (file === FILE ? text : undefined), tree).scenario;
}

/** The names that nothing defines and that the functions come to. */
function missingIn(scenario: Scenario | undefined, tree: SourceTree): readonly string[] {
  if (scenario === undefined) return [];
  const { sources } = scenarioSources(scenario, tree);
  const names = initialCases(scenario).cases.flatMap((start) =>
    missingNames(loweringRequest(scenario, sources, start, [], tree, 'marked').request),
  );
  return [...new Set(names)];
}

/** What an answer would not know, where it stands in the tree. */
function gapsIn(
  scenario: Scenario | undefined,
  tree: SourceTree,
  unknownIn: UnknownIn,
): readonly string[] {
  if (scenario === undefined) return [];
  const run = runScenario(scenario, tree);
  const bounds = run.assumptions.filter(({ kind }) => kind === 'bound');
  const unknown = unknownIn(run);
  const further = unknown === undefined ? [] : [{ message: unknown.reason, place: unknown.origin }];
  const gaps = [...run.notModelled, ...bounds, ...further].map(
    ({ message, place }) => `${place === undefined ? '' : shown(place, tree)}${message}`,
  );
  return [...new Set(gaps)].slice(0, MOST_GAPS);
}

/** Nothing of what stands in the scenario itself, whose lines are not these. */
function shown({ file, span }: Place, tree: SourceTree): string {
  const text = tree.source(file)?.text;
  return text === undefined ? '' : `${file}:${new LineIndex(text).position(span.start).line + 1}: `;
}
