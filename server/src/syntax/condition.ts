/** The value of the condition of an `#if`, as C11 6.10.1 has it: integers of 64 bits, or not known. */

import type { MacroToken } from './macro-token.ts';

/** A value, or the names on which it depends that nothing is known of. */
export type ConditionValue =
  | { readonly kind: 'known'; readonly value: bigint; readonly isUnsigned: boolean }
  | { readonly kind: 'unknown'; readonly reasons: readonly string[] };

/** What is known of the names that are left when all macros are replaced. */
export interface ConditionNames {
  readonly isDefined: (name: string) => ConditionValue;
  readonly valueOf: (name: string) => ConditionValue;
}

export const YES: ConditionValue = { kind: 'known', value: 1n, isUnsigned: false };
export const NO: ConditionValue = { kind: 'known', value: 0n, isUnsigned: false };

export function unknownFor(reason: string): ConditionValue {
  return { kind: 'unknown', reasons: [reason] };
}

export function isTrue(value: ConditionValue): boolean | undefined {
  return value.kind === 'unknown' ? undefined : value.value !== 0n;
}

/** Evaluates the tokens of a condition. What is no expression is not known. */
export function conditionValue(
  tokens: readonly MacroToken[],
  names: ConditionNames,
): ConditionValue {
  const reader: Reader = { tokens, names, at: 0, depth: 0 };
  const value = conditional(reader);
  return reader.at === tokens.length ? value : unreadable(reader);
}

interface Reader {
  readonly tokens: readonly MacroToken[];
  readonly names: ConditionNames;
  at: number;
  depth: number;
}

/** No condition is nested deeper: beyond that nothing is known. */
const DEEPEST = 100;

function unreadable({ tokens }: Reader): ConditionValue {
  return unknownFor(`"${tokens.map(({ text }) => text).join(' ')}", which is no expression`);
}

function peek({ tokens, at }: Reader): string {
  return tokens[at]?.text ?? '';
}

function accept(reader: Reader, text: string): boolean {
  if (peek(reader) !== text) return false;
  reader.at += 1;
  return true;
}

function conditional(reader: Reader): ConditionValue {
  if (reader.depth > DEEPEST) return unreadable(reader);
  reader.depth += 1;
  const value = choice(reader);
  reader.depth -= 1;
  return value;
}

function choice(reader: Reader): ConditionValue {
  const condition = binary(reader, 0);
  if (!accept(reader, '?')) return condition;
  const yes = conditional(reader);
  if (!accept(reader, ':')) return unreadable(reader);
  const no = conditional(reader);
  if (condition.kind === 'unknown') return condition;
  return condition.value !== 0n ? yes : no;
}

/** The operators by precedence, the weakest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

function binary(reader: Reader, level: number): ConditionValue {
  const operators = LEVELS[level];
  if (operators === undefined) return unary(reader);
  let left = binary(reader, level + 1);
  while (operators.includes(peek(reader))) {
    const operator = peek(reader);
    reader.at += 1;
    left = operate(operator, left, binary(reader, level + 1));
  }
  return left;
}

/** One side that decides is enough for `&&` and `||`; else both have to be known. */
function operate(operator: string, left: ConditionValue, right: ConditionValue): ConditionValue {
  if (operator === '&&' || operator === '||') {
    const decides = operator === '||';
    if (isTrue(left) === decides || isTrue(right) === decides) return decides ? YES : NO;
  }
  if (left.kind === 'unknown')
    return right.kind === 'known'
      ? left
      : { kind: 'unknown', reasons: [...left.reasons, ...right.reasons] };
  if (right.kind === 'unknown') return right;
  const shifts = operator === '<<' || operator === '>>';
  const isUnsigned = left.isUnsigned || (!shifts && right.isUnsigned);
  const narrow = (value: bigint) =>
    isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
  const value = result(operator, narrow(left.value), narrow(right.value));
  if (value === undefined) return unknownFor('a division by zero');
  return typeof value === 'boolean'
    ? value
      ? YES
      : NO
    : { kind: 'known', value: narrow(value), isUnsigned };
}

