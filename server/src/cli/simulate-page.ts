/** What the page of `barrierlens simulate --html` shows, as data: a table, and executions on the source of functions. */

import { type BarrierCell, barrierTable, keyOfBarrier } from '../proof/barrier-table.ts';
import type { InvariantAnswer, ScenarioAnswer } from '../proof/scenario-answer.ts';
import type { BarrierName, Giver } from '../proof/scenario-rows.ts';
import type { ExecutionStep } from '../proof/tell-execution.ts';
import { remarksOn, type TableRow, type TransitionTable } from '../proof/transition-table.ts';
import { bundledPage } from '../scenario/load-library.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/span.ts';
import { type PageSection, sectionOf } from './page-section.ts';
import type { PlacePrinter, TextOf } from './simulate-text.ts';

/** A part of a source file: a function, or the lines around a place. Lines count from 1. */
export interface Excerpt {
  readonly title: string;
  readonly line: number;
  readonly lines: readonly string[];
}

export interface PageStep {
  readonly thread: number;
  /** The number of its excerpt; absent where it stands nowhere. */
  readonly excerpt?: number;
  readonly line: number;
  readonly where: string;
  readonly message: string;
  /** Whether it sees what has been overwritten: what a barrier would forbid. */
  readonly isStale: boolean;
  /** Whether it is a barrier that is taken away in this execution. */
  readonly isGone: boolean;
}

/** An execution that violates an invariant: as the code is, or without barriers. */
export interface PageExecution {
  readonly title: string;
  /** What goes wrong, what is missing, what is accepted: a sentence each. */
  readonly about: readonly string[];
  /** Of one without barriers: these, and what is so with them. */
  readonly without: readonly {
    readonly name: string;
    readonly excerpt?: number;
    readonly line: number;
  }[];
  readonly with: string;
  readonly steps: readonly PageStep[];
}

export interface PageCell {
  readonly text: string;
  /** The numbers of executions, each with what stands on its button. */
  readonly executions: readonly { readonly at: number; readonly label: string }[];
  readonly remarks: readonly { readonly words: string; readonly page: string }[];
}

export interface Page {
  readonly title: string;
  readonly summary: string;
  readonly paths: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly PageCell[] }[];
  /** The numbers of the executions that violate invariants as the code is. */
  readonly violated: readonly number[];
  readonly executions: readonly PageExecution[];
  readonly excerpts: readonly Excerpt[];
  /** What the pages say that remarks name. */
  readonly sections: readonly (PageSection & { readonly anchor: string; readonly page: string })[];
  readonly assumptions: readonly string[];
}

/** So many lines around a place are shown where it is in no function. */
const AROUND = 8;

interface Context {
  readonly table: TransitionTable;
  readonly excerpts: Excerpts;
  readonly show: PlacePrinter;
  readonly executions: PageExecution[];
}

/** The page of all answers. */
export function pageOf(
  table: TransitionTable,
  tree: SourceTree,
  textOf: TextOf,
  show: PlacePrinter,
): Page {
  const context: Context = { table, excerpts: excerptsOf(tree, textOf), show, executions: [] };
  const violated = table.answers.flatMap((answer) =>
    answer.invariants
      .filter(({ observation }) => observation === 'Sometimes')
      .map((invariant) => add(context, violatedExecution(answer, invariant, context))),
  );
  const paths = [...new Set(table.answers.map(({ scenario }) => scenario.path))];
  const rows = barrierTable(table.rows).map(({ barrier, cells }) => ({
    name: barrierText(barrier),
    cells: paths.map((path) => cellOf(barrier, path, cells.get(path), context)),
  }));
  return {
    title: titleOf(table),
    summary: summaryOf(table),
    paths,
    rows,
    violated,
    executions: context.executions,
    excerpts: context.excerpts.all,
    sections: sectionsOf(table),
    assumptions: table.assumptions.map(
      ({ message, place }) => `${place === undefined ? '' : `${show(place)}: `}${message}`,
    ),
  };
}

