/** Parses the C expressions of a litmus test, primitives that have a value among them. */

import type { Operand } from '../kernel/operation.ts';
import type { BinaryOperator, Expression } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { type Call, expression, locationOf, statement } from './call.ts';
import { isInternal, parseInternal } from './parse-internal.ts';
import { type LitmusPrimitive, PRIMITIVES } from './primitives.ts';
import {
  accept,
  expect,
  expectName,
  fail,
  failAt,
  looksAt,
  next,
  peek,
  spanFrom,
  type TokenStream,
  wordOf,
} from './token-stream.ts';

/** From the loosest to the tightest, as in C and in herd's grammar. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Nesting beyond this is reported, so that no text can exhaust the stack. */
const DEEPEST = 200;

/** An expression of more operators in a row is reported: each nests those before it. */
const LONGEST = 1000;

export function parseExpression(stream: TokenStream, depth = 0): Expression {
  if (depth > DEEPEST) fail(stream, 'a less deeply nested expression');
  return parseLevel(stream, 0, depth + 1);
}

function parseLevel(stream: TokenStream, level: number, depth: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(stream, depth);
  const first = stream.at;
  let left = parseLevel(stream, level + 1, depth);
  for (let length = 1; ; length++) {
    const operator = operators.find((candidate) => looksAt(stream, candidate));
    if (operator === undefined) return left;
    if (length > LONGEST) fail(stream, 'a shorter expression');
    stream.at++;
    const right = parseLevel(stream, level + 1, depth);
    left = { kind: 'binary', operator, left, right, span: spanFrom(stream, first) };
  }
}

function parseUnary(stream: TokenStream, depth: number): Expression {
  if (depth > DEEPEST) fail(stream, 'a less deeply nested expression');
  const first = stream.at;
  if (accept(stream, '*')) {
    const address = parseUnary(stream, depth + 1);
    return { kind: 'load', order: 'plain', address, span: spanFrom(stream, first) };
  }
  if (accept(stream, '!')) {
    const operand = parseUnary(stream, depth + 1);
    return { kind: 'not', operand, span: spanFrom(stream, first) };
  }
  if (accept(stream, '-')) {
    const right = parseUnary(stream, depth + 1);
    const zero = integer(0, right.span);
    return { kind: 'binary', operator: '-', left: zero, right, span: spanFrom(stream, first) };
  }
  if (looksAt(stream, '(')) return parseParenthesis(stream, depth + 1);
  return parsePrimary(stream, depth + 1);
}

/** A cast, which says nothing here, or an expression in parentheses. */
function parseParenthesis(stream: TokenStream, depth: number): Expression {
  expect(stream, '(');
  if (startsType(stream)) {
    skipType(stream);
    expect(stream, ')');
    return parseUnary(stream, depth);
  }
  const inner = parseExpression(stream, depth);
  expect(stream, ')');
  return inner;
}

function parsePrimary(stream: TokenStream, depth: number): Expression {
  const token = peek(stream);
  if (token.kind === 'number') {
    stream.at++;
    const isNegated = stream.tokens[stream.at - 2]?.text === '-';
    return integer(wordOf(stream, token, isNegated), token.span);
  }
  if (token.kind !== 'name') fail(stream, 'an expression');
  if (looksAt(stream, '(', 1) || isInternal(token.text)) {
    const call = parseCall(stream, depth);
    if (call.kind === 'expression') return call.expression;
    return failAt(stream, `${token.text}() has no value`, token.span);
  }
  stream.at++;
  return { kind: 'register', name: token.text, span: token.span };
}

export function integer(value: number, span: Span): Expression {
  return { kind: 'value', value: { kind: 'integer', value }, span };
}

const TYPE_WORDS = new Set(
  'int char long short unsigned signed void struct union volatile const _Atomic atomic bool'.split(
    ' ',
  ),
);

