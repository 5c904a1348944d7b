/** What a lowering asked of the texts, and whether other texts would have answered the same. */

import type { GlobalObject } from './file-index.ts';
import { type MovedSpans, movedSpans, NOT_MOVED } from './moved-spans.ts';
import type { Defined, Symbols } from './symbols.ts';

/** The look-ups of names. What the body of a macro is follows from the macro. */
type Kind = Exclude<keyof Symbols, 'macroBody'>;

/** One look-up, and what it found. */
export type Answered = {
  readonly [kind in Kind]: {
    readonly kind: kind;
    readonly name: string;
    readonly from: string;
    readonly answer: ReturnType<Symbols[kind]>;
  };
}[Kind];

/** A look-up that notes what it is asked; it asks `symbols` each question once. */
export function listening(symbols: Symbols): {
  readonly symbols: Symbols;
  readonly asked: () => readonly Answered[];
} {
  const asked: Answered[] = [];
  const noting = <Looked extends Kind>(kind: Looked): Symbols[Looked] => {
    const known = new Map<string, Map<string, unknown>>();
    const ask = (name: string, from = ''): unknown => {
      const seen = known.get(from) ?? new Map<string, unknown>();
      known.set(from, seen);
      if (seen.has(name)) return seen.get(name);
      const answer = answerOf(symbols, kind, name, from);
      seen.set(name, answer);
      asked.push({ kind, name, from, answer } as Answered);
      return answer;
    };
    return ask as Symbols[Looked];
  };
  return {
    asked: () => asked,
    symbols: {
      macro: noting('macro'),
      function: noting('function'),
      object: noting('object'),
      struct: noting('struct'),
      typedef: noting('typedef'),
      enumerator: noting('enumerator'),
      macroBody: symbols.macroBody,
    },
  };
}

function answerOf(symbols: Symbols, kind: Kind, name: string, from: string): Answered['answer'] {
  return symbols[kind](name, from);
}

/** What was asked, and the spans that are elsewhere now. */
export interface AskedAgain {
  /** With the answers that it has now; those that did not move are the ones of before, whose spans are
   *  the ones in the program. */
  readonly asked: readonly Answered[];
  readonly moved: readonly MovedSpans[];
}

/** Asks everything again; undefined where an answer differs in more than spans. */
export function askAgain(asked: readonly Answered[], symbols: Symbols): AskedAgain | undefined {
  const moved: MovedSpans[] = [];
  const again: Answered[] = [];
  for (const before of asked) {
    const { kind, name, from } = before;
    const answer = answerOf(symbols, kind, name, from);
    const spans = sameAnswer(before, answer);
    if (spans === undefined) return undefined;
    if (spans.size > 0) moved.push(spans);
    again.push(spans.size > 0 ? ({ kind, name, from, answer } as Answered) : before);
  }
  return { asked: again, moved };
}

function sameAnswer(before: Answered, now: Answered['answer']): MovedSpans | undefined {
  switch (before.kind) {
    case 'macro':
      return sameDefined(before.answer, now as typeof before.answer, () => 0);
    case 'function':
      return sameDefined(before.answer, now as typeof before.answer, ({ span }) => span.start);
    case 'object':
      return sameDefined(before.answer, now as typeof before.answer, beginOf);
    case 'struct':
    case 'typedef':
      return sameType(before.answer, now as typeof before.answer);
    case 'enumerator':
      return before.answer === now ? NOT_MOVED : undefined;
  }
}

function sameType(before: object | undefined, now: object | undefined): MovedSpans | undefined {
  if (before === undefined || now === undefined) return before === now ? NOT_MOVED : undefined;
  return movedSpans(before, now, () => 0);
}

function sameDefined<Definition extends object>(
  before: Defined<Definition> | undefined,
  now: Defined<Definition> | undefined,
  begins: (definition: Definition) => number,
): MovedSpans | undefined {
  if (before === undefined || now === undefined) return before === now ? NOT_MOVED : undefined;
  const isThere = before.layer === now.layer && before.source.file === now.source.file;
  return isThere ? movedSpans(before.definition, now.definition, begins) : undefined;
}

function beginOf(object: GlobalObject): number {
  return object.kind === 'declared' ? object.declarator.span.start : object.by.span.start;
}
