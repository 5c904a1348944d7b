/** Writes the comment of a barrier whose pairing is proven: of this one, of both sides, of all in the file. */

import type { Site } from '../../facts/file-facts.ts';
import type { PlacedSite } from '../../pairing/pairing.ts';
import { type Explanation, explain } from '../explanation.ts';
import type { FileMoment, Moment } from '../moment.ts';
import { siteTitle } from '../words.ts';
import type { Action, Offer, TextEdit } from './action.ts';
import { commentEdit, ownComment } from './comment-edit.ts';
import { provenSentences } from './comment-text.ts';

/** The actions for each barrier on the lines of the range. */
export const documentBarrier: Offer = (moment, range) =>
  moment.facts.sites
    .filter(({ span }) => span.start <= range.end && range.start <= span.end)
    .flatMap((site) => actionsFor(moment, site));

function actionsFor(moment: FileMoment, site: Site): readonly Action[] {
  const here = { file: moment.file, site };
  const explanation = explain(moment, here);
  const own = documented(moment, here, explanation);
  if (own === undefined) return [];
  const partner = 'line' in explanation.answer ? explanation.answer.line?.partner : undefined;
  const theirs = partner && documented(moment, partner, explain(moment, partner));
  const all = allOf(moment);
  const fixes = 'uncommented-barrier' as const;
  const what =
    ownComment(moment.textOf(moment.file) ?? '', site) === undefined
      ? 'Document'
      : 'Name the partner of';
  return [
    { title: `${what} this ${site.primitive}()`, fixes, edits: [own] },
    ...(theirs === undefined
      ? []
      : [{ title: 'Document both sides', fixes, edits: [own, theirs] }]),
    ...(all.length > 1
      ? [{ title: `Document all ${all.length} proven barriers of this file`, fixes, edits: all }]
      : []),
  ];
}

function allOf(moment: FileMoment): readonly TextEdit[] {
  return moment.facts.sites.flatMap((site) => {
    const here = { file: moment.file, site };
    return documented(moment, here, explain(moment, here)) ?? [];
  });
}

/** Only barriers that stand for themselves: what else orders needs no comment that says so, and what a macro brings has its comment there. */
function documented(
  moment: Moment,
  placed: PlacedSite,
  explanation: Explanation,
): TextEdit | undefined {
  const { explicit, macro } = placed.site;
  if (!explicit || macro !== undefined || isNamed(placed.site, explanation)) return undefined;
  const sentences = provenSentences(moment, explanation);
  return sentences && commentEdit(moment, placed, sentences);
}

/** Whether the comment has the partner in it already, in whatever words: `See smp_rmb() in consume()`, `Pairs with the smp_rmb() when it
 *  is read`. */
function isNamed({ comment }: Site, { answer }: Explanation): boolean {
  const partner = 'line' in answer ? answer.line?.partner.site : undefined;
  const words = comment?.text.split(/[\s*]+/).join(' ');
  if (partner === undefined || words === undefined) return false;
  const pairs = ['pairs with ', 'pairs with the ']
    .map((start) => `${start}${partner.primitive}()`)
    .some((told) => words.toLowerCase().includes(told));
  return pairs || words.includes(siteTitle(partner));
}
