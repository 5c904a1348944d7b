/** What is asked of every claim: who makes it, and where its partner can be looked for. */

import type { Claim } from '../claims/claim.ts';
import { type FunctionIndex, folderOf, isVisible, type PlacedFunction } from './function-index.ts';
import type { ResolvedClaim } from './pairing.ts';
import type { Side } from './side.ts';

/** The sides of the files at hand. */
export interface Sides {
  readonly inFile: (file: string) => readonly Side[];
  readonly inFunction: (file: string, name: string) => readonly Side[];
  /** Sites of any file whose comment gives them that label. */
  readonly labelled: (label: string) => readonly Side[];
  readonly files: () => Iterable<string>;
}

/** A claim with the site that makes it. */
export interface Seeker {
  readonly from: Side;
  readonly claim: Claim;
  readonly functions: FunctionIndex;
  readonly sides: Sides;
}

/** What a claim points to. */
export type Found = Omit<ResolvedClaim, 'from' | 'claim'>;

/** No function or place of the name. */
export const MISSING: Found = { status: 'function-missing', targets: [] };

/** Functions that a comment of the folder can mean without more said: those it could call, and statics. */
export function isNear(placed: PlacedFunction, { file }: Side): boolean {
  return isVisible(placed, file) || folderOf(placed.file) === folderOf(file);
}
