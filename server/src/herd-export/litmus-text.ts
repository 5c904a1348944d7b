/** Exported litmus tests as text: what each one asks, what it comes to, and where its accesses come from. */

import { type PrintedLitmus, printWithGaps } from '../litmus/print.ts';
import { accessesOf } from '../program/plain-access.ts';
import type { Program, Statement } from '../program/program.ts';
import type { LineOf } from '../text/line-of.ts';
import type { Likeness } from './small-tests.ts';

/** What the header of a test says. */
export interface Heading {
  /** What the model says: the word of the `Observation` line. */
  readonly result: string;
  readonly scenario: string;
  readonly invariant: string;
  /** The question and what its answer means, sentence by sentence. */
  readonly question: readonly string[];
  readonly likeness: Likeness;
  readonly part: number;
  readonly parts: number;
}

/** The text of a test, and what of it herd7 has no words for: only without that it is one that herd7 reads. The `Result:` line is that of the kernel's `judgelitmus.sh`; every
 *  access and fence has the source line that it comes from behind it. */
export function litmusText(
  program: Program,
  name: string,
  heading: Heading,
  lineOf: LineOf,
): PrintedLitmus {
  const description = comment([
    `Result: ${heading.result}`,
    '',
    heading.scenario,
    heading.invariant,
    '',
    ...heading.question,
    ...aboutParts(heading),
    ABOUT_LIKENESS[heading.likeness],
  ]);
  const remarkOn = (statement: Statement) =>
    statement.origin !== undefined && isEvent(statement)
      ? `${lineOf(statement.origin)} ${statement.origin.function}()`
      : undefined;
  return printWithGaps({ ...program, name, description }, remarkOn);
}

const ABOUT_LIKENESS: Readonly<Record<Likeness, string>> = {
  same: 'What has no influence on the answer is left out.',
  wider:
    'Reads that only make the execution harder to come by are left out: what is never possible here is never possible with them.',
  narrower: 'It follows one way through the code: what is possible here is possible in the whole.',
};

function aboutParts({ part, parts, result }: Heading): readonly string[] {
  if (parts === 1) return [];
  return [
    `Part ${part} of ${parts}, one for each way that this could come about. The answer is ${result} if it is ${result} for all of them.`,
  ];
}

function isEvent(statement: Statement): boolean {
  return (
    accessesOf(statement).length > 0 ||
    ['fence', 'rcu', 'srcu', 'lock', 'stop'].includes(statement.kind)
  );
}

const WIDTH = 78;

/** The lines as a comment that ends where it should and holds no brace, at which herd's header ends. */
function comment(lines: readonly string[]): string {
  const safe = lines.flatMap((line) => wrapped(line.replace(/[{}]|\(\*|\*\)/g, ' ')));
  return `(*\n${safe.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n *)`;
}

function wrapped(line: string): readonly string[] {
  const lines = [''];
  for (const word of line.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
