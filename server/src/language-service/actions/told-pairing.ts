/** The broken pairings that findings tell of: what a fix has to forbid. */

import type { Idiom, Pairing, PlacedAccess, PlacedSite } from '../../pairing/pairing.ts';
import type { Span } from '../../text/span.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { decisive } from '../verdict.ts';

/** A finding, and the pairing whose execution it shows. */
export interface ToldPairing {
  readonly finding: Diagnostic;
  readonly pairing: Pairing;
}

/** The findings of some codes in a range that tell of a pairing. */
export function toldPairings(
  moment: FileMoment,
  range: Span,
  codes: ReadonlySet<Diagnostic['code']>,
): readonly ToldPairing[] {
  return moment
    .findings(moment.file)
    .filter(
      ({ code, span }) => codes.has(code) && span.start <= range.end && range.start <= span.end,
    )
    .flatMap((finding) => {
      const pairing = pairingOf(moment, finding);
      return pairing === undefined ? [] : [{ finding, pairing }];
    });
}

/** What the findings of a code are about, where those are functions by what they do. */
const IDIOMS: { readonly [Code in Diagnostic['code']]?: Idiom } = {
  'misplaced-access': 'misplaced',
  'missing-full-barrier': 'store-buffering',
  'unordered-publication': 'publication',
  'unordered-unlock': 'hand-made-lock',
  'unpaired-barrier': 'one-sided',
};

/** The broken pairing that a finding tells of: of the functions in which it stands on an access, or of the site that it is
 *  about; else of the functions of that site and of one that its comment names. */
function pairingOf(moment: FileMoment, { code, about, span }: Diagnostic): Pairing | undefined {
  const { tree, file } = moment;
  const broken = tree.everyPairingIn(file).filter((pairing) => {
    const { answer, currency } = moment.verdictOf(pairing) ?? {};
    return answer?.verdict.kind === 'broken' && currency === 'current';
  });
  const isAt = (access: PlacedAccess) =>
    access.file === file && access.span.start === span.start && access.span.end === span.end;
  const met = broken.find(
    (pairing) =>
      pairing.idiom !== undefined &&
      pairing.idiom === IDIOMS[code] &&
      decisive(moment.verdictOf(pairing)!.answer!)?.order.accesses.flat().some(isAt),
  );
  const site = about === undefined ? undefined : tree.site({ file, id: about })?.site;
  if (met !== undefined || site === undefined) return met;
  const named = new Set(site.claims.flatMap(({ functions }) => functions));
  const isOfFunctions = ({ sites }: Pairing) => {
    const placed = sites.map((ref) => tree.site(ref));
    const isOwn = (each: PlacedSite | undefined) =>
      each?.file === file && each.site.function === site.function;
    return placed.some(isOwn) && placed.some((each) => named.has(each?.site.function ?? ''));
  };
  const own = broken.find(({ sites }) =>
    sites.some((each) => each.file === file && each.id === about),
  );
  return own ?? broken.find(isOfFunctions);
}
