/** What a scenario file defines twice, so that nobody knows which is meant. */

import type { SourceText } from '../lowering/lowering.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import type { WrongName } from './check-c-names.ts';

interface Defined {
  readonly name: string;
  readonly nameSpan?: Span;
  readonly span: Span;
}

/** Functions, macros, structs and constants that the C of one file, whose text is `whole`, defines a second time. In
 *  alternatives of an `#if`, and behind an `#undef`, they may stand twice. */
export function definedTwice(texts: readonly SourceText[], whole: string): readonly WrongName[] {
  const files = texts.flatMap(({ parsed }) =>
    parsed.conditionals.length + parsed.undefinedMacros.length > 0 ? [] : parsed,
  );
  const lines = new LineIndex(whole);
  return [
    files.flatMap(({ functions, macros }): readonly Defined[] => [...functions, ...macros]),
    files.flatMap(({ structs }) => structs.filter(({ fields }) => fields.length > 0)),
    files.flatMap(({ enumerators }) => enumerators),
  ].flatMap((items) => twiceIn(items, lines));
}

function twiceIn(items: readonly Defined[], lines: LineIndex): readonly WrongName[] {
  const first = new Map<string, Span>();
  const inOrder = [...items].sort((one, other) => one.span.start - other.span.start);
  return inOrder.flatMap(({ name, nameSpan, span }) => {
    const before = first.get(name);
    const place = nameSpan ?? span;
    if (before === undefined) {
      first.set(name, place);
      return [];
    }
    const line = lines.position(before.start).line + 1;
    return [{ message: `${name} is defined twice, first in line ${line}`, span: place }];
  });
}
