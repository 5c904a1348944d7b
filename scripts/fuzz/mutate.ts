/** Random changes of a text, each decided by the numbers of a seed. */

/** A whole number below `bound`. */
export type Random = (bound: number) => number;

/** Numbers that depend on the seed alone (mulberry32). */
export function numbersFrom(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** `text` after some changes, into which parts of `other` may come. */
export function mutated(text: string, other: string, random: Random): string {
  let changed = text;
  for (let left = 1 + random(6); left > 0; left--)
    changed = CHANGES[random(CHANGES.length)]!(changed, other, random);
  return changed;
}

type Change = (text: string, other: string, random: Random) => string;

const CHANGES: readonly Change[] = [
  (text, _other, random) => withPart(text, random, ''),
  (text, _other, random) => withPart(text, random, PIECES[random(PIECES.length)]!),
  (text, other, random) => withPart(text, random, partOf(other, random)),
  (text, _other, random) => withPart(text, random, partOf(text, random)),
  (text, _other, random) => withPart(text, random, partOf(text, random).repeat(1 + random(20))),
  (text, _other, random) => withPart(text, random, String.fromCharCode(random(0x180))),
  (text, _other, random) => withWord(text, random),
  (text, _other, random) => withoutLine(text, random),
  (text, _other, random) =>
    withPart(text, random, PIECES[random(PIECES.length)]!.repeat(1 + random(2000))),
];

/** What the grammars of all kinds have. */
const PIECES: readonly string[] = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ';',
    ',',
    '*',
    '&',
    '\\',
    '"',
    "'",
    '/*',
    '*/',
    '//',
    '(*',
    '*)',
  ],
  ...[
    '#if 1\n',
    '#else\n',
    '#endif\n',
    '#define M(x) M(x)\n',
    '#include "a.h"\n',
    '\n',
    '\r\n',
    '\0',
  ],
  ...[
    '0',
    '-1',
    '0xffffffffffffffffff',
    '99999999999999999999',
    '1e9',
    '<<',
    '>>=',
    '->',
    '~',
    '!',
  ],
  ...[
    'exists',
    'forall',
    'filter',
    'locations',
    'P0',
    'let rec ',
    'acyclic ',
    'empty ',
    'thread: ',
  ],
  ...[
    'smp_mb();',
    'rcu_read_lock();',
    'spin_lock(x);',
    'goto out;',
    'while (1) ',
    'if (x) ',
    '..',
    '\u202e',
  ],
];

/** The text with a short part of it replaced. */
function withPart(text: string, random: Random, by: string): string {
  const at = random(text.length + 1);
  const length = random(4) === 0 ? random(200) : random(3);
  return text.slice(0, at) + by + text.slice(at + length);
}

function partOf(text: string, random: Random): string {
  const at = random(text.length + 1);
  return text.slice(at, at + 1 + random(80));
}

/** One word of the text in the place of another. */
function withWord(text: string, random: Random): string {
  const words = [...text.matchAll(/\w+/g)];
  const [from, to] = [words[random(words.length || 1)], words[random(words.length || 1)]];
  if (from === undefined || to === undefined) return text;
  return text.slice(0, from.index) + to[0] + text.slice(from.index + from[0].length);
}

function withoutLine(text: string, random: Random): string {
  const lines = text.split('\n');
  return lines.toSpliced(random(lines.length), 1).join('\n');
}
