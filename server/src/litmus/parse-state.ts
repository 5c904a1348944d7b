/** Parses what herd writes in its own language: the initial state, `locations`, `filter`, conditions. */

import type {
  Condition,
  InitialValue,
  Observable,
  Proposition,
  Value,
} from '../program/program.ts';
import { balanced } from '../program/proposition.ts';
import {
  accept,
  expect,
  expectName,
  fail,
  failAt,
  looksAt,
  next,
  peek,
  SyntaxFailure,
  spanFrom,
  type TokenStream,
  wordOf,
} from './token-stream.ts';

/** `int x = 1; p = &y; 0:r1 = 2; spinlock_t s;` and so on. */
export function parseInitial(stream: TokenStream): readonly InitialValue[] {
  const values: InitialValue[] = [];
  try {
    while (peek(stream).kind !== 'end') {
      if (accept(stream, ';')) continue;
      values.push(parseInitialValue(stream));
      if (peek(stream).kind !== 'end') expect(stream, ';');
    }
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
  }
  return values;
}

function parseInitialValue(stream: TokenStream): InitialValue {
  const first = stream.at;
  const words: string[] = [];
  while (peek(stream).kind === 'name' && (peek(stream, 1).kind === 'name' || isTyped(stream)))
    words.push(next(stream).text);
  while (accept(stream, '*')) words.push('*');
  const target = parseObservable(stream);
  if (looksAt(stream, '['))
    failAt(stream, 'arrays are not supported in litmus tests', peek(stream).span);
  if (words.some((word) => NARROW.test(word)) && !words.includes('*'))
    failAt(
      stream,
      `${words.join(' ')}: less than 32 bits are not supported in litmus tests`,
      spanFrom(stream, first),
    );
  const value: Value = accept(stream, '=') ? parseInitializer(stream) : ZERO;
  return { target, value, type: words.join(' '), span: spanFrom(stream, first) };
}

/** Types of which herd7 cuts what is there at the end, and not what is read meanwhile. */
const NARROW = /^(?:u?int(?:8|16)_t|char|short)$/;

/** Whether the current name is the type of what follows it: `int *p`, `int 0:r1`, `int [x]`. */
function isTyped(stream: TokenStream): boolean {
  return (
    looksAt(stream, '*', 1) ||
    (looksAt(stream, '[', 1) && peek(stream, 2).kind === 'name') ||
    (peek(stream, 1).kind === 'number' && looksAt(stream, ':', 2))
  );
}

const ZERO: Value = { kind: 'integer', value: 0 };

function parseInitializer(stream: TokenStream): Value {
  if (!accept(stream, 'ATOMIC_INIT')) return parseValue(stream);
  expect(stream, '(');
  const value = parseValue(stream);
  expect(stream, ')');
  return value;
}

function parseValue(stream: TokenStream): Value {
  const token = peek(stream);
  if (token.kind === 'number') {
    stream.at++;
    return { kind: 'integer', value: wordOf(stream, token) };
  }
  accept(stream, '&');
  return { kind: 'address', of: expectName(stream, 'a value').text };
}

/** `x`, `[x]`, `*x`, `0:r1`, `P0:r1`. */
export function parseObservable(stream: TokenStream): Observable {
  if (accept(stream, '[')) {
    const { text } = expectName(stream, 'a location');
    expect(stream, ']');
    return { kind: 'location', name: text };
  }
  if (accept(stream, '*')) return { kind: 'location', name: expectName(stream, 'a location').text };
  const thread = /^P?(\d+)$/.exec(peek(stream).text);
  if (thread !== null && looksAt(stream, ':', 1)) {
    stream.at += 2;
    const { text } = expectName(stream, 'a register');
    return { kind: 'register', thread: Number(thread[1]), name: text };
  }
  return { kind: 'location', name: expectName(stream, 'a location or a register').text };
}

/** What comes after the threads. */
export interface Ending {
  readonly observed: readonly Observable[];
  readonly filter?: Proposition;
  readonly condition: Condition;
}

const ANYTHING: Condition = {
  quantifier: 'forall',
  proposition: { kind: 'true' },
  span: { start: 0, end: 0 },
};

