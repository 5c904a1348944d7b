/** Which files of a request were edited, where nothing but bodies of functions was: all else that they define is as before. */

import type { FunctionDefinition } from '../syntax/ast.ts';
import type { SourceText } from './lowering.ts';

type Sources = readonly SourceText[];

/** The files that are not as before; undefined where more differs than what stands in the bodies of their functions. */
export const editedBodies = comparedOnce((before, now): Sources | undefined => {
  if (before.length !== now.length) return undefined;
  const isAlike = (text: SourceText, at: number) =>
    text === before[at] ||
    (text.file === before[at]!.file && outsideOf(text) === outsideOf(before[at]!));
  return now.every(isAlike) ? now.filter((text, at) => text !== before[at]) : undefined;
});

/** So many comparisons with what is there now are remembered. */
const MOST_COMPARED = 8;

/** `compare`, whose answers are remembered: many requests are made of the same files. */
export function comparedOnce<Answer>(
  compare: (before: Sources, now: Sources) => Answer,
): (before: Sources, now: Sources) => Answer {
  interface Compared {
    readonly before: Sources;
    readonly now: Sources;
    readonly answer: Answer;
  }
  const compared = new WeakMap<SourceText, readonly Compared[]>();
  return (before, now) => {
    const [key] = now;
    if (key === undefined) return compare(before, now);
    const known = compared.get(key) ?? [];
    const found = known.find((each) => areSame(each.before, before) && areSame(each.now, now));
    if (found !== undefined) return found.answer;
    const made = { before, now, answer: compare(before, now) };
    compared.set(key, [made, ...known].slice(0, MOST_COMPARED));
    return made.answer;
  };
}

function areSame(one: Sources, other: Sources): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}

const outsides = new WeakMap<SourceText, string>();

/** A file without the bodies of its functions; a body with lines of the preprocessor stays. */
export function outsideOf(source: SourceText): string {
  const known = outsides.get(source) ?? withoutBodies(source);
  outsides.set(source, known);
  return known;
}

function withoutBodies({ text, parsed }: SourceText): string {
  const parts: string[] = [];
  let from = 0;
  for (const definition of parsed.functions) {
    const { start, end } = bodyOf(definition, text);
    if (start < from || text.slice(start, end).includes('#')) continue;
    parts.push(text.slice(from, start));
    from = end;
  }
  return [...parts, text.slice(from)].join('{');
}

/** From its brace on; nothing of what has none. */
function bodyOf({ nameSpan, span: { end } }: FunctionDefinition, text: string) {
  const brace = text.indexOf('{', nameSpan.end);
  return { start: brace === -1 ? end : Math.min(brace, end), end };
}
