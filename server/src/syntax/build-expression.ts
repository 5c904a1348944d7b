/** Builds expressions. Text that the pre-pass turned into a name (a type as argument) is read as what it was. */

import type { Span } from '../text/span.ts';
import type { Expression, InitializerItem } from './ast.ts';
import { descriptorType, typeFromText } from './build-type.ts';
import { joinAtCast } from './cast-operand.ts';
import { childIn, childOfKind, childrenOf, firstChild } from './flat-tree.ts';
import { applied } from './own-operation.ts';
import { DEEPEST, type Reading, spanOf, textOf, wordAt } from './reading.ts';

/** The expression at `node`; what is none, or is nested too deeply, becomes `unknown`. */
export function buildExpression(reading: Reading, node: number, depth: number): Expression {
  if (depth > DEEPEST) return unknownExpression(reading, node);
  const kind = reading.tree.kind[node]!;
  const build = Object.hasOwn(BUILDERS, kind) ? BUILDERS[kind] : undefined;
  return build?.(reading, node, depth + 1) ?? unknownExpression(reading, node);
}

/** The parts of a comma expression, or the one expression there is. */
export function expressionList(reading: Reading, node: number, depth: number): Expression[] {
  const parts: Expression[] = [];
  let at = node;
  while (reading.tree.kind[at] === 'comma_expression') {
    const left = childIn(reading.tree, at, 'left');
    const right = childIn(reading.tree, at, 'right');
    if (left === undefined || right === undefined) break;
    parts.push(buildExpression(reading, left, depth));
    at = right;
  }
  parts.push(buildExpression(reading, at, depth));
  return parts;
}

/** Text in the place of an expression that is not understood, as it was written. */
function unknownExpression(reading: Reading, node: number): Expression {
  return { kind: 'unknown', text: textOf(reading, node), span: spanOf(reading, node) };
}

type Builder = (reading: Reading, node: number, depth: number) => Expression | undefined;

const BUILDERS: Readonly<Record<string, Builder>> = {
  identifier: buildIdentifier,
  field_identifier: buildIdentifier,
  type_identifier: buildIdentifier,
  number_literal: buildNumber,
  char_literal: buildCharacter,
  true: (reading, node) => constant(reading, node, 1),
  false: (reading, node) => constant(reading, node, 0),
  null: (reading, node) => constant(reading, node, 0),
  string_literal: buildString,
  concatenated_string: buildStrings,
  call_expression: buildCall,
  field_expression: buildField,
  subscript_expression: buildIndex,
  unary_expression: buildUnary,
  pointer_expression: buildUnary,
  update_expression: buildUpdate,
  binary_expression: buildBinary,
  assignment_expression: buildAssignment,
  conditional_expression: buildConditional,
  cast_expression: buildCast,
  sizeof_expression: buildSizeof,
  alignof_expression: buildSizeof,
  offsetof_expression: buildOffsetof,
  generic_expression: buildGeneric,
  comma_expression: buildComma,
  parenthesized_expression: buildGrouped,
  compound_statement: buildStatementExpression,
  compound_literal_expression: buildCompoundLiteral,
  initializer_list: buildInitializer,
  extension_expression: buildLast,
};

/** A name; where the text under it is none, the pre-pass put the name there (see prepass.ts). */
function buildIdentifier(reading: Reading, node: number): Expression {
  const text = textOf(reading, node);
  const span = spanOf(reading, node);
  if (isName(text)) return { kind: 'identifier', name: text, span };
  if (isTypeText(text)) return { kind: 'type', type: typeFromText(text), span };
  return { kind: 'unknown', text, span };
}

function isName(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text) || /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text);
}

