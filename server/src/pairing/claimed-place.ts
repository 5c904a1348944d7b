/** What a claim means that names no function: a place in its own, a label, a file, an operation somewhere. */

import { fitOf, hasCommonField, sameFlag } from './fit.ts';
import { best, fitting, foundAt } from './fitting.ts';
import { folderOf } from './function-index.ts';
import { refOf } from './orient.ts';
import { type Found, MISSING, type Seeker } from './seeker.ts';
import type { Side } from './side.ts';

/** A claim without a function: above or below in the same one, a label, a file, or only an operation. */
export function inPlace(seeker: Seeker): Found {
  const { claim, sides } = seeker;
  if (claim.label !== undefined) return atLabel(claim.label, seeker);
  if (claim.direction !== undefined) return beside(seeker);
  if (claim.file !== undefined) {
    const wanted = claim.file;
    const files = [...sides.files()].filter(
      (file) => file === wanted || file.endsWith(`/${wanted}`),
    );
    const fits = best(
      fitting(
        files.flatMap((file) => sides.inFile(file)),
        seeker,
      ),
    );
    return fits.length > 0 ? foundAt(fits) : MISSING;
  }
  return described(seeker);
}

/** "pairs with smp_wmb() when the mode is set": the operation of that name in the same file, else in its folder, that
 *  meets the same fields or stands at the same flag. */
function described(seeker: Seeker): Found {
  const { from, sides, functions } = seeker;
  const meant = (candidates: readonly Side[]) =>
    best(
      fitting(candidates, seeker).filter(
        ({ isAnswer, isStrong, side }) => isAnswer && (isStrong || sameFlag(from, side)),
      ),
    );
  const here = meant(sides.inFile(from.file));
  if (here.length > 0) return foundAt(here);
  const around = meant(
    functions
      .nearby(from.file, () => true)
      .flatMap(({ file, fact }) => sides.inFunction(file, fact.name)),
  );
  return around.length > 0 ? foundAt(around) : MISSING;
}

/** A label means a site of the same file; of another only if that names the label of this site in turn. */
function atLabel(label: string, seeker: Seeker): Found {
  const { from, sides } = seeker;
  const bearing = sides.labelled(label).filter(({ site }) => site.id !== from.site.id);
  const own = bearing.filter(({ file }) => file === from.file);
  const answering = bearing.filter(
    (bearer) =>
      (isHeaderOf(bearer.file, from.file) || hasCommonField(from, bearer)) &&
      bearer.site.claims.some(
        (claim) => claim.label !== undefined && from.site.labels.includes(claim.label),
      ),
  );
  const bearers = own.length > 0 ? own : answering;
  const isShared = from.site.labels.includes(label);
  const fits = isShared
    ? bearers.flatMap((bearer) => fitOf(from, seeker.claim, bearer) ?? [])
    : best(fitting(bearers, seeker));
  if (fits.length === 0)
    return { ...MISSING, foundIn: { file: from.file, function: from.site.function } };
  return {
    status: 'resolved',
    targets: fits.map(({ side }) => refOf(side)),
    via: `the label ${label}`,
  };
}

/** `percpu-rwsem.h` and `percpu-rwsem.c`, in any folders; or files of one folder. */
function isHeaderOf(a: string, b: string): boolean {
  const stem = (file: string) => file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  return stem(a) === stem(b) || folderOf(a) === folderOf(b);
}

/** "smp_load_acquire() above": the best of that side of the site in its function, the nearest of equals. */
function beside(seeker: Seeker): Found {
  const { from, claim, sides } = seeker;
  const isThere = ({ site }: Side) =>
    claim.direction === 'above'
      ? site.span.end <= from.site.span.start
      : site.span.start >= from.site.span.end;
  const there = sides.inFunction(from.file, from.site.function).filter(isThere);
  const fits = best(fitting(there, seeker));
  const foundIn = { file: from.file, function: from.site.function };
  if (fits.length === 0) return { status: 'function-has-no-barrier', targets: [], foundIn };
  return { ...foundAt(fits), foundIn };
}
