/** Turns a scenario and a tree into what the lowering is asked. */

import type { TreeConfiguration } from '../lowering/configuration.ts';
import { fileIndex } from '../lowering/file-index.ts';
import type { KnownLowerings } from '../lowering/known-lowerings.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import { everyExpression, everyStatement, expressionsOf } from '../syntax/walk.ts';
import { nearestName } from '../text/similar-name.ts';
import type { Place } from '../text/span.ts';
import { joinBlocks } from './joined-blocks.ts';
import type {
  Block,
  Formula,
  Said,
  Scenario,
  ScenarioProblem,
  Supposition,
  Term,
} from './scenario.ts';
import type { InitialCase } from './scenario-cases.ts';

/** The files a scenario speaks of, parsed; the shell or the language service says where they are. */
export interface SourceTree {
  /** The file at a path relative to the tree's root, undefined where there is none. */
  readonly source: (path: string) => SourceText | undefined;
  /** The paths of the files beside a path that is not there, where that can be said. */
  readonly beside?: (path: string) => readonly string[];
  /** Parses C that does not stand in the tree as it is: the blocks of a scenario, files in one configuration. */
  readonly parse: LoweringRequest['parse'];
  /** What the tree says of its configuration; always the same object as long as that is the same. */
  readonly configuration?: TreeConfiguration;
  /** Where lowered programs are kept between questions; without it each is made anew. */
  readonly lowerings?: KnownLowerings;
}

/** The sources of `scenario` that `tree` has, and the paths it does not have. */
export function scenarioSources(
  scenario: Scenario,
  tree: SourceTree,
): { readonly sources: readonly SourceText[]; readonly absent: readonly Said[] } {
  const found = scenario.sources.map((path) => ({ path, source: tree.source(path.name) }));
  return {
    sources: found.flatMap(({ source }) => source ?? []),
    absent: found.flatMap(({ path, source }) => (source === undefined ? [path] : [])),
  };
}

/** Whether a file of the tree defines a function, macro, constant, type or object of that name, in whatever
 *  configuration. */
export function defines({ parsed, text }: SourceText, name: string): boolean {
  const isIt = (item: { readonly name: string }) => item.name === name;
  return (
    text.includes(name) &&
    (parsed.functions.some(isIt) ||
      parsed.macros.some(isIt) ||
      [parsed.enumerators, parsed.typedefs, parsed.globals].some((all) => all.some(isIt)))
  );
}

/** The names of the functions and of the objects that files of the tree define. */
export function definedIn(sources: readonly SourceText[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ parsed }) =>
      [parsed.functions, parsed.globals].flatMap((all) => all.map(({ name }) => name)),
    ),
  );
}

/** Whether a function that a file of the tree defines has a call of that name in its body, on whatever way. */
export function makesCall({ parsed, text }: SourceText, caller: string, called: string): boolean {
  if (!text.includes(called)) return false;
  const calls = fileIndex(parsed)
    .functions.get(caller)
    ?.flatMap(({ body }) => everyStatement(body).flatMap(expressionsOf).flatMap(everyExpression));
  return (calls ?? []).some(
    (part) =>
      part.kind === 'call' && part.callee.kind === 'identifier' && part.callee.name === called,
  );
}

/** Why a scenario does not speak of a tree that lacks a function or an object which it applies to, or the file of one;
 *  undefined where it does speak of it. */
export function notAbout(scenario: Scenario, tree: SourceTree): ScenarioProblem | undefined {
  const { sources, absent } = scenarioSources(scenario, tree);
  const defined = definedIn(sources);
  const missing = scenario.applies.find(({ name }) => !defined.has(name));
  if (missing === undefined) return undefined;
  const [file] = absent;
  if (file !== undefined) return missingFile(file, tree);
  const { name, ...place } = missing;
  const near = nearestName(name, defined);
  const meant = near === undefined ? '' : `; ${near}?`;
  return { ...place, message: `left out: the tree does not define ${name}${meant}` };
}

/** That a file which a scenario names is not there. */
export function missingFile({ name, file, span }: Said, tree: SourceTree): ScenarioProblem {
  const near = nearestName(name, tree.beside?.(name) ?? []);
  const meant = near === undefined ? '' : `; ${near}?`;
  return { file, message: `the tree has no file "${name}"${meant}`, span };
}

