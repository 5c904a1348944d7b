/**
 * What the answer for a pairing was made of: the functions that its calls can lead to, and all that stands
 * outside of functions in their files and headers. An edit of anything else leaves it as it is, but can move it.
 */

import type { FileFacts } from '../facts/file-facts.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { afterBlanks, C_COMMENTS } from '../text/blanks.ts';
import type { Place, Span } from '../text/span.ts';
import type { FileTexts, HeaderText, Proved } from './engine.ts';

/** A text with its functions. */
export interface TextParts {
  readonly text: string;
  readonly functions: FileFacts['functions'];
}

/** The texts of one question. */
export interface AskedTexts {
  /** The files that are no more than included by others. */
  readonly headers: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, TextParts>;
  /** Those of the files whose headers belong to the question: one that was asked only as a header has others. */
  readonly includers: readonly string[];
  /** Every word in what the functions can lead to, also those that name nothing yet. */
  readonly words: ReadonlySet<string>;
  /** Functions whose callers count, also new ones. */
  readonly called: ReadonlySet<string>;
}

/** The texts as they are. */
export interface PresentTexts extends FileTexts {
  readonly facts: (file: string) => FileFacts | undefined;
}

/** Every word in what the functions `roots` of `sources` can lead to. */
export function reachedWords(
  sources: readonly SourceText[],
  roots: Iterable<string>,
): ReadonlySet<string> {
  const words = new Set(roots);
  const named = piecesOfAll(sources);
  const read = new Set<unknown>();
  for (const word of words)
    for (const piece of named.get(word) ?? []) {
      if (read.has(piece)) continue;
      read.add(piece);
      for (const next of piece()) words.add(next);
    }
  return words;
}

/** What a question that was looked up in `files` was made of, with the texts as they were `then`. */
export function askedTexts({ files, words, called }: Proved, then: PresentTexts): AskedTexts {
  const own = new Map(
    files.flatMap((file) => {
      const parts = partsOf(file, then);
      return parts === undefined ? [] : [[file, parts] as const];
    }),
  );
  const paths = new Set(files);
  const included = new Map([...own.keys()].map((file) => [file, then.headersOf(file)]));
  const headers = [...included.values()]
    .flat()
    .filter(({ path }) => paths.has(path) && !own.has(path));
  return {
    headers: new Map(headers.map(({ path, text }) => [path, text])),
    files: own,
    includers: [...own.keys()].filter((file) =>
      included.get(file)!.every(({ path }) => paths.has(path)),
    ),
    words,
    called,
  };
}

function partsOf(file: string, { facts, textOf }: PresentTexts): TextParts | undefined {
  const [text, functions] = [textOf(file), facts(file)?.functions];
  return text === undefined || functions === undefined ? undefined : { text, functions };
}

/** Whether the texts that there are `now` give the same answer. */
export function isUntouched(
  { headers, files, includers, words, called }: AskedTexts,
  now: PresentTexts,
): boolean {
  const included = includers.flatMap(now.headersOf);
  const isKnown = ({ path, text }: HeaderText) =>
    (headers.get(path) ?? files.get(path)?.text) === text;
  const paths = new Set(included.map(({ path }) => path));
  if (!included.every(isKnown) || [...headers.keys()].some((path) => !paths.has(path)))
    return false;
  return [...files].every(([file, before]) => {
    const after = partsOf(file, now);
    if (after === undefined) return false;
    if (after.text === before.text) return true;
    const changed = changedBetween(before, after);
    if (changed === 'outside') return false;
    return changed.every(
      (name) => !words.has(name) && ![before, after].some((parts) => calls(parts, name, called)),
    );
  });
}

/** Whether a function calls one of some. */
function calls({ functions }: TextParts, name: string, called: ReadonlySet<string>): boolean {
  return functions.some((each) => each.name === name && each.calls.some((one) => called.has(one)));
}

/** The functions that are not the same in two texts, or that more than functions differs. */
type Changed = readonly string[] | 'outside';

const changes = new WeakMap<TextParts['functions'], WeakMap<TextParts['functions'], Changed>>();

/** What differs between two texts of a file, found once for all that ask. */
function changedBetween(before: TextParts, after: TextParts): Changed {
  const table = changes.get(before.functions) ?? new WeakMap<TextParts['functions'], Changed>();
  changes.set(before.functions, table);
  const found = table.get(after.functions) ?? changesOf(before, after);
  table.set(after.functions, found);
  return found;
}

