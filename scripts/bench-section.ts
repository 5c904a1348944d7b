/**
 * One section of `npm run bench`. A section is a program `scripts/bench/NAME.ts` that calls `runSection`
 * with its name and a function that measures; each runs in a process of its own, so that neither time
 * nor memory of one is another's. Rows with a bar say what was promised; a bar that is missed fails the run.
 *
 *     await runSection({ name: 'litmus', run: async () => [{ what: 'all tests', value: 1.2, unit: 's' }] });
 */

import { appendFileSync } from 'node:fs';

export interface Row {
  readonly what: string;
  readonly value: number;
  /** `ms`, `s`, `MB`, `%`, `MB/s`, or empty for a count. */
  readonly unit: string;
  /** What is promised: the value is at most, or at least, this. */
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number };
  /** How it was measured, where the name does not say it. */
  readonly note?: string;
}

export interface Section {
  readonly name: string;
  /** Measures, or says in one sentence why it cannot be done on this machine. */
  readonly run: () => Promise<readonly Row[] | string>;
}

/** The file to which a section adds its rows as one line of JSON. */
export const REPORT = 'BARRIERLENS_BENCH_REPORT';

/** Runs a section and prints its rows; sets the exit status where a bar is missed. */
export async function runSection({ name, run }: Section): Promise<void> {
  const result = await run();
  console.log(`\n${name}`);
  if (typeof result === 'string') return console.log(`  not measured: ${result}`);
  const width = Math.max(...result.map(({ what }) => what.length));
  for (const row of result) console.log(`  ${row.what.padEnd(width)}  ${inWords(row)}`);
  const report = process.env[REPORT];
  if (report !== undefined) appendFileSync(report, `${JSON.stringify({ name, rows: result })}\n`);
  if (result.some(isMissed)) process.exitCode = 1;
}

/** The middle of some measurements; 0 where there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function inWords(row: Row): string {
  const measured = `${rounded(row.value)} ${row.unit}`.trim();
  return [measured, barInWords(row), row.note && `(${row.note})`].filter(Boolean).join('  ');
}

function rounded(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toPrecision(3);
}

function barInWords(row: Row): string {
  if (row.bar === undefined) return '';
  const promised =
    'atMost' in row.bar
      ? `at most ${rounded(row.bar.atMost)}`
      : `at least ${rounded(row.bar.atLeast)}`;
  return isMissed(row) ? `MISSED: ${promised} ${row.unit}` : `${promised} ${row.unit}`;
}

function isMissed({ value, bar }: Row): boolean {
  if (bar === undefined) return false;
  return 'atMost' in bar ? value > bar.atMost : value < bar.atLeast;
}
