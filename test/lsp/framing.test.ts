/** How the bytes of a client are cut into messages, however they come. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFraming } from '../../server/src/lsp/framing.ts';

function framed(text: string, header = ''): Buffer {
  const content = Buffer.from(text);
  return Buffer.concat([
    Buffer.from(`Content-Length: ${content.length}\r\n${header}\r\n`),
    content,
  ]);
}

/** What the parts are read as: texts, and what else there is by its kind. */
function read(...parts: readonly Buffer[]): readonly string[] {
  const framing = createFraming();
  return parts
    .flatMap((part) => framing(part))
    .map((frame) => {
      switch (frame.kind) {
        case 'message':
          return frame.content.toString();
        case 'too-large':
          return `${frame.bytes} bytes are too many`;
        case 'broken':
          return `broken: ${frame.reason}`;
      }
    });
}

test('messages are the same however their bytes come', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 6 });
  fc.assert(
    fc.property(texts, fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
      const bytes = Buffer.concat(messages.map((text) => framed(text)));
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
        (a, b) => a - b,
      );
      const parts = places.slice(1).map((to, at) => bytes.subarray(places[at], to));
      expect(read(...parts)).toEqual(messages.map((text) => Buffer.from(text).toString()));
    }),
  );
});

test('other fields of a header, and any case', () => {
  const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n';
  expect(read(framed('{}', type))).toEqual(['{}']);
  expect(read(Buffer.from('content-length:2\r\n\r\n{}'))).toEqual(['{}']);
});

test.each([
  ['X: 1\r\n\r\n{}', 'a header has no Content-Length'],
  ['GET / HTTP/1.1\r\n\r\n', '"GET / HTTP/1.1" is no header field'],
  ['Content-Length: -1\r\n\r\n', '"-1" is no Content-Length'],
  ['Content-Length: 1e3\r\n\r\n', '"1e3" is no Content-Length'],
  ['Content-Length: 99999999999999999999\r\n\r\n', '"99999999999999999999" is no Content-Length'],
  ['x'.repeat(5000), 'a header has more than 4096 bytes'],
])('%j is no message', (text, reason) => {
  expect(read(framed('{}'), Buffer.from(text), framed('{}'))).toEqual(['{}', `broken: ${reason}`]);
});

test('a message that is too large is left out, and kept nowhere', () => {
  const framing = createFraming();
  framing(Buffer.from('Content-Length: 1000000000\r\n\r\n'));
  const part = Buffer.alloc(10_000_000);
  const frames = Array.from({ length: 100 }, () => framing(part)).flat();
  expect(frames).toEqual([{ kind: 'too-large', bytes: 1_000_000_000 }]);
  expect(framing(framed('{}'))).toEqual([{ kind: 'message', content: Buffer.from('{}') }]);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(200_000_000);
});
