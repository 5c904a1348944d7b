/** The answers of `barrierlens simulate livepatch` at a glance: what each barrier is for, and what goes wrong. */

import {
  type BarrierCell,
  type BarrierRow,
  barrierTable,
  keyOfBarrier,
} from '../proof/barrier-table.ts';
import type { MissingMark } from '../proof/missing-marks.ts';
import { missingText } from '../proof/missing-text.ts';
import type { InvariantAnswer, ScenarioAnswer } from '../proof/scenario-answer.ts';
import type { Giver } from '../proof/scenario-rows.ts';
import type { SupposedAnswer } from '../proof/suppositions.ts';
import type { ExecutionStep } from '../proof/tell-execution.ts';
import { remarksOn, type TransitionTable } from '../proof/transition-table.ts';
import type { Remark } from '../scenario/scenario.ts';
import type { Place } from '../text/span.ts';
import { marksText, type PlacePrinter, suppositionsText } from './simulate-text.ts';

/** The table of barriers by paths, then what is violated or not known, in the space of a screen or two; then what
 *  else was asked for. */
export function renderGlance(
  table: TransitionTable,
  supposed: readonly SupposedAnswer[],
  marks: readonly MissingMark[],
  show: PlacePrinter,
): string {
  return [
    [tableText(table), ...outcomeText(table, show)].join('\n'),
    ...marksText(marks, show),
    ...suppositionsText(supposed),
  ].join('');
}

/** A row for each barrier, a column for each path. What has no room in a cell stands below, by its letter. */
export function tableText(table: TransitionTable): string {
  const { rows, answers } = table;
  const barriers = barrierTable(rows);
  const folder = commonFolder(barriers.map(({ barrier }) => barrier.file));
  const paths = [...new Set(answers.map(({ scenario }) => scenario.path))];
  const context: Context = {
    numbers: new Map(barriers.map(({ barrier }, at) => [keyOfBarrier(barrier), at + 1])),
    notes: new Map(),
  };
  const lines = barriers.map((row, at) => [
    `${at + 1}`.padStart(2),
    nameOf(row, folder),
    ...paths.map((path) =>
      cellText(row.cells.get(path), remarksOn(table, row.barrier, path), context),
    ),
  ]);
  const title = `barriers${folder === '' ? '' : ` in ${folder.slice(0, -1)}`}`;
  const notes = [...context.notes].map(([text, letter]) => `  ${letter}  ${text}\n`);
  return `\n${columns([['', title, ...paths], ...lines])}\n${[...LEGEND, ...notes].join('')}`;
}

const LEGEND: readonly string[] = [
  '  needed: for these invariants; -: no invariant rests on what it orders there\n',
  '  not needed: the barriers of these numbers give what it orders (with "or" each alone), and have to stay without it\n',
];

interface Context {
  readonly numbers: ReadonlyMap<string, number>;
  /** The letters of what is told below the table. */
  readonly notes: Map<string, string>;
}

function nameOf({ barrier }: BarrierRow, folder: string): string {
  const { file, line, function: name, primitive, ordinal } = barrier;
  const number = ordinal === 1 ? '' : ` ${ordinal}`;
  return `${file.slice(folder.length)}:${line} ${name} ${primitive}${number}`;
}

/** The folders that all files are in, with the slash behind them. */
function commonFolder([first = '', ...others]: readonly string[]): string {
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (!others.every((file) => file.startsWith(folder)))
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  return folder;
}

function cellText(
  cell: BarrierCell | undefined,
  remarks: readonly Remark[],
  context: Context,
): string {
  if (cell === undefined) return '-';
  const letters = remarks.map(({ words, page }) => note(`${words}${seeText(page)}`, context));
  return [toldOf(cell, context), ...letters].join(' ');
}

function seeText(page: string): string {
  return page === '' ? '' : ` (${page})`;
}

