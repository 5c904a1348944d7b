/** Whether the macros of a scenario name what there is. What they are made of is C only where they are used, so that names
 *  may also be those of locals, members and types there. */

import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { MacroDefinition } from '../syntax/ast.ts';
import { type WrongName, wrong, wrongNamesInFunction } from './check-c-names.ts';
import type { KnownNames } from './known-names.ts';

const OPENING = 'void macro(void) {';

/** The wrong names in the macros of a text that something uses; `isLocal` says what names stand in code around. */
export function wrongMacros(
  { parsed, file }: SourceText,
  parse: LoweringRequest['parse'],
  names: KnownNames,
  isLocal: (name: string) => boolean,
): readonly WrongName[] {
  return parsed.macros
    .filter(({ name, body }) => body.trim() !== '' && names.isUsed(name, 1))
    .flatMap((macro) => wrongInMacro(macro, file, parse, names, isLocal));
}

function wrongInMacro(
  { name, body, bodyStart, parameters = [], span: whole }: MacroDefinition,
  file: string,
  parse: LoweringRequest['parse'],
  names: KnownNames,
  isLocal: (name: string) => boolean,
): readonly WrongName[] {
  const oneLine = body.replace(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  const [definition] = parse(file, `${OPENING}${oneLine};}`).parsed.functions;
  if (definition === undefined || definition.errors.length > 0) return [];
  const shift = bodyStart - OPENING.length;
  const known = new Set([...parameters, '__VA_ARGS__', ...parameters.map(withoutDots)]);
  const found = wrongNamesInFunction(definition, known, names, { isLocal });
  const parted = parameters.length > 0 ? null : PARTED_PARAMETERS.exec(oneLine);
  if (found.length > 0 && parted !== null) {
    const message = `the macro ${name} takes nothing, as a blank is before its "("`;
    return [wrong(message, `${name}${parted[0]}`, whole)];
  }
  return found.map(({ message, span }) => ({
    message,
    span: { start: span.start + shift, end: span.end + shift },
  }));
}

/** What could be the parameters of a macro, had it some, before what it is made of. */
const PARTED_PARAMETERS = /^\((?:\w+, ?)*\w+\)(?= ?\S)/;

/** `args...` is GNU's name for all further arguments. */
function withoutDots(parameter: string): string {
  return parameter.replace(/\.{3}$/, '').trim();
}
