/** Scenarios that speak of a tree, but for a function or an object that is gone or has another name: who counts on what they say has
 *  to be told. A tree that only lacks what they are about, as an older version may, is none of theirs. */

import { primitive } from '../kernel/primitives.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { similarName } from '../text/similar-name.ts';
import type { Span } from '../text/span.ts';
import type { Scenario, ScenarioProblem } from './scenario.ts';
import { definedIn, defines, type SourceTree, scenarioSources } from './scenario-request.ts';
import { calledIn, wordsIn } from './source-words.ts';

/** A scenario that is left out for what is gone. */
export interface LostScenario {
  readonly scenario: Scenario;
  readonly problem: ScenarioProblem;
}

/** Those of `leftOut` that the tree has every file of, and something that none of those that are `asked` in their place speaks of
 *  or comes to, or something of nearly the name that is gone; of those about the same file the ones that lack least. */
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
    const open = scenarios.length === 0 ? undefined : openBarrier(others, tree);
    const lacking = scenarios.flatMap(
      (scenario) => lackOf(scenario, { spokenOf, all, open }, tree) ?? [],
    );
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

/** What scenarios of one protocol say of a tree. */
interface Told {
  /** By those that are asked. */
  readonly spokenOf: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  readonly open: OpenBarrier | undefined;
}

/** With how many names it lacks; undefined where the tree is none that it is about. */
function lackOf(
  scenario: Scenario,
  { spokenOf, all, open }: Told,
  tree: SourceTree,
): (LostScenario & { readonly lacks: number }) | undefined {
  const { sources, absent } = scenarioSources(scenario, tree);
  const defined = definedIn(sources);
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
  const barrier = near === undefined ? open : undefined;
  if (near === undefined && !isThere && barrier === undefined) return undefined;
  const meant = near === undefined ? '' : `; ${near}?`;
  const left =
    barrier && `, and no scenario comes to ${barrier.primitive}() in ${barrier.function}()`;
  const problem = { ...place, message: `the tree does not define ${name}${meant}${left ?? ''}` };
  return { scenario, problem, lacks: missing.length };
}

/** A barrier in a function that no scenario comes to, though they are about its file. */
interface OpenBarrier {
  readonly function: string;
  readonly primitive: string;
}

/** Where functions of the tree may have taken the place of what is gone: in a protocol of which scenarios are `asked`,
 *  a barrier that none of them comes to. */
function openBarrier(asked: readonly Scenario[], tree: SourceTree): OpenBarrier | undefined {
  const sources = new Set(asked.flatMap((scenario) => scenarioSources(scenario, tree).sources));
  const functions = [...sources].flatMap((source) =>
    source.parsed.functions.map(({ name, span }) => ({ name, text: textIn(source, span) })),
  );
  const macros = [...sources].flatMap(({ parsed }) =>
    parsed.macros.map(({ name, body }) => ({ name, text: body })),
  );
  const barriers = functions.flatMap(({ name, text }): readonly OpenBarrier[] => {
    const used = [...calledIn(text).keys()].find((called) => primitive(called)?.explicit === true);
    return used === undefined ? [] : [{ function: name, primitive: used }];
  });
  const seen = new Set<string>();
  const visit = (text: string): void => {
    for (const word of wordsIn(text).keys()) {
      if (seen.has(word)) continue;
      seen.add(word);
      for (const { name, text: own } of [...functions, ...macros]) if (name === word) visit(own);
    }
  };
  for (const { actors, setup, stubs } of asked)
    for (const { text } of [...actors.map(({ body }) => body), ...setup, ...stubs]) visit(text);
  return barriers.find((each) => !seen.has(each.function));
}

/** Without comments, which may name any function. */
function textIn({ text, parsed }: SourceText, { start, end }: Span): string {
  const parts: string[] = [];
  let from = start;
  for (const { span } of parsed.comments) {
    if (span.start < from || span.end > end) continue;
    parts.push(text.slice(from, span.start));
    from = span.end;
  }
  return [...parts, text.slice(from, end)].join(' ');
}
