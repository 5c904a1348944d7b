/** Runs the bundled scenarios against the texts of a tree and puts the answer into the host's terms. */

import { basename } from 'node:path';
import type { TreeConfiguration } from '../lowering/configuration.ts';
import type { KnownLowerings } from '../lowering/known-lowerings.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import { remedyText } from '../proof/missing-text.ts';
import type { InvariantAnswer, ScenarioAnswer, UnkeptOrder } from '../proof/scenario-answer.ts';
import type { ScenarioRow } from '../proof/scenario-rows.ts';
import type { SolutionCache } from '../proof/scenario-solution.ts';
import type { ExecutionStep } from '../proof/tell-execution.ts';
import { type TableRow, type TransitionTable, transitionSteps } from '../proof/transition-table.ts';
import { protocolOf } from '../scenario/gone-functions.ts';
import { allBundledScenarios, readText } from '../scenario/load-library.ts';
import type { ReadScenario } from '../scenario/load-scenario.ts';
import { actorNames, type Scenario } from '../scenario/scenario.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/span.ts';
import { breathe } from './breathe.ts';
import type { NeedTable, Violation, ViolationStep } from './need-table.ts';
import { loadParser } from './node-engine.ts';
import { parsedTexts } from './parsed-texts.ts';

/** A tree: the scenarios name its files by their paths below `root`, which is absolute. */
export interface TreeTexts {
  readonly root: string;
  readonly texts: ReadonlyMap<string, string>;
  /** What it says of its configuration. */
  readonly configuration?: TreeConfiguration;
  /** Scenarios of the user's that speak of it, besides the bundled ones. */
  readonly scenarios?: readonly string[];
  /** The texts of these and of what they include. */
  readonly said?: ReadonlyMap<string, string>;
}

/** What was found for these texts: rows and violations with absolute paths. */
export type TreeAnswer = Omit<NeedTable, 'texts'>;

/** So many texts of files are kept parsed: those of two trees, and of some edits. */
const MOST_FILES = 50;
/** The same for pieces of C that stand in no file of the tree. */
const MOST_PIECES = 5000;

/** Resolves with what the scenarios say of a tree, or with undefined where it was cancelled before. What one
 *  of them can violate is `found` as soon as it has answered. */
export type Simulate = (
  tree: TreeTexts,
  cancelled: AbortSignal,
  found?: (violations: readonly Violation[]) => void,
) => Promise<TreeAnswer | undefined>;

/** A simulation that keeps what it has parsed and solved. Rejects where the C grammar is missing. */
export async function createSimulation(): Promise<Simulate> {
  const parser = await loadParser();
  const parseFile = parsedTexts(parser, MOST_FILES);
  const parsePiece = parsedTexts(parser, MOST_PIECES);
  const cache: SolutionCache = new Map();
  const lowerings: KnownLowerings = new Map();
  let configuration: TreeConfiguration | undefined;
  const bundled = allBundledScenarios();
  const readBundled = readingOnce(readText);
  const ordering = new Map<string, ReadonlySet<string>>();
  let answeredFor: TreeTexts['texts'] = new Map();
  return async (asked, cancelled, found) => {
    const { texts, scenarios = [], said = NOTHING_SAID } = asked;
    const read: ReadScenario = (file) => said.get(file) ?? readBundled(file);
    configuration = isSame(configuration, asked.configuration)
      ? configuration
      : asked.configuration;
    const tree: SourceTree = {
      ...sourceTree({ texts, ...(configuration && { configuration }) }, parseFile, parsePiece),
      lowerings,
    };
    // What an edit may break is told first.
    const edited = editedFunctions(answeredFor, texts, parseFile);
    const isUrgent = ({ file }: Scenario) =>
      [...(ordering.get(file) ?? [])].some((name) => edited.has(name));
    const steps = transitionSteps([...bundled, ...scenarios], read, tree, cache, isUrgent);
    const placing = placingIn(asked, read);
    const told = new Map<Scenario, readonly Violation[]>();
    const answered = (answer: ScenarioAnswer | undefined) => {
      if (answer === undefined) return;
      ordering.set(answer.scenario.file, answer.ordering);
      const own = violationsOf(answer, placing);
      if (own.length > 0) found?.(own);
      told.set(answer.scenario, own);
    };
    const table = await lastOf(steps, answered, cancelled);
    if (table === undefined) return undefined;
    answeredFor = texts;
    const violations = table.answers.flatMap(({ scenario }) => told.get(scenario) ?? []);
    return {
      rows: table.rows.map((row) => placedRow(row, placing)),
      violations,
      unanswered: [
        ...unansweredIn(table, placing, violations),
        ...lostIn(table, placing, new Set(scenarios)),
        ...staleOf(table, placing, new Set(scenarios)),
      ],
    };
  };
}

