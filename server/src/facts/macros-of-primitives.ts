/** Function-like macros in whose bodies a primitive is used (a barrier, a marked access, an atomic operation, a lock): what they do is
 *  read at their uses. */

import { accessors, designators } from '../kernel/accessors.ts';
import { primitive } from '../kernel/primitives.ts';
import type { MacroDefinition } from '../syntax/ast.ts';
import { lineTokens, type Macro, macroOf } from '../syntax/macro-token.ts';
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

/** Of the macros of a header the function-like ones that are but a name for a call of a primitive, and nothing else elsewhere in it. */
export function callsOfPrimitives(
  definitions: readonly MacroDefinition[],
): readonly MacroDefinition[] {
  const byName = grouped(definitions, ({ name }) => [name]);
  return definitions.filter(
    (each) => byName.get(each.name)!.length === 1 && isCallOfPrimitive(each),
  );
}

/** Whether all that a macro stands for is a call of a primitive: `set_bit(CON_FLAG, &(con)->flags)`, in parentheses or not. */
function isCallOfPrimitive({ parameters, body }: MacroDefinition): boolean {
  const call = CALL.exec(body);
  if (parameters === undefined || call === null || primitive(call[2]!) === undefined) return false;
  const tokens = lineTokens(body);
  const outer = call[1]!.match(/\(/g)?.length ?? 0;
  let depth = 0;
  const closing = tokens.findIndex(({ text }, index) => {
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    return index > outer && depth === outer;
  });
  return tokens.slice(closing + 1).every(({ text }) => text === ')');
}

const CALL = /^([\s(]*)([a-zA-Z_]\w*)\s*\(/;
