/** Reads one `.scenario` file; docs/scenarios.md describes the language. */

import { LineIndex } from '../text/line-index.ts';
import { nearestName } from '../text/similar-name.ts';
import { expandBraces } from './expand-braces.ts';
import { parseFormula } from './parse-formula.ts';
import type {
  Acceptance,
  Actor,
  Block,
  Invariant,
  Said,
  ScenarioPart,
  ScenarioProblem,
} from './scenario.ts';
import {
  atEnd,
  complain,
  isAt,
  type Scanner,
  scan,
  take,
  takeBlock,
  takeLine,
  takeString,
} from './scenario-scanner.ts';

/** A part while it is read. */
type Draft = {
  -readonly [Key in keyof ScenarioPart]: ScenarioPart[Key] extends readonly (infer Item)[]
    ? Item[]
    : ScenarioPart[Key];
};

/** Reads what one file says; every mistake is reported with its place and the rest still read. */
export function parseScenario(
  file: string,
  text: string,
): { readonly part: ScenarioPart; readonly problems: readonly ScenarioProblem[] } {
  const scanner = scan(file, text);
  const draft = emptyDraft(file, text);
  const name = take(scanner, /C[ \t]+[^\s"{]+/y);
  if (name !== undefined) draft.name = name.text.slice(1).trim();
  else take(scanner, /C(?![^\n])/y);
  draft.description = takeString(scanner) ?? '';
  while (!atEnd(scanner)) item(scanner, draft);
  return { part: draft, problems: scanner.problems };
}

function emptyDraft(file: string, text: string): Draft {
  return {
    file,
    text,
    description: '',
    sources: [],
    includes: [],
    applies: [],
    when: [],
    unless: [],
    calls: [],
    follow: [],
    beyond: [],
    state: [],
    setup: [],
    stubs: [],
    actors: [],
    invariants: [],
    suppositions: [],
    remarks: [],
  };
}

/** Reads one item; what starts none is complained about once, to the end of its line. */
function item(scanner: Scanner, draft: Draft): void {
  const start = scanner.at;
  const word = take(scanner, /[A-Za-z]\w*|\{/y) ?? nothing(start);
  const read = readerOf(word.text) ?? (take(scanner, /:/y) && setting);
  if (read !== undefined) {
    read(scanner, draft, word);
    return;
  }
  scanner.at = start;
  const begins = [...READERS.keys(), ...HEADERS].filter((each) => each !== '{');
  const meant = nearestName(word.text, begins);
  complain(
    scanner,
    `expected a header (${HEADERS.map((name) => `${name}:`).join(', ')}), "{", "setup", "stubs", ` +
      `"suppose", a thread such as "P0", or "never"${meant === undefined ? '' : `; ${meant}?`}`,
  );
  skipItem(scanner);
}

const HEADERS = [
  ...[
    'source',
    'include',
    'path',
    'applies',
    'when',
    'unless',
    'calls',
    'follow',
    'beyond',
    'unroll',
    'depth',
    'filter',
  ],
];

/** The words with which an item begins, as they are written. */
export const ITEMS: readonly string[] = [
  ...HEADERS.map((header) => `${header}:`),
  ...['state', 'setup', 'stubs', 'never', 'suppose', 'remark'],
];

/** What an item begins with. */
const ITEM = new RegExp(
  `(?:state|setup|stubs|never|suppose|remark)\\b|P\\d+(?![\\w:])|(?:${HEADERS.join('|')})[ \\t]*:|\\{`,
  'y',
);

/** Gives up an item that cannot be read: everything up to a line that begins another one. */
function skipItem(scanner: Scanner): void {
  do {
    const line = takeLine(scanner);
    if (/\{[^{}]*$/.test(line.text)) {
      scanner.at = line.span.start + line.text.lastIndexOf('{');
      takeBlock(scanner, 'what begins here');
    }
  } while (!atEnd(scanner) && !isAt(scanner, ITEM));
}

interface Word {
  readonly text: string;
  readonly span: ScenarioProblem['span'];
}

/** Reads an item of which the first word has been read. */
type ItemReader = (scanner: Scanner, draft: Draft, word: Word) => void;

function nothing(at: number): Word {
  return { text: '', span: { start: at, end: at } };
}

/** The reader of the item that begins with a word of its own or `{`. */
function readerOf(word: string): ItemReader | undefined {
  if (/^P\d+$/.test(word)) return actor;
  return READERS.get(word);
}

const READERS: ReadonlyMap<string, ItemReader> = new Map<string, ItemReader>([
  ['{', openStateBlock],
  ['state', stateBlock],
  ['setup', setupBlock],
  ['stubs', stubsBlock],
  ['never', invariant],
  ['suppose', supposition],
  ['remark', remark],
]);

function setting(scanner: Scanner, draft: Draft, header: Word): void {
  const key = header.text;
  if (key === 'filter') {
    if (atEnd(scanner) || isAt(scanner, ITEM)) {
      complain(scanner, '"filter:" says nothing', header.span);
      return;
    }
    const formula = parseFormula(scanner);
    const span = { start: header.span.start, end: scanner.at };
    if (formula === undefined) skipItem(scanner);
    else if (draft.filter !== undefined) complain(scanner, 'there are two filters', span);
    else draft.filter = { formula, file: scanner.file, span };
    return;
  }
  const { text, span } = takeLine(scanner);
  const words = wordsOf(scanner, text, span.start);
  if (text === '') complain(scanner, `"${key}:" says nothing`, span);
  else if (key === 'source') for (const word of words) addSources(scanner, draft, word);
  else if (key === 'include') draft.includes.push(...words);
  else if (key === 'applies' || key === 'when' || key === 'unless' || key === 'follow')
    draft[key].push(...namesOf(scanner, words));
  else if (key === 'calls') calls(scanner, draft, { text, span }, words);
  else if (key === 'beyond') draft.beyond.push(text);
  else if ((key === 'path' || key === 'unroll' || key === 'depth') && draft[key] !== undefined)
    complain(scanner, `"${key}:" is said twice`, header.span);
  else if (key === 'path') draft.path = text;
  else if (key === 'unroll' || key === 'depth') bound(scanner, draft, key, text, span);
  else noHeader(scanner, header);
}

function calls(scanner: Scanner, draft: Draft, line: Word, words: readonly Said[]): void {
  const [caller, ...called] = namesOf(scanner, words);
  if (caller !== undefined && called.length > 0) draft.calls.push({ caller, called });
  else if (words.length < 2)
    complain(scanner, `"calls:" needs a function and what it calls, not "${line.text}"`, line.span);
}

function noHeader(scanner: Scanner, { text, span }: Word): void {
  const meant = nearestName(text, HEADERS);
  complain(
    scanner,
    `there is no header "${text}:"${meant === undefined ? '' : `; ${meant}:?`}`,
    span,
  );
}

/** The words of a text that begins at `start`, each with its place. */
function wordsOf({ file }: Scanner, text: string, start: number): readonly Said[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: name, index }) => ({
    name,
    file,
    span: { start: start + index, end: start + index + name.length },
  }));
}

/** Those of the words that are names of C; the others are complained about. */
function namesOf(scanner: Scanner, words: readonly Said[]): readonly Said[] {
  return words.filter(({ name, span }) => {
    const isName = /^[A-Za-z_]\w*$/.test(name);
    const isListed = name.includes(',');
    const why = isListed ? '; names are separated by blanks, not by ","' : '';
    if (!isName) complain(scanner, `"${name}" is no name of C${why}`, span);
    return isName;
  });
}

function addSources(scanner: Scanner, draft: Draft, said: Said): void {
  const names = expandBraces(said.name);
  if (names === undefined) complain(scanner, 'this stands for too many files', said.span);
  for (const name of names ?? []) draft.sources.push({ ...said, name });
}

function bound(
  scanner: Scanner,
  draft: Draft,
  key: 'unroll' | 'depth',
  text: string,
  span: ScenarioProblem['span'],
): void {
  const most = MOST[key];
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= most) draft[key] = Number(text);
  else complain(scanner, `"${key}:" needs a number from 1 to ${most}, not "${text}"`, span);
}

