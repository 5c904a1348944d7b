/** Files and their headers as parsed C: each text is parsed once, however many pairings ask for it. */

import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { FileTexts } from './engine.ts';
import type { Header } from './headers.ts';

/** So many files are kept with their present text, those that were asked for last. */
const MOST_FILES = 300;

/** The files with their headers, each text once: those of the first file first. A file that is not known is
 *  left out. */
export type ParsedFiles = (files: readonly string[], texts: FileTexts) => readonly SourceText[];

/** No files yet; `parse` is asked for each text that is new. */
export function parsedFiles(parse: LoweringRequest['parse']): ParsedFiles {
  const known = new Map<string, SourceText>();
  const headers = new WeakMap<Header, SourceText>();

  const fileOf = (file: string, text: string): SourceText => {
    const before = known.get(file);
    const source = before?.text === text ? before : parse(file, text);
    known.delete(file);
    known.set(file, source);
    for (const oldest of known.keys()) {
      if (known.size <= MOST_FILES) break;
      known.delete(oldest);
    }
    return source;
  };

  const headerOf = (header: Header): SourceText => {
    const source = headers.get(header) ?? parse(header.path, header.text);
    headers.set(header, source);
    return source;
  };

  return (files, { textOf, headersOf }) => {
    const found = files.flatMap((file) => {
      const text = textOf(file);
      return text === undefined ? [] : [fileOf(file, text), ...headersOf(file).map(headerOf)];
    });
    return [...new Set(found)];
  };
}
