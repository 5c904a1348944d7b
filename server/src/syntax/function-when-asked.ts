/** A function that is known by its outline at once, and parsed when more of it is asked for. */

import type { Span } from '../text/span.ts';
import type { FunctionDefinition } from './ast.ts';
import type { FunctionOutline } from './rewrite-file.ts';

/** The function of an outline; `read`, which is called once at most, parses it. It must begin and end
 *  where the outline says. */
export function functionWhenAsked(
  { name, nameSpan, span, isStatic, madeBy }: FunctionOutline,
  omitted: readonly Span[],
  read: () => FunctionDefinition,
): FunctionDefinition {
  let known: FunctionDefinition | undefined;
  const whole = (): FunctionDefinition => {
    known ??= read();
    return known;
  };
  return {
    name,
    nameSpan,
    get returns() {
      return whole().returns;
    },
    get parameters() {
      return whole().parameters;
    },
    isStatic,
    get isInline() {
      return whole().isInline;
    },
    ...(madeBy && { madeBy: madeBy.macro }),
    get body() {
      return whole().body;
    },
    span,
    get errors() {
      return whole().errors;
    },
    omitted,
  };
}
