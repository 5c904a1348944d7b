/** What can be typed behind "Pairs with" in the comment of a barrier: its real candidates, best first. */

import { basename } from 'node:path';
import type { Site } from '../facts/file-facts.ts';
import type { Span } from '../text/span.ts';
import { explain } from './explanation.ts';
import type { FileMoment } from './moment.ts';
import { verdictPhrase } from './verdict.ts';
import { siteTitle } from './words.ts';

export interface Completion {
  /** What is typed in place of `span`: `smp_rmb() in consume()`. */
  readonly text: string;
  readonly span: Span;
  /** Where it stands, and what is known of the pairing. */
  readonly detail: string;
}

/** The words before the cursor, and what has been typed of the name. */
const CLAIM = /\b(?:pairs|paired|pairing) with (?:the )?(\w*)$/i;

/** So many lines of the comment may follow before the barrier. */
const LINES = 20;

/** The candidates at `offset`; none where no comment of a barrier begins to name its partner. */
export function completions(moment: FileMoment, offset: number): readonly Completion[] {
  const text = moment.textOf(moment.file) ?? '';
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const typed = CLAIM.exec(line)?.[1];
  const site = typed === undefined ? undefined : commentedSite(moment, text, offset);
  if (typed === undefined || site === undefined) return [];
  const span = { start: offset - typed.length, end: offset };
  return explain(moment, { file: moment.file, site }).partners.map(({ partner, verdict, side }) => {
    const known = verdict === undefined ? '' : `, ${verdictPhrase(verdict, side)}`;
    const detail = `${basename(partner.file)}:${partner.site.line}${known}`;
    return { text: siteTitle(partner.site), span, detail };
  });
}

/** The barrier whose comment the offset is in: the next one, with nothing but the comment between. */
function commentedSite({ facts }: FileMoment, text: string, offset: number): Site | undefined {
  const [opened, closed] = ['/*', '*/'].map((mark) => text.lastIndexOf(mark, offset - 1));
  if (opened! <= closed!) return undefined;
  const next = facts.sites
    .filter(({ span, explicit }) => explicit && span.start > offset)
    .sort((a, b) => a.span.start - b.span.start)[0];
  const between = next && text.slice(offset, next.span.start);
  const end = between?.indexOf('*/') ?? -1;
  if (next === undefined || between === undefined || end === -1) return undefined;
  const rest = between.slice(end + 2);
  return rest.includes(';') || between.split('\n').length > LINES ? undefined : next;
}
