/** Reads one `.scenario` file; docs/scenarios.md describes the language. */

import { parseFormula } from './parse-formula.ts';
import type { Actor, Block, Invariant, ScenarioPart, ScenarioProblem } from './scenario.ts';
import {
  atEnd,
  complain,
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
  const draft = emptyDraft(file);
  const name = take(scanner, /C[ \t]+[^\s"{]+/);
  if (name !== undefined) draft.name = name.text.slice(1).trim();
  draft.description = takeString(scanner) ?? '';
  while (!atEnd(scanner)) item(scanner, draft);
  return { part: draft, problems: scanner.problems };
}

function emptyDraft(file: string): Draft {
  return {
    file,
    description: '',
    sources: [],
    includes: [],
    applies: [],
    state: [],
    setup: [],
    stubs: [],
    actors: [],
    invariants: [],
    suppositions: [],
  };
}

/** Reads one item; what starts none is complained about once, to the end of its line. */
function item(scanner: Scanner, draft: Draft): void {
  const start = scanner.at;
  const word = take(scanner, /[A-Za-z]\w*|\{/) ?? nothing(start);
  const read = readerOf(word.text) ?? (take(scanner, /:/) && setting);
  if (read !== undefined) {
    read(scanner, draft, word);
    return;
  }
  scanner.at = start;
  complain(
    scanner,
    'expected a header (source:, include:, path:, applies:, unroll:, depth:, filter:), "{", ' +
      '"setup", "stubs", "suppose", a thread such as "P0", or "never"',
  );
  takeLine(scanner);
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
]);

function setting(scanner: Scanner, draft: Draft, header: Word): void {
  const key = header.text;
  if (key === 'filter') {
    const formula = parseFormula(scanner);
    if (formula !== undefined) draft.filter = formula;
    return;
  }
  const { text, span } = takeLine(scanner);
  const words = text.split(/\s+/);
  if (text === '') complain(scanner, `"${key}:" says nothing`, span);
  else if (key === 'source') draft.sources.push(...words.flatMap(expandBraces));
  else if (key === 'include') draft.includes.push(...words.map((name) => ({ name, span })));
  else if (key === 'applies') draft.applies.push(...words);
  else if (key === 'path') draft.path = text;
  else if (key === 'unroll' || key === 'depth') bound(scanner, draft, key, text, span);
  else complain(scanner, `there is no header "${key}:"`, header.span);
}

function bound(
  scanner: Scanner,
  draft: Draft,
  key: 'unroll' | 'depth',
  text: string,
  span: ScenarioProblem['span'],
): void {
  if (/^[1-9]\d{0,2}$/.test(text)) draft[key] = Number(text);
  else complain(scanner, `"${key}:" needs a number from 1 to 999, not "${text}"`, span);
}

/** `a/{b,c}.{d,e}` as a shell would read it: every combination, in order. */
export function expandBraces(pattern: string): readonly string[] {
  const match = /^([^{}]*)\{([^{}]*)\}(.*)$/.exec(pattern);
  if (match === null) return [pattern];
  const [, before = '', choices = '', after = ''] = match;
  return choices.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

function openStateBlock(scanner: Scanner, draft: Draft, brace: Word): void {
  scanner.at = brace.span.start;
  stateBlock(scanner, draft);
}

function stateBlock(scanner: Scanner, draft: Draft): void {
  const block = cBlock(scanner, 'the initial state');
  if (block !== undefined) draft.state.push(block);
}

function setupBlock(scanner: Scanner, draft: Draft): void {
  const block = cBlock(scanner, 'the setup');
  if (block !== undefined) draft.setup.push(block);
}

function stubsBlock(scanner: Scanner, draft: Draft): void {
  const block = cBlock(scanner, 'the stubs');
  if (block !== undefined) draft.stubs.push(block);
}

function cBlock(scanner: Scanner, of: string): Block | undefined {
  const block = takeBlock(scanner, of);
  return block && { file: scanner.file, ...block };
}

function actor(scanner: Scanner, draft: Draft, { text: name }: Word): void {
  const as = take(scanner, /as[ \t]+[A-Za-z_]\w*/);
  const body = cBlock(scanner, name);
  if (body === undefined) return;
  const task = as?.text.replace(/^as\s+/, '');
  const read: Actor = { index: Number(name.slice(1)), ...(task && { task }), body };
  if (draft.actors.some(({ index }) => index === read.index))
    complain(scanner, `there are two threads ${name}`, { start: body.offset, end: body.offset });
  else draft.actors.push(read);
}

function invariant(scanner: Scanner, draft: Draft, never: Word): void {
  const name = take(scanner, /[A-Za-z][\w-]*/);
  if (name === undefined) {
    abandon(scanner, '"never" needs a name');
    return;
  }
  const words = takeString(scanner) ?? '';
  if (take(scanner, /:/) === undefined) {
    abandon(scanner, `"never ${name.text}" needs a ":" and a formula`);
    return;
  }
  const formula = parseFormula(scanner);
  if (formula === undefined) takeLine(scanner);
  else addInvariant(scanner, draft, { name: name.text, words, never: formula }, never.span.start);
}

function addInvariant(
  scanner: Scanner,
  draft: Draft,
  read: Pick<Invariant, 'name' | 'words' | 'never'>,
  start: number,
): void {
  const span = { start, end: scanner.at };
  if (draft.invariants.some(({ name }) => name === read.name))
    complain(scanner, `there are two invariants "${read.name}"`, span);
  draft.invariants.push({ ...read, file: scanner.file, span });
}

function supposition(scanner: Scanner, draft: Draft, { span: { start } }: Word): void {
  const name = take(scanner, /[A-Za-z][\w-]*/);
  if (name === undefined) {
    abandon(scanner, '"suppose" needs a name');
    return;
  }
  const on = take(scanner, /with\s+[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*/);
  const words = takeString(scanner) ?? '';
  const stubs = cBlock(scanner, `"suppose ${name.text}"`);
  if (stubs === undefined) return;
  draft.suppositions.push({
    name: name.text,
    words,
    on: on === undefined ? [] : on.text.replace(/^with\s+/, '').split(/\s*,\s*/),
    stubs,
    span: { start, end: name.span.end },
  });
}

/** Gives the rest of the line up, with the reason. */
function abandon(scanner: Scanner, message: string): void {
  complain(scanner, message);
  takeLine(scanner);
}
