/** Replaces macros in a text, token by token, as C11 6.10.3 says, with GNU's variable arguments. */

import type { Span } from '../text/span.ts';
import { type Argument, argumentsOf, type TokenQueue } from './macro-arguments.ts';
import { sizeOf, substitute } from './macro-substitution.ts';
import {
  lineTokens,
  type Macro,
  type MacroCall,
  type MacroToken,
  newToken,
  writtenCall,
} from './macro-token.ts';

/** What a name means at an offset of the text, where it is a macro. */
export type MacroAt = (name: string, at: number) => Macro | undefined;

/** A use that C does not allow. */
export interface MacroProblem {
  readonly message: string;
  readonly call: MacroCall;
}

/** A text with its macros replaced. */
export interface Expansion {
  readonly tokens: readonly MacroToken[];
  readonly problems: readonly MacroProblem[];
  /** Whether anything was replaced. */
  readonly isChanged: boolean;
}

/** Beyond so many tokens no macro is replaced any more. */
const MOST_TOKENS = 60_000;
/** The same for arguments within arguments. */
const DEEPEST = 200;

/** Replaces the macros in `tokens`; `at` is where tokens stand that no text has. With `keep`, words after
 *  that word are left alone: those of `defined`. */
export function expandMacros(
  tokens: readonly MacroToken[],
  macroAt: MacroAt,
  at = 0,
  keep?: string,
): Expansion {
  const run: Run = { macroAt, at, keep, problems: [], made: 0, isChanged: false };
  return { tokens: expandAll(run, tokens, 0), problems: run.problems, isChanged: run.isChanged };
}

/** Every use that brought a token, once. */
export function usesIn({ tokens }: Expansion): readonly MacroCall[] {
  const uses = new Set<MacroCall>();
  for (const { within } of tokens)
    for (let use = within; use !== undefined && !uses.has(use); use = use.within) uses.add(use);
  return [...uses];
}

interface Run {
  readonly macroAt: MacroAt;
  readonly at: number;
  readonly keep: string | undefined;
  readonly problems: MacroProblem[];
  made: number;
  isChanged: boolean;
}

function expandAll(run: Run, tokens: readonly MacroToken[], depth: number): readonly MacroToken[] {
  const queue: TokenQueue = [...tokens].reverse();
  const out: MacroToken[] = [];
  for (let token = queue.pop(); token !== undefined; token = queue.pop()) {
    const macro = token.kind === 'word' ? macroFor(run, token, queue, out.at(-1)) : undefined;
    if (macro !== undefined && replace(run, macro, token, queue, depth)) continue;
    out.push(token);
    if (token.text === run.keep) keepOperand(queue, out);
  }
  return out;
}

/** The macro that a word stands for here: one with parameters only before a parenthesis, one for a function not as a member. */
function macroFor(
  run: Run,
  token: MacroToken,
  queue: TokenQueue,
  before: MacroToken | undefined,
): Macro | undefined {
  if (token.hidden.includes(token.text)) return undefined;
  const macro = run.macroAt(token.text, placeOf(token) ?? run.at);
  if (macro?.isFunction === true && /^(?:\.|->)$/.test(before?.text ?? '')) return undefined;
  if (macro?.parameters !== undefined && queue.at(-1)?.text !== '(') return undefined;
  return macro;
}

/** Where in the text the use begins that a token belongs to. */
function placeOf({ written, within }: MacroToken): number | undefined {
  let outermost = within;
  while (outermost?.within !== undefined) outermost = outermost.within;
  return outermost?.span.start ?? written?.start;
}

