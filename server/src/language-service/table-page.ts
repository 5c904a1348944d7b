/** What the page of a tree's scenarios shows, as data: the table of barriers by paths, and executions on the source of functions. */

import { type BarrierCell, barrierTable, keyOfBarrier } from '../proof/barrier-table.ts';
import { missingText } from '../proof/missing-text.ts';
import type { InvariantAnswer, ScenarioAnswer } from '../proof/scenario-answer.ts';
import type { BarrierName, Giver } from '../proof/scenario-rows.ts';
import { remarksOn, type TableRow, type TransitionTable } from '../proof/transition-table.ts';
import { bundledPage } from '../scenario/load-library.ts';
import { actorNames } from '../scenario/scenario.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import type { Place } from '../text/span.ts';
import { type PageSection, sectionOf } from './page-section.ts';
import {
  type Excerpts,
  excerptsOf,
  type PageExecution,
  type PlayerPage,
  pageSteps,
} from './player-page.ts';

export interface PageCell {
  readonly text: string;
  /** The numbers of executions, each with what stands on its button. */
  readonly executions: readonly { readonly at: number; readonly label: string }[];
  readonly remarks: readonly { readonly words: string; readonly page: string }[];
}

export interface Page extends PlayerPage {
  readonly title: string;
  readonly summary: string;
  readonly paths: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly PageCell[] }[];
  /** The numbers of the executions that violate invariants as the code is. */
  readonly violated: readonly number[];
  /** What the pages say that remarks name. */
  readonly sections: readonly (PageSection & { readonly anchor: string; readonly page: string })[];
  readonly assumptions: readonly string[];
}

interface Context {
  readonly table: TransitionTable;
  readonly excerpts: Excerpts;
  /** The excerpt of the line that a barrier stands on. */
  readonly atLine: (barrier: BarrierName) => ReturnType<Excerpts['around']>;
  readonly show: (place: Place) => string;
  readonly executions: PageExecution[];
}

/** The page of all answers. */
export function pageOf(
  table: TransitionTable,
  tree: SourceTree,
  textOf: (file: string) => string | undefined,
  show: (place: Place) => string,
): Page {
  const excerpts = excerptsOf({
    textOf,
    functionAt: ({ file, span }) =>
      tree
        .source(file)
        ?.parsed.functions.find(
          (each) => each.span.start <= span.start && span.start < each.span.end,
        ),
  });
  const atLine: Context['atLine'] = ({ file, line, function: name }) => {
    const before = (textOf(file) ?? '').split('\n').slice(0, line - 1);
    const start = before.reduce((length, text) => length + text.length + 1, 0);
    return excerpts.around({ file, span: { start, end: start } }, name);
  };
  const context: Context = { table, excerpts, atLine, show, executions: [] };
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
  invariant: InvariantAnswer,
  context: Context,
): PageExecution {
  const { name, words, start, accepted, execution } = invariant;
  return {
    title: `${scenario.name}: ${name} is violated`,
    about: [
      ...(words === '' ? [] : [words]),
      ...(start.length === 0 ? [] : [`starting with ${start.join(', ')}`]),
      ...missingText(invariant, context.show).map((line) => line.trim()),
      ...(accepted === undefined ? [] : [`accepted: ${accepted}`]),
    ],
    without: [],
    with: '',
    names: actorNames(scenario),
    steps: pageSteps(execution(), context.excerpts, context.show),
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
    ...context.atLine(each),
  }));
  const names = [barrierText(barrier), ...others.map(giverText)].join(' and ');
  const played = context.table.answers.find(({ scenario }) => scenario.name === scenarios[0]);
  return {
    title: `${path}, without ${names}: ${invariant} is violated`,
    about: [`in ${scenarios[0] ?? path}`, reason],
    without,
    with: `With it no execution ends so: ${keeps}.`,
    ...(played && { names: actorNames(played.scenario) }),
    steps: pageSteps(row.execution(), context.excerpts, context.show, without),
  };
}
