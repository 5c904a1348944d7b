/**
 * The need table of a protocol: all scenarios that apply to a tree, what they observe, what each barrier
 * is for on each path, and what the answers rest on.
 */

import { basename } from 'node:path';
import { callPlacesIn } from '../lowering/call-places.ts';
import type { Assumption, SourceText } from '../lowering/lowering.ts';
import type { Observation } from '../memory-model/outcome.ts';
import { type LostScenario, lostScenarios } from '../scenario/gone-functions.ts';
import { loadScenario, type ReadScenario } from '../scenario/load-scenario.ts';
import type { Remark, Scenario, ScenarioProblem } from '../scenario/scenario.ts';
import { notAbout, type SourceTree, scenarioSources } from '../scenario/scenario-request.ts';
import { answerScenario, type ScenarioAnswer } from './scenario-answer.ts';
import type { PairedOrder, ScenarioRow } from './scenario-rows.ts';
import type { SolutionCache } from './scenario-solution.ts';

/** One row: what a barrier does for an invariant on a path, over all scenarios of that path. */
export interface TableRow extends ScenarioRow {
  readonly path: string;
  /** The scenarios that say so. */
  readonly scenarios: readonly string[];
}

export interface PathRemark extends Remark {
  readonly path: string;
}

/** What is wrong with a scenario file. */
export interface TableProblem extends ScenarioProblem {
  /** The files of the scenarios that have no answer for it: that one, or those that include it. */
  readonly scenarios: readonly string[];
}

export interface TransitionTable {
  /** Of the scenarios that have an answer. */
  readonly answers: readonly ScenarioAnswer[];
  readonly rows: readonly TableRow[];
  /** What else is said of barriers, by the path that it is said of. */
  readonly remarks: readonly PathRemark[];
  readonly assumptions: readonly Assumption[];
  /** What of the scenarios speaks of nothing that the tree has, though they have an answer. */
  readonly notes: readonly ScenarioProblem[];
  /** What is accepted and holds, so that a violation would be news. */
  readonly stale: readonly ScenarioProblem[];
  /** What is wrong with the others. */
  readonly problems: readonly TableProblem[];
  /** Why scenarios do not speak of the tree, by the file of the scenario. */
  readonly leftOut: ReadonlyMap<string, ScenarioProblem>;
  /** Those of them that would speak of it, but for a function that is gone. */
  readonly lost: readonly LostScenario[];
}

/** Solves every scenario of `files` that applies to the tree. What has been solved before, for the same
 *  programs, comes from `cache`, wherever in its files the code stands now. */
