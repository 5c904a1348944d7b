/** What attributes say of the layout of a struct or a member: `__packed`, `__attribute__((aligned(8)))`. */

import { type Token, tokenizeLine } from './tokens.ts';

export interface LayoutAttributes {
  readonly isPacked?: true;
  /** The least alignment that is asked for. */
  readonly alignment?: Alignment;
}

/** In bytes; none where it is asked for, and how much is not known. */
export interface Alignment {
  readonly bytes?: number;
}

/** The attributes in a text, which may hold other words: names, and what stands in comments, say nothing. */
export function layoutAttributes(text: string): LayoutAttributes {
  return isAboutLayout(text) ? attributesOf(tokenizeLine(text)) : {};
}

/** The attributes of a struct: in the text before its braces and directly behind them. What stands behind a name is said of
 *  a variable, or of the type that the name is given to. */
export function structAttributes(before: string, after: string): LayoutAttributes {
  if (!isAboutLayout(before) && !isAboutLayout(after)) return {};
  const behind = tokenizeLine(after);
  const name = nameAt(behind);
  const own = attributesOf([...tokenizeLine(before), ...behind.slice(0, name)]);
  const { alignment } = attributesOf(behind.slice(name));
  return alignment === undefined ? own : { ...own, alignment: {} };
}

function isAboutLayout(text: string): boolean {
  return /packed|align/i.test(text);
}

/** Where the attributes at the begin of a text end. */
function nameAt(tokens: readonly Token[]): number {
  let at = 0;
  while (tokens[at]?.kind === 'word') {
    const { text } = tokens[at]!;
    const opens = tokens[at + 1]?.text === '(';
    if (!opens && !text.startsWith('__')) return at;
    at = opens ? closing(tokens, at + 1) + 1 : at + 1;
  }
  return at;
}

/** Where the parenthesis closes that opens at a token. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]!.text === '(') depth++;
    else if (tokens[at]!.text === ')' && --depth === 0) return at;
  }
  return tokens.length;
}

const ALIGNED = /^_?align(?:ed|as)|cacheline|_aligned/i;
/** `__aligned_u64` is a type; what it asks for is said by its typedef. */
const TYPE = /_(?:[su]|[bl]e)\d+$/;

function attributesOf(tokens: readonly Token[]): LayoutAttributes {
  const inside = insideAttributes(tokens);
  const words = tokens.flatMap(({ text: word }, at) => {
    const name = word.replace(/^__|__$/g, '');
    const isAttribute = inside.has(at) || word.startsWith('__') || word === '_Alignas';
    return isAttribute ? [{ name, at }] : [];
  });
  const aligned = words.filter(({ name }) => ALIGNED.test(name) && !TYPE.test(name));
  const sizes = aligned.map(({ at }) => bytesAt(tokens, at + 1));
  return {
    ...(words.some(({ name }) => name === 'packed') && { isPacked: true }),
    ...(sizes.length > 0 && { alignment: sizes.includes(undefined) ? {} : largest(sizes) }),
  };
}

/** The tokens between the parentheses of `__attribute__((...))`. */
function insideAttributes(tokens: readonly Token[]): ReadonlySet<number> {
  const inside = new Set<number>();
  let depth = 0;
  for (const [at, { text }] of tokens.entries()) {
    if (depth > 0) inside.add(at);
    if (text === '(' && (depth > 0 || isAttribute(tokens[at - 1]))) depth++;
    else if (text === ')' && depth > 0) depth--;
  }
  return inside;
}

function isAttribute(token: Token | undefined): boolean {
  return token?.text === '__attribute__' || token?.text === '__attribute';
}

/** The number in the parentheses that open at a token; undefined where it is not written as one. */
function bytesAt(tokens: readonly Token[], at: number): number | undefined {
  const [open, number, close] = tokens.slice(at, at + 3);
  if (open?.text !== '(' || close?.text !== ')' || number?.kind !== 'number') return undefined;
  const bytes = Number(number.text.replace(/[uUlL]{1,3}$/, ''));
  const isPower = Number.isInteger(Math.log2(bytes));
  return isPower ? bytes : undefined;
}

function largest(sizes: readonly (number | undefined)[]): { readonly bytes: number } {
  return { bytes: Math.max(...sizes.map((size) => size ?? 1)) };
}
