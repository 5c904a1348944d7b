/** A name that somebody wrote in a file as the name of a file: one step of a path, on every system. */

/** What some system takes for more than a letter: separators, controls, what Windows reserves. */
const NOT_A_LETTER = /[\p{Cc}\p{Cs}/\\:*?"<>|]/gu;

/** File names may have 255 bytes; some are left for what is put behind. */
const MOST_BYTES = 200;

/** `name` with `ending`, in one folder whatever the name is; another for each name that is too long. */
export function fileNameOf(name: string, ending: string): string {
  const plain = name.replace(NOT_A_LETTER, '_').replace(/^\.\.?$/, '_');
  const bytes = new TextEncoder().encode(plain);
  if (bytes.length <= MOST_BYTES) return `${plain}${ending}`;
  const [start] = new TextDecoder().decode(bytes.subarray(0, MOST_BYTES)).split('\uFFFD');
  return `${start}-${hashOf(name)}${ending}`;
}

/** FNV-1a. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(36);
}
