/** Turns a scenario and a tree into what the lowering is asked. */

import type { KnownLowerings } from '../lowering/known-lowerings.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { Place } from '../text/span.ts';
import { joinBlocks } from './joined-blocks.ts';
import type { Block, Formula, Scenario, Supposition, Term } from './scenario.ts';
import type { InitialCase } from './scenario-cases.ts';

/** The files a scenario speaks of, parsed; the shell or the language service says where they are. */
export interface SourceTree {
  /** The file at a path relative to the tree's root, undefined where there is none. */
  readonly source: (path: string) => SourceText | undefined;
  /** Parses C that does not stand in the tree: the blocks of a scenario. */
  readonly parse: (file: string, text: string) => SourceText;
  /** Where lowered programs are kept between questions; without it each is made anew. */
  readonly lowerings?: KnownLowerings;
}

/** The sources of `scenario` that `tree` has, and the paths it does not have. */
export function scenarioSources(
  scenario: Scenario,
  tree: SourceTree,
): { readonly sources: readonly SourceText[]; readonly absent: readonly string[] } {
  const found = scenario.sources.map((path) => ({ path, source: tree.source(path) }));
  return {
    sources: found.flatMap(({ source }) => source ?? []),
    absent: found.flatMap(({ path, source }) => (source === undefined ? [path] : [])),
  };
}

/** Whether the sources define every function that the scenario applies to. */
export function appliesTo(scenario: Scenario, sources: readonly SourceText[]): boolean {
  const defined = new Set(
    sources.flatMap(({ parsed }) => parsed.functions.map(({ name }) => name)),
  );
  return scenario.applies.every((name) => defined.has(name));
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
      ...(task !== undefined && { current: task }),
    })),
    observed: [...observedNames(scenario), ...sharedScalars(stateText)],
    parse: tree.parse,
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
function observedNames(scenario: Scenario): ReadonlySet<string> {
  const formulas = scenario.invariants.map(({ never }) => never);
  const terms = [...formulas, ...(scenario.filter ? [scenario.filter] : [])].flatMap(termsOf);
  return new Set(terms.flatMap((term) => (term.kind === 'name' ? [term.name] : [])));
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

/** The block's C at the offsets it has in its file. */
function inPlace(block: Block): string {
  return ' '.repeat(block.offset) + block.text;
}
