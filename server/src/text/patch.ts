/** Patches as `git diff` and `diff -u` write them: read, turned round, applied to a text. */

/** Lines of a file that become others; lines count from 0. */
export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly old: readonly string[];
  readonly new: readonly string[];
}

/** What becomes of one file: one without an old name is made, one without a new name goes. */
export interface FilePatch {
  readonly oldName?: string;
  readonly newName?: string;
  readonly hunks: readonly Hunk[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The patches of a text, whatever stands around them. A problem where it ends in the middle of a hunk. */
export function readPatch(
  text: string,
): { readonly files: readonly FilePatch[] } | { readonly problem: string } {
  const lines = text.split('\n');
  const files: Growing[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const file = files.at(-1);
    if (line.startsWith('diff --git ')) files.push({ hunks: [] });
    else if (line.startsWith('rename from ') && file !== undefined) file.oldName = line.slice(12);
    else if (line.startsWith('rename to ') && file !== undefined) file.newName = line.slice(10);
    else if (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ') === true) {
      const known = file !== undefined && file.hunks.length === 0 ? file : { hunks: [] };
      if (known !== file) files.push(known);
      named(known, nameIn(line), nameIn(lines[++at]!));
    } else if (file !== undefined && HUNK.test(line)) {
      const read = hunkAt(lines, at);
      if (read === undefined) return { problem: `the patch ends in the middle of "${line}"` };
      file.hunks.push(read.hunk);
      at = read.last;
    }
  }
  return { files: files.filter(({ oldName, newName }) => (oldName ?? newName) !== undefined) };
}

interface Growing {
  oldName?: string;
  newName?: string;
  readonly hunks: Hunk[];
}

function named(file: Growing, old: string | undefined, now: string | undefined): void {
  delete file.oldName;
  delete file.newName;
  if (old !== undefined) file.oldName = old;
  if (now !== undefined) file.newName = now;
}

/** Without its first step (`a/`), and without the time that `diff` puts behind it. */
function nameIn(line: string): string | undefined {
  const [name = ''] = line.slice(4).split('\t');
  return name === '/dev/null' ? undefined : name.slice(name.indexOf('/') + 1).trimEnd();
}

function hunkAt(
  lines: readonly string[],
  at: number,
): { readonly hunk: Hunk; readonly last: number } | undefined {
  const [, oldStart, oldCount = '1', newStart, newCount = '1'] = HUNK.exec(lines[at]!)!;
  const old: string[] = [];
  const now: string[] = [];
  let last = at;
  while (old.length < Number(oldCount) || now.length < Number(newCount)) {
    const line = lines[++last];
    if (line === undefined) return undefined;
    const rest = line.slice(1);
    if (line.startsWith('-')) old.push(rest);
    else if (line.startsWith('+')) now.push(rest);
    else if (line.startsWith(' ') || line === '') {
      old.push(rest);
      now.push(rest);
    } else if (!line.startsWith('\\')) return undefined;
  }
  return {
    hunk: { oldStart: startOf(oldStart, old), newStart: startOf(newStart, now), old, new: now },
    last,
  };
}

/** A hunk without lines stands behind the line that it names. */
function startOf(given: string | undefined, lines: readonly string[]): number {
  return Math.max(0, lines.length === 0 ? Number(given) : Number(given) - 1);
}

/** The patch that takes the patch back. */
export function reversed({ oldName, newName, hunks }: FilePatch): FilePatch {
  return {
    ...(newName === undefined ? {} : { oldName: newName }),
    ...(oldName === undefined ? {} : { newName: oldName }),
    hunks: hunks.map((hunk) => ({
      oldStart: hunk.newStart,
      newStart: hunk.oldStart,
      old: hunk.new,
      new: hunk.old,
    })),
  };
}

/** The text with the hunks applied, each exactly where its lines are nearest to where they should be; undefined where
 *  they are not there. */
export function applyHunks(text: string, hunks: readonly Hunk[]): string | undefined {
  const lines = text.split('\n');
  const made: string[] = [];
  let from = 0;
  let moved = 0;
  for (const hunk of hunks) {
    const at = placeOf(lines, hunk, from, hunk.oldStart + moved);
    if (at === undefined) return undefined;
    moved = at - hunk.oldStart;
    for (let line = from; line < at; line++) made.push(lines[line]!);
    for (const line of hunk.new) made.push(line);
    from = at + hunk.old.length;
  }
  for (let line = from; line < lines.length; line++) made.push(lines[line]!);
  return made.join('\n');
}

/** How many lines a hunk may stand from its place, as with `patch`. */
const FARTHEST = 1000;

function placeOf(
  lines: readonly string[],
  { old }: Hunk,
  from: number,
  wanted: number,
): number | undefined {
  const fits = (at: number) =>
    at >= from && at + old.length <= lines.length && old.every((line, n) => lines[at + n] === line);
  for (let away = 0; away <= FARTHEST; away++)
    for (const at of away === 0 ? [wanted] : [wanted - away, wanted + away])
      if (fits(at)) return at;
  return undefined;
}