function result(operator: string, left: bigint, right: bigint): bigint | boolean | undefined {
  switch (operator) {
    case '||':
      return left !== 0n || right !== 0n;
    case '&&':
      return left !== 0n && right !== 0n;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '<<':
      return left << BigInt.asUintN(6, right);
    case '>>':
      return left >> BigInt.asUintN(6, right);
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    default:
      return right === 0n ? undefined : left % right;
  }
}

function unary(reader: Reader): ConditionValue {
  const operators: string[] = [];
  for (; ['!', '-', '+', '~'].includes(peek(reader)); reader.at++) operators.push(peek(reader));
  return operators.reduceRight((operand, operator) => applied(operator, operand), primary(reader));
}

function applied(operator: string, operand: ConditionValue): ConditionValue {
  if (operand.kind === 'unknown' || operator === '+') return operand;
  const { value, isUnsigned } = operand;
  if (operator === '!') return value === 0n ? YES : NO;
  const changed = operator === '-' ? -value : ~value;
  return {
    kind: 'known',
    value: isUnsigned ? BigInt.asUintN(64, changed) : BigInt.asIntN(64, changed),
    isUnsigned,
  };
}

function primary(reader: Reader): ConditionValue {
  const token = reader.tokens[reader.at];
  if (token === undefined) return unreadable(reader);
  reader.at += 1;
  if (token.text === '(') {
    const value = conditional(reader);
    return accept(reader, ')') ? value : unreadable(reader);
  }
  switch (token.kind) {
    case 'number':
      return numberValue(token.text) ?? unreadable(reader);
    case 'character':
      return characterValue(token.text) ?? unknownFor(token.text);
    case 'word':
      return token.text === 'defined' ? definedValue(reader) : nameValue(reader, token.text);
    default:
      return unreadable(reader);
  }
}

function definedValue(reader: Reader): ConditionValue {
  const hasParenthesis = accept(reader, '(');
  const name = reader.tokens[reader.at];
  if (name?.kind !== 'word') return unreadable(reader);
  reader.at += 1;
  if (hasParenthesis && !accept(reader, ')')) return unreadable(reader);
  return reader.names.isDefined(name.text);
}

/** A name that is no macro; with arguments, as `__has_attribute(x)`, the compiler's word is asked for. */
function nameValue(reader: Reader, name: string): ConditionValue {
  if (peek(reader) !== '(') return reader.names.valueOf(name);
  let depth = 0;
  while (reader.at < reader.tokens.length) {
    if (peek(reader) === '(') depth += 1;
    else if (peek(reader) === ')') depth -= 1;
    reader.at += 1;
    if (depth === 0) break;
  }
  return unknownFor(`${name}()`);
}

const NUMBER = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)([uU]?[lL]{0,2}|[lL]{1,2}[uU])$/;

function numberValue(text: string): ConditionValue | undefined {
  const [, digits = '', suffix = ''] = NUMBER.exec(text) ?? [];
  if (digits === '') return undefined;
  const isOctal = /^0\d+$/.test(digits);
  if (isOctal && /[89]/.test(digits)) return undefined;
  const value = BigInt.asUintN(64, BigInt(isOctal ? `0o${digits}` : digits));
  const isUnsigned = /u/i.test(suffix) || value >= 1n << 63n;
  return { kind: 'known', value, isUnsigned };
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
};

/** A character of 7 bits: what others are worth depends on the sign of `char`. */
function characterValue(text: string): ConditionValue | undefined {
  const [, plain, octal, hexadecimal, letter] =
    /^'(?:([^\\'])|\\([0-7]{1,3})|\\x([\da-fA-F]+)|\\(.))'$/s.exec(text) ?? [];
  const code =
    plain !== undefined
      ? plain.charCodeAt(0)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : hexadecimal !== undefined
          ? Number.parseInt(hexadecimal, 16)
          : letter && (ESCAPES[letter] ?? letter.charCodeAt(0));
  if (typeof code !== 'number' || code > 127) return undefined;
  return { kind: 'known', value: BigInt(code), isUnsigned: false };
}
