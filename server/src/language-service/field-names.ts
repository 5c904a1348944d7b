/** Fields by the names that the code at hand gives them. */

import { shownField } from '../facts/file-facts.ts';
import type { PlacedAccess } from '../pairing/pairing.ts';
import type { Moment } from './moment.ts';

/** Longer expressions are no names. */
const LONGEST = 32;

/** `func->transition` as the line has it, where the access stands there in few words; else struct and field. */
export function nameInCode({ textOf }: Pick<Moment, 'textOf'>, access: PlacedAccess): string {
  const { field, file, span, via, caller } = access;
  const isHere = via.length === 0 && caller === undefined;
  const written = isHere ? (textOf(file)?.slice(span.start, span.end) ?? '') : '';
  return expressionOf(field.name, written) ?? shownField(field);
}

/** The first expression of `written` that ends in the name: `b->data` of `WRITE_ONCE(b->data, 1)`. */
function expressionOf(name: string, written: string): string | undefined {
  const end = endOfWord(name, written);
  if (end === undefined) return undefined;
  let start = end - name.length;
  while (start > 0 && /[\w.>[\]-]/.test(written[start - 1]!)) start--;
  const found = written.slice(start, end);
  return found.length <= LONGEST && /^\w/.test(found) ? found : undefined;
}

function endOfWord(word: string, text: string): number | undefined {
  const isLetter = (character: string | undefined) =>
    character !== undefined && /\w/.test(character);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return at + word.length;
  return undefined;
}
