/** The answers of `barrierlens simulate` as text. */

import { isAbsolute, relative, sep } from 'node:path';
import type { MissingMark } from '../proof/missing-marks.ts';
import { missingText } from '../proof/missing-text.ts';
import type { ScenarioAnswer } from '../proof/scenario-answer.ts';
import type { SupposedAnswer } from '../proof/suppositions.ts';
import type { ExecutionStep } from '../proof/tell-execution.ts';
import type { TableRow, TransitionTable } from '../proof/transition-table.ts';
import { LineIndex } from '../text/line-index.ts';
import { printable } from '../text/printable.ts';
import type { Place } from '../text/span.ts';

/** Gives the text of a file that a place names. */
export type TextOf = (file: string) => string | undefined;

/** The whole answer: invariants, violations, needs, suppositions, assumptions. */
export function renderText(
  table: TransitionTable,
  supposed: readonly SupposedAnswer[],
  marks: readonly MissingMark[],
  textOf: TextOf,
): string {
  const show = placePrinter(textOf);
  return [
    heading('Invariants'),
    ...table.answers.map((answer) => scenarioText(answer, show)),
    ...table.answers.flatMap((answer) => violationsText(answer, show)),
    heading('What each barrier is for'),
    ...needsText(table.rows),
    ...marksText(marks, show),
    ...suppositionsText(supposed),
    ...restsText(table, show),
  ].join('');
}

function restsText(
  { assumptions, answers }: TransitionTable,
  show: PlacePrinter,
): readonly string[] {
  const assumed = assumptions.map(
    ({ message, place }) => `  ${place === undefined ? '' : `${show(place)}: `}${message}\n`,
  );
  const beyond = answers.flatMap(({ scenario }) =>
    scenario.beyond.map((words) => `  not played: ${words}\n`),
  );
  const all = [...assumed, ...new Set(beyond)];
  return all.length === 0 ? [] : [heading('What this rests on'), ...all];
}

/** `file:line` of a place. */
export type PlacePrinter = (place: Place) => string;

/** Prints places by line, for files whose text is known. */
export function placePrinter(textOf: TextOf): PlacePrinter {
  const indexes = new Map<string, LineIndex>();
  return ({ file, span }) => {
    const index = indexes.get(file) ?? new LineIndex(textOf(file) ?? '');
    indexes.set(file, index);
    return `${printable(shown(file))}:${index.position(span.start).line + 1}`;
  };
}

/** Files of the tree by their path in it; a scenario as seen from here, or by its folder and name. */
function shown(file: string): string {
  if (!isAbsolute(file)) return file;
  const here = relative(process.cwd(), file);
  if (here === '') return '.';
  return here.startsWith('..') ? file.split(sep).slice(-2).join('/') : here;
}

function heading(title: string): string {
  return `\n${title}\n${'-'.repeat(title.length)}\n`;
}

/** The invariants with their answers; what is not known with its place, and with all that is not modelled. */
function scenarioText(
  { scenario, invariants, notModelled }: ScenarioAnswer,
  show: PlacePrinter,
): string {
  const lines = invariants.map(({ name, observation, unknown, accepted }) => {
    const observed = `${observation ?? ''}${accepted === undefined ? '' : ', accepted'}`;
    const answer = unknown === undefined ? observed : `unknown: ${reasonAt(unknown, show)}`;
    return `    ${name.padEnd(26)} ${answer}\n`;
  });
  const others = notModelled
    .slice(1)
    .map(({ message, place }) => `      also: ${reasonAt({ reason: message, place }, show)}\n`);
  const title = `${scenario.name} (${scenario.path}): ${scenario.description}`.trimEnd();
  return `\n  ${title}\n${lines.join('')}${others.join('')}`;
}

function reasonAt(
  { reason, place }: { readonly reason: string; readonly place?: Place },
  show: PlacePrinter,
): string {
  return place === undefined ? reason : `${show(place)}: ${reason}`;
}

function violationsText(
  { scenario, invariants }: ScenarioAnswer,
  show: PlacePrinter,
): readonly string[] {
  return invariants.flatMap((answer) => {
    const { name, words, observation, start, execution, accepted } = answer;
    if (observation === undefined || observation === 'Never') return [];
    const title = heading(`${scenario.name}: ${name} is violated`);
    const about = [
      ...(words === '' ? [] : [words]),
      ...(start.length === 0 ? [] : [`starting with ${start.join(', ')}`]),
      ...missingText(answer, show),
      ...(accepted === undefined ? [] : [`accepted: ${accepted}`]),
    ];
    return [
      `${title}${about.map((line) => `  ${line}\n`).join('')}${stepsText(execution(), show)}`,
    ];
  });
}

/** One line a step; each thread has its own indentation. */
export function stepsText(steps: readonly ExecutionStep[], show: PlacePrinter): string {
  const where = (step: ExecutionStep) =>
    step.place === undefined ? '' : `${show(step.place)} ${step.function ?? ''}()`;
  const width = Math.max(0, ...steps.map((step) => where(step).length));
  return steps
    .map((step) => {
      const indent = ' '.repeat(4 + 4 * step.thread);
      return `  ${where(step).padEnd(width)}${indent}P${step.thread}: ${step.message}\n`;
    })
    .join('');
}

/** The rows of each barrier together, in the order of files and lines. */
function needsText(rows: readonly TableRow[]): readonly string[] {
  const byBarrier = new Map<string, TableRow[]>();
  for (const row of rows) {
    const { file, line, function: name, primitive, ordinal } = row.barrier;
    const key = `${file}:${line} ${primitive}() number ${ordinal} in ${name}()`;
    byBarrier.set(key, [...(byBarrier.get(key) ?? []), row]);
  }
  return [...byBarrier].map(([barrier, own]) => `\n  ${barrier}\n${own.map(rowText).join('')}`);
}

function rowText(row: TableRow): string {
  const { path, invariant, verdict, orders, by, scenarios, reason } = row;
  const what = orders.map(({ before, after }) => `${before} -> ${after}`).join(', ');
  const why = verdict === 'broken' || verdict === 'unknown' ? `\n        ${reason}` : '';
  const others = by.length === 0 ? why : `\n        given by ${by.join('\n        and by ')}`;
  return `    ${path.padEnd(8)} ${invariant.padEnd(24)} ${verdict.padEnd(10)} ${what}  [${scenarios.join(', ')}]${others}\n`;
}

export function marksText(marks: readonly MissingMark[], show: PlacePrinter): readonly string[] {
  if (marks.length === 0) return [];
  const lines = marks.map(({ function: name, place, mark, unknown }) => {
    const missing = unknown === undefined ? 'is missing' : `may be missing, not known: ${unknown}`;
    return `  ${show(place)} ${name}(): ${mark}() ${missing}\n`;
  });
  return [heading('Accesses that race as they are written'), ...lines];
}

export function suppositionsText(supposed: readonly SupposedAnswer[]): readonly string[] {
  const changed = supposed.filter(({ before, after }) => before.observation !== after.observation);
  if (changed.length === 0) return [];
  return [
    heading('What if'),
    ...changed.map(
      ({ scenario, supposition, before, after }) =>
        `  ${scenario.name}, if ${supposition.words}:\n    ${after.name} ${said(before)} -> ${said(after)}\n`,
    ),
  ];
}

function said({ observation }: { readonly observation?: string }): string {
  return observation ?? 'unknown';
}
