/** In a browser: nothing can be read at once but what is shipped, and the scenarios that were come by (client-files.ts). */

import type * as Node from './read-text.ts';
import { shippedText } from './shipped.web.ts';
import { isWithinAny, OUTSIDE } from './within.ts';

export const LARGEST_TEXT: typeof Node.LARGEST_TEXT = 4_000_000;

const remembered = new Map<string, string>();

/** What is read of this file from now on. */
export function remember(path: string, text: string): void {
  remembered.set(path, text);
}

export const readText: typeof Node.readText = (path, _limit, within) => {
  const text = shippedText(path) ?? remembered.get(path);
  if (text === undefined) return { problem: 'no such file or folder' };
  const isOutside = within !== undefined && !isWithinAny(path, within);
  return isOutside ? { problem: OUTSIDE } : { value: text };
};

export const namesIn: typeof Node.namesIn = () => [];

export const readStandardInput: typeof Node.readStandardInput = () => ({
  problem: 'there is none in a browser',
});
