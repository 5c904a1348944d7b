/** Of which pairings a patch can change the answer: all others are not asked about for it. */

import type { Tree } from '../language-service/tree.ts';
import type { PlacedSite } from '../pairing/pairing.ts';

/** Whether a side of a pairing is one whose answer can be another. */
export type Concerned = (side: PlacedSite) => boolean;

/** So many calls a proof follows into functions, and so many it looks for locks in who calls them. */
const DOWN = 4;
const UP = 2;

/** The sides in the files at `paths` and in those that include one of them, before the patch or after it, their partners there
 *  (which may look for others now), and what calls a function of these files or is called by one. */
export function concernedBy(
  paths: Iterable<string>,
  trees: readonly Tree[],
  includes: (file: string, header: string) => boolean,
): Concerned {
  const touched = new Set(paths);
  const headers = [...touched].filter((path) => path.endsWith('.h'));
  const files = new Set(touched);
  const names = new Set<string>();
  for (const tree of trees) {
    if (headers.length > 0)
      for (const file of tree.files.keys())
        if (headers.some((header) => includes(file, header))) files.add(file);
    for (const name of partnersOf(tree, files)) names.add(name);
    const own = [...touched].flatMap((file) => tree.facts(file)?.functions ?? []);
    const start = own.map(({ name }) => name);
    for (const name of reached(start, callersIn(tree), DOWN)) names.add(name);
    const calls = (name: string) => tree.functions(name).flatMap(({ fact }) => fact.calls);
    for (const name of reached(start, calls, UP)) names.add(name);
  }
  return ({ file, site }) => files.has(file) || names.has(site.function);
}

/** The functions with which sites of the files have pairings. */
function partnersOf(tree: Tree, files: ReadonlySet<string>): readonly string[] {
  return [...files].flatMap((file) =>
    (tree.facts(file)?.sites ?? []).flatMap(({ id }) =>
      tree.partnerships(file, id).map(({ partner }) => partner.site.function),
    ),
  );
}

function callersIn({ files }: Tree): (name: string) => readonly string[] {
  const callers = new Map<string, string[]>();
  for (const { functions } of files.values())
    for (const { name, calls } of functions)
      for (const called of calls) {
        const known = callers.get(called);
        if (known === undefined) callers.set(called, [name]);
        else known.push(name);
      }
  return (name) => callers.get(name) ?? [];
}

/** The names that so many steps lead to, without the first. */
function reached(
  start: readonly string[],
  next: (name: string) => readonly string[],
  steps: number,
): ReadonlySet<string> {
  const seen = new Set(start);
  let edge = start;
  for (let step = 0; step < steps; step++) {
    const found = new Set(edge.flatMap(next));
    edge = [...found].filter((name) => !seen.has(name));
    for (const name of edge) seen.add(name);
  }
  return seen;
}
