/** Offsets and positions, as editors count lines. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../../server/src/text/line-index.ts';

test('positions are those of the documents of the protocol, whatever lines end with', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', 'é', '\u2028') });
  fc.assert(
    fc.property(texts, fc.nat(40), fc.nat(12), fc.nat(12), (text, offset, line, column) => {
      const index = new LineIndex(text);
      const document = TextDocument.create('x', 'c', 1, text);
      expect(index.lineCount).toBe(document.lineCount);
      expect(index.offset({ line, column })).toBe(document.offsetAt({ line, character: column }));
      const at = Math.min(offset, text.length);
      const isBetween = text[at - 1] === '\r' && text[at] === '\n';
      if (isBetween) return;
      const { line: on, column: from } = index.position(at);
      expect({ line: on, character: from }).toEqual(document.positionAt(at));
    }),
  );
});