export function transitionTable(
  files: readonly string[],
  read: ReadScenario,
  tree: SourceTree,
  cache: SolutionCache,
): TransitionTable {
  const steps = transitionSteps(files, read, tree, cache);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same step by step: first the answers of all scenarios, one in each step, those that `isUrgent` before the others,
 *  then in steps without one what their barriers are for. Nobody need go on after any. */
export function* transitionSteps(
  files: readonly string[],
  read: ReadScenario,
  tree: SourceTree,
  cache: SolutionCache,
  isUrgent: (scenario: Scenario) => boolean = () => false,
): Generator<ScenarioAnswer | undefined, TransitionTable, undefined> {
  const loaded = files.map((file) => loadScenario(file, read, tree));
  const scenarios = loaded.flatMap(({ scenario }) => scenario ?? []);
  const leftOut = new Map<string, ScenarioProblem>();
  const about = scenarios.filter((scenario) => {
    const reason = notAbout(scenario, tree);
    if (reason !== undefined) leftOut.set(scenario.file, reason);
    return reason === undefined;
  });
  const namesakes = about.flatMap((scenario) => namesakeIn(about, scenario) ?? []);
  const asked = about.filter(({ file }) => !namesakes.some((each) => each.file === file));
  const found = new Map<Scenario, ScenarioAnswer>();
  for (const scenario of urgentFirst(asked, isUrgent)) {
    const answer = answerScenario(scenario, tree, cache);
    found.set(scenario, answer);
    yield answer;
  }
  const answers = asked.flatMap((scenario) => found.get(scenario) ?? []);
  for (const answer of answers) {
    answer.rows();
    yield;
  }
  const problems = [
    ...loaded.map((each, at) => ({ ...each, file: files[at]! })),
    ...answers.map((each) => ({ ...each, file: each.scenario.file })),
    ...namesakes.map((problem) => ({ problems: [problem], file: problem.file })),
  ].flatMap(({ file, problems: found }) => found.map((problem) => ({ problem, scenario: file })));
  const right = answers.filter((answer) => answer.problems.length === 0);
  const remarks = right.map(({ scenario }) => remarksOf(scenario, tree));
  return {
    answers: right,
    rows: mergeRows(answers),
    remarks: distinctBy(
      remarks.flatMap(({ meant }) => meant),
      (remark) => JSON.stringify(remark),
    ),
    notes: distinctBy(
      remarks.flatMap(({ notes }) => notes),
      keyOf,
    ),
    stale: right.flatMap(staleIn),
    assumptions: distinctBy(
      answers.flatMap(({ assumptions }) => assumptions),
      ({ kind, message }) => `${kind} ${message}`,
    ),
    problems: distinctBy(problems, ({ problem }) => keyOf(problem)).map(({ problem }) => ({
      ...problem,
      scenarios: problems.flatMap((other) =>
        keyOf(other.problem) === keyOf(problem) ? other.scenario : [],
      ),
    })),
    leftOut,
    lost: lostScenarios(
      scenarios.filter(({ file }) => leftOut.has(file)),
      asked,
      tree,
    ),
  };
}

/** That an earlier scenario has the name: answers are told by it. */
function namesakeIn(
  scenarios: readonly Scenario[],
  { name, file, text }: Scenario,
): ScenarioProblem | undefined {
  const first = scenarios.find((each) => each.name === name)!;
  if (first.file === file) return undefined;
  const message = `there are two scenarios "${name}", the first in ${basename(first.file)}`;
  return { file, message, span: { start: 0, end: Math.max(0, text.indexOf('\n')) } };
}

function staleIn({ scenario, invariants }: ScenarioAnswer): readonly ScenarioProblem[] {
  return scenario.invariants.flatMap(({ name, accepted, file, span }) => {
    const answer = invariants.find((each) => each.name === name);
    if (accepted === undefined || answer?.observation !== 'Never') return [];
    const message = `${name} in ${scenario.name} is accepted, and holds: without "accepted:" a violation would be told`;
    return [{ file, message, span }];
  });
}

function urgentFirst(
  scenarios: readonly Scenario[],
  isUrgent: (scenario: Scenario) => boolean,
): readonly Scenario[] {
  const urgent = new Set(scenarios.filter(isUrgent));
  return [...urgent, ...scenarios.filter((scenario) => !urgent.has(scenario))];
}

/** The remarks of a scenario, but for those on barriers that are gone, or that nobody can tell from others, as the tree has
 *  another number of them; these are told. */
function remarksOf(
  scenario: Scenario,
  tree: SourceTree,
): { readonly meant: readonly PathRemark[]; readonly notes: readonly ScenarioProblem[] } {
  const { sources } = scenarioSources(scenario, tree);
  const meant: PathRemark[] = [];
  const notes: ScenarioProblem[] = [];
  for (const { file, span, ...remark } of scenario.remarks) {
    const { function: name, primitive, ordinal, of } = remark;
    const uses = usesOf(remark, sources);
    const isThere = of === undefined ? uses === undefined || uses >= ordinal : uses === of;
    if (isThere) {
      meant.push({ ...remark, path: scenario.path });
      continue;
    }
    const number = of === undefined ? `number ${ordinal}` : `${ordinal} of ${of}`;
    const message = `this remark is on ${primitive}() ${number}, and ${name}() has ${uses || 'none'}`;
    notes.push({ message, file, span });
  }
  return { meant, notes };
}

/** How often the function calls the primitive; undefined where no source defines it. */
function usesOf(
  { function: name, primitive }: Remark,
  sources: readonly SourceText[],
): number | undefined {
  const uses = sources.flatMap((source) =>
    source.parsed.functions
      .filter((definition) => definition.name === name)
      .map(({ span }) => callPlacesIn(source, span)(primitive).length),
  );
  return uses.length === 0 ? undefined : uses.reduce((sum, each) => sum + each, 0);
}

function keyOf({ file, message, span }: ScenarioProblem): string {
  return `${file}:${span.start}:${message}`;
}

/** A row with the scenario that says so. */
interface SaidRow {
  readonly row: ScenarioRow;
  readonly scenario: Scenario;
}

/**
 * Joins the rows that say the same of a barrier on a path. What is redundant in a scenario in which it is
 * also needed for the same pair of fields is not said; what is redundant in one scenario and needed in
 * another one has a row of its own, with the scenarios that it is redundant in.
 */
function mergeRows(answers: readonly ScenarioAnswer[]): readonly TableRow[] {
  const all = answers.flatMap(({ scenario, rows }) => rows().map((row) => ({ row, scenario })));
  const needed = neededIn(all);
  const merged = new Map<string, TableRow>();
  for (const said of all)
    for (const { row, kind } of partsOf(said, needed)) {
      const key = `${rowKey(row, said.scenario.path)} ${kind}`;
      merged.set(key, join(merged.get(key), row, said.scenario));
    }
  return [...merged.values()];
}

function rowKey({ barrier, invariant }: ScenarioRow, path: string): string {
  const { file, function: name, primitive, ordinal } = barrier;
  return [file, name, primitive, ordinal, path, invariant].join(' ');
}

/** By row and pair of fields: the scenarios in which it is needed. A grace period has no pair. */
type Needed = ReadonlyMap<string, ReadonlySet<string>>;

function neededIn(all: readonly SaidRow[]): Needed {
  const needed = new Map<string, Set<string>>();
  for (const { row, scenario } of all.filter(({ row: { verdict } }) => verdict === 'needed'))
    for (const pair of pairsOf(row)) {
      const key = `${rowKey(row, scenario.path)} ${pair}`;
      needed.set(key, (needed.get(key) ?? new Set()).add(scenario.name));
    }
  return needed;
}

function pairsOf({ orders }: ScenarioRow): readonly string[] {
  return orders.length === 0 ? [''] : orders.map(pairOf);
}

function pairOf({ before, after }: ScenarioRow['orders'][number]): string {
  return `${before}>${after}`;
}

/** The parts of a row, by what they are to be joined with. */
function partsOf(
  { row, scenario }: SaidRow,
  needed: Needed,
): readonly { readonly row: ScenarioRow; readonly kind: string }[] {
  if (row.verdict !== 'redundant') return [{ row, kind: row.verdict }];
  const whoNeeds = (pair: string) => needed.get(`${rowKey(row, scenario.path)} ${pair}`);
  const part = (kind: string, isOf: (who: ReadonlySet<string> | undefined) => boolean) => {
    const pairs = pairsOf(row).filter((pair) => isOf(whoNeeds(pair)));
    const orders = row.orders.filter((order) => pairs.includes(pairOf(order)));
    return pairs.length === 0 ? [] : [{ row: { ...row, orders }, kind }];
  };
  return [
    ...part('redundant', (who) => who === undefined),
    ...part('redundant here', (who) => who !== undefined && !who.has(scenario.name)),
  ];
}

function join(known: TableRow | undefined, row: ScenarioRow, scenario: Scenario): TableRow {
  if (known === undefined) return { ...row, path: scenario.path, scenarios: [scenario.name] };
  return {
    ...known,
    orders: joinOrders([...known.orders, ...row.orders]),
    by: [...new Set([...known.by, ...row.by])],
    givers: distinctBy([...known.givers, ...row.givers], (givers) => JSON.stringify(givers)),
    scenarios: [...new Set([...known.scenarios, scenario.name])],
  };
}

/** Each pair of fields once, with the partners of all. */
export function joinOrders(orders: readonly PairedOrder[]): readonly PairedOrder[] {
  const joined = new Map<string, PairedOrder>();
  for (const order of orders) {
    const partners = [...(joined.get(pairOf(order))?.partners ?? []), ...order.partners];
    const distinct = distinctBy(partners, (each) => JSON.stringify(each));
    joined.set(pairOf(order), { ...order, partners: distinct });
  }
  return [...joined.values()];
}

function distinctBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** The remarks on a barrier on a path. */
export function remarksOn(
  { remarks }: Pick<TransitionTable, 'remarks'>,
  { function: name, primitive, ordinal }: ScenarioRow['barrier'],
  path: string,
): readonly Remark[] {
  return remarks
    .filter((each) => each.path === path && each.function === name)
    .filter((each) => each.primitive === primitive && each.ordinal === ordinal);
}

/** What a path's scenarios observe of an invariant, put together: `Sometimes` if one of them can violate
 *  it, undefined if one of them does not know and none can. */
export function observationOnPath(
  answers: readonly ScenarioAnswer[],
  path: string,
  invariant: string,
): Observation | undefined {
  const seen = answers
    .filter(({ scenario }) => scenario.path === path)
    .flatMap(({ invariants }) => invariants.filter(({ name }) => name === invariant))
    .map(({ observation }) => observation);
  return (
    seen.find((each) => each !== 'Never' && each !== undefined) ??
    (seen.includes(undefined) ? undefined : 'Never')
  );
}
