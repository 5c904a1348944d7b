/** A line above each barrier: see render-lens.ts. Every barrier has one from the first answer on, so that the text does not jump.
 *  An operation or call that only a simulated scenario needs gets its line with that answer. */

import type { Site } from '../facts/file-facts.ts';
import type { Place, Span } from '../text/span.ts';
import type { Settings } from './config.ts';
import { explain, isNoNews, needsOf } from './explanation.ts';
import type { FileMoment } from './moment.ts';
import { neededCalls } from './needed-calls.ts';
import { lensTitle, operationTitle } from './render-lens.ts';
import { callAnswer, type SiteAnswer } from './site-answer.ts';
import { isNoteworthy } from './words.ts';

export interface Lens {
  /** The barrier. */
  readonly span: Span;
  readonly title: string;
  /** Where the partners stand, best first. */
  readonly targets: readonly Place[];
}

/** The lenses of a file in text order. */
export function lenses(moment: FileMoment, { implied }: Settings['codeLens']): readonly Lens[] {
  const sites = moment.facts.sites.filter((site) => site.explicit || implied);
  const barriers = sites.filter(isNoteworthy).flatMap((site) => barrierLens(moment, site));
  const others = sites.filter((site) => !isNoteworthy(site));
  const operations = [
    ...others.flatMap((site) => operationAnswer(moment, site)),
    ...(implied ? neededCalls(moment) : []),
  ].filter(({ answer }) => isTold(answer));
  const needed = operations.map(({ name, span, answer }) => ({
    span,
    title: operationTitle(name, answer),
    targets: [],
  }));
  return [...barriers, ...needed].sort((a, b) => a.span.start - b.span.start);
}

/** What scenarios and findings say of an operation that nobody takes for a barrier of its own. */
function operationAnswer(moment: FileMoment, site: Site) {
  const { file } = moment;
  const answer = callAnswer(site.span, needsOf(moment, { file, site }), moment.findings(file));
  return answer === undefined ? [] : [{ name: site.primitive, span: site.span, answer }];
}

/** That it is there for nothing is news only of a barrier. */
function isTold({ kind }: SiteAnswer): boolean {
  return kind === 'warned' || kind === 'needed' || kind === 'open';
}

function barrierLens(moment: FileMoment, site: Site): readonly Lens[] {
  const explanation = explain(moment, { file: moment.file, site });
  if (isNoNews(explanation)) return [];
  const targets = explanation.partners.map(
    ({
      partner: {
        file,
        site: { span },
      },
    }) => ({ file, span }),
  );
  return [{ span: site.span, title: lensTitle(explanation), targets }];
}
