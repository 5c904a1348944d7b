/** Who pairs with whom across files: claimed by comments, inferred from fields, with the reasons. */

import type { Claim } from '../claims/claim.ts';
import type { Access, Field, Site } from '../facts/file-facts.ts';
import type { Place } from '../text/span.ts';

/** A site of the tree: the file and the site's id in that file's facts. */
export interface SiteRef {
  readonly file: string;
  readonly id: string;
}

export type PairingSource = 'claimed' | 'inferred';

/** The shape in which two sides meet, by its litmus name. */
export type Shape = 'MP' | 'SB' | 'LB' | 'S' | 'R' | '2+2W';

/** An access with the file of its span: the file of its side. */
export interface PlacedAccess extends Access {
  readonly file: string;
}

/** Two functions that are only right with an order, by what they do, and of which one or both have no barrier for it:
 *  - `one-sided`: one has it, and the other one meets what it orders;
 *  - `misplaced`: the same, and the other one meets the two the wrong way round;
 *  - `store-buffering`: each stores what the other one looks at afterwards;
 *  - `publication`: one stores a pointer that the other one follows;
 *  - `hand-made-lock`: one gives back what the other one takes like a lock. */
export type Idiom =
  | 'one-sided'
  | 'misplaced'
  | 'store-buffering'
  | 'publication'
  | 'hand-made-lock';

/** One ordered pair of fields on which both sides agree: what the pair is about. */
export interface SharedOrder {
  readonly shape: Shape;
  /** As the first side orders them; the second side meets them in the opposite order. */
  readonly first: Field;
  readonly second: Field;
  /** The accesses, in program order of each side: of the first side to `first`, then to `second`; of
   *  the second side to `second`, then to `first`. */
  readonly accesses: readonly [
    readonly [PlacedAccess, PlacedAccess],
    readonly [PlacedAccess, PlacedAccess],
  ];
  /** As what each of them takes part: an access that does both is one or the other. */
  readonly kinds: readonly [readonly [AccessKind, AccessKind], readonly [AccessKind, AccessKind]];
  /** Where a side makes its two accesses the wrong way round, so that no order helps. */
  readonly misplaced?: Misplaced;
  /** Only counts where what the reader reads first decides whether it makes its second read. */
  readonly isDecided?: true;
  /** The second field is a flag or a count that says that the first one is there, not a pointer that leads to it. */
  readonly isFlag?: true;
  /** The reader's first access takes the second field like a lock: of what it returns only the outcome counts. */
  readonly isTaken?: true;
  /** The second function runs once the first one has called something that starts it; what it reads first is whether it was. */
  readonly start?: Started;
}

/** A call that starts a function, by a release that the function begins with an acquire of. */
export interface Started {
  readonly by: string;
  readonly runs: string;
}

/** The variable that stands for whether a function was started. */
export function startedField(runs: string): string {
  return `${runs}_started`;
}

export type AccessKind = 'read' | 'write';

/** What stands on the wrong side of the field that announces it: a store behind that of the announcement, or a read before
 *  that of the announcement, whose value is used behind it; or a read behind that of a counter, of which nobody looks
 *  whether it is still the same; or a second read of the announcement, which orders nothing, and whose value is used; or a read
 *  behind the announcement that the object is free again, which the next one fills. */
export type Misplaced =
  | 'late-store'
  | 'early-read'
  | 'unchecked-read'
  | 'second-read'
  | 'late-read';

export interface Pairing {
  /** The two sides; the claiming or writing side first. */
  readonly sites: readonly [SiteRef, SiteRef];
  /** Of two functions that stand for sites in them: why they are looked at. */
  readonly idiom?: Idiom;
  readonly sources: readonly PairingSource[];
  /** The likeliest first. */
  readonly orders: readonly SharedOrder[];
  /** 0 to 1: how sure we are that these two belong together. */
  readonly score: number;
  /** In sentences, strongest first. */
  readonly reasons: readonly string[];
}

/** What became of one claim:
 *  - `resolved`: `targets` are the partners (several where the comment means several);
 *  - `function-missing`: no function of that name (or site of that label) can be meant from where the
 *    comment stands;
 *  - `function-has-no-barrier`: the function is there and nothing in it can be the other side;
 *  - `ordered-otherwise`: the function is there without a barrier, but a lock or a call in it is what the
 *    comment means, or it is a macro, which is not looked into; `targets` are its sites, if it has any;
 *  - `ambiguous`: several sites fit equally and the comment can only mean one;
 *  - `not-point-to-point`: the partner is a generic function that everybody pairs with. */
export type ClaimStatus =
  | 'resolved'
  | 'function-missing'
  | 'function-has-no-barrier'
  | 'ordered-otherwise'
  | 'ambiguous'
  | 'not-point-to-point';

export interface ResolvedClaim {
  readonly from: SiteRef;
  readonly claim: Claim;
  readonly status: ClaimStatus;
  readonly targets: readonly SiteRef[];
  /** The function found, where one was. */
  readonly foundIn?: { readonly file: string; readonly function: string };
  /** The call that orders, where that is no site. */
  readonly at?: Place;
  /** How it was found, in a few words ("named primitive", "in its callee __f()"). */
  readonly via?: string;
}

/** The pairing of a set of files. */
export interface PairingResult {
  readonly pairings: readonly Pairing[];
  readonly claims: readonly ResolvedClaim[];
  /** By file and id: every site, with what its paths access in functions of other files. */
  readonly completed: ReadonlyMap<string, ReadonlyMap<string, Site>>;
}

/** A site with the file it stands in. */
export interface PlacedSite {
  readonly file: string;
  readonly site: Site;
}

/** A pairing seen from one of its sides. */
export interface Partnership {
  readonly pairing: Pairing;
  /** Which of the pairing's sites is the side it is seen from. */
  readonly side: 0 | 1;
  readonly partner: PlacedSite;
}
