/** Accepts a finding where it stands: the comment for it, in which the reason is still to be written (accepted-findings.ts). */

import { afterBlanks, C_COMMENTS } from '../../text/blanks.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Action, Offer, TextEdit } from './action.ts';
import { indentAt, lineStart, placesAround } from './statement-place.ts';

/** For each finding in the range but that of a barrier without a comment, which any comment answers. Until a reason is written
 *  the finding stays. */
export const acceptFinding: Offer = (moment, range) => {
  const found = moment
    .findings(moment.file)
    .filter(({ code }) => code !== 'uncommented-barrier')
    .filter(({ span }) => span.start <= range.end && range.start <= span.end);
  const byCode = new Map(found.map((finding) => [finding.code, finding]));
  return [...byCode.values()].map((finding) => action(moment, finding));
};

function action(moment: FileMoment, finding: Diagnostic): Action {
  const text = moment.textOf(moment.file) ?? '';
  const offset = placeFor(moment, text, finding);
  const said = `${indentAt(text, finding.span.start)}/* barrierlens: ok(${finding.code}): `;
  const edit: TextEdit = {
    file: moment.file,
    span: { start: offset, end: offset },
    text: `${said} */\n`,
    cursor: said.length,
  };
  const title = `Accept ${finding.code} here, for a reason`;
  return { title, fixes: finding.code, edits: [edit] };
}

/** Above the statement and its comment, where the finding stands on its first line; else above the line of the finding. */
function placeFor({ facts }: FileMoment, text: string, { span }: Diagnostic): number {
  const line = lineStart(text, span.start);
  const home = facts.functions.find(
    (each) => each.span.start <= span.start && span.end <= each.span.end,
  );
  const before = home && placesAround(text, home.span, span).before;
  if (before === undefined) return line;
  const isFirst = afterBlanks(text, before.offset, C_COMMENTS) >= line;
  return isFirst ? before.offset : line;
}