export interface ScenarioRequest {
  readonly request: LoweringRequest;
  /** Where a place that the lowering names really stands (state and setup are joined from files). */
  readonly placeOf: (place: Place) => Place;
}

/** What the lowering is asked for one case. The blocks of `supposed` win over the scenario's stubs, and of
 *  those a later one over an earlier one. */
export function loweringRequest(
  scenario: Scenario,
  sources: readonly SourceText[],
  start: InitialCase,
  supposed: readonly Supposition[],
  tree: SourceTree,
  accesses: LoweringRequest['accesses'],
): ScenarioRequest {
  const supposedStubs = supposed.map((supposition) => supposition.stubs);
  const stubs = [...scenario.stubs, ...supposedStubs].reverse();
  const state = joinBlocks(`${scenario.file}:state`, start.state);
  const setup = joinBlocks(`${scenario.file}:setup`, scenario.setup);
  const stateText = tree.parse(state.file, state.text);
  const request: LoweringRequest = {
    sources,
    stubs: stubs.map((block) => tree.parse(block.file, inPlace(block))),
    state: stateText,
    setup: { body: setup.text, file: setup.file, offset: 0 },
    actors: scenario.actors.map(({ body, task }) => ({
      body: body.text,
      file: body.file,
      offset: body.offset,
      ...(task !== undefined && { current: task.name }),
    })),
    observed: sharedScalars(stateText),
    asked: wordsAsked(scenario),
    parse: tree.parse,
    ...(tree.configuration && { configuration: tree.configuration }),
    ...(scenario.follow.length > 0 && { follow: scenario.follow.map(({ name }) => name) }),
    unroll: scenario.unroll,
    depth: scenario.depth,
    accesses,
  };
  return { request, placeOf: (place) => setup.placeOf(state.placeOf(place)) };
}

/** The plain variables that the state declares. They are always read from memory, even where no thread of
 *  the scenario writes them: a read of what never changes still hands on the order of what was read
 *  before it (`rmb ; [R] ; data ; [W]`). */
function sharedScalars({ parsed }: SourceText): readonly string[] {
  const isScalar = ({ type }: SourceText['parsed']['globals'][number]) =>
    type.pointers === 0 && type.arrays === 0 && !/^(struct|union) /.test(type.base);
  return parsed.globals.filter(isScalar).map(({ name }) => name);
}

/** Every name in the scenario's formulas that could be a location. */
export function observedNames(scenario: Scenario): ReadonlySet<string> {
  return new Set(termsIn(scenario).flatMap((term) => (term.kind === 'name' ? [term.name] : [])));
}

/** The words of C in the scenario's formulas. */
export function wordsAsked(scenario: Scenario): ReadonlySet<string> {
  const texts = termsIn(scenario).flatMap((term) => {
    if (term.kind === 'name') return term.name;
    if (term.kind === 'address') return term.of;
    return term.kind === 'expression' ? term.text : [];
  });
  return new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));
}

function termsIn({ invariants, filter }: Scenario): readonly Term[] {
  const formulas = invariants.map(({ never }) => never);
  return [...formulas, ...(filter ? [filter.formula] : [])].flatMap(termsOf);
}

function termsOf(formula: Formula): readonly Term[] {
  switch (formula.kind) {
    case 'compare':
      return [formula.left, formula.right];
    case 'not':
      return termsOf(formula.operand);
    case 'and':
    case 'or':
    case 'implies':
      return [...termsOf(formula.left), ...termsOf(formula.right)];
  }
}

/** What a supposition says in C, as a text of its file. */
export function supposedText(
  { parse }: Pick<LoweringRequest, 'parse'>,
  { stubs }: Supposition,
): SourceText {
  return parse(stubs.file, inPlace(stubs));
}

/** All that a supposition builds on, the deepest first, each once. */
export function basesOf(
  scenario: Scenario,
  { name, on }: Supposition,
  seen: Set<string> = new Set(),
): readonly Supposition[] {
  seen.add(name);
  return on.flatMap(({ name: base }) => {
    const found = scenario.suppositions.find((other) => other.name === base);
    if (found === undefined || seen.has(base)) return [];
    return [...basesOf(scenario, found, seen), found];
  });
}

/** The block's C at the offsets it has in its file. */
function inPlace(block: Block): string {
  return ' '.repeat(block.offset) + block.text;
}
