/** What is known of functions that macros make (`SYSCALL_DEFINE2(name, int, fd, ...)`) from the macro's arguments. */

import type { Span } from '../text/span.ts';
import type { Parameter } from './ast.ts';
import { typeFromText } from './build-type.ts';

interface Argument {
  readonly text: string;
  readonly span: Span;
}

/** The parameters that the macro's arguments after the first declare: as pairs of type and name, as the
 *  system call macros have them, or each as a declaration of its own. */
export function madeParameters(source: string, spans: readonly Span[]): readonly Parameter[] {
  const given = spans.slice(1).map((span) => ({ text: source.slice(span.start, span.end), span }));
  const isPairs =
    given.length % 2 === 0 && given.every(({ text }, index) => index % 2 === 0 || isName(text));
  return isPairs ? pairs(given) : given.flatMap((argument) => declared(argument) ?? []);
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

function pairs(given: readonly Argument[]): Parameter[] {
  const parameters: Parameter[] = [];
  for (let at = 0; at + 1 < given.length; at += 2) {
    const type = given[at]!;
    const name = given[at + 1]!;
    const span = { start: type.span.start, end: name.span.end };
    parameters.push({ name: name.text, type: typeFromText(type.text), span });
  }
  return parameters;
}

/** `struct file *file`; a word alone declares nothing. */
function declared({ text, span }: Argument): Parameter | undefined {
  const parts = /^(.*[\s*])([A-Za-z_]\w*)((?:\[\w*\])*)$/s.exec(text);
  if (parts === null) return undefined;
  return { name: parts[2]!, type: typeFromText(parts[1]! + parts[3]!), span };
}
