/** Brings what was found for a program to where its statements stand now: in a program with the same
 *  statements in the same order, but for lost fences, lowered again after an edit. */

import type { Origin, Program } from '../program/program.ts';
import { matchPrograms } from './program-match.ts';

/** From the origins of one program to those of another; undefined for what is not there any more. */
export type Retrace = (origin: Origin) => Origin | undefined;

/** `from` and `to` must match. */
export function retrace(from: Program, to: Program): Retrace {
  if (from === to) return (origin) => origin;
  const places = matchPrograms([[from]], [[to]])?.origins;
  return (origin) => places?.get(origin);
}
