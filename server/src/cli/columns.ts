/** Text for reading in a terminal: no line is longer than a reader's window is wide. */

/** What the widest usual window shows. */
const COLUMNS = 160;

/** The lines of a text, each broken at its last space within the width, the rest indented below it. Words stay whole:
 *  only one that is longer by itself is longer. */
export function withinColumns(text: string): string {
  return text.split('\n').flatMap(brokenLine).join('\n');
}

function brokenLine(line: string): readonly string[] {
  const indent = line.length - line.trimStart().length + 4;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > COLUMNS) {
    const first = lines.length === 0 ? 0 : indent;
    const at = spaceIn(rest, first);
    if (at === -1) break;
    lines.push(rest.slice(0, at));
    rest = ' '.repeat(indent) + rest.slice(at + 1);
  }
  return [...lines, rest];
}

/** The last space within the width behind the indentation, or else the first one behind the width. */
function spaceIn(line: string, from: number): number {
  const begin = from + line.slice(from).search(/\S/);
  const within = line.lastIndexOf(' ', COLUMNS);
  return within > begin ? within : line.indexOf(' ', COLUMNS);
}
