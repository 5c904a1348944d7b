/** Characters of comments, and runs of them. */

/** A letter, a digit or an underscore. */
export function isWordChar(char: string | undefined): boolean {
  return char !== undefined && WORD_CHARS.has(char);
}

export function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

/** What an identifier of C can begin with. */
export function isNameStart(char: string | undefined): boolean {
  return isWordChar(char) && !isDigit(char);
}

export function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f';
}

/** Where the word ends that begins at `from`; `from` where none does. */
export function wordEnd(text: string, from: number): number {
  let at = from;
  while (isWordChar(text[at])) at++;
  return at;
}

const WORD_CHARS: ReadonlySet<string> = new Set(
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_',
);
