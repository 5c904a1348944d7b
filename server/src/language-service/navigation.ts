/** From a barrier to its partners, and to all sites of its pairings. */

import type { Place } from '../text/span.ts';
import { explain } from './explanation.ts';
import { siteAt } from './hover.ts';
import type { FileMoment } from './moment.ts';

/** The partners of the site at `offset`, best first; none where there is no site. */
export function definitions(moment: FileMoment, offset: number): readonly Place[] {
  const site = siteAt(moment, offset);
  if (site === undefined) return [];
  return explain(moment, { file: moment.file, site }).partners.map(({ partner }) => ({
    file: partner.file,
    span: partner.site.span,
  }));
}

/** The site at `offset`, its partners and the partners of those: all sites of the pairing. */
export function references(moment: FileMoment, offset: number): readonly Place[] {
  const site = siteAt(moment, offset);
  if (site === undefined) return [];
  const places = new Map<string, Place>();
  const add = (file: string, { id, span }: typeof site) => {
    const known = places.has(`${file}\n${id}`);
    places.set(`${file}\n${id}`, { file, span });
    return !known;
  };
  add(moment.file, site);
  for (const { partner } of explain(moment, { file: moment.file, site }).partners) {
    add(partner.file, partner.site);
    for (const further of explain(moment, partner).partners)
      add(further.partner.file, further.partner.site);
  }
  return [...places.values()];
}