/** Whether a type begins here: a keyword of types, or a `*_t` name. */
export function startsType(stream: TokenStream): boolean {
  const token = peek(stream);
  return token.kind === 'name' && (TYPE_WORDS.has(token.text) || /_t$/.test(token.text));
}

/** Steps over a type and its stars; gives its text. */
export function skipType(stream: TokenStream): string {
  const words: string[] = [];
  while (startsType(stream) || looksAt(stream, '*')) {
    const { text } = next(stream);
    words.push(text);
    if (text === 'struct' || text === 'union') words.push(expectName(stream, 'a tag').text);
  }
  return words.join(' ').replaceAll('* *', '**');
}

/** A call of a primitive by its name in `linux-kernel.def`, or of one of herd's internal forms. */
export function parseCall(stream: TokenStream, depth = 0): Call {
  const first = stream.at;
  const name = expectName(stream, 'a primitive');
  if (isInternal(name.text))
    return parseInternal(stream, name, first, () => parseExpression(stream, depth + 1));
  const primitive = PRIMITIVES.get(name.text);
  if (primitive === undefined) failAt(stream, `unknown primitive ${name.text}()`, name.span);
  const values = parseArguments(stream, depth);
  const span = spanFrom(stream, first);
  if (values.length !== primitive.arity)
    failAt(stream, `${name.text}() takes ${primitive.arity} arguments, not ${values.length}`, span);
  return callOf(stream, primitive, values, span);
}

export function parseArguments(stream: TokenStream, depth: number): readonly Expression[] {
  const values: Expression[] = [];
  expect(stream, '(');
  if (accept(stream, ')')) return values;
  do values.push(parseExpression(stream, depth + 1));
  while (accept(stream, ','));
  expect(stream, ')');
  return values;
}

function callOf(
  stream: TokenStream,
  primitive: LitmusPrimitive,
  values: readonly Expression[],
  span: Span,
): Call {
  const { operation } = primitive;
  const operand = (value: Operand): Expression =>
    'constant' in value ? integer(value.constant, span) : values[value.argument]!;
  const address =
    'location' in operation
      ? locationOf(stream, values[operation.location]!, primitive)
      : integer(0, span);
  switch (operation.kind) {
    case 'load':
      return expression({ kind: 'load', order: operation.order, address, span });
    case 'store': {
      const { order } = operation;
      const stored = {
        kind: 'store',
        order,
        address,
        value: operand(operation.value),
        span,
      } as const;
      const { then } = operation;
      return statement(then === undefined ? stored : { ...stored, then });
    }
    case 'rmw': {
      const { order, apply, result } = operation;
      const value = operand(operation.operand);
      return expression({ kind: 'rmw', order, address, apply, operand: value, result, span });
    }
    case 'cmpxchg': {
      const [expected, desired] = [operand(operation.expected), operand(operation.desired)];
      return expression({ ...operation, kind: 'cmpxchg', address, expected, desired, span });
    }
    case 'add-unless': {
      const { order, result } = operation;
      const [added, unless] = [operand(operation.operand), operand(operation.unless)];
      return expression({
        kind: 'add-unless',
        order,
        address,
        operand: added,
        unless,
        result,
        span,
      });
    }
    case 'fence':
      return statement({ kind: 'fence', tag: operation.tag, span });
    case 'rcu':
      return statement({ kind: 'rcu', action: operation.action, span });
    case 'lock':
      return operation.action === 'lock' || operation.action === 'unlock'
        ? statement({ kind: 'lock', action: operation.action, address, span })
        : expression({ kind: 'lock-query', action: operation.action, address, span });
    case 'srcu': {
      const { action } = operation;
      if (action === 'lock' || action === 'down-read')
        return expression({ kind: 'srcu-lock', action, address, span });
      const released = { kind: 'srcu', action, address, span } as const;
      const index = operation.index === undefined ? undefined : values[operation.index];
      return statement(index === undefined ? released : { ...released, index });
    }
  }
}
