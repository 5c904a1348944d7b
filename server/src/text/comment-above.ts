/** The comment right above a place in C, as words. */

/** The words of the comment that ends on the line before `at`, or on the same one, without its marks; undefined
 *  where there is none. */
export function commentAbove(text: string, at: number): string | undefined {
  const before = text.slice(0, at).trimEnd();
  const between = text.slice(before.length, at);
  if (between.indexOf('\n') !== between.lastIndexOf('\n')) return undefined;
  const said = before.endsWith('*/') ? blockOf(before) : linesOf(before);
  const words = said.join(' ').split(/\s+/).filter(Boolean).join(' ');
  return words === '' ? undefined : words;
}

function blockOf(before: string): readonly string[] {
  const comment = before.slice(before.lastIndexOf('/*') + 2, -2);
  return comment.split('\n').map((line) => line.trim().replace(/^\*+/, ''));
}

/** The last lines, as far as they are nothing but comments. */
function linesOf(before: string): readonly string[] {
  const lines = before.split('\n').map((line) => line.trim());
  const other = lines.findLastIndex((line) => !line.startsWith('//'));
  return lines.slice(other + 1).map((line) => line.slice(2));
}
