/** The barriers of a file as a list: each with its answer and its partners, for a view over many files. */

import type { Place } from '../text/span.ts';
import { type Explanation, explain, isNoNews } from './explanation.ts';
import type { FileMoment } from './moment.ts';
import { lensTitle, verdictWords } from './render-lens.ts';
import type { SiteAnswer } from './site-answer.ts';
import { isNoteworthy, orderPhrase, siteTitle } from './words.ts';

/** The verdicts by which barriers are told apart. */
export type VerdictGroup = 'warned' | 'unknown' | 'running' | 'needed' | 'not needed';

export interface ListedPartner extends Place {
  /** `smp_wmb() in publish()`. */
  readonly name: string;
  /** The words for the verdict, as of the partner. */
  readonly told: string;
  /** What it orders, the most telling first: `box.data → box.flag`. */
  readonly orders: readonly string[];
}

/** Its words for the verdict are those of its lens. */
export interface ListedBarrier extends ListedPartner {
  readonly group: VerdictGroup;
  /** The paths of the scenarios that say something of it. */
  readonly paths: readonly string[];
  readonly partners: readonly ListedPartner[];
}

/** The barriers of the file that have a lens, in text order. */
export function barrierList(moment: FileMoment): readonly ListedBarrier[] {
  return moment.facts.sites
    .filter((site) => site.explicit && isNoteworthy(site))
    .map((site) => explain(moment, { file: moment.file, site }))
    .filter((explanation) => !isNoNews(explanation))
    .map((explanation) => listed(moment, explanation));
}

function listed(moment: FileMoment, explanation: Explanation): ListedBarrier {
  const { file, site, answer, partners, needs } = explanation;
  return {
    file,
    span: site.span,
    name: siteTitle(site),
    told: lensTitle(explanation),
    orders: ordersOf(explanation),
    group: groupOf(answer),
    paths: [...new Set(needs.map(({ path }) => path))],
    partners: partners.map(({ partner }) => {
      const theirs = explain(moment, partner);
      return {
        file: partner.file,
        span: partner.site.span,
        name: siteTitle(partner.site),
        told: verdictWords(theirs.answer),
        orders: ordersOf(theirs),
      };
    }),
  };
}

/** So many are told of each. */
const ORDERS = 2;

function ordersOf({ telling }: Explanation): readonly string[] {
  return telling.slice(0, ORDERS).map(orderPhrase);
}

function groupOf(answer: SiteAnswer): VerdictGroup {
  switch (answer.kind) {
    case 'warned':
      return 'warned';
    case 'needed':
      return 'needed';
    case 'redundant':
    case 'idle':
    case 'marked':
      return 'not needed';
    case 'running':
      return 'running';
    case 'broken':
    case 'unknown':
    case 'open':
    case 'not-simulated':
    case 'alone':
      return 'unknown';
  }
}
