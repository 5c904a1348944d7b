/** The sites of a file by where they stand, found once for all questions about it. */

import type { FileFacts, Site } from './file-facts.ts';
import { grouped } from './grouped.ts';

interface Index {
  readonly byFunction: ReadonlyMap<string, readonly Site[]>;
  readonly byStart: ReadonlyMap<number, readonly Site[]>;
}

const known = new WeakMap<readonly Site[], Index>();
const NONE: readonly Site[] = [];

/** The sites in the functions of that name, in text order. */
export function sitesOfFunction(facts: FileFacts | undefined, name: string): readonly Site[] {
  return (facts && indexOf(facts).byFunction.get(name)) ?? NONE;
}

/** The sites whose span begins at an offset. */
export function sitesStartingAt(facts: FileFacts | undefined, start: number): readonly Site[] {
  return (facts && indexOf(facts).byStart.get(start)) ?? NONE;
}

function indexOf({ sites }: FileFacts): Index {
  const found = known.get(sites) ?? {
    byFunction: grouped(sites, (site) => [site.function]),
    byStart: grouped(sites, (site) => [site.span.start]),
  };
  known.set(sites, found);
  return found;
}
