/** What stands beside exported litmus tests: the list that herd7 takes, and what each test shows. */

import type { ExportedTest } from './export-litmus.ts';

/** The names of the files, one on a line, as `herd7 @all` takes them. */
export function listOf(tests: readonly ExportedTest[]): string {
  return tests.flatMap(({ file, text }) => (text === undefined ? [] : `${file}\n`)).join('');
}

/** A table of the tests in Markdown: what is said, what herd7's Observation has to be, and the files; and
 *  what could not be said, with the reasons. */
export function indexOf(tests: readonly ExportedTest[]): string {
  const written = tests.filter(({ text }) => text !== undefined);
  const unsaid = tests.filter(({ text }) => text === undefined);
  return [
    '# Litmus tests',
    '',
    'From the folder `tools/memory-model` of Linux:',
    '',
    '    herd7 -conf linux-kernel.cfg DIR/FILE',
    '',
    'What a row says is so if each of its files comes to its Observation.',
    '',
    '| what | Observation | files |',
    '|---|---|---|',
    ...rowsOf(written),
    '',
    ...(unsaid.length === 0 ? ['Nothing is missing.'] : missing(unsaid)),
    '',
  ].join('\n');
}

function rowsOf(tests: readonly ExportedTest[]): readonly string[] {
  const rows = new Map<string, ExportedTest[]>();
  for (const test of tests) {
    const key = `${scenarioOf(test)}: ${test.says}`;
    rows.set(key, [...(rows.get(key) ?? []), test]);
  }
  return [...rows].map(
    ([what, own]) =>
      `| ${what} | ${own[0]!.result} | ${own.map(({ file }) => `\`${file}\``).join(' ')} |`,
  );
}

function scenarioOf({ file }: ExportedTest): string {
  return file.split('+')[0]!;
}

/** What could not be said, and why. */
export function unsaidOf(tests: readonly ExportedTest[]): readonly string[] {
  return tests
    .filter(({ text }) => text === undefined)
    .map((test) => `${scenarioOf(test)}: ${test.says}: ${test.problem}`);
}

function missing(tests: readonly ExportedTest[]): readonly string[] {
  return ['Not exported:', '', ...unsaidOf(tests).map((unsaid) => `- ${unsaid}`)];
}
