/** The prose of a comment: the same text without slashes, stars at line starts and continuations. */

/** The comment with its decoration blanked: same length, same offsets. Linear in the comment. */
export function proseOf(comment: string): string {
  return comment.split('\n').map(proseOfLine).join('\n');
}

function proseOfLine(line: string): string {
  const parts: string[] = [];
  let at = line.length - line.trimStart().length;
  if (line[at] === '*') at = textAfterStars(line, at);
  parts.push(' '.repeat(at));
  while (at < line.length) {
    const end = runEnd(line, at);
    const decoration = decorationEnd(line, at, end);
    const next = decoration ?? nextMark(line, end);
    parts.push(decoration === undefined ? line.slice(at, next) : ' '.repeat(next - at));
    at = next;
  }
  return parts.join('');
}

/** Where the text of a line begins that starts with stars; `*_f` is a name that stands for several. */
function textAfterStars(line: string, at: number): number {
  const end = runEnd(line, at);
  return line[end] === '/' || line[end] === '_' ? at : end;
}

/** Where the decoration ends that begins at `at` with a run of one character up to `end`, if it is one. */
function decorationEnd(line: string, at: number, end: number): number | undefined {
  switch (line[at]) {
    case '/': {
      if (line[end] === '*') return runEnd(line, end);
      const isApart = at === 0 || line[at - 1] === ' ' || line[at - 1] === '\t';
      return end - at > 1 && isApart ? end : undefined;
    }
    case '*':
      return line[end] === '/' ? end + 1 : undefined;
    case '\\':
      return end === line.length ? end : undefined;
    default:
      return undefined;
  }
}

/** Where the next character stands that may be decoration. */
function nextMark(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== '/' && line[at] !== '*' && line[at] !== '\\') at++;
  return at;
}

/** Where the run of the character at `from` ends. */
function runEnd(line: string, from: number): number {
  let at = from + 1;
  while (at < line.length && line[at] === line[from]) at++;
  return at;
}
