/** Turns a scenario and a tree into what the lowering is asked. */

import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { Place } from '../text/span.ts';
import type { Block, Formula, Scenario, Supposition, Term } from './scenario.ts';
import type { InitialCase } from './scenario-cases.ts';

/** The files a scenario speaks of, parsed; the shell or the language service says where they are. */
export interface SourceTree {
  /** The file at a path relative to the tree's root, undefined where there is none. */
  readonly source: (path: string) => SourceText | undefined;
  /** Parses C that does not stand in the tree: the blocks of a scenario. */
  readonly parse: (file: string, text: string) => SourceText;
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

/** What the lowering is asked for one case; the blocks of `supposed` win over the scenario's stubs, and of
 *  those a later one over an earlier one. */
export function loweringRequest(
  scenario: Scenario,
  sources: readonly SourceText[],
  start: InitialCase,
  supposed: readonly Supposition[],
  tree: SourceTree,
  accesses: LoweringRequest['accesses'],
): LoweringRequest {
  const supposedStubs = supposed.map((supposition) => supposition.stubs);
  const stubs = [...scenario.stubs, ...supposedStubs].reverse();
  const { setup } = scenario;
  return {
    sources,
    stubs: stubs.map((block) => tree.parse(block.file, inPlace(block))),
    state: tree.parse(scenario.file, joined(scenario, start.state)),
    ...(setup && { setup: { body: setup.text, file: setup.file, offset: setup.offset } }),
    actors: scenario.actors.map(({ body, task }) => ({
      body: body.text,
      file: body.file,
      offset: body.offset,
      ...(task !== undefined && { current: task }),
    })),
    observed: [...observedNames(scenario)],
    parse: tree.parse,
    unroll: scenario.unroll,
    depth: scenario.depth,
    accesses,
  };
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

/** The state of the file itself in place, that of its includes after it, where `statePlace` finds it. */
function joined(scenario: Scenario, state: readonly Block[]): string {
  let text = '';
  for (const block of ordered(scenario, state))
    text = block.file === scenario.file ? inPlaceAfter(text, block) : `${text}\n${block.text}`;
  return text;
}

function inPlaceAfter(text: string, block: Block): string {
  return text.padEnd(block.offset) + block.text;
}

function ordered(scenario: Scenario, state: readonly Block[]): readonly Block[] {
  const own = state.filter(({ file }) => file === scenario.file);
  return [...own, ...state.filter(({ file }) => file !== scenario.file)];
}

/** Where a place in the joined state really stands. */
export function statePlace(scenario: Scenario, place: Place): Place {
  if (place.file !== scenario.file) return place;
  let end = 0;
  for (const block of ordered(scenario, scenario.state)) {
    const start = block.file === scenario.file ? block.offset : end + 1;
    end = start + block.text.length;
    if (block.file === scenario.file || place.span.start < start || place.span.start > end)
      continue;
    const shift = block.offset - start;
    return {
      file: block.file,
      span: { start: place.span.start + shift, end: place.span.end + shift },
    };
  }
  return place;
}
