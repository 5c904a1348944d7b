/**
 * Text from files as it is shown on a terminal or in a line of a report: characters that would do something
 * there (control characters, and those that turn the direction of what follows) are told by their numbers. Of what a message
 * repeats the beginning is enough.
 */

const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const UNPRINTABLE_IN_LINES =
  /\r(?!\n)|[^\P{Cc}\n\t\r]|[\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A number or name of more letters than a file's name can have. */
const LONGEST = 255;
const WORD = /[\p{L}\p{N}_$]+/gu;
const SHOWN = 40;

/** A message, which may repeat what a file says, without the rest of words that nobody reads. */
export function bounded(message: string): string {
  if (message.length <= LONGEST) return message;
  return message.replace(WORD, (word) =>
    word.length <= LONGEST ? word : `${word.slice(0, SHOWN)}... (${word.length} characters)`,
  );
}

/** One name or one line: `a\u000ab.c`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same for a text of many lines, whose line ends and tabs are its own. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_IN_LINES, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
