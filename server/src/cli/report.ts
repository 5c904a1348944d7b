/** `barrierlens report`: each barrier of a folder with its verdict and partner, then the findings. */

import type { Explanation } from '../language-service/explanation.ts';
import { plain } from '../language-service/markup.ts';
import { renderHover } from '../language-service/render-hover.ts';
import { lensTitle } from '../language-service/render-lens.ts';
import { printable } from '../text/printable.ts';
import { type Analysis, analyse, tellProblems } from './analysis.ts';
import { findingsOf, textOf } from './check.ts';
import { withinColumns } from './columns.ts';
import { type Command, EXIT, readArguments } from './command.ts';

export const report: Command = {
  usage: 'PATH... [--all]',
  help: `Prints for each barrier of the C files below PATH what the editor shows above it: the
verdict first, then the partner; then the findings, a line each.

  --all  for each barrier the text of the editor's hover, and with each finding the
         places that belong to it

Exit code: 0 everything was read and nothing found, 1 findings, or a file that was
not read (told on stderr), 2 bad use.
`,
  async run(args, output) {
    const { paths, options } = readArguments(args, { all: 'boolean' });
    const isWhole = options.all === true;
    const analysis = await analyse(paths, { verdicts: 'all', relativeTo: 'path', scenarios: true });
    const findings = findingsOf(analysis, 'information');
    output.write(withinColumns(isWhole ? wholeBarriers(analysis) : barriers(analysis)));
    output.write(`\n${title(`${count(findings.length, 'finding')}`)}`);
    for (const finding of findings) {
      const shown = isWhole ? finding : { ...finding, related: [] };
      output.write(withinColumns(textOf(shown, analysis)));
    }
    tellProblems(analysis, output);
    return findings.length + analysis.unread.length === 0 ? EXIT.clean : EXIT.findings;
  },
};

interface Section {
  readonly file: string;
  readonly explanations: readonly Explanation[];
}

function sectionsOf({ snapshot, files }: Analysis): readonly Section[] {
  return files
    .map((file) => ({ file, explanations: snapshot.explanations(file) }))
    .filter(({ explanations }) => explanations.length > 0);
}

function headOf(sections: readonly Section[]): string {
  const total = sections.reduce((sum, { explanations }) => sum + explanations.length, 0);
  return `${count(total, 'barrier')} in ${count(sections.length, 'file')}\n`;
}

/** A line each, as the lenses have it. */
function barriers(analysis: Analysis): string {
  const sections = sectionsOf(analysis);
  const lines = sections.flatMap(({ file, explanations }) =>
    explanations.map((explanation) => {
      const { line, column, primitive, function: name } = explanation.site;
      const place = `${printable(analysis.show(file))}:${line}:${column}`;
      return `${place}: ${primitive}() in ${name}()\n    ${lensTitle(explanation)}\n`;
    }),
  );
  return [headOf(sections), ...lines].join('');
}

function wholeBarriers(analysis: Analysis): string {
  const sections = sectionsOf(analysis);
  return [headOf(sections), ...sections.map((each) => wholeSection(analysis, each))].join('');
}

function wholeSection({ snapshot, show }: Analysis, { file, explanations }: Section): string {
  const name = printable(show(file));
  const texts = explanations.map((explanation) => {
    const hover = renderHover(snapshot.moment, explanation, plain(show));
    return `\n${name}:${explanation.site.line}:${explanation.site.column}\n    ${hover.replaceAll('\n', '\n    ')}\n`;
  });
  return `\n${title(name)}${texts.join('')}`;
}

function title(text: string): string {
  return `${text}\n${'-'.repeat(text.length)}\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
