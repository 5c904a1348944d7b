/** Small trees of C files written in a test: `//- /name.c` begins a file, a line of carets marks the line above. */

/** What a caret line says about the code above it. */
export interface Mark {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FixtureFile {
  readonly path: string;
  /** Without the lines of marks and without `$0`. */
  readonly text: string;
  readonly marks: readonly Mark[];
  /** Where `$0` stood. */
  readonly cursor?: number;
}

const HEADER = /^\/\/- (\/\S+)$/;
const MARK = /^ *\/\/ *(\^+) (.*)$/;

/** Takes a fixture apart; text before the first header is the file `/main.c`. */
export function readFixture(fixture: string): readonly FixtureFile[] {
  const sections: { path: string; lines: string[] }[] = [];
  for (const line of unindent(fixture)) {
    const header = HEADER.exec(line);
    if (header !== null) sections.push({ path: header[1]!, lines: [] });
    else if (sections.length === 0) sections.push({ path: '/main.c', lines: [line] });
    else sections.at(-1)!.lines.push(line);
  }
  return sections.map(({ path, lines }) => readFile(path, lines));
}

/** Without the indentation that all lines share and the first and last empty line. */
function unindent(fixture: string): readonly string[] {
  const lines = fixture.replace(/^\n/, '').replace(/\n *$/, '').split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth));
}

function readFile(path: string, lines: readonly string[]): FixtureFile {
  const code: string[] = [];
  const marks: Mark[] = [];
  for (const line of lines) {
    const mark = MARK.exec(line);
    if (mark === null) code.push(line);
    else {
      const start = line.indexOf('^');
      const end = start + mark[1]!.length;
      marks.push({ line: code.length - 1, start, end, text: mark[2]! });
    }
  }
  const text = `${code.join('\n')}\n`;
  const cursor = text.indexOf('$0');
  return cursor === -1
    ? { path, text, marks }
    : { path, text: text.replace('$0', ''), marks, cursor };
}

/** The code with a line of carets under each marked place: what a fixture says, or what was found. */
export function annotate(path: string, text: string, marks: readonly Mark[]): string {
  const lines = text.trimEnd().split('\n');
  const annotated = lines.flatMap((line, index) => [
    line,
    ...marks.filter((mark) => mark.line === index).map((mark) => markLine(mark)),
  ]);
  return [`//- ${path}`, ...annotated].join('\n');
}

function markLine({ start, end, text }: Mark): string {
  return `${' '.repeat(Math.max(0, start - 2))}//${'^'.repeat(end - start)} ${text}`;
}
