/** Puts the arguments of a use into the body of its macro: `#`, `##`, `__VA_ARGS__` and `__VA_OPT__`. */

import type { Argument } from './macro-arguments.ts';
import { lineTokens, type Macro, type MacroToken, newToken } from './macro-token.ts';

interface Substituted {
  readonly tokens: readonly MacroToken[];
  /** What in it C does not allow. */
  readonly fault?: string;
  /** Whether there would be more tokens than were asked for, and they are not all here. */
  readonly isCut?: true;
}

/** The body of `macro` with its arguments, replaced by `expand` but next to `#` and `##` (6.10.3.1): `most` tokens of it. */
export function substitute(
  macro: Macro,
  given: readonly Argument[],
  most: number,
  expand: (argument: Argument) => readonly MacroToken[],
): Substituted {
  const { parameters = [], isVariadic } = macro;
  const raw = new Map(parameters.map((name, at) => [name, given[at] ?? []]));
  const expanded = new Map<string, readonly MacroToken[]>();
  const last = parameters.at(-1);
  const work: Work = {
    isFunction: macro.parameters !== undefined,
    raw: (name) => raw.get(name),
    expanded: (name) => {
      const argument = raw.get(name);
      if (argument !== undefined && !expanded.has(name)) expanded.set(name, expand(argument));
      return expanded.get(name);
    },
    rest: isVariadic ? last : undefined,
    most,
    faults: [],
  };
  const tokens = substituteIn(work, macro.body);
  if (sizeOf(tokens) > most) return { tokens, isCut: true };
  const [fault] = work.faults;
  return fault === undefined ? { tokens } : { tokens, fault };
}

/** How many tokens of a usual length that is: `#` and `##` make few that may be long. */
export function sizeOf(tokens: readonly MacroToken[]): number {
  const characters = tokens.reduce((sum, { text }) => sum + text.length, 0);
  return Math.max(tokens.length, Math.ceil(characters / USUAL_LENGTH));
}

const USUAL_LENGTH = 32;

interface Work {
  readonly isFunction: boolean;
  /** The argument for a parameter, as written. */
  readonly raw: (name: string) => Argument | undefined;
  /** The argument for a parameter, its own macros replaced. */
  readonly expanded: (name: string) => readonly MacroToken[] | undefined;
  /** The parameter that takes the rest of the arguments. */
  readonly rest: string | undefined;
  /** Beyond so many tokens the body is not read further. */
  readonly most: number;
  readonly faults: string[];
}

/** A part of the body: its tokens, and whether it stands next to a `##`. */
interface Part {
  readonly tokens: readonly MacroToken[];
  readonly end: number;
}

function substituteIn(work: Work, body: readonly MacroToken[]): readonly MacroToken[] {
  const out: MacroToken[] = [];
  for (let at = 0; at < body.length && out.length <= work.most; ) {
    const pastes = body[at + 1]?.text === '##';
    let { tokens, end } = partAt(work, body, at, pastes);
    while (body[end]?.text === '##' && end + 1 < body.length) {
      const isLast = body[partEnd(work, body, end + 1)]?.text !== '##';
      const right = partAt(work, body, end + 1, true);
      tokens = isRestAfterComma(work, tokens, body, end)
        ? withRest(work, tokens, isLast)
        : paste(work, tokens, right.tokens);
      end = right.end;
    }
    for (const token of tokens) out.push(token);
    at = end;
  }
  return out;
}

/** What the token at `at` stands for, with the ones that belong to it. */
function partAt(work: Work, body: readonly MacroToken[], at: number, isRaw: boolean): Part {
  const token = body[at]!;
  const end = partEnd(work, body, at);
  if (token.text === '#' && work.isFunction && end > at + 1)
    return { tokens: [stringOf(work.raw(body[at + 1]!.text) ?? [], token)], end };
  if (token.text === '__VA_OPT__' && work.rest !== undefined && end > at + 1) {
    const isGiven = (work.expanded(work.rest) ?? []).length > 0;
    return { tokens: isGiven ? substituteIn(work, body.slice(at + 2, end - 1)) : [], end };
  }
  const argument =
    token.kind !== 'word' ? undefined : isRaw ? work.raw(token.text) : work.expanded(token.text);
  return { tokens: argument === undefined ? [token] : spacedAs(argument, token), end };
}

function partEnd(work: Work, body: readonly MacroToken[], at: number): number {
  const next = body[at + 1];
  switch (body[at]!.text) {
    case '#':
      return next?.kind === 'word' && work.raw(next.text) !== undefined ? at + 2 : at + 1;
    case '__VA_OPT__':
      return next?.text === '(' ? afterParenthesis(body, at + 1) : at + 1;
    default:
      return at + 1;
  }
}

function afterParenthesis(body: readonly MacroToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < body.length; at++) {
    if (body[at]!.text === '(') depth += 1;
    else if (body[at]!.text === ')' && --depth === 0) return at + 1;
  }
  return body.length;
}

function spacedAs(tokens: readonly MacroToken[], { spaced }: MacroToken): readonly MacroToken[] {
  const [first, ...others] = tokens;
  return first === undefined || first.spaced === spaced
    ? tokens
    : [{ ...first, spaced }, ...others];
}

/** GNU's `, ## __VA_ARGS__`: without such arguments the comma goes, nothing is pasted. */
function isRestAfterComma(
  { rest }: Work,
  left: readonly MacroToken[],
  body: readonly MacroToken[],
  paste: number,
): boolean {
  return left.at(-1)?.text === ',' && rest !== undefined && body[paste + 1]?.text === rest;
}

function withRest(work: Work, left: readonly MacroToken[], isLast: boolean): readonly MacroToken[] {
  const rest = work.rest ?? '';
  if ((work.raw(rest) ?? []).length === 0) return left.slice(0, -1);
  const given = isLast ? work.expanded(rest) : work.raw(rest);
  return [...left, ...(given ?? [])];
}

function paste(
  work: Work,
  left: readonly MacroToken[],
  right: readonly MacroToken[],
): readonly MacroToken[] {
  const one = left.at(-1);
  const [other, ...others] = right;
  if (one === undefined || other === undefined) return [...left, ...right];
  const text = one.text + other.text;
  const [made, ...more] = lineTokens(text);
  if (made === undefined || more.length > 0) {
    work.faults.push(`${one.text} and ${other.text}, which make no token together`);
    return [...left, ...right];
  }
  const hidden = one.hidden.filter((name) => other.hidden.includes(name));
  return [...left.slice(0, -1), { ...newToken(made.kind, text, one), hidden }, ...others];
}

/** `#parameter`: the argument as a string (6.10.3.2). */
function stringOf(argument: Argument, hash: MacroToken): MacroToken {
  const text = argument
    .map((token, at) => (token.spaced && at > 0 ? ' ' : '') + escaped(token))
    .join('');
  return newToken('string', `"${text}"`, hash);
}

function escaped({ kind, text }: MacroToken): string {
  return kind === 'string' || kind === 'character' ? text.replace(/["\\]/g, '\\$&') : text;
}
