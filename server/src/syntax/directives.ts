/** Reads what preprocessor lines say: macros and includes. */

import type { Span } from '../text/span.ts';
import type { MacroDefinition } from './ast.ts';
import type { Directive } from './tokens.ts';

const HEAD = /[ \t]*([A-Za-z_$][\w$]*)(\(([^)]*)\))?[ \t]*/y;

/** The macro that a `#define` line defines; nothing where it has no name. */
export function macroOf(text: string, directive: Directive): MacroDefinition | undefined {
  if (directive.keyword !== 'define') return undefined;
  HEAD.lastIndex = directive.argument;
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const bodyStart = Math.min(HEAD.lastIndex, directive.end);
  const macro = {
    name: head[1]!,
    body: text.slice(bodyStart, directive.end),
    bodyStart,
    span: { start: directive.start, end: directive.end },
  };
  return head[2] === undefined ? macro : { ...macro, parameters: parametersOf(head[3]!) };
}

function parametersOf(list: string): string[] {
  const names = list.replace(/\\\r?\n/g, ' ').split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** The file an `#include` names, without its quotes or brackets. */
export function includeOf(text: string, directive: Directive): string | undefined {
  if (directive.keyword !== 'include') return undefined;
  return /^\s*["<]([^">]+)[">]/.exec(text.slice(directive.argument, directive.end))?.[1];
}

/** The name that an `#undef` takes back. */
export function undefinedOf(
  text: string,
  { keyword, argument, start, end }: Directive,
): { readonly name: string; readonly span: Span } | undefined {
  const name = /^\s*([A-Za-z_$][\w$]*)/.exec(text.slice(argument, end))?.[1];
  return keyword !== 'undef' || name === undefined ? undefined : { name, span: { start, end } };
}
