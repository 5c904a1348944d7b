/** Changes of a text as a patch that `git apply` and `patch -p1` take. */

/** Lines that take the place of others. Lines count from 0. */
export interface LineEdit {
  readonly at: number;
  readonly removed: number;
  readonly lines: readonly string[];
}

/** So many lines around a change are shown. */
const CONTEXT = 3;

/** The patch of one file; empty without edits. The edits are in the order of lines and apart from each other. */
export function unifiedDiff(file: string, text: string, edits: readonly LineEdit[]): string {
  if (edits.length === 0) return '';
  const lines = text.replace(/\n$/, '').split('\n');
  let grown = 0;
  const hunks = hunksOf(edits).map((hunk) => {
    const made = hunkText(lines, hunk, grown);
    grown += growth(hunk);
    return made;
  });
  return `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n${hunks.join('')}`;
}

/** Edits whose surroundings touch, together. */
function hunksOf(edits: readonly LineEdit[]): readonly (readonly LineEdit[])[] {
  const hunks: LineEdit[][] = [];
  for (const edit of edits) {
    const last = hunks.at(-1);
    const before = last?.at(-1);
    const isNear = before !== undefined && edit.at - endOf(before) <= 2 * CONTEXT;
    if (last !== undefined && isNear) last.push(edit);
    else hunks.push([edit]);
  }
  return hunks;
}

function endOf({ at, removed }: LineEdit): number {
  return at + removed;
}

function growth(edits: readonly LineEdit[]): number {
  return edits.reduce((sum, { removed, lines }) => sum + lines.length - removed, 0);
}

function hunkText(lines: readonly string[], edits: readonly LineEdit[], grown: number): string {
  const from = Math.max(0, edits[0]!.at - CONTEXT);
  const to = Math.min(lines.length, endOf(edits.at(-1)!) + CONTEXT);
  const out: string[] = [];
  let at = from;
  const keep = (end: number) => {
    for (; at < end; at++) out.push(` ${lines[at]}`);
  };
  for (const edit of edits) {
    keep(edit.at);
    for (; at < endOf(edit); at++) out.push(`-${lines[at]}`);
    const end = lines[edit.at]?.endsWith('\r') ? '\r' : '';
    for (const line of edit.lines) out.push(`+${line}${end}`);
  }
  keep(to);
  const [before, after] = [to - from, to - from + growth(edits)];
  const head = `@@ -${from + 1},${before} +${from + 1 + grown},${after} @@`;
  return `${head}\n${out.join('\n')}\n`;
}
