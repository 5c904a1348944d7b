/** Cuts the bytes that a client sends into messages (LSP 3.17, Base Protocol): what is no header is told at once. */

/** What the bytes turn out to be. */
export type Frame =
  | { readonly kind: 'message'; readonly content: Buffer }
  /** A message of more bytes than are kept; it is left out, and the next one is read. */
  | { readonly kind: 'too-large'; readonly bytes: number }
  /** From here on nothing can be understood. */
  | { readonly kind: 'broken'; readonly reason: string };

const END_OF_HEADER = '\r\n\r\n';
const LONGEST_HEADER = 4096;
/** More than any text that is analysed; V8's strings end at 512 MB. */
const LARGEST_CONTENT = 64_000_000;

/** Takes bytes as they come; returns what is complete. Nothing comes behind what is broken. */
export function createFraming(): (bytes: Buffer) => readonly Frame[] {
  let parts: Buffer[] = [];
  let length = 0;
  /** The bytes of the content that are missing; undefined within a header. */
  let expected: number | undefined;
  let isBroken = false;

  const put = (bytes: Buffer) => {
    const isKept = expected === undefined || expected <= LARGEST_CONTENT;
    if (isKept) parts.push(bytes);
    length += bytes.length;
  };
  const taken = (): Buffer => {
    const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    parts = [];
    length = 0;
    return all;
  };
  const broken = (reason: string): Frame => {
    isBroken = true;
    return { kind: 'broken', reason };
  };

  /** Reads one header or the rest of one content from `bytes`; returns what of them is left. */
  const step = (bytes: Buffer, found: Frame[]): Buffer => {
    if (expected === undefined) {
      put(bytes);
      const header = taken();
      const end = header.indexOf(END_OF_HEADER);
      if (end > LONGEST_HEADER || (end === -1 && header.length > LONGEST_HEADER)) {
        found.push(broken(`a header has more than ${LONGEST_HEADER} bytes`));
        return NOTHING;
      }
      if (end === -1) {
        put(header);
        return NOTHING;
      }
      const read = contentLength(header.toString('latin1', 0, end));
      if (typeof read === 'string') found.push(broken(read));
      else expected = read;
      return header.subarray(end + END_OF_HEADER.length);
    }
    const own = bytes.subarray(0, expected - length);
    put(own);
    if (length === expected) {
      const content = taken();
      found.push(
        expected > LARGEST_CONTENT
          ? { kind: 'too-large', bytes: expected }
          : { kind: 'message', content },
      );
      expected = undefined;
    }
    return bytes.subarray(own.length);
  };

  return (bytes) => {
    const found: Frame[] = [];
    let rest = bytes;
    while (!isBroken && (rest.length > 0 || expected === length)) rest = step(rest, found);
    return found;
  };
}

const NOTHING = Buffer.alloc(0);

/** What `Content-Length` says, or what is wrong with the header. */
function contentLength(header: string): number | string {
  let length: number | undefined;
  for (const line of header.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) return `"${line}" is no header field`;
    const value = line.slice(colon + 1).trim();
    if (line.slice(0, colon).trim().toLowerCase() !== 'content-length') continue;
    if (!/^\d{1,15}$/.test(value)) return `"${value}" is no Content-Length`;
    length = Number(value);
  }
  return length ?? 'a header has no Content-Length';
}
