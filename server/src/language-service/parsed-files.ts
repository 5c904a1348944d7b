/** Files and their headers as parsed C: each text is parsed once for all pairings that ask for it soon after one another. */

import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { FileTexts } from './engine.ts';

/** Texts of so many characters together are kept parsed, those that were asked for last: what is made of one takes
 *  a hundred times its size. */
const MOST_CHARACTERS = 2_000_000;

/** The files with their headers, each text once: those of the first file first. A file that is not known is
 *  left out. */
export type ParsedFiles = (files: readonly string[], texts: FileTexts) => readonly SourceText[];

/** No files yet; `parse` is asked for each text that is new. */
export function parsedFiles(parse: LoweringRequest['parse']): ParsedFiles {
  const known = new Map<string, SourceText>();
  let characters = 0;

  const parsed = (file: string, text: string): SourceText => {
    const before = known.get(file);
    const source = before?.text === text ? before : parse(file, text);
    known.delete(file);
    known.set(file, source);
    characters += text.length - (before?.text.length ?? 0);
    return source;
  };

  const forget = (asked: ReadonlySet<SourceText>) => {
    for (const [file, source] of known) {
      if (characters <= MOST_CHARACTERS) return;
      if (asked.has(source)) continue;
      known.delete(file);
      characters -= source.text.length;
    }
  };

  return (files, { textOf, headersOf }) => {
    const found = new Set<SourceText>();
    for (const file of files) {
      const text = textOf(file);
      if (text === undefined) continue;
      found.add(parsed(file, text));
      for (const header of headersOf(file)) found.add(parsed(header.path, header.text));
    }
    forget(found);
    return [...found];
  };
}
