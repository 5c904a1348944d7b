/** The sites of a file by where they stand and what they are, found once for all questions about it. */

import type { Category } from '../kernel/primitive.ts';
import type { FileFacts, FunctionFact, Site } from './file-facts.ts';
import { grouped } from './grouped.ts';

interface Index {
  readonly byFunction: ReadonlyMap<string, readonly Site[]>;
  readonly byStart: ReadonlyMap<number, readonly Site[]>;
  readonly byCategory: ReadonlyMap<Category, readonly Site[]>;
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

/** The sites of a category, in text order. */
export function sitesOfCategory(facts: FileFacts | undefined, category: Category): readonly Site[] {
  return (facts && indexOf(facts).byCategory.get(category)) ?? NONE;
}

/** The functions with sites of a category, in text order. */
export function functionsWith(facts: FileFacts, category: Category): readonly FunctionFact[] {
  const names = new Set(sitesOfCategory(facts, category).map((site) => site.function));
  return names.size === 0 ? [] : facts.functions.filter(({ name }) => names.has(name));
}

function indexOf({ sites }: FileFacts): Index {
  const found = known.get(sites) ?? {
    byFunction: grouped(sites, (site) => [site.function]),
    byStart: grouped(sites, (site) => [site.span.start]),
    byCategory: grouped(sites, ({ category }) => [category]),
  };
  known.set(sites, found);
  return found;
}
