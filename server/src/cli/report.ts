/** `barrierlens report`: the findings of a folder, then each barrier with what it orders and its partners. */

import type { Explanation } from '../language-service/explanation.ts';
import { plain } from '../language-service/markup.ts';
import { renderExplanation } from '../language-service/render.ts';
import { printable } from '../text/printable.ts';
import { type Analysis, analyse, tellProblems } from './analysis.ts';
import { findingsOf, textOf } from './check.ts';
import { type Command, EXIT, readArguments } from './command.ts';

export const report: Command = {
  usage: 'PATH',
  help: `Prints the findings of the C files below PATH, and for each barrier what it orders
and with whom it pairs, file by file.

Exit code: 0 everything was read and nothing found, 1 findings, or a file that was
not read (told on stderr), 2 bad use.
`,
  async run(args, output) {
    const { paths } = readArguments(args, {});
    const analysis = await analyse(paths, { verdicts: 'all', relativeTo: 'path', scenarios: true });
    const findings = findingsOf(analysis, 'information');
    output.write(barriers(analysis));
    output.write(`\n${title(`${count(findings.length, 'finding')}`)}`);
    for (const finding of findings) output.write(textOf(finding, analysis));
    tellProblems(analysis, output);
    return findings.length + analysis.unread.length === 0 ? EXIT.clean : EXIT.findings;
  },
};

function barriers(analysis: Analysis): string {
  const { snapshot, files, show } = analysis;
  const sections = files
    .map((file) => ({ file, explanations: snapshot.explanations(file) }))
    .filter(({ explanations }) => explanations.length > 0);
  const total = sections.reduce((sum, { explanations }) => sum + explanations.length, 0);
  const head = `${count(total, 'barrier')} in ${count(sections.length, 'file')}\n`;
  return (
    head +
    sections
      .map(({ file, explanations }) => section(printable(show(file)), explanations, show))
      .join('')
  );
}

function section(
  file: string,
  explanations: readonly Explanation[],
  show: (path: string) => string,
): string {
  const texts = explanations.map((explanation) => {
    const text = renderExplanation(explanation, plain(show)).replaceAll('\n', '\n    ');
    return `\n${file}:${explanation.site.line}:${explanation.site.column}\n    ${text}\n`;
  });
  return `\n${title(file)}${texts.join('')}`;
}

function title(text: string): string {
  return `${text}\n${'-'.repeat(text.length)}\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
