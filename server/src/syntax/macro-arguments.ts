/** Takes the arguments of a macro's use from the tokens that follow its name. */

import type { Macro, MacroToken } from './macro-token.ts';

/** The tokens still to be read, the next one last. */
export type TokenQueue = MacroToken[];

export type Argument = readonly MacroToken[];

/** The arguments of a use, and every token that was taken for them. */
export interface Arguments {
  readonly arguments: readonly Argument[];
  readonly taken: readonly MacroToken[];
  readonly close: MacroToken;
}

/** The arguments in the parentheses that the next token opens, taken off the queue; undefined, with
 *  nothing taken, where they are not closed. */
export function argumentsOf(queue: TokenQueue, macro: Macro): Arguments | undefined {
  const { parameters = [], isVariadic } = macro;
  const most = isVariadic ? parameters.length : Number.POSITIVE_INFINITY;
  const given: MacroToken[][] = [[]];
  let depth = 0;
  for (let at = queue.length - 1; at >= 0; at--) {
    const token = queue[at]!;
    const { text } = token;
    if (text === ')' && depth === 1) {
      const taken = queue.splice(at).reverse();
      const isEmpty = given.length === 1 && given[0]!.length === 0;
      return { arguments: isEmpty && parameters.length === 0 ? [] : given, taken, close: token };
    }
    if (text === ',' && depth === 1 && given.length < most) given.push([]);
    else if (depth > 0) given.at(-1)!.push(token);
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
  }
  return undefined;
}
