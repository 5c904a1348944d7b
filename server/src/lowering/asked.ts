/** What a lowering asked of the texts, and whether other texts would have answered the same. */

import { editedBodies, outsideOf } from './edited-bodies.ts';
import type { GlobalObject } from './file-index.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';
import { type Paired, pairedSpans, SAME } from './moved-spans.ts';
import type { Defined, SymbolKind as Kind, Symbols } from './symbols.ts';

/** One look-up, and what it found. */
export type Answered = {
  readonly [kind in Kind]: {
    readonly kind: kind;
    readonly name: string;
    readonly from: string;
    readonly answer: ReturnType<Symbols[kind]>;
  };
}[Kind];

/** What has been answered already: what a question came to, where it cannot have another answer now. */
export type Before = (kind: Kind, name: string, from: string) => Answered | undefined;

/** A look-up that notes what it is asked; it asks `symbols` each question once, but for those that were answered `before`. */
export function listening(
  symbols: Symbols,
  before: Before = () => undefined,
): {
  readonly symbols: Symbols;
  readonly asked: () => readonly Answered[];
} {
  const asked: Answered[] = [];
  const seen = new Map<Kind, Map<string, Map<string, unknown>>>();
  const seenOf = (kind: Kind, from: string): Map<string, unknown> => {
    const ofKind = seen.get(kind) ?? new Map<string, Map<string, unknown>>();
    seen.set(kind, ofKind);
    const known = ofKind.get(from) ?? new Map<string, unknown>();
    ofKind.set(from, known);
    return known;
  };
  const note = (answered: Answered): void => {
    const known = seenOf(answered.kind, answered.from);
    if (known.has(answered.name)) return;
    known.set(answered.name, answered.answer);
    asked.push(answered);
  };
  const noting = <Looked extends Kind>(kind: Looked): Symbols[Looked] => {
    const ask = (name: string, from = ''): unknown => {
      const known = seenOf(kind, from);
      if (!known.has(name))
        note(
          before(kind, name, from) ??
            ({ kind, name, from, answer: answerOf(symbols, kind, name, from) } as Answered),
        );
      return known.get(name);
    };
    return ask as Symbols[Looked];
  };
  const heard: Symbols = {
    function: noting('function'),
    object: noting('object'),
    prototype: noting('prototype'),
    struct: noting('struct'),
    typedef: noting('typedef'),
    enumerator: noting('enumerator'),
    enumeration: noting('enumeration'),
    piece: noting('piece'),
    conditions: symbols.conditions,
  };
  listeners.set(heard, { behind: symbols, note });
  return { symbols: heard, asked: () => asked };
}

/** Of a look-up that notes what it is asked: the one that it asks, and how it takes what was asked of that. */
interface Listener {
  readonly behind: Symbols;
  readonly note: (answered: Answered) => void;
}

const listeners = new WeakMap<Symbols, Listener>();

/** Has a look-up take for asked what came of asking again. */
export function noteAsked(symbols: Symbols, asked: readonly Answered[]): void {
  const note = listeners.get(symbols)?.note;
  if (note !== undefined) asked.forEach(note);
}

function answerOf(symbols: Symbols, kind: Kind, name: string, from: string): Answered['answer'] {
  return symbols[kind](name, from);
}

/** A question, the answer that it has now, and how that and the one it had before pair. */
export interface AskedAgain {
  readonly before: Answered;
  readonly now: Answered;
  readonly paired: Paired;
}

/** What is asked about: the answers follow from it, and from the rest of the request. */
export type AskedAbout = Pick<LoweringRequest, 'sources' | 'configuration'>;

/** What of a request has to be kept for that. */
export function aboutOf({ sources, configuration }: AskedAbout): AskedAbout {
  return { sources, ...(configuration && { configuration }) };
}

/** Asks everything again that may have another answer `now` than `then`; undefined where an answer differs in more than
 *  spans. Nothing of it is noted: what is not found again was not asked. */
