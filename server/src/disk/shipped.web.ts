/** In a browser: the files that are shipped with the program, as the client hands them over before anything else. */

import type * as Node from './shipped.ts';

/** What the client hands over. */
export interface Shipped {
  /** The C grammar. */
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
  /** The texts of all other files, by their names with `/` between folders. */
  readonly texts: Readonly<Record<string, string>>;
}

let shipped: Shipped | undefined;
const texts = new Map<string, string>();

/** Where they seem to be. */
const ROOT = '/barrierlens';

/** Takes what was shipped; nothing is found before. */
export function receive(files: Shipped): void {
  shipped = files;
  for (const [name, text] of Object.entries(files.texts)) texts.set(`${ROOT}/${name}`, text);
}

/** The text of one, by its path. */
export function shippedText(path: string): string | undefined {
  return texts.get(path);
}

export const shippedPath: typeof Node.shippedPath = (name) => {
  const path = `${ROOT}/${name}`;
  return texts.has(path) || filesBelow(path).length > 0 ? path : undefined;
};

export const filesBelow: typeof Node.filesBelow = (folder) =>
  [...texts.keys()].filter((path) => path.startsWith(`${folder}/`));

export const grammarFiles: typeof Node.grammarFiles = () => {
  if (shipped === undefined) throw new Error('the C grammar was not handed over');
  return shipped;
};
