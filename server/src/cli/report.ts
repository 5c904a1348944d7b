/** `barrierlens report`: each barrier of a folder with its verdict and partner, then the findings. */

import type { Explanation } from '../language-service/explanation.ts';
import type { ToldOperation } from '../language-service/lenses.ts';
import { plain } from '../language-service/markup.ts';
import { renderHover } from '../language-service/render-hover.ts';
import { lensTitle, operationTitle } from '../language-service/render-lens.ts';
import { siteTitle } from '../language-service/words.ts';
import { printable } from '../text/printable.ts';
import type { Span } from '../text/span.ts';
import { type Analysis, analyse, tellProblems } from './analysis.ts';
import { findingsOf, textOf } from './check.ts';
import { withinColumns } from './columns.ts';
import { type Command, EXIT, readArguments } from './command.ts';

export const report: Command = {
  usage: 'PATH... [--all]',
  help: `Prints for each barrier of the C files below PATH, and for what scenarios and findings say
of other operations, what the editor shows above it: the verdict first, then the partner;
then the findings, a line each.

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

/** What has a lens in one file. */
interface Section {
  readonly file: string;
  readonly barriers: readonly Explanation[];
  readonly operations: readonly ToldOperation[];
}

function sectionsOf({ snapshot, files }: Analysis): readonly Section[] {
  return files
    .map((file) => ({
      file,
      barriers: snapshot.explanations(file),
      operations: snapshot.operations(file),
    }))
    .filter(({ barriers, operations }) => barriers.length + operations.length > 0);
}

function headOf(sections: readonly Section[]): string {
  const barriers = sections.reduce((sum, each) => sum + each.barriers.length, 0);
  const operations = sections.reduce((sum, each) => sum + each.operations.length, 0);
  const others = operations === 0 ? '' : ` and ${count(operations, 'other operation')}`;
  return `${count(barriers, 'barrier')}${others} in ${count(sections.length, 'file')}\n`;
}

/** Something with a lens, where it stands. */
interface Told {
  readonly start: number;
  /** `box.c:12:2`. */
  readonly place: string;
  readonly text: string;
}

/** A line each, as the lenses have it. */
function barriers(analysis: Analysis): string {
  const sections = sectionsOf(analysis);
  const lines = sections.flatMap((section) => {
    const barriers = section.barriers.map((explanation) => ({
      ...placed(analysis, section.file, explanation.site.span),
      text: `${siteTitle(explanation.site)}\n    ${lensTitle(explanation)}\n`,
    }));
    const operations = section.operations.map(({ name, function: own, span, answer }) => ({
      ...placed(analysis, section.file, span),
      text: `${name}() in ${own}()\n    ${operationTitle(name, answer)}\n`,
    }));
    return inOrder([...barriers, ...operations]).map(({ place, text }) => `${place}: ${text}`);
  });
  return [headOf(sections), ...lines].join('');
}

function placed({ snapshot, show }: Analysis, file: string, { start }: Span) {
  const { line, column } = snapshot.lines(file)!.position(start);
  return { start, place: `${printable(show(file))}:${line + 1}:${column + 1}` };
}

function inOrder(told: readonly Told[]): readonly Told[] {
  return told.toSorted((one, other) => one.start - other.start);
}

function wholeBarriers(analysis: Analysis): string {
  const sections = sectionsOf(analysis);
  return [headOf(sections), ...sections.map((each) => wholeSection(analysis, each))].join('');
}

function wholeSection(analysis: Analysis, { file, barriers, operations }: Section): string {
  const { snapshot, show } = analysis;
  const markup = plain(show);
  const hovers = [
    ...barriers.map((explanation) => ({
      ...placed(analysis, file, explanation.site.span),
      text: renderHover(snapshot.moment, explanation, markup),
    })),
    ...operations.map(({ span }) => ({
      ...placed(analysis, file, span),
      text: snapshot.hover(file, span.start, markup)?.text ?? '',
    })),
  ];
  const texts = inOrder(hovers).map(
    ({ place, text }) => `\n${place}\n    ${text.replaceAll('\n', '\n    ')}\n`,
  );
  return `\n${title(printable(show(file)))}${texts.join('')}`;
}

function title(text: string): string {
  return `${text}\n${'-'.repeat(text.length)}\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
