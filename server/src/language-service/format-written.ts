/** How a litmus test or a scenario is laid out: blocks by tabs, as kernel C has it; nothing at the ends of lines. What stands outside
 *  of blocks, in comments, in texts and between parentheses is left as it is. */

import type { Span } from '../text/span.ts';

export interface Layout {
  readonly span: Span;
  readonly text: string;
}

/** The edits that lay the text out; none where it is so already. */
export function layoutOf(text: string): readonly Layout[] {
  const edits: Layout[] = [];
  let before: Line | undefined;
  for (const line of linesOf(text)) {
    const { start, end, isText } = line;
    const written = text.slice(start, end);
    const code = written.trim();
    const lead = written.length - written.trimStart().length;
    if (!isText && code !== '' && line.opened.length > 0) {
      const wanted = indentOf(code, line, before, text);
      if (wanted !== undefined && wanted !== written.slice(0, lead))
        edits.push({ span: { start, end: start + lead }, text: wanted });
    }
    const tail = code === '' ? start : start + written.trimEnd().length;
    if (!isText && !line.endsInText && tail < end)
      edits.push({ span: { start: tail, end }, text: '' });
    if (code !== '') before = isOfMacro(code, before, text) ? { ...line, last: '' } : line;
  }
  const isEnded = text === '' || text.endsWith('\n');
  return isEnded
    ? edits
    : [...edits, { span: { start: text.length, end: text.length }, text: '\n' }];
}

/** A line, and what it begins in. */
interface Line {
  readonly start: number;
  readonly end: number;
  /** The lines of the braces that are open. */
  readonly opened: readonly number[];
  readonly parentheses: number;
  /** In a comment or a text between quotes. */
  readonly isText: boolean;
  readonly endsInText: boolean;
  /** The last character of code in it. */
  readonly last: string;
}

/** Undefined where the line is to be left as it is. */
function indentOf(
  code: string,
  { opened, parentheses }: Line,
  before: Line | undefined,
  text: string,
): string | undefined {
  if (parentheses > 0 || isOfMacro(code, before, text)) return undefined;
  const closing = /^[}\s]*/.exec(code)![0].split('}').length - 1;
  // Braces of one line are one step.
  const depth = new Set(opened.slice(0, Math.max(0, opened.length - closing))).size;
  const isLabel = /^(?:case\b.*|default\s*|\w+):$/.test(code);
  const isContinued =
    before !== undefined &&
    before.opened.length === opened.length &&
    closing === 0 &&
    before.last !== '' &&
    !/[;{},:]/.test(before.last) &&
    !code.startsWith('{');
  return '\t'.repeat(Math.max(0, depth - (isLabel ? 1 : 0) + (isContinued ? 1 : 0)));
}

function isOfMacro(code: string, before: Line | undefined, text: string): boolean {
  return code.startsWith('#') || (before !== undefined && text[before.end - 1] === '\\');
}

type Mode = 'code' | '(*' | '/*' | '//' | '"' | "'";

const ENDS: Readonly<Record<Exclude<Mode, 'code' | '//'>, string>> = {
  '(*': '*)',
  '/*': '*/',
  '"': '"',
  "'": "'",
};

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let mode: Mode = 'code';
  let opened: readonly number[] = [];
  let parentheses = 0;
  let line = { start: 0, opened, parentheses, isText: false, last: '' };
  const end = (at: number) => {
    if (mode === '//' || mode === "'") mode = 'code';
    lines.push({ ...line, end: at, endsInText: mode !== 'code' });
    line = { start: at + 1, opened, parentheses, isText: mode !== 'code', last: '' };
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (character === '\n') end(at++);
    else if (mode === 'code') {
      mode = begunAt(text, at);
      if (mode !== 'code') at += mode.length;
      else {
        if (character === '{') opened = [...opened, line.start];
        if (character === '}') opened = opened.slice(0, -1);
        if (character === '(') parentheses++;
        if (character === ')') parentheses = Math.max(0, parentheses - 1);
        if (character.trim() !== '') line.last = character;
        at++;
      }
    } else if (character === '\\' && (mode === '"' || mode === "'")) at += 2;
    else if (mode !== '//' && text.startsWith(ENDS[mode], at)) {
      at += ENDS[mode].length;
      mode = 'code';
    } else at++;
  }
  if (line.start < text.length) end(text.length);
  return lines;
}

/** The comment or text that begins at an offset of code: `(*` alone is none, for that may be C. */
function begunAt(text: string, at: number): Mode {
  const two = text.slice(at, at + 2);
  if (two === '/*' || two === '//') return two;
  if (two === '(*' && /[\s*]/.test(text[at + 2] ?? ' ')) return two;
  const one = text[at]!;
  return one === '"' || one === "'" ? one : 'code';
}
