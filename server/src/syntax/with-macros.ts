/** A function with some macros replaced by what they stand for: what they bring stands at their uses. */

import type { FunctionDefinition, SourceFile } from './ast.ts';
import { expandedText, type Placement } from './expanded-text.ts';
import { expandMacros, usesIn } from './macro-expansion.ts';
import { type Macro, writtenTokens } from './macro-token.ts';

/** `definition` of the file with this text, its uses of `macros` replaced, by `parse`; as it was where it uses none, or where what
 *  comes of it cannot be read. */
export function withMacros(
  definition: FunctionDefinition,
  text: string,
  macros: ReadonlyMap<string, Macro>,
  parse: (text: string, place: Placement) => SourceFile,
): FunctionDefinition {
  const { start, end } = definition.span;
  const own = text.slice(start, end);
  if (![...macros.keys()].some((name) => own.includes(name))) return definition;
  const written = writtenTokens(own, start);
  const expansion = expandMacros(written, (name) => macros.get(name));
  if (!expansion.isChanged) return definition;
  const made = expandedText(expansion.tokens, own, start);
  const [found, ...others] = parse(made.text, made.place).functions;
  if (found === undefined || others.length > 0 || found.errors.length > definition.errors.length)
    return definition;
  const { name, nameSpan, span } = definition;
  const { returns, parameters, isStatic, isInline, body, errors, omitted } = found;
  return {
    ...{ name, nameSpan, span, returns, parameters, isStatic, isInline, body, errors, omitted },
    replaced: usesIn(expansion),
  };
}