function titleOf({ answers }: TransitionTable): string {
  const isTransition = answers.every(({ scenario }) => scenario.name.startsWith('klp-'));
  return isTransition
    ? 'The livepatch transition'
    : answers.map((each) => each.scenario.name).join(', ');
}

function summaryOf({ answers }: TransitionTable): string {
  const all = answers.flatMap(({ invariants }) => invariants);
  const holding = all.filter(({ observation }) => observation === 'Never').length;
  const accepted = all.filter((each) => each.accepted !== undefined).length;
  const unknown = all.filter(({ observation }) => observation === undefined).length;
  return [
    `${holding} of ${all.length} invariants hold, in ${answers.length} scenarios`,
    ...(accepted === 0 ? [] : [`${accepted} violated and accepted`]),
    ...(unknown === 0 ? [] : [`${unknown} not known`]),
  ].join('; ');
}

function sectionsOf({ remarks }: TransitionTable): Page['sections'] {
  const pages = [...new Set(remarks.map(({ page }) => page))].sort();
  return pages.flatMap((page) => {
    const [file = '', anchor = ''] = page.split('#');
    const text = bundledPage(file);
    const section = text === undefined ? undefined : sectionOf(text, anchor);
    return section === undefined ? [] : { ...section, anchor, page };
  });
}

function add({ executions }: Context, execution: PageExecution): number {
  return executions.push(execution) - 1;
}

function violatedExecution(
  { scenario }: ScenarioAnswer,
  { name, words, start, unkept, accepted, execution }: InvariantAnswer,
  context: Context,
): PageExecution {
  const missing = unkept
    .filter(({ lacking }) => lacking)
    .map(({ before, after, thread }) => `nothing keeps ${before} before ${after} in P${thread}`);
  return {
    title: `${scenario.name}: ${name} is violated`,
    about: [
      ...(words === '' ? [] : [words]),
      ...(start.length === 0 ? [] : [`starting with ${start.join(', ')}`]),
      ...missing,
      ...(accepted === undefined ? [] : [`accepted: ${accepted}`]),
    ],
    without: [],
    with: '',
    steps: stepsOf(execution(), context),
  };
}

function cellOf(
  barrier: BarrierName,
  path: string,
  cell: BarrierCell | undefined,
  context: Context,
): PageCell {
  if (cell === undefined) return { text: '–', executions: [], remarks: [] };
  const { table } = context;
  const own = table.rows.filter(
    (row) => row.path === path && keyOfBarrier(row.barrier) === keyOfBarrier(barrier),
  );
  return {
    text: cellText(cell),
    executions: [
      ...own.filter(({ verdict }) => verdict === 'needed'),
      ...own.filter(({ verdict }) => verdict === 'redundant'),
    ].map((row) => ({ at: add(context, withoutExecution(row, context)), label: labelOf(row) })),
    remarks: remarksOn(table, barrier, path).map(({ words, page }) => ({ words, page })),
  };
}

function cellText({ needed, broken, givers, isUnknown }: BarrierCell): string {
  const told = [
    ...(needed.length === 0 ? [] : [`needed for ${needed.join(', ')}`]),
    ...broken.map(({ invariant, lacks }) => `broken for ${invariant}: ${lacks}`),
    ...(isUnknown ? ['not known'] : []),
  ];
  if (told.length > 0) return told.join('; ');
  return `not needed: ${givers.map((entry) => entry.map(giverText).join(' or ')).join(', and ')}`;
}

function giverText(giver: Giver): string {
  if ('barrier' in giver) return barrierText(giver.barrier);
  return `what ${giver.stubs.map((name) => `${name}()`).join(' and ')} of the scenario is taken to order`;
}

function barrierText({ file, line, function: name, primitive, ordinal }: BarrierName): string {
  const number = ordinal === 1 ? '' : ` ${ordinal}`;
  return `${file.slice(file.lastIndexOf('/') + 1)}:${line} ${name}() ${primitive}()${number}`;
}

