/** The notices of the packages that the bundles contain, as their licenses ask for. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of packages that files of a build come from: of `node_modules/a/lib/b.js`, `node_modules/a`. */
export function packagesOf(inputs: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const input of inputs) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input) ?? [];
    if (folder !== undefined) found.add(folder);
  }
  return found;
}

/** Of each package its name, version and license text, in the order of the names. A package without the text of a license is an
 *  error: it must not be shipped. */
export function noticesOf(folders: Iterable<string>): string {
  const packages = [...folders].map(noticeOf).sort((a, b) => (a.title < b.title ? -1 : 1));
  const texts = packages.map(({ title, text }) => `${title}\n\n${text.trim()}\n`);
  return `BarrierLens contains these packages.\n\n${[...new Set(texts)].join(`\n${'-'.repeat(72)}\n\n`)}`;
}

function noticeOf(folder: string): { readonly title: string; readonly text: string } {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const file = readdirSync(folder).find((each) => /^licen[cs]e(?:\.|$)/i.test(each));
  if (file === undefined) throw new Error(`${folder} has no license text`);
  return { title: `${name} ${version}`, text: readFileSync(join(folder, file), 'utf8') };
}