function toldOf(cell: BarrierCell, context: Context): string {
  const { needed, broken, givers, isUnknown } = cell;
  const told = [
    ...(needed.length === 0 ? [] : [`needed: ${shortNames(needed)}`]),
    ...broken.map(
      ({ invariant, lacks }) => `broken: ${shortNames([invariant])} ${note(lacks, context)}`,
    ),
    ...(isUnknown ? ['unknown'] : []),
  ];
  if (told.length > 0) return told.join('; ');
  const by = givers.map((entry) => entry.map((giver) => giverText(giver, context)).join(' or '));
  return `not needed: ${by.sort(inNaturalOrder).join(', ')}`;
}

function giverText(giver: Giver, context: Context): string {
  if ('barrier' in giver) return `${context.numbers.get(keyOfBarrier(giver.barrier)) ?? '?'}`;
  const names = giver.stubs.map((name) => `${name}()`).join(' and ');
  return note(`what ${names} of the scenario is taken to order`, context);
}

/** Numbers by what they are, before letters. */
function inNaturalOrder(one: string, other: string): number {
  const [first, second] = [Number.parseInt(one, 10), Number.parseInt(other, 10)];
  if (first !== second && !Number.isNaN(first) && !Number.isNaN(second)) return first - second;
  return one < other ? -1 : 1;
}

function note(text: string, { notes }: Context): string {
  const letter = notes.get(text) ?? String.fromCharCode('a'.charCodeAt(0) + notes.size);
  notes.set(text, letter);
  return letter;
}

/** `I2 I4` of `I2-at-the-switch` and `I4-at-rest`. */
function shortNames(invariants: readonly string[]): string {
  return [...new Set(invariants.map((name) => name.split('-')[0]))].sort().join(' ');
}

/** So wide a column of the table may be. */
const WIDEST = [2, 46, 24] as const;

/** The cells below each other, those that are too wide in several lines. */
function columns(rows: readonly (readonly string[])[]): string {
  const wrapped = rows.map((row) => row.map((cell, at) => inLines(cell, WIDEST[at] ?? WIDEST[2])));
  const widths = rows[0]!.map((_, at) =>
    Math.max(...wrapped.flatMap((row) => row[at]!.map(({ length }) => length))),
  );
  const lines = wrapped.flatMap((row) => {
    const height = Math.max(...row.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => row.map((cell) => cell[line] ?? ''));
  });
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** A text in lines of at most that width, but for longer words. */
function inLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return lines;
}

/** An invariant of a scenario that does not hold, or of which it is not known. */
interface Finding {
  readonly answer: ScenarioAnswer;
  readonly invariant: InvariantAnswer;
}

/** What is violated or not known, each with what it lacks and an execution. */
export function outcomeText(
  { answers, assumptions }: TransitionTable,
  show: PlacePrinter,
): readonly string[] {
  const findings = answers.flatMap((answer) =>
    answer.invariants
      .filter(({ observation }) => observation !== 'Never')
      .map((invariant): Finding => ({ answer, invariant })),
  );
  const asked = answers.reduce((count, { invariants }) => count + invariants.length, 0);
  const violated = findings.filter(({ invariant }) => invariant.observation !== undefined);
  const unknown = findings.filter(({ invariant }) => invariant.observation === undefined);
  const accepted = violated.filter(({ invariant }) => invariant.accepted !== undefined).length;
  return [
    `${asked - findings.length} of ${asked} invariants hold, in ${answers.length} scenarios${acceptedText(accepted)}; ` +
      `${assumptions.length} assumptions (--full lists all of them).${beyondText(answers)}\n`,
    ...unknown.map(({ answer, invariant }) => unknownText(answer, invariant, show)),
    ...alike(violated, show).map((group) => violationText(group, show)),
  ];
}

/** What the scenarios say that they do not play, by its name. */
function beyondText(answers: readonly ScenarioAnswer[]): string {
  const names = answers.flatMap(({ scenario }) =>
    scenario.beyond.map((each) => each.split(/,? /)[0]!),
  );
  return names.length === 0 ? '' : ` Not played: ${[...new Set(names)].join(', ')}.`;
}