function isTypeText(text: string): boolean {
  const words = /^[A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*\s*/.exec(text)?.[0].length ?? 0;
  const derived = text[words] === '(' ? text.lastIndexOf(')') + 1 : words;
  return (
    words > 0 &&
    derived > 0 &&
    /^(?:[*\s]|\[\w*\]|\b(?:const|volatile)\b)*$/.test(text.slice(derived)) &&
    !/^(?:return|goto)\b/.test(text)
  );
}

/** A number; the pre-pass put it there where nothing was written, or a name that is no type. */
function buildNumber(reading: Reading, node: number): Expression {
  const text = textOf(reading, node);
  if (isName(text)) return { kind: 'identifier', name: text, span: spanOf(reading, node) };
  if (text.trim() === '') return { kind: 'unknown', text: '', span: spanOf(reading, node) };
  const value = numberValue(text);
  const span = spanOf(reading, node);
  return value === undefined
    ? { kind: 'number', text, span }
    : { kind: 'number', text, value, span };
}

/** The value of an integer literal, where JavaScript's numbers can hold it. */
function numberValue(text: string): number | undefined {
  const digits = /^[^uUlL]*/.exec(text)![0];
  if (/[^uUlL]/.test(text.slice(digits.length))) return undefined;
  const octal = /^([-+]?)0([0-7]+)$/.exec(digits);
  if (octal === null && /^[-+]?0\d/.test(digits)) return undefined;
  const sign = digits.startsWith('-') ? -1 : 1;
  const value = octal
    ? sign * Number.parseInt(octal[2]!, 8)
    : sign * Number(digits.replace(/^[-+]/, ''));
  return Number.isSafeInteger(value) ? value : undefined;
}

function buildCharacter(reading: Reading, node: number): Expression {
  const text = textOf(reading, node);
  const character = /^'([^\\])'$/u.exec(text)?.[1];
  const escaped = /^'\\([0abfnrtv\\'"])'$/.exec(text)?.[1];
  const value =
    character?.codePointAt(0) ?? (escaped === undefined ? undefined : ESCAPES.get(escaped));
  const span = spanOf(reading, node);
  return value === undefined
    ? { kind: 'number', text, span }
    : { kind: 'number', text, value, span };
}

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['0', 0],
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['\\', 92],
  ["'", 39],
  ['"', 34],
]);

function constant(reading: Reading, node: number, value: number): Expression {
  return { kind: 'number', text: textOf(reading, node), value, span: spanOf(reading, node) };
}

function buildString(reading: Reading, node: number): Expression {
  return { kind: 'string', text: textOf(reading, node), span: spanOf(reading, node) };
}

/** Strings that stand behind one another are one. */
function buildStrings(reading: Reading, node: number): Expression {
  const text = childrenOf(reading.tree, node)
    .map((part) => textOf(reading, part))
    .join(' ');
  return { kind: 'string', text, span: spanOf(reading, node) };
}

function buildCall(reading: Reading, node: number, depth: number): Expression | undefined {
  const { tree } = reading;
  const callee = childIn(tree, node, 'function');
  const list = childIn(tree, node, 'arguments');
  if (callee === undefined || list === undefined) return undefined;
  const given = childrenOf(tree, list).map((argument) => buildExpression(reading, argument, depth));
  const types = castsIn(reading, callee);
  const span = spanOf(reading, node);
  if (types.length > 0 && given.length === 1)
    return types.reduceRight<Expression>(
      (operand, type) => ({ kind: 'cast', type: typeFromText(type), operand, span }),
      given[0]!,
    );
  if (textOf(reading, callee) === '__builtin_offsetof')
    return offsetInType(reading, given, childrenOf(tree, list), span);
  const own = reading.own.get(textOf(reading, callee));
  return (
    (own && applied(own, given, span)) ?? {
      kind: 'call',
      callee: buildExpression(reading, callee, depth),
      arguments: given,
      span,
    }
  );
}

/** What the macro `offsetof` stands for in the kernel: to the grammar it is a call. */
function offsetInType(
  reading: Reading,
  [type]: readonly Expression[],
  [, member]: readonly number[],
  span: Span,
): Expression | undefined {
  if (type === undefined || member === undefined) return undefined;
  const named = type.kind === 'identifier' ? typeFromText(type.name) : undefined;
  const of = type.kind === 'type' ? type.type : named;
  const path = textOf(reading, member).replace(/\s/g, '');
  return of && { kind: 'offsetof', type: of, member: path, span };
}

/** The types of `(u64)(int)` before `(value)`, which the grammar takes for calls; none where one is no type. */
function castsIn(reading: Reading, node: number): readonly string[] {
  const { tree } = reading;
  if (tree.kind[node] !== 'call_expression') {
    const type = typeInParentheses(reading, node);
    return type === undefined ? [] : [type];
  }
  const [callee, list] = [childIn(tree, node, 'function'), childIn(tree, node, 'arguments')];
  if (callee === undefined || list === undefined) return [];
  const [given, ...others] = childrenOf(tree, list);
  const outer = castsIn(reading, callee);
  const inner = given === undefined ? undefined : typeNamed(reading, given);
  return outer.length === 0 || inner === undefined || others.length > 0 ? [] : [...outer, inner];
}

