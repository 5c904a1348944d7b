/** How a text is marked up: Markdown for the editor, plain for a terminal; what comes from files is only text in both. */

import { printable } from '../text/printable.ts';

/** The two renderings share every word. */
export interface Markup {
  /** Words that come from files, outside of `code` and `link`. */
  readonly text: (text: string) => string;
  readonly code: (text: string) => string;
  readonly strong: (marked: string) => string;
  readonly item: (marked: string) => string;
  readonly link: (text: string, file: string, line: number) => string;
  readonly paragraph: string;
}

/** Markdown; `href` makes the address of a line, counted from 1. */
export function markdown(href: (file: string, line: number) => string): Markup {
  return {
    text: escaped,
    code: codeSpan,
    strong: (marked) => `**${marked}**`,
    item: (marked) => `- ${marked}`,
    link: (text, file, line) => `[${escaped(text)}](${destination(href(file, line))})`,
    paragraph: '\n\n',
  };
}

/** Plain text; `show` makes the path of a file as the reader knows it. */
export function plain(show: (file: string) => string): Markup {
  return {
    text: printable,
    code: printable,
    strong: (marked) => marked,
    item: (marked) => `  ${marked}`,
    link: (_, file, line) => `${printable(show(file))}:${line}`,
    paragraph: '\n',
  };
}

/** Punctuation that begins a link, a picture, HTML, an entity, code or emphasis (CommonMark 2.4). */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*_[\]()<>&!~|]/g, '\\$&');
}

/** Fenced by one back tick more than stand together in it (CommonMark 6.1). */
function codeSpan(text: string): string {
  const code = printable(text);
  const runs = code.match(/`+/g) ?? [];
  const fence = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length), 0) + 1);
  return runs.length === 0 ? `\`${code}\`` : `${fence} ${code} ${fence}`;
}

/** What would end the address or be read as an entity in it. */
function destination(address: string): string {
  return address.replace(
    /[()&<>\s\\]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
