/** A scenario against a tree: lowered for every initial case, with one program per case and invariant. */

import { constantValue } from '../lowering/constant-text.ts';
import { libraryTexts } from '../lowering/library.ts';
import { lower } from '../lowering/lower.ts';
import type {
  Assumption,
  Lowered,
  LoweringRequest,
  NotModelled,
  OrderingSite,
  SourceText,
} from '../lowering/lowering.ts';
import { isSamePlace } from '../lowering/place-named.ts';
import { type Symbols, symbolsOf } from '../lowering/symbols.ts';
import { withoutIdleReadSides } from '../program/idle-read-sides.ts';
import type { Program } from '../program/program.ts';
import { observablesIn } from '../program/proposition.ts';
import type { SameAddress } from '../program/same-addresses.ts';
import type { Place } from '../text/span.ts';
import { type CheckedScenario, checkNames } from './check-names.ts';
import { constantNames } from './constant-names.ts';
import { type FieldNames, fieldNames } from './field-names.ts';
import { programsOfCase } from './programs-of-case.ts';
import type { Invariant, Scenario, ScenarioProblem, Supposition } from './scenario.ts';
import { type InitialCase, initialCases } from './scenario-cases.ts';
import { scenarioProgram } from './scenario-program.ts';
import {
  loweringRequest,
  missingFile,
  type SourceTree,
  scenarioSources,
} from './scenario-request.ts';

/** One invariant with the programs that ask whether it can be violated: one for each initial case. */
export interface InvariantPrograms {
  readonly invariant: Invariant;
  readonly programs: readonly { readonly start: InitialCase; readonly program: Program }[];
}

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly sources: readonly SourceText[];
  readonly invariants: readonly InvariantPrograms[];
  readonly sites: readonly OrderingSite[];
  readonly fields: FieldNames;
  readonly assumptions: readonly Assumption[];
  /** What the lowering could not follow: where there is any, no answer is better than unknown. */
  readonly notModelled: readonly NotModelled[];
  readonly problems: readonly ScenarioProblem[];
  /** The programs of an invariant, one for each initial case, with the read-side sections that nobody waits for. */
  readonly withReadSides: (invariant: Invariant) => readonly Program[];
}

/** Lowers a scenario against a tree, as it is or as `supposed` has it. Without programs where the
 *  tree lacks files or the scenario names what is not there; the problems then say so. */
export function runScenario(
  scenario: Scenario,
  tree: SourceTree,
  supposed: readonly Supposition[] = [],
  accesses: LoweringRequest['accesses'] = 'marked',
): ScenarioRun {
  const { sources, absent } = scenarioSources(scenario, tree);
  const { cases, problems } = initialCases(scenario);
  const found = [...problems, ...absent.map((file) => missingFile(file, tree))];
  if (found.length > 0) return withoutPrograms(scenario, sources, found);
  const requests = cases.map((start) => ({
    start,
    ...loweringRequest(scenario, sources, start, supposed, tree, accesses),
  }));
  const checked = checkNames(scenario, requests);
  if (checked.problems.length > 0) return withoutPrograms(scenario, sources, checked.problems);
  const named = locationsIn(checked);
  const isSame = sameAddress(requests[0]!.request);
  const programsOf = (low: Lowered) =>
    programsOfCase(
      scenario.invariants.map((invariant, at) =>
        scenarioProgram(scenario, invariant, low, checked.invariants[at]!, checked.filter, isSame),
      ),
    );
  const lowered = requests.map(({ start, request, placeOf }) => {
    const observed = [...new Set([...named, ...(request.observed ?? [])])];
    const low = lower({ ...request, observed }, tree.lowerings);
    const { programs, notModelled } = programsOf({
      ...low,
      threads: withoutIdleReadSides(low.threads),
    });
    return {
      placeOf,
      withReadSides: () => programsOf(low).programs,
      lowered: { ...low, notModelled: [...low.notModelled, ...notModelled] },
      programs: programs.map((program) => ({ start, program })),
    };
  });
  const { request } = requests[0]!;
  const texts = [request.state, ...request.stubs, ...sources];
  return {
    scenario,
    sources,
    invariants: scenario.invariants.map((invariant, at) => ({
      invariant,
      programs: lowered.map(({ programs }) => programs[at]!),
    })),
    sites: unique(
      lowered.flatMap(({ lowered: low }) => low.sites),
      ({ site }) => site,
    ),
    fields: fieldNames(
      texts,
      constantNames(texts, constantsOf(request)),
      new Map(lowered.flatMap(({ lowered: { bits } }) => [...bits])),
    ),
    assumptions: assumptionsIn(lowered),
    notModelled: notModelledIn(lowered),
    problems: [],
    withReadSides: (invariant) =>
      lowered.map((each) => each.withReadSides()[scenario.invariants.indexOf(invariant)]!),
  };
}

/** The locations that formulas speak of. */
function locationsIn({ invariants, filter }: CheckedScenario): readonly string[] {
  return [...invariants, filter].flatMap((proposition) =>
    (proposition === undefined ? [] : observablesIn(proposition)).flatMap((observable) =>
      observable.kind === 'location' ? observable.name : [],
    ),
  );
}

/** Which paths are one address, looked up when it is first asked for. */
function sameAddress(request: LoweringRequest): SameAddress {
  let isSame: SameAddress | undefined;
  return (one, other) => {
    isSame ??= isSamePlace(request, symbolsOf(request, libraryTexts(request)));
    return isSame(one, other);
  };
}

/** The values of constants, as decimal numbers. */
function constantsOf(request: LoweringRequest): (name: string) => string | undefined {
  let symbols: Symbols | undefined;
  return (name) => {
    symbols ??= symbolsOf(request, libraryTexts(request));
    const value = constantValue(request, symbols, name);
    return value?.kind === 'integer' ? String(value.value) : undefined;
  };
}

function withoutPrograms(
  scenario: Scenario,
  sources: readonly SourceText[],
  problems: readonly ScenarioProblem[],
): ScenarioRun {
  return {
    scenario,
    sources,
    invariants: [],
    sites: [],
    fields: fieldNames(sources),
    assumptions: [],
    notModelled: [],
    problems,
    withReadSides: () => [],
  };
}

type LoweredCase = { readonly lowered: Lowered; readonly placeOf: (place: Place) => Place };

function assumptionsIn(lowered: readonly LoweredCase[]): readonly Assumption[] {
  return unique(
    lowered.flatMap(({ lowered: { assumptions }, placeOf }) =>
      assumptions.map(
        (each): Assumption =>
          each.place === undefined ? each : { ...each, place: placeOf(each.place) },
      ),
    ),
    ({ kind, message, place }) => `${kind}:${message}:${place?.file}:${place?.span.start}`,
  );
}

function notModelledIn(lowered: readonly LoweredCase[]): readonly NotModelled[] {
  const all = lowered.flatMap(({ lowered: { notModelled }, placeOf }) =>
    notModelled.map(({ message, place }) => ({ message, place: placeOf(place) })),
  );
  return unique(all, ({ message, place }) => `${message}:${place.file}:${place.span.start}`);
}

/** The first of each key, in order. */
function unique<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  const seen = new Map<string, Item>();
  for (const item of items) if (!seen.has(keyOf(item))) seen.set(keyOf(item), item);
  return [...seen.values()];
}
