/** Puts back the lines that an edit took away and without which a scenario can be violated: with them it was found not to be. */

import type { Span } from '../../text/span.ts';
import type { FileMoment } from '../moment.ts';
import type { NeedTable, Violation } from '../need-table.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer } from './fix.ts';
import { codeWords, isBeside, linesOf, meets, replaced } from './lost-lines.ts';

const CODE = 'violated-invariant';

/** For what is violated in the range, or since the lines there are gone; the last text that had them counts. */
export const putBackAnswered: FixOffer = (moment, range) => {
  const { earlier, violations } = moment;
  const open = violations.filter(({ accepted }) => accepted === undefined);
  for (const table of open.length === 0 ? [] : earlier) {
    const edit = lostSince(moment, table);
    const then = table.violations.filter(({ accepted }) => accepted === undefined);
    if (!then.every((old) => open.some((each) => isSame(old, each)))) continue;
    const mended = open.filter((each) => !then.some((old) => isSame(old, each)));
    const isHere = mended.some(({ at }) => at.file === moment.file && meets(at.span, range));
    if (edit === undefined || mended.length === 0 || !(isHere || isAt(moment, edit, range)))
      continue;
    return [fixOf(moment, edit, mended)];
  }
  return [];
};

function isSame(one: Violation, other: Violation): boolean {
  return (['scenario', 'path', 'invariant'] as const).every((key) => one[key] === other[key]);
}

function isAt({ file, textOf }: FileMoment, edit: TextEdit, range: Span): boolean {
  return edit.file === file && isBeside(textOf(file) ?? '', edit.span, range);
}

/** What brings the text back for which the table was found: one stretch of lines of one file. */
function lostSince({ textOf }: FileMoment, { texts }: NeedTable): TextEdit | undefined {
  const changed = [...texts].filter(([file, text]) => (textOf(file) ?? text) !== text);
  const [[file, then] = ['', '']] = changed;
  if (changed.length !== 1) return undefined;
  const [old, now] = [then, textOf(file)!].map((text) =>
    linesOf(text, { start: 0, end: text.length }),
  );
  const edit = replaced(old!, now!);
  return edit && codeWords(edit.text).length > 0 ? { file, ...edit } : undefined;
}

function fixOf(moment: FileMoment, edit: TextEdit, mended: readonly Violation[]): Fix {
  const told = mended.flatMap(({ at, invariant, scenario }) =>
    moment
      .findings(at.file)
      .filter(({ code, span, message }) => {
        const isOf = message.includes(`(${invariant} in `) && message.includes(scenario);
        return code === CODE && span.start === at.span.start && isOf;
      })
      .map(({ code, message }) => ({ file: at.file, code, message })),
  );
  return {
    title: `Put back ${nameOf(moment, edit)}`,
    fixes: CODE,
    ways: [[edit]],
    mends: [...new Map(told.map((each) => [`${each.file} ${each.message}`, each])).values()],
    between: [],
    isAnswered: true,
  };
}

/** The first line that is code and its function: `klp_synchronize_transition() in klp_reverse_transition()`. */
function nameOf({ tree, textOf }: FileMoment, { file, span, text }: TextEdit): string {
  const now = (textOf(file) ?? '').slice(span.start, span.end).split('\n');
  const lost = text.split('\n').filter((line) => !now.includes(line));
  const line = lost.find((each) => codeWords(each).length > 0 && !/^\s*\*/.test(each)) ?? '';
  const code = line.split(';')[0]!.trim();
  const home = tree
    .facts(file)
    ?.functions.find((each) => each.span.start <= span.start && span.end <= each.span.end);
  const short = code.length > MOST_CODE ? `${code.slice(0, MOST_CODE)}...` : code;
  return home === undefined ? short : `${short} in ${home.name}()`;
}

const MOST_CODE = 40;
