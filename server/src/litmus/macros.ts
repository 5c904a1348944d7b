/** The macros of a model's `.def` file, which say what the primitives of its kernel version are. */

import type { Problem } from '../text/span.ts';
import { type Token, tokenize } from './lexer.ts';

interface Macro {
  readonly parameters: readonly string[];
  /** Without the braces of a body that is one statement: the `;` is the caller's. */
  readonly body: readonly Token[];
}

/** By name. What is not here, the kernel of that model has no word for. */
export type Macros = ReadonlyMap<string, Macro>;

/** herd7 knows these itself, whatever the `.def` file says. */
const BUILT_IN: ReadonlySet<string> = new Set(['atomic_add_unless']);

/** Expansion within expansion beyond this is a macro that leads back to itself. */
const DEEPEST = 20;

/** Reads a `.def` file: a macro a line, `NAME(X,V) body`, the body an expression or `{ statements }`. */
export function parseMacros(text: string): { macros: Macros; problems: readonly Problem[] } {
  const macros = new Map<string, Macro>();
  const problems: Problem[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const tokens = tokenize(text, { start, end }, 'c', problems).slice(0, -1);
    start = end + 1;
    if (tokens.length === 0) continue;
    const close = tokens.findIndex((token) => token.text === ')');
    if (tokens[0]!.kind !== 'name' || tokens[1]?.text !== '(' || close === -1) {
      problems.push({ message: 'expected NAME(PARAMETERS) body', span: tokens[0]!.span });
      continue;
    }
    const parameters = tokens.slice(2, close).filter((token) => token.kind === 'name');
    macros.set(tokens[0]!.text, {
      parameters: parameters.map((token) => token.text),
      body: bodyOf(tokens.slice(close + 1)),
    });
  }
  return { macros, problems };
}

function bodyOf(tokens: readonly Token[]): readonly Token[] {
  if (tokens[0]?.text !== '{')
    return [punctuator('(', tokens[0]), ...tokens, punctuator(')', tokens[0])];
  const inner = tokens.slice(1, -1);
  const semicolons = inner.filter((token) => token.text === ';').length;
  return semicolons === 1 && inner.at(-1)?.text === ';' ? inner.slice(0, -1) : tokens;
}

function punctuator(text: string, near: Token | undefined): Token {
  return { kind: 'punctuator', text, span: near?.span ?? { start: 0, end: 0 } };
}

/** `tokens` with every call of a macro replaced by its body; the tokens of a body have the span of the
 *  call. `isPrimitive` tells names that are known here and must be macros too, or are a problem. */
export function expandMacros(
  tokens: readonly Token[],
  macros: Macros,
  isPrimitive: (name: string) => boolean,
  problems: Problem[],
  depth = 0,
): readonly Token[] {
  const expanded: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const isCall = token.kind === 'name' && tokens[at + 1]?.text === '(';
    const macro = isCall ? macros.get(token.text) : undefined;
    if (macro === undefined) {
      if (isCall && isPrimitive(token.text) && !BUILT_IN.has(token.text))
        problems.push({
          message: `the model's .def file has no ${token.text}()`,
          span: token.span,
        });
      expanded.push(token);
      continue;
    }
    const { values, close } = argumentsAt(tokens, at + 1);
    const span = { start: token.span.start, end: tokens[close]!.span.end };
    const arity = macro.parameters.length;
    const wrong = values.length !== arity;
    if (wrong || depth === DEEPEST) {
      const message = wrong
        ? `${token.text}() takes ${arity} arguments, not ${values.length}`
        : `${token.text}() leads back to itself`;
      problems.push({ message, span });
      expanded.push(token);
      continue;
    }
    const body = macro.body.flatMap((part) => {
      const index = part.kind === 'name' ? macro.parameters.indexOf(part.text) : -1;
      return index === -1 ? [{ ...part, span }] : values[index]!;
    });
    expanded.push(...expandMacros(body, macros, isPrimitive, problems, depth + 1));
    at = close;
  }
  return expanded;
}

/** The arguments of the call whose `(` stands at `open`, and where its `)` is. */
function argumentsAt(
  tokens: readonly Token[],
  open: number,
): { values: readonly (readonly Token[])[]; close: number } {
  const values: Token[][] = [[]];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (/^[([{]$/.test(token.text)) depth += 1;
    if (/^[)\]}]$/.test(token.text)) depth -= 1;
    if (depth === 0) return { values: isNothing(values) ? [] : values, close: at };
    if (depth === 1 && token.text === ',') values.push([]);
    else if (depth > 1 || at > open) values.at(-1)!.push(token);
  }
  return { values, close: tokens.length - 1 };
}

function isNothing(values: readonly (readonly Token[])[]): boolean {
  return values.length === 1 && values[0]!.length === 0;
}
