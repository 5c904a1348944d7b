/** Accesses to other bits of a word than the one that an order is about: they tell nothing of that bit. */

import { type Access, fieldName } from '../facts/file-facts.ts';
import type { PlacedAccess } from '../pairing/pairing.ts';
import type { LocationName, Origin } from '../program/program.ts';
import type { AskedProgram, CycleLeg } from './cycle-outcome.ts';
import { accessesIn, originsAt } from './guarded-legs.ts';

/** The leg without accesses that the code makes to other bits than its own two are to; `named` are those of the code that name a
 *  bit. The same leg where there are none. */
export function withoutOtherBits(
  leg: CycleLeg,
  [first, last]: readonly [Access, Access],
  { programs }: Pick<AskedProgram, 'programs'>,
  named: readonly PlacedAccess[],
): CycleLeg {
  const own = (
    { field, bit }: Access,
    places: ReadonlySet<LocationName>,
    at: ReadonlySet<Origin> | undefined,
  ) => {
    const others = named.filter(
      (other) => other.bit !== bit && fieldName(other.field) === fieldName(field),
    );
    if (bit === undefined || others.length === 0) return at;
    const isOther = (origin: Origin) =>
      others.some(
        ({ file, span }) =>
          origin.file === file && origin.span.start < span.end && span.start < origin.span.end,
      );
    const made = programs.flatMap(({ threads }) => accessesIn(threads[leg.thread]!.body));
    const all = originsAt(made, places, at);
    const meant = all.filter((origin) => !isOther(origin));
    return meant.length === all.length ? at : new Set(meant);
  };
  const firstAt = own(first, leg.first, leg.firstAt);
  const lastAt = own(last, leg.last, leg.lastAt);
  if (firstAt === leg.firstAt && lastAt === leg.lastAt) return leg;
  return { ...leg, ...(firstAt && { firstAt }), ...(lastAt && { lastAt }) };
}