function acceptedText(count: number): string {
  if (count === 0) return '';
  return `, ${count} ${count === 1 ? 'violation is' : 'violations are'} accepted`;
}

function unknownText(
  { scenario }: ScenarioAnswer,
  { name, unknown }: InvariantAnswer,
  show: PlacePrinter,
): string {
  const why = unknown === undefined ? '' : `: ${show(unknown.place)}: ${unknown.reason}`;
  return `${scenario.name}: ${name} is not known${why}\n`;
}

/** The violations that lack the same, together. */
function alike(findings: readonly Finding[], show: PlacePrinter): readonly (readonly Finding[])[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { name, accepted = '' } = finding.invariant;
    const key = [name, accepted, ...missingText(finding.invariant, show)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function violationText([first, ...others]: readonly Finding[], show: PlacePrinter): string {
  const { answer, invariant } = first!;
  const { scenario } = answer;
  const { name, words, start, accepted } = invariant;
  const also = others.map((other) => other.answer.scenario.name);
  const steps = invariant.execution();
  const told = steps.filter((step) => matters(step, invariant));
  const left = steps.length - told.length;
  const lines = [
    `${[scenario.name, ...also].join(', ')}: ${name} is violated${words === '' ? '' : `: ${words}`}`,
    ...(start.length === 0 ? [] : [`  starting with ${start.join(', ')}`]),
    ...missingText(invariant, show).map((line) => `  ${line}`),
    ...(accepted === undefined ? [] : inLines(`  accepted: ${accepted}`, WIDEST_LINE)),
  ];
  const rest = left === 0 ? '' : `(${left} reads of nothing new: --full)`;
  return `${lines.map((line) => `${line}\n`).join('')}${twoColumns(rest, asOne(told), show)}`;
}

/** What is written and ordered, and the reads that see another thread's write, or miss it. */
function matters({ source, place }: ExecutionStep, { unkept }: InvariantAnswer): boolean {
  const ends = unkept.flatMap(({ first, last }) => [first, last]);
  return (
    source === undefined ||
    source === 'other' ||
    source === 'overwritten' ||
    ends.some((end) => isSame(end, place))
  );
}

/** What an operation reads and then writes, in one step. */
function asOne(steps: readonly ExecutionStep[]): readonly ExecutionStep[] {
  const told: ExecutionStep[] = [];
  for (const step of steps) {
    const before = told.at(-1);
    const isWrite = before?.source !== undefined && step.source === undefined;
    if (isWrite && before.thread === step.thread && isSame(before.place, step.place))
      told[told.length - 1] = { ...before, message: `${before.message}; ${step.message}` };
    else told.push(step);
  }
  return told;
}

function isSame(one: Place | undefined, other: Place | undefined): boolean {
  return one !== undefined && one.file === other?.file && one.span.start === other.span.start;
}

/** So long a line of prose may be. */
const WIDEST_LINE = 118;

/** So far apart the columns of the threads begin. */
const APART = 28;

/** Where a step stands, then a column for each thread; a step may reach into those on its right. */
function twoColumns(title: string, steps: readonly ExecutionStep[], show: PlacePrinter): string {
  const where = ({ place, function: name }: ExecutionStep) =>
    place === undefined ? '' : `${show(place).replace(/^.*\//, '')} ${name ?? ''}`;
  const width = Math.max(title.length, ...steps.map((step) => where(step).length));
  const line = (left: string, thread: number, text: string) =>
    `  ${left.padEnd(width)}  ${' '.repeat(APART * thread)}${text}\n`;
  const threads = [...new Set(steps.map(({ thread }) => thread))].sort((one, other) => one - other);
  const heads = threads
    .map((thread) => `P${thread}`.padEnd(APART))
    .join('')
    .trimEnd();
  return [
    line(title, threads[0] ?? 0, heads),
    ...steps.map((step) => line(where(step), step.thread, step.message)),
  ].join('');
}
