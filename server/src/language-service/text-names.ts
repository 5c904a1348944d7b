/** The names that a text calls or defines, as numbers: who looks for a name reads only the texts that may have it. */

/** Numbers of names. Two names can have one number: what is found by it is to be looked at. */
export type NameNumbers = Uint32Array;

/** What files were found to call or define, by path. */
export type NamesByPath = Map<string, NameNumbers>;

const OPENING = 40;
const SPACE = 32;
const TAB = 9;
const HASH = 35;

/** By the code of a character: whether it is part of a name. */
const IS_WORD = new Uint8Array(128);
for (let code = 0; code < 128; code++) IS_WORD[code] = /\w/.test(String.fromCharCode(code)) ? 1 : 0;

const found = new Set<number>();

/** The numbers of the words that stand before a parenthesis or behind `#define`, each once. One walk over the text. */
export function namesIn(text: string): NameNumbers {
  found.clear();
  let at = 0;
  let isDefined = false;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (!isWord(code)) {
      isDefined = code === HASH && isDefine(text, at + 1);
      at = isDefined ? text.indexOf('define', at) + 'define'.length : at + 1;
      if (isDefined) at = afterSpace(text, at);
      continue;
    }
    const start = at;
    while (at < text.length && isWord(text.charCodeAt(at))) at++;
    const next = afterSpace(text, at);
    if (isDefined || text.charCodeAt(next) === OPENING) found.add(numberIn(text, start, at));
    isDefined = false;
  }
  return Uint32Array.from(found);
}

/** The numbers of all words of a text, each once, in order. */
export function wordsIn(text: string): NameNumbers {
  found.clear();
  let at = 0;
  while (at < text.length) {
    const start = at;
    while (at < text.length && isWord(text.charCodeAt(at))) at++;
    if (at > start) found.add(numberIn(text, start, at));
    at++;
  }
  return Uint32Array.from(found).sort();
}

/** Whether a name is among words that are in order. */
export function isAmong(words: NameNumbers, name: number): boolean {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return words[low] === name;
}

/** The number of one name. */
export function nameNumber(name: string): number {
  return numberIn(name, 0, name.length);
}

/** Whether one of the names is among them. */
export function hasAny(names: NameNumbers, wanted: ReadonlySet<number>): boolean {
  for (const name of names) if (wanted.has(name)) return true;
  return false;
}

function isWord(code: number): boolean {
  return code < 128 && IS_WORD[code] === 1;
}

function isDefine(text: string, at: number): boolean {
  return text.startsWith('define', afterSpace(text, at));
}

function afterSpace(text: string, at: number): number {
  let next = at;
  for (;;) {
    const code = text.charCodeAt(next);
    if (code !== SPACE && code !== TAB) return next;
    next++;
  }
}

/** FNV-1a. */
function numberIn(text: string, start: number, end: number): number {
  let number = 0x811c9dc5;
  for (let at = start; at < end; at++)
    number = Math.imul(number ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return number;
}
