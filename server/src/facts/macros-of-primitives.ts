/** Function-like macros in whose bodies a primitive is used (a barrier, a marked access, an atomic operation, a lock): what they do is
 *  read at their uses. */

import { accessors, designators } from '../kernel/accessors.ts';
import { primitive } from '../kernel/primitives.ts';
import type { MacroDefinition } from '../syntax/ast.ts';
import { type Macro, macroOf } from '../syntax/macro-token.ts';
import { grouped } from './grouped.ts';

/** Of `definitions` those that use a primitive, themselves or by another one, by name; not one of which there are several, nor what
 *  the tables of the kernel know. */
export function macrosOfPrimitives(
  definitions: readonly MacroDefinition[],
): ReadonlyMap<string, Macro> {
  const found = new Map<string, Macro>();
  const isOwn = ({ name, parameters }: MacroDefinition) =>
    parameters !== undefined &&
    primitive(name) === undefined &&
    !accessors.has(name) &&
    !designators.has(name);
  const single = [...grouped(definitions.filter(isOwn), ({ name }) => [name]).values()].flatMap(
    (all) => (all.length === 1 ? all : []),
  );
  const uses = ({ body }: MacroDefinition, isMeant: (word: string) => boolean) =>
    (body.match(/[a-zA-Z_]\w*/g) ?? []).some(isMeant);
  let more = single.filter((each) => uses(each, (word) => primitive(word) !== undefined));
  while (more.length > 0) {
    for (const { name, parameters, body } of more) found.set(name, macroOf(name, parameters, body));
    more = single.filter((each) => !found.has(each.name) && uses(each, (word) => found.has(word)));
  }
  return found;
}