export function askAgain(
  asked: readonly Answered[],
  then: AskedAbout,
  now: AskedAbout,
  symbols: Symbols,
): readonly AskedAgain[] | undefined {
  const edited =
    then.configuration === now.configuration ? editedBodies(then.sources, now.sources) : undefined;
  const again: AskedAgain[] = [];
  const behind = listeners.get(symbols)?.behind ?? symbols;
  for (const before of asked) {
    if (edited !== undefined && isUntouched(before, edited)) {
      again.push({ before, now: before, paired: SAME });
      continue;
    }
    const { kind, name, from } = before;
    const answer = answerOf(behind, kind, name, from);
    const paired = sameAnswer(before, answer);
    if (paired === undefined) return undefined;
    again.push({ before, now: { kind, name, from, answer } as Answered, paired });
  }
  return again;
}

/** What was `asked` and answered `then`, where it has the same answer `now`, spans and all. */
export function untouchedAnswers(
  asked: readonly Answered[],
  then: AskedAbout,
  now: AskedAbout,
): Before {
  const edited =
    then.configuration === now.configuration ? editedBodies(then.sources, now.sources) : undefined;
  if (edited === undefined) return () => undefined;
  const answers = answersIn(asked);
  return (kind, name, from) => {
    const found = answers.get(kind)?.get(from)?.get(name);
    return found !== undefined && isUntouched(found, edited) ? found : undefined;
  };
}

type Answers = ReadonlyMap<Kind, ReadonlyMap<string, ReadonlyMap<string, Answered>>>;

const answersOf = new WeakMap<readonly Answered[], Answers>();

/** By kind, file and name. */
function answersIn(asked: readonly Answered[]): Answers {
  const known = answersOf.get(asked);
  if (known !== undefined) return known;
  const answers = new Map<Kind, Map<string, Map<string, Answered>>>();
  for (const answered of asked) {
    const ofKind = answers.get(answered.kind) ?? new Map<string, Map<string, Answered>>();
    answers.set(answered.kind, ofKind);
    const ofFile = ofKind.get(answered.from) ?? new Map<string, Answered>();
    ofKind.set(answered.from, ofFile.set(answered.name, answered));
  }
  answersOf.set(asked, answers);
  return answers;
}

/** Whether an answer is that of before, spans and all, where bodies of functions were edited in these files. */
function isUntouched({ kind, name, answer }: Answered, edited: readonly SourceText[]): boolean {
  switch (kind) {
    case 'function':
    case 'object':
      return answer === undefined || edited.every(({ file }) => file !== answer.source.file);
    case 'prototype':
      return answer === undefined;
    case 'struct':
    case 'typedef':
    case 'enumerator':
    case 'enumeration':
      return answer === undefined || !edited.some((text) => speaksOf(text, name));
    case 'piece':
      // It stands in no file, and the macros that it uses stand outside of bodies.
      return true;
  }
}

/** Whether a file may define what has that name. */
function speaksOf(text: SourceText, name: string): boolean {
  const word = name.slice(name.lastIndexOf(' ') + 1);
  return outsideOf(text).includes(word);
}

function sameAnswer(before: Answered, now: Answered['answer']): Paired | undefined {
  switch (before.kind) {
    case 'prototype':
      return before.answer === now ? SAME : undefined;
    case 'function':
      return sameDefined(before.answer, now as typeof before.answer, ({ span }) => span.start);
    case 'object':
      return sameDefined(before.answer, now as typeof before.answer, beginOf);
    case 'struct':
    case 'typedef':
    case 'piece':
    case 'enumerator':
    case 'enumeration':
      return sameType(before.answer, now as typeof before.answer);
  }
}

function sameType(before: object | undefined, now: object | undefined): Paired | undefined {
  if (before === undefined || now === undefined) return before === now ? SAME : undefined;
  return pairedSpans(before, now, () => 0);
}

function sameDefined<Definition extends object>(
  before: Defined<Definition> | undefined,
  now: Defined<Definition> | undefined,
  begins: (definition: Definition) => number,
): Paired | undefined {
  if (before === undefined || now === undefined) return before === now ? SAME : undefined;
  const isThere =
    before.layer === now.layer &&
    before.source.file === now.source.file &&
    before.location === now.location;
  return isThere ? pairedSpans(before.definition, now.definition, begins) : undefined;
}

function beginOf(object: GlobalObject): number {
  return object.kind === 'declared' ? object.declarator.span.start : object.by.span.start;
}