function changesOf(before: TextParts, after: TextParts): Changed {
  if (outsideText(before) !== outsideText(after)) return 'outside';
  const [old, now] = [functionTexts(before), functionTexts(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => old.get(name) !== now.get(name),
  );
}

function outsideText({ text, functions }: TextParts): string {
  return withoutComments(outsideOf(text, functions).join('\n'));
}

const TOKEN = /"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|[^\s"'/]+|\//y;

/** The words of a text; lines stay apart, for the preprocessor goes by them. */
function withoutComments(text: string): string {
  const words: string[] = [];
  let end = 0;
  for (;;) {
    const at = afterBlanks(text, end, C_COMMENTS);
    words.push(end === 0 || text.slice(end, at).includes('\n') ? '\n' : ' ');
    if (at >= text.length) return words.join('');
    TOKEN.lastIndex = at;
    TOKEN.test(text);
    end = TOKEN.lastIndex;
    words.push(text.slice(at, end));
  }
}

function functionTexts({ text, functions }: TextParts): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { name, span } of functions)
    texts.set(name, `${texts.get(name) ?? ''}\n${text.slice(span.start, span.end)}`);
  return texts;
}

/** Where a place in one of the texts stands `now`: as far into its function as it was. */
export function movedPlace<Placed extends Place>(
  { files }: AskedTexts,
  now: PresentTexts,
  place: Placed,
): Placed {
  const [before, after] = [files.get(place.file), partsOf(place.file, now)];
  if (before === undefined || after === undefined || before.text === after.text) return place;
  const { start, end } = place.span;
  const home = before.functions.find(({ span }) => span.start <= start && end <= span.end);
  if (home === undefined) return place;
  const named = (parts: TextParts) => parts.functions.filter(({ name }) => name === home.name);
  const moved = named(after)[named(before).indexOf(home)];
  if (moved === undefined) return place;
  const by = moved.span.start - home.span.start;
  return { ...place, span: { start: start + by, end: end + by } };
}

/** The words of a piece of text. */
type Words = () => ReadonlySet<string>;

/** Pieces by the names that they may give a meaning to. */
type Pieces = ReadonlyMap<string, readonly Words[]>;

/** By the first of some texts: those of all that were asked for last. One question after the other has the same. */
const knownOfAll = new WeakMap<SourceText, readonly [readonly SourceText[], Pieces]>();

function piecesOfAll(sources: readonly SourceText[]): Pieces {
  const [first] = sources;
  if (first === undefined) return new Map();
  const [last, before] = knownOfAll.get(first) ?? [[], new Map()];
  if (last.length === sources.length && last.every((source, at) => source === sources[at]))
    return before;
  const all = new Map<string, Words[]>();
  for (const source of sources)
    for (const [name, pieces] of piecesOf(source)) {
      const list = all.get(name);
      if (list === undefined) all.set(name, [...pieces]);
      else list.push(...pieces);
    }
  knownOfAll.set(first, [sources, all]);
  return all;
}

const known = new WeakMap<SourceText, Pieces>();

/** The pieces of a text by the names that they may give a meaning to: functions by theirs, all else by the words of
 *  its first line. */
function piecesOf(source: SourceText): Pieces {
  const before = known.get(source);
  if (before !== undefined) return before;
  const { text, parsed } = source;
  const pieces = new Map<string, Words[]>();
  const add = (names: Iterable<string>, piece: string) => {
    let found: ReadonlySet<string> | undefined;
    const words = () => {
      found ??= wordsOf(piece);
      return found;
    };
    for (const name of names) {
      const known = pieces.get(name);
      if (known === undefined) pieces.set(name, [words]);
      else known.push(words);
    }
  };
  for (const { name, span } of parsed.functions) add([name], text.slice(span.start, span.end));
  for (const rest of outsideOf(text, parsed.functions))
    for (const piece of rest.split(/(?<!\\)\n(?=[^\s{})])/))
      add(wordsOf(piece.slice(0, piece.indexOf('\n') + 1 || undefined)), piece);
  known.set(source, pieces);
  return pieces;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set((text.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => !EVERYWHERE.has(word)));
}

/** Words that give no meaning to a name. */
const EVERYWHERE: ReadonlySet<string> = new Set(
  'auto bool break case char const continue default define do double else endif enum extern float for goto if ifdef ifndef include inline int long register return short signed sizeof static struct switch typedef typeof undef union unsigned void volatile while'.split(
    ' ',
  ),
);

/** What stands before, between and behind the functions. */
function outsideOf(text: string, functions: readonly { readonly span: Span }[]): readonly string[] {
  const spans = functions.map(({ span }) => span).toSorted((a, b) => a.start - b.start);
  let end = 0;
  const between = spans.map((span) => {
    const part = text.slice(end, Math.max(end, span.start));
    end = Math.max(end, span.end);
    return part;
  });
  return [...between, text.slice(end)];
}
