/** Finds lines of a source by what they say, so that no flow depends on a line number. */

/** The line, counted from 1, of the first `text` after the first `after`. Throws where there is none. */
export function lineOf(source: string, text: string, after = ''): number {
  const from = source.indexOf(after);
  const at = from === -1 ? -1 : source.indexOf(text, from);
  if (at === -1) throw new Error(`no "${text}" after "${after}"`);
  return source.slice(0, at).split('\n').length;
}
