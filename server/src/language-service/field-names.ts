/** Fields by the names that the code at hand gives them. */

import { type Field, shownField } from '../facts/file-facts.ts';
import type { PlacedAccess } from '../pairing/pairing.ts';
import { wordIn } from '../text/word-in.ts';
import type { Moment } from './moment.ts';

/** Longer expressions are no names, unless struct and field are as long. */
const LONGEST = 32;

/** `func->transition` as the line has it, where the access stands there in few words; else struct and field. */
export function nameInCode({ textOf }: Pick<Moment, 'textOf'>, access: PlacedAccess): string {
  const { field, file, span, via, caller } = access;
  const isHere = via.length === 0 && caller === undefined;
  const written = isHere ? (textOf(file)?.slice(span.start, span.end) ?? '') : '';
  const shown = shownField(field);
  const found = expressionOf(field.name, written);
  return found === undefined || found.length > Math.max(LONGEST, shown.length) ? shown : found;
}

/** What fields are called in one answer: each by one name, in lines and in sentences. */
export interface FieldNames {
  readonly of: (access: PlacedAccess) => string;
  /** A sentence that names struct and field, as those of proofs do, in the same names. */
  readonly within: (sentence: string) => string;
}

/** The names that `accesses` give. Where a function has several names for one field, it is that of several objects, and each access
 *  keeps its own, a sentence that of the access which was `asked` about; what is accessed elsewhere, too, is called as in the function. */
export function fieldNames(
  moment: Pick<Moment, 'textOf'>,
  accesses: readonly PlacedAccess[],
  asked: readonly PlacedAccess[] = [],
): FieldNames {
  const written = new Map<string, Set<string>>();
  for (const access of accesses) {
    const [field, name] = [shownField(access.field), nameInCode(moment, access)];
    if (name !== field) written.set(field, (written.get(field) ?? new Set()).add(name));
  }
  const only = (field: Field) => {
    const names = written.get(shownField(field));
    return names?.size === 1 ? [...names][0] : undefined;
  };
  const fields = new Map(
    accesses.flatMap(({ field }) =>
      field.struct === undefined ? [] : [[shownField(field), field] as const],
    ),
  );
  const told = (field: Field) => {
    const access = asked.find((each) => shownField(each.field) === shownField(field));
    return only(field) ?? (access && nameInCode(moment, access));
  };
  return {
    of: (access) => only(access.field) ?? nameInCode(moment, access),
    within: (sentence) =>
      [...fields].reduce((text, [shown, field]) => renamed(text, shown, told(field)), sentence),
  };
}

/** `text` with a name in place of the word, wherever it stands. */
function renamed(text: string, word: string, name: string | undefined): string {
  if (name === undefined) return text;
  const end = wordIn(text, word)?.end;
  if (end === undefined) return text;
  return text.slice(0, end - word.length) + name + renamed(text.slice(end), word, name);
}

/** The first expression of `written` that ends in the name: `b->data` of `WRITE_ONCE((b)->data, 1)`; behind a call the members
 *  alone, where they are several. */
function expressionOf(name: string, written: string): string | undefined {
  const plain = written.replace(/(?<!\w)\((\w+)\)(?=->|\.)/g, '$1');
  const end = wordIn(plain, name)?.end;
  if (end === undefined) return undefined;
  let start = end - name.length;
  while (start > 0 && /[\w.>[\]-]/.test(plain[start - 1]!)) start--;
  const found = plain.slice(start, end);
  return /^\w/.test(found) ? found : /^->(\w+\.[\w.]+)$/.exec(found)?.[1];
}
