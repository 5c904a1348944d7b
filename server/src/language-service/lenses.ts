/** A line above each barrier. Every barrier has one from the first answer on, so that the text does not jump. */

import type { Place, Span } from '../text/span.ts';
import type { Settings } from './config.ts';
import { explain } from './explanation.ts';
import type { FileMoment } from './moment.ts';
import { lensTitle } from './render.ts';
import { isNoteworthy } from './words.ts';

export interface Lens {
  /** The barrier. */
  readonly span: Span;
  readonly title: string;
  /** Where the partners stand, best first. */
  readonly targets: readonly Place[];
}

/** The lenses of a file in text order. */
export function lenses(moment: FileMoment, settings: Settings['codeLens']): readonly Lens[] {
  return moment.facts.sites
    .filter((site) => isNoteworthy(site) && (site.explicit || settings.implied))
    .map((site) => {
      const explanation = explain(moment, { file: moment.file, site });
      return {
        span: site.span,
        title: lensTitle(explanation),
        targets: explanation.partners.map(({ partner }) => ({
          file: partner.file,
          span: partner.site.span,
        })),
      };
    });
}