/** Rounds are followed one after the other, calls within one another. */
const MOST = { unroll: 999, depth: 99 } as const;

function openStateBlock(scanner: Scanner, draft: Draft, brace: Word): void {
  scanner.at = brace.span.start;
  stateBlock(scanner, draft);
}

function stateBlock(scanner: Scanner, draft: Draft): void {
  noColon(scanner, 'state');
  const block = cBlock(scanner, 'the initial state');
  if (block !== undefined) draft.state.push(block);
}

function setupBlock(scanner: Scanner, draft: Draft): void {
  noColon(scanner, 'setup');
  const block = cBlock(scanner, 'the setup');
  if (block !== undefined) draft.setup.push(block);
}

function stubsBlock(scanner: Scanner, draft: Draft): void {
  noColon(scanner, 'stubs');
  const block = cBlock(scanner, 'the stubs');
  if (block !== undefined) draft.stubs.push(block);
}

/** Says that a block is no header, and reads on behind the colon. */
function noColon(scanner: Scanner, word: string): void {
  const colon = take(scanner, /:/y);
  if (colon !== undefined)
    complain(scanner, `the "{" stands right behind "${word}", without a ":"`, colon.span);
}

function cBlock(scanner: Scanner, of: string): Block | undefined {
  const block = takeBlock(scanner, of);
  return block && { file: scanner.file, ...block };
}