/** Puts what the macro stands for before what is still to be read; false where it is no use of it. */
function replace(
  run: Run,
  macro: Macro,
  name: MacroToken,
  queue: TokenQueue,
  depth: number,
): boolean {
  const given = macro.parameters === undefined ? undefined : argumentsOf(queue, macro);
  if (macro.parameters !== undefined && given === undefined) return false;
  const call = callOf(macro, name, given?.close);
  const fault = faultOf(run, macro, given?.arguments, depth);
  if (fault !== undefined) {
    if (call !== undefined) run.problems.push({ message: fault, call });
    return giveBack(name, given, queue);
  }
  const hidden = hiddenAfter(macro, name, given?.close);
  const argumentTokens = (given?.arguments ?? []).map((argument) => inside(argument, name, call));
  const body =
    macro.made === undefined
      ? substitute(macro, argumentTokens, MOST_TOKENS, (argument) =>
          expandAll(run, argument, depth + 1),
        )
      : { tokens: lineTokens(macro.made(argumentTokens.map(textOf), placeOf(name) ?? run.at)) };
  if ('isCut' in body) {
    run.made += sizeOf(body.tokens);
    if (call !== undefined) run.problems.push({ message: tooMuch(macro), call });
    return giveBack(name, given, queue);
  }
  run.isChanged = true;
  if ('fault' in body && body.fault !== undefined && call !== undefined)
    run.problems.push({ message: body.fault, call });
  run.made += sizeOf(body.tokens);
  for (let index = body.tokens.length - 1; index >= 0; index--) {
    const token = body.tokens[index]!;
    const spaced = index === 0 ? name.spaced : token.spaced;
    queue.push({ ...token, spaced, ...ownerOf(token, call), hidden: join(token.hidden, hidden) });
  }
  return true;
}

function ownerOf({ within }: MacroToken, call: MacroCall | undefined): Partial<MacroToken> {
  return within === undefined && call !== undefined ? { within: call } : {};
}

function faultOf(
  run: Run,
  macro: Macro,
  given: readonly Argument[] | undefined,
  depth: number,
): string | undefined {
  const { name, parameters = [], isVariadic, made } = macro;
  if (run.made > MOST_TOKENS || depth > DEEPEST) return tooMuch(macro);
  if (given === undefined || made !== undefined) return undefined;
  const isRight = isVariadic
    ? given.length >= parameters.length - 1
    : given.length === parameters.length;
  return isRight ? undefined : `${name}() with ${given.length} arguments`;
}

function tooMuch({ name }: Macro): string {
  return `${name}, macros that become too much text`;
}

/** The use that the tokens of the body belong to. */
function callOf(
  { name: macro, parameters }: Macro,
  name: MacroToken,
  close: MacroToken | undefined,
): MacroCall | undefined {
  const isCall = parameters !== undefined;
  const { written, within } = name;
  const end = close?.written?.end ?? 0;
  if (written !== undefined) {
    const span: Span = { start: written.start, end: Math.max(written.end, end) };
    return { macro, isCall, isWritten: true, span, ...(within && { within }) };
  }
  if (within === undefined) return undefined;
  const outer = writtenCall(within);
  const reaches = end > outer.span.end;
  const span: Span = { start: outer.span.start, end: Math.max(outer.span.end, end) };
  const around = reaches ? { ...outer, isCall: true, span } : within;
  return { macro, isCall, isWritten: false, span: { ...span }, within: around };
}

/** The tokens of an argument as those of a use. */
function inside(
  argument: Argument,
  name: MacroToken,
  call: MacroCall | undefined,
): readonly MacroToken[] {
  if (call === undefined || call === name.within) return argument;
  return argument.map((token) =>
    token.within === name.within ? { ...token, within: call } : token,
  );
}

/** What the tokens of a replacement are not replaced by again: Prosser's algorithm. */
function hiddenAfter(
  { name: macro }: Macro,
  name: MacroToken,
  close?: MacroToken,
): readonly string[] {
  const kept =
    close === undefined ? name.hidden : name.hidden.filter((each) => close.hidden.includes(each));
  return [...kept, macro];
}

function join(one: readonly string[], other: readonly string[]): readonly string[] {
  return one.length === 0 ? other : [...new Set([...one, ...other])];
}

/** A use that is none stays as written, and is not looked at again. */
function giveBack(
  name: MacroToken,
  given: { readonly taken: readonly MacroToken[] } | undefined,
  queue: TokenQueue,
): boolean {
  for (const token of [...(given?.taken ?? [])].reverse()) queue.push(token);
  queue.push({ ...name, hidden: [...name.hidden, name.text] });
  return true;
}

function textOf(tokens: readonly MacroToken[]): string {
  return tokens
    .map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text))
    .join('');
}

/** `defined NAME` and `defined(NAME)`: the name is no use of a macro. */
function keepOperand(queue: TokenQueue, out: MacroToken[]): void {
  const isOpen = queue.at(-1)?.text === '(';
  if (isOpen) out.push(queue.pop()!);
  const name = queue.pop();
  if (name !== undefined) out.push(newToken('word', name.text, name));
}
