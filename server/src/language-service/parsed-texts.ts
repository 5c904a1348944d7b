/** C texts that are parsed once, as long as they are among the last that were asked for. */

import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import { parseKernelC } from '../syntax/parse.ts';
import type { CParser } from '../syntax/parser.ts';

/** A parser that gives the same answer for the same text; it remembers `most` of them, and forgets the
 *  longest unused first. Texts that say where their parts stand are not remembered. */
export function parsedTexts(parser: CParser, most: number): LoweringRequest['parse'] {
  const known = new Map<string, SourceText>();
  return (file, text, place) => {
    if (place !== undefined) return { file, text, parsed: parseKernelC(parser, text, place) };
    const key = `${file}\n${text}`;
    const source = known.get(key) ?? { file, text, parsed: parseKernelC(parser, text) };
    known.delete(key);
    known.set(key, source);
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return source;
  };
}
