/** What the replacing of macros asked, so that its result can be kept for as long as the answers are the same. */

import type { Macro } from '../syntax/macro-token.ts';
import type { OptionQuestion } from './macros-in-force.ts';

/** What a name means at an offset, whether an option is set, or a name an object of the scenario. */
export type MacroQuestion =
  | { readonly kind: 'object'; readonly name: string; readonly at: number }
  | { readonly kind: 'macro'; readonly name: string; readonly at: number }
  | {
      readonly kind: 'option';
      readonly name: OptionQuestion;
      readonly option: string;
      readonly at: number;
    };

/** The answers as seen from one text. */
export interface MacroAnswers {
  readonly macro: (name: string, at: number) => Macro | undefined;
  /** The place itself where the macro depends on it, else 0. */
  readonly place: (name: string, at: number) => number;
  readonly option: (name: OptionQuestion, option: string, at: number) => boolean;
  readonly isObject: (name: string) => boolean;
}

/** A result with the questions that it follows from. */
export interface Remembered<Result> {
  readonly result: Result;
  readonly questions: readonly MacroQuestion[];
  readonly answers: readonly string[];
}

/** The results made of one thing, the newest first. */
export type Results<Key extends object, Result> = WeakMap<Key, readonly Remembered<Result>[]>;

/** So many results are kept of one thing. */
const MOST = 6;

/** The result that `make` makes with `answers`, made again only where an answer is another one. */
export function remembered<Key extends object, Result>(
  known: Results<Key, Result>,
  key: Key,
  answers: MacroAnswers,
  make: (answers: MacroAnswers) => Result,
): Remembered<Result> {
  const before = known.get(key) ?? [];
  const found = before.find((each) => isSame(each, answers)) ?? made(answers, make);
  if (before[0] !== found)
    known.set(key, [found, ...before.filter((each) => each !== found)].slice(0, MOST));
  return found;
}

function isSame<Result>(
  { questions, answers: before }: Remembered<Result>,
  answers: MacroAnswers,
): boolean {
  return questions.every((question, at) => answerTo(question, answers) === before[at]);
}

function made<Result>(
  answers: MacroAnswers,
  make: (answers: MacroAnswers) => Result,
): Remembered<Result> {
  const asked = new Map<string, MacroQuestion>();
  const note = (question: MacroQuestion): void => {
    const key = `${question.kind} ${question.name} ${question.at}`;
    if (!asked.has(key)) asked.set(key, question);
  };
  const anywhere = new Map<string, Macro | undefined>();
  const result = make({
    ...answers,
    macro: (name, at) => {
      if (anywhere.has(name)) return anywhere.get(name);
      const place = answers.place(name, at);
      note({ kind: 'macro', name, at: place });
      const macro = answers.macro(name, at);
      if (place === 0) anywhere.set(name, macro);
      return macro;
    },
    option: (name, option, at) => {
      note({ kind: 'option', name, option, at });
      return answers.option(name, option, at);
    },
    isObject: (name) => {
      note({ kind: 'object', name, at: 0 });
      return answers.isObject(name);
    },
  });
  const questions = [...asked.values()];
  return { result, questions, answers: questions.map((each) => answerTo(each, answers)) };
}

function answerTo(question: MacroQuestion, answers: MacroAnswers): string {
  if (question.kind === 'option')
    return String(answers.option(question.name, question.option, question.at));
  if (question.kind === 'object') return String(answers.isObject(question.name));
  const macro = answers.macro(question.name, question.at);
  return macro === undefined ? '' : textOf(macro);
}

const texts = new WeakMap<Macro, string>();

/** Everything that a macro is, as one text. */
function textOf(macro: Macro): string {
  const known = texts.get(macro);
  if (known !== undefined) return known;
  const { parameters, isVariadic, body } = macro;
  const tokens = body.map(({ text, spaced }) => (spaced ? ` ${text}` : text));
  const text = JSON.stringify([parameters, isVariadic, body[0]?.isOutside, ...tokens]);
  texts.set(macro, text);
  return text;
}
