/** A line above each barrier. Every barrier has one from the first answer on, so that the text does not jump.
 *  An operation or call that only a simulated scenario needs gets its line with that answer. */

import type { Site } from '../facts/file-facts.ts';
import type { Place, Span } from '../text/span.ts';
import type { Settings } from './config.ts';
import { explain, needsOf } from './explanation.ts';
import type { FileMoment } from './moment.ts';
import { neededCalls } from './needed-calls.ts';
import { lensTitle, neededTitle } from './render.ts';
import type { NeedRow } from './verdict.ts';
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
  const barriers = sites.filter(isNoteworthy).map((site) => barrierLens(moment, site));
  const others = sites.filter((site) => !isNoteworthy(site));
  const needed = [
    ...others.map((site) => ({ ...site, name: site.primitive, rows: rowsOf(moment, site) })),
    ...(implied ? neededCalls(moment) : []),
  ].map(({ name, span, rows }) => ({ span, title: neededTitle(name, rows), targets: [] }));
  return [...barriers, ...needed.filter(({ title }) => title !== '')].sort(
    (a, b) => a.span.start - b.span.start,
  );
}

function rowsOf(moment: FileMoment, site: Site): readonly NeedRow[] {
  return needsOf(moment, { file: moment.file, site });
}

function barrierLens(moment: FileMoment, site: Site): Lens {
  const explanation = explain(moment, { file: moment.file, site });
  return {
    span: site.span,
    title: lensTitle(explanation),
    targets: explanation.partners.map(({ partner }) => ({
      file: partner.file,
      span: partner.site.span,
    })),
  };
}
