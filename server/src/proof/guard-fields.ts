/** What else a reader looks at first: a third field, by which the writer says that it is done with the two in question. */

import { fieldName } from '../facts/file-facts.ts';
import { accessesOf, type FunctionsOf, type Step } from '../pairing/met-orders.ts';
import type { Protocol, Root } from './protocol.ts';

/** A field that may keep the reader from the outcome. */
export interface GuardField {
  readonly field: string;
  /** Whether the writer looks at it, too, before it stores anything. */
  readonly isAskedByWriter: boolean;
}

/** Of one question so many are tried. */
const MOST = 2;

/** The fields that the writer stores behind what it lets the reader see last, and that the reader decides by before it looks at that:
 *  where it does so only once they are stored, they may be what orders the two. */
export function guardFields(
  { order: { shape, accesses, kinds }, roots }: Pick<Protocol, 'order' | 'roots'>,
  sources: FunctionsOf,
): readonly GuardField[] {
  const writer = kinds.findIndex((kind) => kind.every((each) => each === 'write'));
  const reader = kinds.findIndex((kind) => kind.every((each) => each === 'read'));
  if (shape !== 'MP' || writer < 0 || reader < 0) return [];
  const flag = fieldName(accesses[writer]![1].field);
  const both = new Set(accesses.flat().map(({ field }) => fieldName(field)));
  const stores = stepsOf(roots[writer]!, sources);
  const at = stores.findIndex((step) => step.made.effect !== 'read' && nameOf(step) === flag);
  const looks = stepsOf(roots[reader]!, sources);
  const look = looks.findIndex((step) => step.made.effect !== 'write' && nameOf(step) === flag);
  if (at < 0 || look < 0) return [];
  const asked = decidingIn(stores.slice(0, at));
  const looked = decidingIn(looks.slice(0, look));
  const behind = stores.slice(at + 1).filter(({ made }) => made.effect !== 'read');
  return [...new Set(behind.map(nameOf))]
    .filter((name) => !both.has(name) && looked.has(name))
    .slice(0, MOST)
    .map((field) => ({ field, isAskedByWriter: asked.has(field) }));
}

/** The accesses of a function and of what it calls. */
function stepsOf({ file, function: name }: Root, sources: FunctionsOf): readonly Step[] {
  const of = sources.functions(name).find((each) => each.file === file);
  const steps = of === undefined ? [] : accessesOf(of, sources);
  return steps.filter(({ made: { field } }) => field.struct !== '?');
}

function nameOf({ made: { field } }: Step): string {
  return fieldName(field);
}

/** What is read to decide something. */
function decidingIn(steps: readonly Step[]): ReadonlySet<string> {
  const reads = steps.filter(({ made, isTested }) => made.effect !== 'write' && isTested);
  return new Set(reads.map(nameOf));
}
