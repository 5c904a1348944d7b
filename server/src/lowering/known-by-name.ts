/** The names of the kernel of which the tables say what they are, so that nobody needs a header for them. */

import { leftOut } from '../kernel/left-out.ts';
import { primitive } from '../kernel/primitives.ts';
import { counterType, kernelType } from './kernel-types.ts';

/** Whether a table has the name: of types, of what orders, or of calls that are left out. */
export function isKnownByName(name: string): boolean {
  const type = kernelType(name) ?? counterType(name);
  return type !== undefined || primitive(name) !== undefined || leftOut.has(name);
}