export function parseEnding(stream: TokenStream): Ending {
  let observed: readonly Observable[] = [];
  let filter: Proposition | undefined;
  let condition = ANYTHING;
  try {
    if (accept(stream, 'locations')) observed = parseLocations(stream);
    if (accept(stream, 'filter')) filter = parseProposition(stream, 0);
    condition = parseCondition(stream);
    accept(stream, ';');
    if (peek(stream).kind !== 'end' && !looksAt(stream, 'with')) fail(stream, 'the end');
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
  }
  return filter === undefined ? { observed, condition } : { observed, filter, condition };
}

function parseLocations(stream: TokenStream): readonly Observable[] {
  const observed: Observable[] = [];
  expect(stream, '[');
  while (!accept(stream, ']')) {
    observed.push(parseObservable(stream));
    while (accept(stream, '*') || (peek(stream).kind === 'name' && next(stream)));
    if (!looksAt(stream, ']')) expect(stream, ';');
  }
  return observed;
}

function parseCondition(stream: TokenStream): Condition {
  const first = stream.at;
  if (peek(stream).kind === 'end') return { ...ANYTHING, span: peek(stream).span };
  const quantifier = parseQuantifier(stream);
  const proposition = parseProposition(stream, 0);
  return { quantifier, proposition, span: spanFrom(stream, first) };
}

function parseQuantifier(stream: TokenStream): Condition['quantifier'] {
  if (accept(stream, 'forall')) return 'forall';
  if (accept(stream, 'exists') || accept(stream, 'final')) return 'exists';
  if (accept(stream, '~') || accept(stream, 'not')) {
    expect(stream, 'exists');
    return '~exists';
  }
  if (looksAt(stream, '(')) return 'exists';
  return fail(stream, "'exists', '~exists' or 'forall'");
}

/** Nesting beyond this is reported, so that no text can exhaust the stack. */
const DEEPEST = 1000;

/** `\/` binds loosest, then `/\`, then `=>`, then `~`, as in herd. */
function parseProposition(stream: TokenStream, depth: number): Proposition {
  if (depth > DEEPEST) fail(stream, 'a less deeply nested condition');
  const operands: [Proposition, ...Proposition[]] = [parseConjunction(stream, depth)];
  while (accept(stream, '\\/')) operands.push(parseConjunction(stream, depth));
  return balanced(operands, (left, right) => ({ kind: 'or', left, right }));
}

function parseConjunction(stream: TokenStream, depth: number): Proposition {
  const operands: [Proposition, ...Proposition[]] = [parseImplication(stream, depth)];
  while (accept(stream, '/\\')) operands.push(parseImplication(stream, depth));
  return balanced(operands, (left, right) => ({ kind: 'and', left, right }));
}

function parseImplication(stream: TokenStream, depth: number): Proposition {
  if (depth > DEEPEST) fail(stream, 'a less deeply nested condition');
  const left = parseNegation(stream, depth);
  if (!accept(stream, '=>')) return left;
  return { kind: 'implies', left, right: parseImplication(stream, depth + 1) };
}

function parseNegation(stream: TokenStream, depth: number): Proposition {
  if (depth > DEEPEST) fail(stream, 'a less deeply nested condition');
  if (accept(stream, '~') || accept(stream, 'not'))
    return { kind: 'not', operand: parseNegation(stream, depth + 1) };
  if (accept(stream, 'true')) return { kind: 'true' };
  if (accept(stream, 'false')) return { kind: 'not', operand: { kind: 'true' } };
  if (accept(stream, '(')) {
    const inner = parseProposition(stream, depth + 1);
    expect(stream, ')');
    return inner;
  }
  return parseAtom(stream);
}

function parseAtom(stream: TokenStream): Proposition {
  const first = stream.at;
  const left = parseObservable(stream);
  const negated = accept(stream, '!=') || accept(stream, '<>');
  if (!negated && !accept(stream, '==')) expect(stream, '=');
  const right = parseRight(stream);
  return { kind: 'equals', left, right, negated, span: spanFrom(stream, first) };
}

/** A value, or another observable that must be equal (`0:r1 = 1:r1`, `x = [y]`). */
function parseRight(stream: TokenStream): Value | Observable {
  const register = peek(stream, 1).text === ':';
  if (register || looksAt(stream, '[') || looksAt(stream, '*')) return parseObservable(stream);
  return parseValue(stream);
}
