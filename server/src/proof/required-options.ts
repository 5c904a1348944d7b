/** The options of the kernel without which the code that is asked about is not there. */

import { optionsAround } from '../lowering/configuration.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { Protocol } from './protocol.ts';

/** The options without which what is asked about is not there. */
export function requiredBy(
  places: Protocol['places'],
  texts: readonly SourceText[],
): ReadonlySet<string> {
  const around = places.flatMap(({ file, span }) => {
    const source = texts.find((text) => text.file === file);
    return source === undefined ? [] : optionsAround(source.parsed.conditionals, span);
  });
  return new Set(around);
}

/** The options without which a variable or a member is declared nowhere. */
export function declaredUnder(field: string, texts: readonly SourceText[]): readonly string[] {
  const [name = '', ...path] = field.split('.');
  const member = path[0]?.replace(/^\*/, '');
  // A text is only parsed where it has the names.
  const declared = texts
    .filter(({ text }) => text.includes(name) && (member === undefined || text.includes(member)))
    .flatMap(({ parsed }) => {
      const spans =
        member === undefined
          ? parsed.globals.filter((global) => global.name === name).map(({ nameSpan }) => nameSpan)
          : parsed.structs
              .filter((struct) => struct.name.replace(/^(?:struct|union) /, '') === name)
              .flatMap(({ fields }) => fields.filter((each) => each.name === member))
              .map(({ span }) => span);
      return spans.map((span) => optionsAround(parsed.conditionals, span));
    });
  return declared.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
