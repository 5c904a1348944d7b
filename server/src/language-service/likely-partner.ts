/** Which function a comment may mean whose partner is not where it says: by its name, and by the fields. */

import type { Site } from '../facts/file-facts.ts';
import { isKin } from '../pairing/fit.ts';
import { folderOf } from '../pairing/function-index.ts';
import type { PlacedSite } from '../pairing/pairing.ts';
import { sameness } from '../pairing/shape.ts';
import { isOpposite, roleOf } from '../pairing/side.ts';
import { similarName } from '../text/similar-name.ts';
import { conflicts } from './claimed-function.ts';
import type { Tree } from './tree.ts';
import { canOrder } from './words.ts';

/** The function that was meant by `name`, in the comment of `from`: one nearby of nearly its letters, of the same
 *  words, or the one whose site answers best on the same object; else any of nearly its letters. */
export function likelyPartner(tree: Tree, from: PlacedSite, name: string): string | undefined {
  const near = [...filesNear(tree, from.file)].flatMap((file) => tree.facts(file) ?? []);
  const names = near.flatMap(({ functions }) => functions.map((fact) => fact.name));
  const others = new Set(names.filter((other) => other !== from.site.function));
  return (
    similarName(name, others) ??
    sameWords(tree, from, name) ??
    sameObject(tree, from, name) ??
    similarName(name, tree.functionNames())
  );
}

/** The sites of nearby functions on the object that `from` itself accesses that can be its other side. */
export function answering(tree: Tree, from: PlacedSite): readonly PlacedSite[] {
  const { own } = from.site;
  if (own === undefined) return [];
  return sitesNear(tree, from).filter(
    ({ site }) =>
      site.own !== undefined && sameness(own, site.own) === 1 && conflicts(own, site.own),
  );
}

/** How much of the words of two names has to be the same. */
const ENOUGH = 0.5;

/** The nearby function with an order that shares most words of `name`. */
function sameWords(tree: Tree, from: PlacedSite, name: string): string | undefined {
  const ordering = sitesNear(tree, from).filter(({ site }) => canOrder(site));
  return best(ordering, ({ function: other }) => {
    const shared = sharedWords(name, other);
    return shared < ENOUGH ? 0 : shared;
  });
}

/** The function whose site answers on the object of `from`: one of its kin, or one of more of the words. */
function sameObject(tree: Tree, from: PlacedSite, name: string): string | undefined {
  return best(
    answering(tree, from),
    (site) => 1 + (isKin(from.site, site) ? 1 : 0) + sharedWords(name, site.function),
  );
}

/** The function of the sites that are worth most, if it is one and they are worth anything. */
function best(sites: readonly PlacedSite[], worth: (site: Site) => number): string | undefined {
  const worths = sites.map(({ site }) => ({ name: site.function, worth: worth(site) }));
  const most = Math.max(0, ...worths.map((each) => each.worth));
  const names = new Set(worths.filter((each) => each.worth === most).map((each) => each.name));
  return most > 0 && names.size === 1 ? [...names][0] : undefined;
}

/** Which part of the words of two names both have. */
function sharedWords(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  return shared / (left.size + right.size - shared);
}

function wordsOf(name: string): ReadonlySet<string> {
  return new Set(name.split('_').filter((word) => word !== ''));
}

/** The sites of other functions in the files near `from` that can be its other side. */
function sitesNear(tree: Tree, from: PlacedSite): readonly PlacedSite[] {
  const isOther = (site: Site) =>
    site.function !== from.site.function && isOpposite(roleOf(from.site), roleOf(site));
  return [...filesNear(tree, from.file)].flatMap((file) =>
    (tree.facts(file)?.sites ?? []).filter(isOther).map((site) => ({ file, site })),
  );
}

/** The files of its folder, and those with which it shares a pairing. */
function filesNear(tree: Tree, file: string): ReadonlySet<string> {
  const folder = folderOf(file);
  const beside = [...tree.files.keys()].filter((other) => folderOf(other) === folder);
  return new Set([file, ...beside, ...tree.neighbours(file)]);
}
