/** Who pairs with whom across files: claimed by comments, inferred from fields, with the reasons. */

import type { Claim, Field, Site } from '../facts/file-facts.ts';

/** A site of the tree: the file and the site's id in that file's facts. */
export interface SiteRef {
  readonly file: string;
  readonly id: string;
}

export type PairingSource = 'claimed' | 'inferred';

/** The shape in which two sides meet, by its litmus name. */
export type Shape = 'MP' | 'SB' | 'LB' | 'S' | 'R' | '2+2W';

/** One ordered pair of fields on which both sides agree: what the pair is about. */
export interface SharedOrder {
  readonly shape: Shape;
  /** As the first side orders them; the second side meets them in the opposite order. */
  readonly first: Field;
  readonly second: Field;
}

export interface Pairing {
  /** The two sides; the claiming or writing side first. */
  readonly sites: readonly [SiteRef, SiteRef];
  readonly sources: readonly PairingSource[];
  readonly orders: readonly SharedOrder[];
  /** 0 to 1: how sure we are that these two belong together. */
  readonly score: number;
  /** In sentences, strongest first. */
  readonly reasons: readonly string[];
}

/** What became of one claim. */
export interface ResolvedClaim {
  readonly from: SiteRef;
  readonly claim: Claim;
  readonly status:
    | 'resolved'
    | 'function-missing'
    | 'function-has-no-barrier'
    | 'ambiguous'
    | 'not-point-to-point';
  readonly targets: readonly SiteRef[];
  /** The function found, where one was. */
  readonly foundIn?: { readonly file: string; readonly function: string };
}

/** The pairing of a set of files. */
export interface PairingResult {
  readonly pairings: readonly Pairing[];
  readonly claims: readonly ResolvedClaim[];
}

/** A site with the file it stands in. */
export interface PlacedSite {
  readonly file: string;
  readonly site: Site;
}