/** `(u64)` where the grammar could not know that this is a cast: the name in the parentheses. */
function typeInParentheses(reading: Reading, node: number): string | undefined {
  if (reading.tree.kind[node] !== 'parenthesized_expression') return undefined;
  const inner = firstChild(reading.tree, node);
  return inner === undefined ? undefined : typeNamed(reading, inner);
}

/** A name that is one of a type wherever it stands. */
function typeNamed(reading: Reading, node: number): string | undefined {
  if (reading.tree.kind[node] !== 'identifier') return undefined;
  const written = textOf(reading, node);
  if (/^_*typeof\w*\s*\(/.test(written)) return written;
  const name = wordAt(reading, node);
  return TYPE_NAME.test(name) ? name : undefined;
}

const TYPE_NAME =
  /^(?:\w+_t|(?:__)?[us](?:8|16|32|64)|(?:__)?[bl]e(?:16|32|64)|u?int|u?long|u?short|char|bool|signed|unsigned)$/;

function buildField(reading: Reading, node: number, depth: number): Expression | undefined {
  const { tree } = reading;
  const base = childIn(tree, node, 'argument');
  const operator = childIn(tree, node, 'operator');
  const name = childIn(tree, node, 'field');
  if (base === undefined || operator === undefined || name === undefined) return undefined;
  return {
    kind: 'field',
    base: buildExpression(reading, base, depth),
    arrow: tree.kind[operator] === '->',
    name: textOf(reading, name),
    nameSpan: spanOf(reading, name),
    span: spanOf(reading, node),
  };
}

function buildIndex(reading: Reading, node: number, depth: number): Expression | undefined {
  const base = childIn(reading.tree, node, 'argument');
  const index = childIn(reading.tree, node, 'index');
  if (base === undefined || index === undefined) return undefined;
  return {
    kind: 'index',
    base: buildExpression(reading, base, depth),
    index: buildExpression(reading, index, depth),
    span: spanOf(reading, node),
  };
}

type UnaryOperator = Extract<Expression, { kind: 'unary' }>['operator'];
const UNARY: ReadonlySet<string> = new Set<UnaryOperator>(['*', '&', '-', '+', '!', '~']);

function isUnary(operator: string): operator is UnaryOperator {
  return UNARY.has(operator);
}

function buildUnary(reading: Reading, node: number, depth: number): Expression | undefined {
  const operator = childIn(reading.tree, node, 'operator');
  const operand = childIn(reading.tree, node, 'argument');
  if (operator === undefined || operand === undefined) return undefined;
  const symbol = reading.tree.kind[operator]!;
  if (!isUnary(symbol)) return undefined;
  return {
    kind: 'unary',
    operator: symbol,
    operand: buildExpression(reading, operand, depth),
    span: spanOf(reading, node),
  };
}

function buildUpdate(reading: Reading, node: number, depth: number): Expression | undefined {
  const operator = childIn(reading.tree, node, 'operator');
  const operand = childIn(reading.tree, node, 'argument');
  if (operator === undefined || operand === undefined) return undefined;
  return {
    kind: 'update',
    operator: reading.tree.kind[operator] === '--' ? '--' : '++',
    prefix: operator < operand,
    operand: buildExpression(reading, operand, depth),
    span: spanOf(reading, node),
  };
}

function buildBinary(reading: Reading, node: number, depth: number): Expression | undefined {
  const { tree } = reading;
  const left = childIn(tree, node, 'left');
  const operator = childIn(tree, node, 'operator');
  const right = childIn(tree, node, 'right');
  if (left === undefined || operator === undefined || right === undefined) return undefined;
  const symbol = tree.kind[operator]!;
  const span = spanOf(reading, node);
  const second = buildExpression(reading, right, depth);
  const firstSide = buildExpression(reading, left, depth);
  const cast = isUnary(symbol) ? castBefore(reading, left) : undefined;
  if (cast === undefined || !isUnary(symbol))
    return { kind: 'binary', operator: symbol, left: firstSide, right: second, span };
  return joinAtCast(firstSide, second, (_, first) => {
    const upTo = ({ start }: Span) => ({ start, end: Math.max(start, first.span.end) });
    const from = (start: number) => upTo(spanOf(reading, start));
    const operand: Expression = {
      kind: 'unary',
      operator: symbol,
      operand: first,
      span: from(operator),
    };
    const inner: Expression = {
      kind: 'cast',
      type: typeFromText(cast.type),
      operand,
      span: from(cast.at),
    };
    return cast.before.reduceRight<Expression>(
      (value, [node, symbol]) => ({
        kind: 'unary',
        operator: symbol,
        operand: value,
        span: from(node),
      }),
      inner,
    );
  });
}

/** A cast that the grammar took for an operand in parentheses, and the unary operators before it. */
interface CastBefore {
  readonly type: string;
  readonly at: number;
  readonly before: readonly (readonly [node: number, operator: UnaryOperator])[];
}

/** The cast at the end of what the grammar took for the left side of `(u64)-x` or `*(typeof(p))&x`. */
function castBefore(reading: Reading, left: number): CastBefore | undefined {
  const { tree } = reading;
  const before: (readonly [number, UnaryOperator])[] = [];
  let at = left;
  while (tree.kind[at] === 'unary_expression' || tree.kind[at] === 'pointer_expression') {
    const operator = childIn(tree, at, 'operator');
    const operand = childIn(tree, at, 'argument');
    const symbol = operator === undefined ? '' : tree.kind[operator]!;
    if (operand === undefined || !isUnary(symbol)) return undefined;
    before.push([at, symbol]);
    at = operand;
  }
  const type = typeInParentheses(reading, at);
  return type === undefined ? undefined : { type, at, before };
}

function buildAssignment(reading: Reading, node: number, depth: number): Expression | undefined {
  const target = childIn(reading.tree, node, 'left');
  const operator = childIn(reading.tree, node, 'operator');
  const value = childIn(reading.tree, node, 'right');
  if (target === undefined || operator === undefined || value === undefined) return undefined;
  return {
    kind: 'assign',
    operator: reading.tree.kind[operator]!,
    target: buildExpression(reading, target, depth),
    value: buildExpression(reading, value, depth),
    span: spanOf(reading, node),
  };
}

function buildConditional(reading: Reading, node: number, depth: number): Expression | undefined {
  const condition = childIn(reading.tree, node, 'condition');
  const consequence = childIn(reading.tree, node, 'consequence');
  const alternative = childIn(reading.tree, node, 'alternative');
  if (condition === undefined || alternative === undefined) return undefined;
  const test = buildExpression(reading, condition, depth);
  const otherwise = buildExpression(reading, alternative, depth);
  const span = spanOf(reading, node);
  if (consequence === undefined)
    return { kind: 'conditional', condition: test, alternative: otherwise, span };
  const then = buildExpression(reading, consequence, depth);
  return { kind: 'conditional', condition: test, consequence: then, alternative: otherwise, span };
}

function buildCast(reading: Reading, node: number, depth: number): Expression | undefined {
  const type = childIn(reading.tree, node, 'type');
  const value = childIn(reading.tree, node, 'value');
  if (type === undefined || value === undefined) return undefined;
  return {
    kind: 'cast',
    type: descriptorType(reading, type),
    operand: buildExpression(reading, value, depth),
    span: spanOf(reading, node),
  };
}

function buildSizeof(reading: Reading, node: number, depth: number): Expression {
  const { tree } = reading;
  const type = childIn(tree, node, 'type');
  const value = childIn(tree, node, 'value');
  const isSize = tree.kind[node] === 'sizeof_expression' && /^sizeof/.test(textOf(reading, node));
  return {
    kind: 'sizeof',
    of: isSize ? 'size' : 'alignment',
    operand:
      type !== undefined
        ? { kind: 'type', type: descriptorType(reading, type), span: spanOf(reading, type) }
        : value === undefined
          ? unknownExpression(reading, node)
          : buildExpression(reading, value, depth),
    span: spanOf(reading, node),
  };
}

function buildOffsetof(reading: Reading, node: number): Expression | undefined {
  const type = childIn(reading.tree, node, 'type');
  const member = childIn(reading.tree, node, 'member');
  if (type === undefined || member === undefined) return undefined;
  return {
    kind: 'offsetof',
    type: descriptorType(reading, type),
    member: textOf(reading, member).replace(/\s/g, ''),
    span: spanOf(reading, node),
  };
}

/** The control expression, then types and values in turn. */
function buildGeneric(reading: Reading, node: number, depth: number): Expression | undefined {
  const { tree } = reading;
  const [, control, ...parts] = childrenOf(tree, node);
  if (control === undefined || parts.length % 2 === 1) return undefined;
  const associations = parts.flatMap((type, at) => {
    if (at % 2 === 1) return [];
    const value = buildExpression(reading, parts[at + 1]!, depth);
    const isDefault = textOf(reading, type) === 'default';
    return [isDefault ? { value } : { type: descriptorType(reading, type), value }];
  });
  const span = spanOf(reading, node);
  return { kind: 'generic', control: buildExpression(reading, control, depth), associations, span };
}

function buildComma(reading: Reading, node: number, depth: number): Expression {
  return {
    kind: 'comma',
    parts: expressionList(reading, node, depth),
    span: spanOf(reading, node),
  };
}

function buildLast(reading: Reading, node: number, depth: number): Expression | undefined {
  const inner = childrenOf(reading.tree, node).at(-1);
  return inner === undefined ? undefined : buildExpression(reading, inner, depth);
}

function buildGrouped(reading: Reading, node: number, depth: number): Expression | undefined {
  const inner = buildLast(reading, node, depth);
  return inner?.kind === 'binary' ? { ...inner, isGrouped: true } : inner;
}

function buildStatementExpression(reading: Reading, node: number, depth: number): Expression {
  return {
    kind: 'statement-expression',
    body: reading.statements(reading, node, depth),
    span: spanOf(reading, node),
  };
}

function buildCompoundLiteral(
  reading: Reading,
  node: number,
  depth: number,
): Expression | undefined {
  const type = childIn(reading.tree, node, 'type');
  const value = childIn(reading.tree, node, 'value');
  if (type === undefined || value === undefined) return undefined;
  return {
    kind: 'initializer',
    type: descriptorType(reading, type),
    items: initializerItems(reading, value, depth),
    span: spanOf(reading, node),
  };
}

function buildInitializer(reading: Reading, node: number, depth: number): Expression {
  return {
    kind: 'initializer',
    items: initializerItems(reading, node, depth),
    span: spanOf(reading, node),
  };
}

function initializerItems(reading: Reading, node: number, depth: number): InitializerItem[] {
  return childrenOf(reading.tree, node).map((item) => {
    if (reading.tree.kind[item] !== 'initializer_pair')
      return { value: buildExpression(reading, item, depth) };
    const value = childIn(reading.tree, item, 'value');
    const first = childIn(reading.tree, item, 'designator');
    if (value === undefined || first === undefined)
      return { value: unknownExpression(reading, item) };
    return {
      designator: designatorText(reading, item, first, value),
      value: buildExpression(reading, value, depth),
    };
  });
}

/** `.a.b[3]` as written, without the `=`; the old form `a: 1` reads `.a`. */
function designatorText(reading: Reading, item: number, first: number, value: number): string {
  const { tree, source } = reading;
  if (tree.kind[first] === 'field_identifier') return `.${textOf(reading, first)}`;
  const written = source.slice(tree.start[item]!, tree.start[value]!);
  return written.slice(0, written.lastIndexOf('=')).trim();
}

/** The condition in the parentheses of `if`, `while`, `switch`, whichever field of `statement` holds it. */
export function conditionOf(reading: Reading, statement: number, depth: number): Expression {
  const condition = childIn(reading.tree, statement, 'condition');
  if (condition === undefined) return unknownExpression(reading, statement);
  return buildExpression(reading, condition, depth);
}

/** The expression that an `expression_statement` or `return_statement` contains. */
export function innerExpression(
  reading: Reading,
  node: number,
  depth: number,
): Expression | undefined {
  const inner = childrenOf(reading.tree, node).find((child) =>
    isExpression(reading.tree.kind[child]!),
  );
  return inner === undefined ? undefined : buildExpression(reading, inner, depth);
}

function isExpression(kind: string): boolean {
  return Object.hasOwn(BUILDERS, kind) || kind.endsWith('_expression');
}

/** The assembler of an `asm` statement, if that is what the expression is. */
export function asmText(reading: Reading, node: number): string | undefined {
  const asm = childOfKind(reading.tree, node, 'gnu_asm_expression');
  return asm === undefined ? undefined : textOf(reading, asm);
}
