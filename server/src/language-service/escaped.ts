/** Text as HTML has it. */

/** `text` with nothing in it that HTML reads, in content and in quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
