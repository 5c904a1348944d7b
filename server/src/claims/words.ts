/**
 * The words of a pairing claim: splits the prose of a comment into names of functions, primitives,
 * labels, files and the small words between them, with their places in the comment.
 */

import type { Span } from '../text/span.ts';

/** A word of the prose that follows a phrase such as "pairs with". */
export type Word =
  /** An identifier of C, or a pattern that stands for several (`{set,clear}_x`). */
  | {
      readonly kind: 'name';
      /** Every name the pattern stands for; one for a plain identifier. A `*` stays for the reader of the tree. */
      readonly names: readonly string[];
      /** Written with parentheses: `f()`. */
      readonly call: boolean;
      /** Written as an owner: `f()'s smp_wmb()`. */
      readonly owner: boolean;
      readonly span: Span;
    }
  /** `f:X` or `LMM(f:X)`: the label X of f. */
  | { readonly kind: 'label'; readonly label: string; readonly span: Span }
  | { readonly kind: 'file'; readonly path: string; readonly span: Span }
  /** `1st`, `second`. */
  | { readonly kind: 'ordinal'; readonly value: number; readonly span: Span }
  | { readonly kind: 'word'; readonly text: string; readonly span: Span }
  /** `p->field`, `&x`, `@arg`: never the name of a partner. */
  | { readonly kind: 'object'; readonly span: Span }
  /** A comma or another sign that joins the items of a list. */
  | { readonly kind: 'join'; readonly span: Span }
  /** A bracket, a colon, ... */
  | { readonly kind: 'sign'; readonly text: string; readonly span: Span }
  /** The end of a sentence. */
  | { readonly kind: 'stop'; readonly span: Span };

/** The comment with its decoration (slashes, stars at line starts) blanked: same length, same offsets. */
export function proseOf(comment: string): string {
  return comment
    .replace(/\/\*+|\*+\//g, blank)
    .replace(/^[ \t]*(?:\*+(?!\w)|\/\/+)/gm, blank)
    .replace(/[ \t]\/\/+/g, blank)
    .replace(/\\$/gm, blank);
}

/** The words of `prose` from offset `from`, up to and with the end of its sentence (at most `most` words). */
export function wordsFrom(prose: string, from: number, most = 60): readonly Word[] {
  const words: Word[] = [];
  let at = from;
  while (at < prose.length && words.length < most) {
    const next = wordAt(prose, at);
    at = next.end;
    if (next.word === undefined) continue;
    words.push(next.word);
    if (next.word.kind === 'stop') break;
  }
  return words;
}

/** The number an ordinal stands for (`2nd`, `second`), or undefined. */
function ordinalValue(text: string): number | undefined {
  const digits = /^(\d+)(?:st|nd|rd|th)$/i.exec(text);
  return digits === null ? ORDINALS.get(text.toLowerCase()) : Number(digits[1]);
}

const ORDINALS: ReadonlyMap<string, number> = new Map(
  ['first', 'second', 'third', 'fourth', 'fifth'].map((word, index) => [word, index + 1]),
);

type Reader = (match: RegExpExecArray, span: Span) => Word;

/** How a word begins, tried in this order; the first that matches at the place wins. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/LMM\((\w+):(\w+)\)/y, (match, span) => labelWord(match, span)],
  [/(\w+):([A-Z]\d*)\b/y, (match, span) => labelWord(match, span)],
  // f()->g(): what g() does when f() calls it.
  [/(?:\w+\(\)\s*->\s*)+(\w+)(\([^()\n]{0,40}\))('s)?/y, nameWord],
  [/Documentation\/\S+\w/y, (_, span) => ({ kind: 'object', span })],
  [/(?:[\w-]+\/)*[\w-]+\.[chS]\b/y, (match, span) => ({ kind: 'file', path: match[0], span })],
  [
    /(?:\w+(?:\[\w*\])?)?(?:(?:->|\.)[A-Za-z_]\w*(?:\[\w*\])?)+/y,
    (_, span) => ({ kind: 'object', span }),
  ],
  [/[@&%]\w+/y, (_, span) => ({ kind: 'object', span })],
  [
    /((?:\w+|\*(?=\w)|(?<=\w)\*|\{[\w,| ]+\}|\[\w+(?:\|\w+)+\]|\((?:\w+\|)+\w+\)|(?<=\w)\.{2,3}(?=\()|(?<=_v?\d)\/(?=\d+_))+)(\((?:[^()\n]{0,40})\))?('s)?/y,
    nameWord,
  ],
  [/[,/+]|&(?!\w)/y, (_, span) => ({ kind: 'join', span })],
  [/[.;](?=\s|$|\))|\n[ \t]*\n/y, (_, span) => ({ kind: 'stop', span })],
  [/\S/y, (match, span) => ({ kind: 'sign', text: match[0], span })],
];

/** Words that look like the end of a sentence and are none. */
const ABBREVIATION = /(?:i\.e|e\.g|w\.r\.t|viz|cf|vs|etc)\.?/iy;

function wordAt(prose: string, at: number): { readonly word?: Word; readonly end: number } {
  const space = matchAt(/[ \t\r]+|\n(?![ \t]*\n)/y, prose, at);
  if (space !== undefined) return { end: at + space[0].length };
  const short = matchAt(ABBREVIATION, prose, at);
  if (short !== undefined && !/\w/.test(prose[at + short[0].length] ?? ' '))
    return { end: at + short[0].length };
  for (const [pattern, read] of READERS) {
    const match = matchAt(pattern, prose, at);
    if (match === undefined) continue;
    const end = at + match[0].length;
    return { word: read(match, { start: at, end }), end };
  }
  return { end: at + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function labelWord(match: RegExpExecArray, span: Span): Word {
  return { kind: 'label', label: `${match[1]}:${match[2]}`, span };
}

/** An identifier or pattern is a name; anything without a letter or underscore of C is a word. */
function nameWord(match: RegExpExecArray, span: Span): Word {
  const text = match[1]!;
  const call = match[2] !== undefined;
  const ordinal = call ? undefined : ordinalValue(text);
  if (ordinal !== undefined) return { kind: 'ordinal', value: ordinal, span };
  const isName = call || /[_*{[(/]/.test(text) || /^[A-Z]{3,}\d*$/.test(text);
  if (!isName) return { kind: 'word', text, span };
  return { kind: 'name', names: expand(text), call, owner: match[3] !== undefined, span };
}

/** `{set,clear}_x` to `set_x`, `clear_x`; `v3/4_x` to `v3_x`, `v4_x`; `...` to `*`. */
function expand(pattern: string): readonly string[] {
  const digits = /^(.*?)(\d+)\/(\d+)(.*)$/.exec(pattern);
  if (digits !== null)
    return [digits[2], digits[3]].flatMap((digit) => expand(`${digits[1]}${digit}${digits[4]}`));
  const choice = /^(.*?)(?:\{([^{}]+)\}|\[([^\]]+)\]|\(([^()]+)\))(.*)$/.exec(pattern);
  if (choice === null) return [pattern.replace(/\.{2,3}/g, '*')];
  const items = (choice[2] ?? choice[3] ?? choice[4] ?? '').split(/[,|]/);
  return items.flatMap((item) => expand(`${choice[1]}${item.trim()}${choice[5]}`));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