/** The functions that are not as they were, by their names. */
function editedFunctions(
  before: TreeTexts['texts'],
  now: TreeTexts['texts'],
  parseFile: LoweringRequest['parse'],
): ReadonlySet<string> {
  const textsOf = (file: string, text: string) =>
    parseFile(file, text).parsed.functions.map(({ name, span }) => ({
      name,
      text: text.slice(span.start, span.end),
    }));
  const edited = [...now].flatMap(([file, text]) => {
    const old = before.get(file);
    if (old === undefined || old === text) return [];
    const [were, are] = [textsOf(file, old), textsOf(file, text)];
    const known = new Set(were.map((each) => each.text));
    return are.filter((each) => !known.has(each.text)).map(({ name }) => name);
  });
  return new Set(edited);
}

/** The texts as scenarios see them. */
export function sourceTree(
  { texts, configuration }: Pick<TreeTexts, 'texts' | 'configuration'>,
  parseFile: LoweringRequest['parse'],
  parse: LoweringRequest['parse'],
): SourceTree {
  const sources = new Map<string, SourceText>();
  return {
    source: (path) => {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      const source = sources.get(path) ?? parseFile(path, text);
      sources.set(path, source);
      return source;
    },
    parse,
    ...(configuration && { configuration }),
  };
}

/** Whether two configurations come from the same texts. */
function isSame(one: TreeConfiguration | undefined, other: TreeConfiguration | undefined): boolean {
  return one?.config?.text === other?.config?.text && one?.makefile?.text === other?.makefile?.text;
}

const NOTHING_SAID: ReadonlyMap<string, string> = new Map();

/** What is wrong with scenarios, and what is not known of their invariants. */
function unansweredIn(
  { problems, answers }: TransitionTable,
  placing: Placing,
  placed: readonly Violation[],
): NeedTable['unanswered'] {
  const said = (scenarios: readonly string[], place: Place, message: string) => ({
    scenarios,
    file: placing.file(place.file),
    line: placing.line(place),
    message,
  });
  return [
    ...problems.map((problem) => said(problem.scenarios, problem, problem.message)),
    ...answers.flatMap(({ scenario, invariants }) =>
      invariants.flatMap(({ name, observation, unknown }) => {
        const what = `${name} in ${scenario.name}`;
        const isPlaced = placed.some(
          (each) => each.scenario === scenario.name && each.invariant === name,
        );
        if (unknown !== undefined)
          return [said([scenario.file], unknown.place, `${what} is not known: ${unknown.reason}`)];
        if (observation === 'Never' || isPlaced) return [];
        const { span } = scenario.invariants.find((each) => each.name === name)!;
        return [said([scenario.file], { file: scenario.file, span }, `${what} is violated`)];
      }),
    ),
  ];
}

/** What is gone that a bundled scenario needs. Of the user's own, `applies:` says which trees they leave alone. */
function lostIn(
  { lost }: TransitionTable,
  placing: Placing,
  own: ReadonlySet<string>,
): NeedTable['unanswered'] {
  return lost
    .filter(({ scenario }) => !own.has(scenario.file))
    .map(({ scenario, problem }) => ({
      scenarios: [scenario.file],
      protocol: placing.file(protocolOf(scenario)),
      file: placing.file(problem.file),
      line: placing.line(problem),
      message: problem.message,
    }));
}

/** Of the user's own: what is bundled speaks of several kernels. */
function staleOf(
  { stale }: TransitionTable,
  placing: Placing,
  own: ReadonlySet<string>,
): NeedTable['unanswered'] {
  return stale
    .filter(({ file }) => own.has(file))
    .map(({ file, span, message }) => ({
      scenarios: [file],
      file: placing.file(file),
      line: placing.line({ file, span }),
      message,
    }));
}

/** Reads files that do not change, as the bundled ones. */
function readingOnce(read: ReadScenario): ReadScenario {
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, read(file));
    return known.get(file);
  };
}

/** What the steps come to. Between them messages get through, one of which may cancel the rest. */
async function lastOf<Step, Result>(
  steps: Generator<Step, Result, undefined>,
  taken: (step: Step) => void,
  cancelled: AbortSignal,
): Promise<Result | undefined> {
  while (!cancelled.aborted) {
    const step = steps.next();
    if (step.done === true) return step.value;
    taken(step.value);
    await breathe();
  }
  return undefined;
}

