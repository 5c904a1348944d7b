/** The names that a scenario may use of the files that were read. */

import type { Tree } from './tree.ts';

export interface NamesAround {
  readonly functions: ReadonlySet<string>;
  readonly structs: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

const found = new WeakMap<Tree, NamesAround>();

/** Functions, and the fields that they access with their structs; found once for each tree. */
export function namesAround(tree: Tree): NamesAround {
  const names = found.get(tree) ?? namesIn(tree);
  found.set(tree, names);
  return names;
}

function namesIn({ files }: Tree): NamesAround {
  const [functions, structs, fields] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const facts of files.values())
    for (const { name, accesses } of facts.functions) {
      functions.add(name);
      for (const { field } of accesses)
        if (field.struct !== undefined && /^\w/.test(field.struct)) {
          structs.add(field.struct);
          fields.add(field.name);
        }
    }
  return { functions, structs, fields };
}
