/** Where scenarios that a command was given may include from. */

import { dirname, parse as pathParts } from 'node:path';
import { isWithin } from '../disk/within.ts';

/** Where scenarios may include from: the folders of those that were named, the tree, and the working directory
 *  where one of them lies below it. */
export function openedFolders(scenarios: readonly string[], root: string): readonly string[] {
  const here = process.cwd();
  const isInside = here !== pathParts(here).root && scenarios.some((file) => isWithin(file, here));
  return [root, ...scenarios.map((file) => dirname(file)), ...(isInside ? [here] : [])];
}
