/** Whether comments of barriers in two functions speak of the one as the other's partner: their order is counted on then. */

import type { Tree } from './tree.ts';

/** A function by its name and its file. */
export interface NamedFunction {
  readonly file: string;
  readonly name: string;
}

/** Whether a comment in one of the functions names the other one. */
export function nameEachOther(tree: Tree, one: NamedFunction, other: NamedFunction): boolean {
  const names = (from: NamedFunction, to: NamedFunction): boolean =>
    tree
      .sitesIn(from.file, from.name)
      .some(({ claims }) => claims.some(({ functions }) => functions.includes(to.name)));
  return names(one, other) || names(other, one);
}
