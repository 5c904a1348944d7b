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
    if (scenarios.length === 0) return [];
    const unplayed = unplayedBy(others, tree);
    const lacking = scenarios.flatMap(
      (scenario) => lackOf(scenario, { spokenOf, all, unplayed }, tree) ?? [],
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
  readonly unplayed: Unplayed;
}

/** With how many names it lacks; undefined where the tree is none that it is about. */
function lackOf(
  scenario: Scenario,
  { spokenOf, all, unplayed }: Told,
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
  const instead =
    near === undefined ? insteadOf(scenario, first.file, unplayed, defined) : undefined;
  if (near === undefined && !isThere && instead === undefined) return undefined;
  const meant = near === undefined ? '' : `; ${near}?`;
  const left = instead === undefined ? '' : `, and no scenario comes to ${instead}`;
  const problem = { ...place, message: `the tree does not define ${name}${meant}${left}` };
  return { scenario, problem, lacks: missing.length };
}

/** What may have taken the place of what a file of the scenario asks for, in words: it has a barrier, or leads to what that
 *  file has stand-ins for. */
function insteadOf(
  { stubs }: Scenario,
  file: string,
  { barrier, leadingTo }: Unplayed,
  defined: ReadonlySet<string>,
): string | undefined {
  if (barrier !== undefined) return `${barrier[1]}() in ${barrier[0]}()`;
  const texts = stubs.flatMap((block) => (block.file === file ? block.text : []));
  const words = texts.flatMap((text) => [...calledIn(text).keys()]);
  const leading = leadingTo(new Set(words.filter((word) => defined.has(word))));
  return leading && `${leading[0]}(), which leads to ${leading[1]}()`;
}

/** What may have taken the place of what is gone: code of a protocol's files that none of its scenarios comes to. */
interface Unplayed {
  /** A function that uses a barrier, and which. */
  readonly barrier: readonly [name: string, primitive: string] | undefined;
  /** A function that leads to one of these, and to which, not by way of what the scenarios call themselves. */
  readonly leadingTo: (
    names: ReadonlySet<string>,
  ) => readonly [from: string, to: string] | undefined;
}

function unplayedBy(asked: readonly Scenario[], tree: SourceTree): Unplayed {
  const sources = new Set(asked.flatMap((scenario) => scenarioSources(scenario, tree).sources));
  const functions = [...sources].flatMap((source) =>
    source.parsed.functions.map(({ name, span }) => ({ name, text: textIn(source, span) })),
  );
  const macros = [...sources].flatMap(({ parsed }) =>
    parsed.macros.map(({ name, body }) => ({ name, text: body })),
  );
  const isExplicit = (called: string) => primitive(called)?.explicit === true;
  const inMacros = new Set(
    macros.flatMap(({ name, text }) => ([...calledIn(text).keys()].some(isExplicit) ? name : [])),
  );
  const called = new Set(asked.flatMap(ownText).flatMap((text) => [...wordsIn(text).keys()]));
  const seen = new Set<string>();
  const visit = (word: string): void => {
    if (seen.has(word)) return;
    seen.add(word);
    for (const { name, text } of [...functions, ...macros])
      if (name === word) [...wordsIn(text).keys()].forEach(visit);
  };
  called.forEach(visit);
  const unplayed = functions.filter(({ name }) => !seen.has(name));
  const [barrier] = unplayed.flatMap(({ name, text }) =>
    [...calledIn(text).keys()]
      .filter((word) => isExplicit(word) || inMacros.has(word))
      .map((word) => [name, word] as const),
  );
  const targetOf = (
    text: string,
    names: ReadonlySet<string>,
    passed: Set<string>,
  ): string | undefined => {
    for (const word of calledIn(text).keys()) {
      if (names.has(word)) return word;
      if (called.has(word) || passed.has(word)) continue;
      passed.add(word);
      const next = functions.find(({ name }) => name === word);
      const found = next && targetOf(next.text, names, passed);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const leadingTo = (names: ReadonlySet<string>) =>
    unplayed
      .map(({ name, text }) => [name, targetOf(text, names, new Set([name]))] as const)
      .find((found): found is readonly [string, string] => found[1] !== undefined);
  return { barrier, leadingTo };
}

/** What a scenario says in C. */
function ownText({ actors, setup, stubs }: Scenario): readonly string[] {
  return [...actors.map(({ body }) => body), ...setup, ...stubs].map(({ text }) => text);
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
