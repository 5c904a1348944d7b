/**
 * An engine that finds again what was found before for the same text: facts by the texts of the file and its headers,
 * verdicts by all that the simulation asked for. What it is given to remember with decides how long.
 */

import { createHash } from 'node:crypto';
import type { FileFacts } from '../facts/file-facts.ts';
import type { Engine, HeaderText, ProofQuestion, ProofSources, Proved } from './engine.ts';

/** Remembers values under keys, or forgets them. What comes back is what was put, or undefined. */
export interface Memory {
  readonly get: (key: readonly string[]) => unknown;
  readonly put: (key: readonly string[], value: unknown) => void;
}

/** The key of a file's facts. `mode` tells engines apart that read the same text in other ways. */
export function factsKey(
  mode: string,
  file: string,
  text: string,
  headers: readonly HeaderText[],
): readonly string[] {
  return ['facts', mode, file, hashOf(text), headersHash(headers)];
}

/** `engine`, asked only for what `memory` does not know. */
export function cachedEngine(engine: Engine, memory: Memory, mode = ''): Engine {
  const proofs = knownProofs(memory, mode);
  return {
    ...engine,
    facts(file, text, headers) {
      const key = factsKey(mode, file, text, headers);
      const known = memory.get(key);
      if (known !== undefined) return known as FileFacts;
      const facts = engine.facts(file, text, headers);
      memory.put(key, facts);
      return facts;
    },
    verdict(question, sources) {
      const found = proofs.find(question, sources);
      if ('proved' in found) return found.proved;
      const proved = engine.verdict(question, found.sources);
      found.keep(proved);
      return proved;
    },
  };
}

/** Proofs that are found again. */
export interface KnownProofs {
  /** The proof, or sources that note what is looked up in them, and where to put the proof that is found so. */
  readonly find: (
    question: ProofQuestion,
    sources: ProofSources,
  ) =>
    | { readonly proved: Proved }
    | { readonly sources: ProofSources; readonly keep: (proved: Proved) => void };
}

/** The proofs that `memory` has. One that broke off looked at no file, and is not kept. */
export function knownProofs(memory: Memory, mode = ''): KnownProofs {
  const textHash = hashesByFile();
  return {
    find(question, sources) {
      const key = ['verdict', mode, JSON.stringify(question)];
      const known = (memory.get(key) ?? []) as readonly Remembered[];
      const state = stateOf(sources, textHash);
      const found = known.find(({ asked }) => asked.every((each) => state(each) === each.answer));
      if (found !== undefined) return { proved: found.proved };
      const asked = new Map<string, Asked>();
      return {
        sources: noting(sources, (kind, name) => {
          asked.set(`${kind} ${name}`, { kind, name, answer: state({ kind, name }) });
        }),
        keep(proved) {
          if (proved.files.length === 0) return;
          const remembered: Remembered = { proved, asked: [...asked.values()] };
          memory.put(key, [remembered, ...known].slice(0, MOST_STATES));
        },
      };
    },
  };
}

/** Of so many states of the tree the answer for one pairing is kept: a branch and back. */
const MOST_STATES = 4;

/** What a simulation looked up: the text of a file, its headers, its facts, who defines a name. */
interface Question {
  readonly kind: 'text' | 'headers' | 'facts' | 'functions';
  readonly name: string;
}

/** With a number of what it found. */
interface Asked extends Question {
  readonly answer: string;
}

interface Remembered {
  readonly proved: Proved;
  readonly asked: readonly Asked[];
}

/** Numbers of what there is now. Facts follow from a file's text and headers. */
function stateOf(
  { functions, textOf, headersOf }: ProofSources,
  textHash: (file: string, text: string) => string,
) {
  const textState = (file: string) => {
    const text = textOf(file);
    return text === undefined ? 'none' : textHash(file, text);
  };
  const factsState = (file: string) => `${textState(file)} ${headersHash(headersOf(file))}`;
  return ({ kind, name }: Question): string => {
    switch (kind) {
      case 'text':
        return textState(name);
      case 'headers':
        return headersHash(headersOf(name));
      case 'facts':
        return factsState(name);
      case 'functions':
        return hashOf(
          functions(name)
            .map(({ file }) => `${file} ${factsState(file)}\n`)
            .join(''),
        );
    }
  };
}

/** The same look-ups, each told to `note`. */
function noting(
  { textOf, headersOf, facts, functions }: ProofSources,
  note: (kind: Question['kind'], name: string) => void,
): ProofSources {
  const noted =
    <Answer>(kind: Question['kind'], ask: (name: string) => Answer) =>
    (name: string): Answer => {
      note(kind, name);
      return ask(name);
    };
  return {
    textOf: noted('text', textOf),
    headersOf: noted('headers', headersOf),
    facts: noted('facts', facts),
    functions: noted('functions', functions),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Of each file the number of its last text: it is asked for again and again. */
function hashesByFile(): (file: string, text: string) => string {
  const known = new Map<string, { readonly text: string; readonly hash: string }>();
  return (file, text) => {
    const before = known.get(file);
    if (before?.text === text) return before.hash;
    const hash = hashOf(text);
    known.set(file, { text, hash });
    return hash;
  };
}

const headerHashes = new WeakMap<readonly HeaderText[], string>();

function headersHash(headers: readonly HeaderText[]): string {
  const known = headerHashes.get(headers);
  if (known !== undefined) return known;
  const hash = hashOf(headers.map((header) => `${header.path} ${headerHash(header)}\n`).join(''));
  headerHashes.set(headers, hash);
  return hash;
}

const oneHeader = new WeakMap<HeaderText, string>();

function headerHash(header: HeaderText): string {
  const hash = oneHeader.get(header) ?? hashOf(header.text);
  oneHeader.set(header, hash);
  return hash;
}