/** From the tree's names of files to absolute paths. */
interface Placing {
  readonly isOwn: (file: string) => boolean;
  readonly file: (file: string) => string;
  readonly line: (place: Place) => number;
  /** `transition.c:481`. */
  readonly show: (place: Place) => string;
}

function placingIn({ root, texts }: TreeTexts, read: ReadScenario): Placing {
  const lines = new Map<string, LineIndex>();
  const line: Placing['line'] = ({ file, span }) => {
    const index = lines.get(file) ?? new LineIndex(texts.get(file) ?? read(file) ?? '');
    lines.set(file, index);
    return index.position(span.start).line + 1;
  };
  return {
    isOwn: (file) => texts.has(file),
    file: (file) => (texts.has(file) ? `${root}/${file}` : file),
    line,
    show: (place) => `${basename(place.file)}:${line(place)}`,
  };
}

function placedRow(row: TableRow, placing: Placing): TreeAnswer['rows'][number] {
  const { barrier, path, invariant, words, orders, verdict, by } = row;
  const { function: name, primitive, ordinal } = barrier;
  const placed = { file: placing.file(barrier.file), function: name, primitive, ordinal };
  const named = orders.map(({ before, after }) => ({
    before: ownName(before),
    after: ownName(after),
  }));
  return { barrier: placed, path, invariant, words, orders: named, verdict, by };
}

/** A variable of a function without the thread and the call that it is one of. */
function ownName(name: string): string {
  return name.replace(/^P\d+ \w+#/, '');
}

function violationsOf(
  { scenario, invariants, rows, assumptions }: ScenarioAnswer,
  placing: Placing,
): readonly Violation[] {
  return invariants.flatMap((answer): readonly Violation[] => {
    if (answer.observation === undefined || answer.observation === 'Never') return [];
    const execution = answer.execution();
    const broken = rows().filter(
      (row) => row.verdict === 'broken' && row.invariant === answer.name,
    );
    const found = missingOrder(answer, broken, execution, placing);
    if (found === undefined) return [];
    const { at, missing } = found;
    return [
      {
        scenario: scenario.name,
        path: scenario.path,
        invariant: answer.name,
        words: answer.words,
        at: { file: placing.file(at.file), span: at.span },
        missing: missing.map(({ before, after }) => ({ before, after })),
        ...(missing.length === 0 && { instead: remedyText(answer.remedy(), placing.show) }),
        start: answer.start,
        actors: actorNames(scenario),
        steps: execution.flatMap((step) => placedStep(step, placing)),
        assumptions: assumptions.map(({ kind, message }) => ({ kind, message })),
        ...(answer.accepted !== undefined && { accepted: answer.accepted }),
      },
    ];
  });
}

interface MissingOrder {
  readonly at: Place;
  readonly missing: readonly UnkeptOrder[];
}

/** A barrier that is too weak for an order of the cycle, else an access that nothing orders; where one order is not
 *  enough, all that are, and a barrier on the cycle; where no barrier is enough, the execution's first write in the tree. */
function missingOrder(
  { unkept }: InvariantAnswer,
  broken: readonly ScenarioRow[],
  execution: readonly ExecutionStep[],
  { isOwn }: Placing,
): MissingOrder | undefined {
  const found = unkept
    .filter(({ lacking }) => lacking)
    .flatMap((missing): MissingOrder[] => {
      const weak = broken.find(({ orders }) => orders.some((order) => isSameOrder(order, missing)));
      const at = [weak?.place, missing.first, missing.last].find(
        (place) => place !== undefined && isOwn(place.file),
      );
      return at === undefined ? [] : [{ at, missing: [missing] }];
    });
  const writesFirst = execution.toSorted(
    (one, other) => Number(!one.isWrite) - Number(!other.isWrite),
  );
  const steps = writesFirst.flatMap(({ place }) => place ?? []);
  const at = [...broken.map(({ place }) => place), ...steps].find(({ file }) => isOwn(file));
  return found[0] ?? (at && { at, missing: unkept });
}

function isSameOrder(
  one: { readonly before: string; readonly after: string },
  other: { readonly before: string; readonly after: string },
): boolean {
  return one.before === other.before && one.after === other.after;
}

/** Steps that stand nowhere, as those of the initial state, are not told. */
function placedStep(step: ExecutionStep, placing: Placing): readonly ViolationStep[] {
  const { place, thread, function: name, message } = step;
  if (place === undefined) return [];
  const { span } = place;
  const file = placing.file(place.file);
  return [{ file, span, line: placing.line(place), thread, function: name ?? '', message }];
}
