/** Cuts the text of a litmus test into header, initial state, program and condition. */

import type { Problem, Span } from '../text/span.ts';

export interface Sections {
  readonly name: string;
  /** The text between the name and the initial state. */
  readonly description: Span;
  readonly initial: Span;
  readonly program: Span;
  readonly condition: Span;
}

const FIRST_LINE = /^\s*([A-Za-z0-9_]+)[ \t]+([^\s"(;]+)/;

/** The four parts; undefined, with a problem, where the text is not a litmus test of C. */
export function sectionsOf(text: string, problems: Problem[]): Sections | undefined {
  const first = FIRST_LINE.exec(text);
  if (first === null || first[1] !== 'C') {
    const message = "expected 'C' and the name of the test on the first line";
    problems.push({ message, span: { start: 0, end: Math.min(text.length, 1) } });
    return undefined;
  }
  const description = first[0].length;
  const initial = endOfHeader(text, description);
  if (initial === undefined) {
    problems.push({ message: "expected '{' and the initial state", span: atEnd(text) });
    return undefined;
  }
  const program = closingBrace(text, initial + 1);
  if (program === undefined) {
    problems.push({ message: "expected '}' after the initial state", span: atEnd(text) });
    return undefined;
  }
  const condition = endOfProgram(text, program + 1);
  return {
    name: first[2]!,
    description: { start: description, end: initial },
    initial: { start: initial + 1, end: program },
    program: { start: program + 1, end: condition },
    condition: { start: condition, end: endOfCondition(text, condition) },
  };
}

/** What the `Result:` line of a description says, if there is one. */
export function expectedResult(description: string): string | undefined {
  const said = [...description.matchAll(/\bResult:([^\n*]*)/g)].map(([, words]) => words!.trim());
  return said.find((words) => words !== '');
}

function atEnd(text: string): Span {
  return { start: text.length, end: text.length };
}

/** The offset of the `{` that opens the initial state, past comments and quoted text. */
function endOfHeader(text: string, from: number): number | undefined {
  const pattern = /\(\*|"|\{/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === '{') return match.index;
    const end =
      match[0] === '"' ? text.indexOf('"', match.index + 1) + 1 : endOfComment(text, match.index);
    if (end === 0) return undefined;
    pattern.lastIndex = end;
  }
  return undefined;
}

/** The offset after a nested `(* *)` comment; 0 where it does not end. */
function endOfComment(text: string, from: number): number {
  let depth = 0;
  const pattern = /\(\*|\*\)/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    depth += match[0] === '(*' ? 1 : -1;
    if (depth === 0) return pattern.lastIndex;
  }
  return 0;
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('(*', at)) {
      const end = endOfComment(text, at);
      if (end === 0) return undefined;
      at = end - 1;
    } else if (text[at] === '{') depth++;
    else if (text[at] === '}' && depth-- === 0) return at;
  }
  return undefined;
}

/** The program ends where a word begins that only the last part knows. */
function endOfProgram(text: string, from: number): number {
  const pattern = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"[^"]*"|~\s*exists\b|[A-Za-z_][A-Za-z0-9_]*/g;
  pattern.lastIndex = from;
  const words = /^(?:~\s*exists|exists|forall|final|locations|filter|observed)$/;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text))
    if (words.test(match[0])) return match.index;
  return text.length;
}

function endOfCondition(text: string, from: number): number {
  const end = text.indexOf('<<', from);
  return end === -1 ? text.length : end;
}