function labelOf({ verdict, invariant }: TableRow): string {
  const [short = invariant] = invariant.split('-');
  return `${short} without it${verdict === 'redundant' ? ' and others' : ''}`;
}

/** Without a needed barrier, or without one that is not and those that give the same order. */
function withoutExecution(row: TableRow, context: Context): PageExecution {
  const { barrier, path, invariant, orders, reason, verdict, givers, scenarios } = row;
  // Of each entry anyone gives the order: only without all of them is it gone.
  const others = verdict === 'redundant' ? (givers[0] ?? []) : [];
  const barriers = [barrier, ...others.flatMap((each) => ('barrier' in each ? each.barrier : []))];
  const what = orders.map(({ before, after }) => `${before} before ${after}`).join(', ');
  const keeps = what === '' ? 'it waits for the readers' : `it keeps ${what}`;
  const without = barriers.map((each) => ({
    name: barrierText(each),
    ...context.excerpts.atLine(each),
  }));
  const names = [barrierText(barrier), ...others.map(giverText)].join(' and ');
  return {
    title: `${path}, without ${names}: ${invariant} is violated`,
    about: [`in ${scenarios[0] ?? path}`, reason],
    without,
    with: `With it no execution ends so: ${keeps}.`,
    steps: stepsOf(row.execution(), context, without),
  };
}

function stepsOf(
  steps: readonly ExecutionStep[],
  { excerpts, show }: Context,
  without: PageExecution['without'] = [],
): readonly PageStep[] {
  return steps.map(({ thread, place, function: name, message, source }) => {
    const at = place === undefined ? { line: 0 } : excerpts.around(place, name);
    const isFence = message.endsWith('()');
    const isThere = (gone: PageExecution['without'][number]) =>
      'excerpt' in at && gone.excerpt === at.excerpt && gone.line === at.line;
    return {
      thread,
      ...at,
      where: place === undefined ? '' : `${show(place).replace(/^.*\//, '')} ${name ?? ''}()`,
      message,
      isStale: source === 'overwritten',
      isGone: isFence && without.some(isThere),
    };
  });
}

interface Excerpts {
  readonly all: readonly Excerpt[];
  /** The number of the excerpt that a place is in, and its line. */
  readonly around: (
    place: Place,
    name: string | undefined,
  ) => { readonly excerpt: number; readonly line: number };
  /** The same of the line that a barrier stands on. */
  readonly atLine: (barrier: BarrierName) => { readonly excerpt: number; readonly line: number };
}

function excerptsOf(tree: SourceTree, textOf: TextOf): Excerpts {
  const all: Excerpt[] = [];
  const known = new Map<string, number>();
  const indexes = new Map<string, LineIndex>();
  const around: Excerpts['around'] = ({ file, span }, name) => {
    const text = textOf(file) ?? '';
    const index = indexes.get(file) ?? new LineIndex(text);
    indexes.set(file, index);
    const lineAt = (offset: number) => index.position(offset).line;
    const line = lineAt(span.start);
    const body = tree
      .source(file)
      ?.parsed.functions.find(
        (each) => each.span.start <= span.start && span.start < each.span.end,
      );
    const from = body === undefined ? Math.max(0, line - AROUND) : lineAt(body.span.start);
    const to = body === undefined ? line + AROUND : lineAt(body.span.end);
    const key = `${file}:${from}:${to}`;
    const excerpt = known.get(key) ?? all.length;
    if (!known.has(key)) {
      const title = `${file.slice(file.lastIndexOf('/') + 1)} ${body?.name ?? name ?? ''}()`;
      all.push({ title, line: from + 1, lines: text.split('\n').slice(from, to + 1) });
      known.set(key, excerpt);
    }
    return { excerpt, line: line + 1 };
  };
  return {
    all,
    around,
    atLine({ file, line, function: name }) {
      const before = (textOf(file) ?? '').split('\n').slice(0, line - 1);
      const start = before.reduce((length, text) => length + text.length + 1, 0);
      return around({ file, span: { start, end: start } }, name);
    },
  };
}
