/** A line above each barrier: see render-lens.ts. Every barrier has one from the first answer on, so that the text does not jump.
 *  An operation or call that only a simulated scenario needs gets its line with that answer. */

import type { Site } from '../facts/file-facts.ts';
import type { Place, Span } from '../text/span.ts';
import type { Settings } from './config.ts';
import { explain, isNoNews, needsOf } from './explanation.ts';
import type { FileMoment } from './moment.ts';
import { type NeededCall, neededCalls } from './needed-calls.ts';
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
  const needed = [
    ...sites.flatMap((site) => operationOf(moment, site)),
    ...(implied ? toldCalls(moment) : []),
  ].map(({ name, span, answer }) => ({ span, title: operationTitle(name, answer), targets: [] }));
  return [...barriers, ...needed].sort((a, b) => a.span.start - b.span.start);
}

/** An operation or a call that nobody takes for a barrier of its own, and that scenarios or findings speak of. */
export interface ToldOperation extends Pick<NeededCall, 'name' | 'span' | 'answer'> {
  /** The function that it stands in. */
  readonly function: string;
}

/** Those of a file, in text order. */
export function toldOperations(moment: FileMoment): readonly ToldOperation[] {
  return [
    ...moment.facts.sites.flatMap((site) => operationOf(moment, site)),
    ...toldCalls(moment),
  ].sort((a, b) => a.span.start - b.span.start);
}

function operationOf(moment: FileMoment, site: Site): readonly ToldOperation[] {
  if (isNoteworthy(site)) return [];
  const { file } = moment;
  const { primitive: name, function: own, span } = site;
  const answer = callAnswer(span, needsOf(moment, { file, site }), moment.findings(file));
  return answer === undefined || !isTold(answer) ? [] : [{ name, function: own, span, answer }];
}

function toldCalls(moment: FileMoment): readonly ToldOperation[] {
  return neededCalls(moment).filter(({ answer }) => isTold(answer));
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