function actor(scanner: Scanner, draft: Draft, { text: name, span }: Word): void {
  const as = take(scanner, /as[ \t]+[A-Za-z_]\w*/y);
  noColon(scanner, as?.text ?? name);
  if (!isAt(scanner, /\{/y)) {
    abandon(
      scanner,
      `expected "{" with ${name}${as === undefined ? ', or "as" and an object' : ''}`,
    );
    return;
  }
  const body = cBlock(scanner, name);
  if (body === undefined) return;
  const index = Number(name.slice(1));
  if (name !== `P${index}`) complain(scanner, `there is no thread ${name}; P${index}?`, span);
  const task = as && wordsOf(scanner, as.text, as.span.start)[1];
  const read: Actor = { index, ...(task && { task }), body };
  const before = draft.actors.find((each) => each.index === index);
  const at = { start: body.offset, end: body.offset };
  if (before === undefined) draft.actors.push(read);
  else if (name === `P${index}`)
    complain(scanner, `there are two threads ${name}${firstIn(scanner, before.body.offset)}`, at);
}

function invariant(scanner: Scanner, draft: Draft, never: Word): void {
  const name = take(scanner, /[A-Za-z][\w-]*/y);
  if (name === undefined) {
    abandon(scanner, '"never" needs a name');
    return;
  }
  const words = wordsIn(scanner);
  if (words === undefined) return;
  if (take(scanner, /:/y) === undefined) {
    const isEarly = isAt(scanner, /accepted\b/y);
    const why = isEarly ? '; "accepted" stands behind that' : '';
    abandon(scanner, `"never ${name.text}" needs a ":" and a formula${why}`);
    return;
  }
  const formula = parseFormula(scanner);
  if (formula === undefined) {
    skipItem(scanner);
    return;
  }
  const accepted = acceptance(scanner);
  const read = { name: name.text, words, never: formula, ...(accepted && { accepted }) };
  addInvariant(scanner, draft, read, never.span.start);
}

/** What an item says in quotes, if anything; where they are not closed it is given up. */
function wordsIn(scanner: Scanner): string | undefined {
  const told = scanner.problems.length;
  const words = takeString(scanner) ?? '';
  if (scanner.problems.length === told) return words;
  skipItem(scanner);
  return undefined;
}

/** `accepted: "reason"` or `accepted with SUPPOSITION, ...: "reason"` behind the formula of an invariant. */
function acceptance(scanner: Scanner): Acceptance | undefined {
  if (take(scanner, /accepted(?![\w-])/y) === undefined) return undefined;
  const under = namesBehindWith(scanner);
  const reason = take(scanner, /:/y) ? wordsIn(scanner) : '';
  if (reason === undefined) return undefined;
  if (reason === '') {
    const form = 'accepted: "reason", or accepted with SUPPOSITION, ...: "reason"';
    abandon(scanner, `what is accepted is written ${form}, behind the formula`);
    return undefined;
  }
  return { reason, under };
}

/** The names of `with NAME, NAME`; none where that is not said. */
function namesBehindWith(scanner: Scanner): readonly Said[] {
  const on = take(scanner, /with\s+[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*/y);
  return on === undefined
    ? []
    : wordsOf(scanner, on.text.replaceAll(',', ' '), on.span.start).slice(1);
}

function addInvariant(
  scanner: Scanner,
  draft: Draft,
  read: Pick<Invariant, 'name' | 'words' | 'never' | 'accepted'>,
  start: number,
): void {
  const span = { start, end: scanner.at };
  const before = draft.invariants.find(({ name }) => name === read.name);
  if (before !== undefined) {
    const first = firstIn(scanner, before.span.start);
    complain(scanner, `there are two invariants "${read.name}"${first}`, span);
  }
  draft.invariants.push({ ...read, file: scanner.file, span });
}

function supposition(scanner: Scanner, draft: Draft, { span: { start } }: Word): void {
  const name = take(scanner, /[A-Za-z][\w-]*/y);
  if (name === undefined) {
    abandon(scanner, '"suppose" needs a name');
    return;
  }
  const on = namesBehindWith(scanner);
  const words = wordsIn(scanner);
  if (words === undefined) return;
  if (!isAt(scanner, /\{/y)) {
    const form = `suppose ${name.text} [with OTHER, ...] "words" { ... }`;
    abandon(scanner, `a supposition is written ${form}`);
    return;
  }
  const stubs = cBlock(scanner, `"suppose ${name.text}"`);
  if (stubs === undefined) return;
  const span = { start, end: name.span.end };
  const before = draft.suppositions.find((each) => each.name === name.text);
  if (before !== undefined) {
    const first = firstIn(scanner, before.span.start);
    complain(scanner, `there are two suppositions "${name.text}"${first}`, span);
  }
  draft.suppositions.push({ name: name.text, words, on, stubs, span });
}

/** Where the first of two stands. */
function firstIn({ text }: Scanner, at: number): string {
  return `, the first in line ${new LineIndex(text).position(at).line + 1}`;
}

/** `remark FUNCTION PRIMITIVE 1 of 2: "words" PAGE`; without numbers the first one of any number is meant, and no page need
 *  be named. */
function remark(scanner: Scanner, draft: Draft): void {
  const barrier = take(
    scanner,
    /[A-Za-z_]\w*[ \t]+[A-Za-z_]\w*(?:[ \t]+[1-9]\d*(?:[ \t]+of[ \t]+[1-9]\d*)?)?[ \t]*:/y,
  );
  const [name = '', primitive = '', ordinal = '1', , of] =
    barrier?.text
      .slice(0, -1)
      .trim()
      .split(/[ \t]+/) ?? [];
  const words = barrier ? wordsIn(scanner) : '';
  if (words === undefined) return;
  if (barrier === undefined || words === '') {
    abandon(scanner, '"remark" needs a function, a primitive, a ":" and words in quotes');
    return;
  }
  if (of !== undefined && Number(ordinal) > Number(of))
    complain(scanner, `there is no number ${ordinal} of ${of}`, barrier.span);
  const page = take(scanner, /[\w./-]+\.md(?:#[\w-]+)?/y)?.text ?? '';
  const { file } = scanner;
  const { span } = barrier;
  draft.remarks.push({
    function: name,
    primitive,
    ordinal: Number(ordinal),
    ...(of !== undefined && { of: Number(of) }),
    words,
    page,
    file,
    span,
  });
}

/** Gives an item up, with the reason. */
function abandon(scanner: Scanner, message: string): void {
  complain(scanner, message);
  skipItem(scanner);
}
