/** Parses cat and bell files: recursive descent over the tokens, precedences as herd's grammar has. */

import type { Problem } from '../text/span.ts';
import type {
  BinaryOperator,
  Binding,
  Expression,
  Instruction,
  Model,
  Pattern,
  Test,
  UnaryOperator,
} from './ast.ts';
import { type Token, tokenize } from './lexer.ts';
import type { Source, SourceSpan } from './source.ts';

/** The model in `text`, the content of `source`. What cannot be read is a problem; parsing then ends, and the instructions
 *  before it are kept. */
export function parseCat(
  text: string,
  source: Source,
): { model: Model; problems: readonly Problem[] } {
  const { tokens, problems } = tokenize(text, source);
  const cursor = new Cursor(tokens, source);
  const instructions: Instruction[] = [];
  skipTitle(cursor);
  try {
    while (cursor.peek().kind !== 'end') instructions.push(parseInstruction(cursor));
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    return { model: { instructions }, problems: [...problems, error.problem] };
  }
  return { model: { instructions }, problems };
}

/** Leaves the descent at the first token that fits nowhere; never leaves this file. */
class Unexpected extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

class Cursor {
  readonly #tokens: readonly Token[];
  readonly #source: Source;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], source: Source) {
    this.#tokens = tokens;
    this.#source = source;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  is(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'symbol' || token.kind === 'keyword') && token.text === text;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#next += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected "${text}"`);
  }

  name(): string {
    const token = this.peek();
    if (token.kind !== 'name') this.fail('expected a name');
    return this.take().text;
  }

  string(): string {
    const token = this.peek();
    if (token.kind !== 'string') this.fail('expected a string');
    return this.take().text;
  }

  /** Whether a variant is set. */
  isSet(variant: string): boolean {
    return this.#source.variants.has(variant);
  }

  /** From `start` to the end of what was taken last. */
  since(start: number): SourceSpan {
    const { end } = this.#tokens[Math.max(0, this.#next - 1)]!.span;
    return { start, end, source: this.#source };
  }

  /** What `parse` parses, as something inside of another one; `weight` is what it costs the stack. */
  inside<Parsed>(weight: number, parse: () => Parsed): Parsed {
    this.#depth += weight;
    this.allows(this.#depth);
    const parsed = parse();
    this.#depth -= weight;
    return parsed;
  }

  /** Expressions in one another are evaluated in one another. */
  allows(depth: number): void {
    if (depth > DEEPEST) this.fail('expected a less deeply nested expression');
  }

  fail(expected: string): never {
    const token = this.peek();
    throw new Unexpected({ message: `${expected}, found "${token.text}"`, span: token.span });
  }
}

const DEEPEST = 1000;

/** What a pair of brackets costs: all the levels of the grammar are gone through. */
const BRACKETS = 8;

/** An architecture's name, a string, or both. */
function skipTitle(cursor: Cursor): void {
  if (cursor.peek().kind === 'name') cursor.take();
  if (cursor.peek().kind === 'string') cursor.take();
}

function parseInstruction(cursor: Cursor): Instruction {
  const start = cursor.peek().span.start;
  const parts = parseInstructionParts(cursor);
  return { ...parts, span: cursor.since(start) } as Instruction;
}

type Parts<T> = T extends { readonly span: SourceSpan } ? Omit<T, 'span'> : never;

function parseInstructionParts(cursor: Cursor): Parts<Instruction> {
  if (cursor.accept('let')) return parseLet(cursor);
  if (cursor.accept('flag')) return { kind: 'flag', ...parseTest(cursor) };
  if (cursor.accept('include')) return { kind: 'include', file: cursor.string() };
  if (cursor.accept('show') || cursor.accept('unshow')) return parseShow(cursor);
  if (cursor.accept('procedure')) return parseProcedure(cursor);
  if (cursor.accept('call')) {
    const call = { kind: 'call' as const, name: cursor.name(), argument: parseSimple(cursor) };
    if (cursor.accept('as')) cursor.name();
    return call;
  }
  if (cursor.accept('forall')) {
    const name = cursor.name();
    cursor.expect('in');
    const from = parseExpression(cursor);
    cursor.expect('do');
    return { kind: 'forall', name, from, body: parseBody(cursor) };
  }
  if (cursor.accept('with')) {
    const name = cursor.name();
    cursor.expect('from');
    return { kind: 'with-from', name, from: parseExpression(cursor) };
  }
  if (cursor.accept('if')) return parseIfVariant(cursor);
  if (cursor.accept('enum')) return parseEnum(cursor);
  if (cursor.accept('instructions') || cursor.accept('default')) {
    const name = cursor.name();
    cursor.expect('[');
    parseList(cursor, ']');
    return { kind: 'instructions', name };
  }
  return { kind: 'check', ...parseTest(cursor) };
}

function parseLet(cursor: Cursor): Parts<Instruction> {
  const recursive = cursor.accept('rec');
  const bindings = parseBindings(cursor);
  cursor.accept('in');
  return { kind: 'let', recursive, bindings };
}

function parseTest(cursor: Cursor): Test {
  const negated = cursor.accept('~');
  for (const test of ['acyclic', 'irreflexive', 'empty'] as const) {
    if (!cursor.accept(test)) continue;
    const value = parseExpression(cursor);
    return cursor.accept('as')
      ? { test, negated, value, name: cursor.name() }
      : { test, negated, value };
  }
  return cursor.fail('expected an instruction');
}

function parseShow(cursor: Cursor): Parts<Instruction> {
  do parseExpression(cursor);
  while (cursor.accept(','));
  if (cursor.accept('as')) cursor.name();
  return { kind: 'show' };
}

function parseProcedure(cursor: Cursor): Parts<Instruction> {
  cursor.accept('rec');
  const name = cursor.name();
  const parameter = cursor.accept('(') ? parseFormals(cursor, ')') : [parseFormal(cursor)];
  cursor.expect('=');
  return { kind: 'procedure', name, parameter, body: parseBody(cursor) };
}

/** Instructions up to `end`, which is taken. */
function parseBody(cursor: Cursor): Instruction[] {
  const body: Instruction[] = [];
  while (!cursor.accept('end')) body.push(parseInstruction(cursor));
  return body;
}

function parseIfVariant(cursor: Cursor): Parts<Instruction> {
  cursor.accept('variant');
  const isSet = cursor.isSet(cursor.string());
  const then: Instruction[] = [];
  const otherwise: Instruction[] = [];
  while (!cursor.is('end') && !cursor.is('else')) then.push(parseInstruction(cursor));
  if (cursor.accept('else')) while (!cursor.is('end')) otherwise.push(parseInstruction(cursor));
  cursor.expect('end');
  return { kind: 'branch', body: isSet ? then : otherwise };
}

function parseEnum(cursor: Cursor): Parts<Instruction> {
  const name = cursor.name();
  cursor.expect('=');
  cursor.accept('||');
  const tags: string[] = [];
  do {
    if (cursor.peek().kind !== 'tag') cursor.fail('expected a tag');
    tags.push(cursor.take().text);
  } while (cursor.accept('||'));
  return { kind: 'enum', name, tags };
}

function parseBindings(cursor: Cursor): Binding[] {
  const bindings: Binding[] = [];
  do bindings.push(parseBinding(cursor));
  while (cursor.accept('and'));
  return bindings;
}

/** `x = e`, `(a, b) = e`, `a, b = e`, or a function: `f x = e`, `f(x, y) = e`. */
function parseBinding(cursor: Cursor): Binding {
  const start = cursor.peek().span.start;
  if (cursor.accept('(')) return finishBinding(cursor, start, parseFormals(cursor, ')'));
  const first = parseFormal(cursor);
  if (cursor.is('=') || cursor.is(',')) {
    const pattern = [first];
    while (cursor.accept(',')) pattern.push(parseFormal(cursor));
    return finishBinding(cursor, start, pattern);
  }
  const parameter = cursor.accept('(') ? parseFormals(cursor, ')') : [parseFormal(cursor)];
  cursor.expect('=');
  const body = parseExpression(cursor);
  const span = cursor.since(start);
  return { pattern: [first], value: { kind: 'function', parameter, body, span }, span };
}

function finishBinding(cursor: Cursor, start: number, pattern: Pattern): Binding {
  cursor.expect('=');
  const value = parseExpression(cursor);
  return { pattern, value, span: cursor.since(start) };
}

function parseFormals(cursor: Cursor, close: string): Pattern {
  const names: (string | undefined)[] = [];
  if (cursor.accept(close)) return names;
  do names.push(parseFormal(cursor));
  while (cursor.accept(','));
  cursor.expect(close);
  return names;
}

function parseFormal(cursor: Cursor): string | undefined {
  return cursor.accept('_') ? undefined : cursor.name();
}

function parseExpression(cursor: Cursor): Expression {
  return cursor.inside(BRACKETS, () => parseInside(cursor));
}

function parseInside(cursor: Cursor): Expression {
  const start = cursor.peek().span.start;
  if (cursor.accept('let')) {
    const recursive = cursor.accept('rec');
    const bindings = parseBindings(cursor);
    cursor.expect('in');
    const body = parseExpression(cursor);
    return { kind: 'let', recursive, bindings, body, span: cursor.since(start) };
  }
  if (cursor.accept('fun')) {
    const parameter = cursor.accept('(') ? parseFormals(cursor, ')') : [parseFormal(cursor)];
    cursor.expect('->');
    const body = parseExpression(cursor);
    return { kind: 'function', parameter, body, span: cursor.since(start) };
  }
  if (cursor.accept('try')) {
    const attempt = parseExpression(cursor);
    cursor.expect('with');
    const otherwise = parseExpression(cursor);
    return { kind: 'try', attempt, otherwise, span: cursor.since(start) };
  }
  if (cursor.accept('if')) {
    cursor.accept('variant');
    const isSet = cursor.isSet(cursor.string());
    cursor.expect('then');
    const then = parseExpression(cursor);
    cursor.expect('else');
    const otherwise = parseExpression(cursor);
    return isSet ? then : otherwise;
  }
  if (cursor.accept('match')) return parseMatch(cursor, start);
  return parseTuple(cursor, start);
}

function parseMatch(cursor: Cursor, start: number): Expression {
  const value = parseExpression(cursor);
  cursor.expect('with');
  cursor.accept('||');
  const match = cursor.is('{') ? parseSetClauses(cursor, value) : parseTagClauses(cursor, value);
  cursor.expect('end');
  return { ...match, span: cursor.since(start) };
}

function parseSetClauses(cursor: Cursor, value: Expression): Parts<Expression> {
  cursor.expect('{');
  cursor.expect('}');
  cursor.expect('->');
  const empty = parseExpression(cursor);
  cursor.expect('||');
  const element = parseFormal(cursor);
  cursor.expect('++');
  const rest = parseFormal(cursor);
  cursor.expect('->');
  return { kind: 'match-set', value, empty, element, rest, some: parseExpression(cursor) };
}

function parseTagClauses(cursor: Cursor, value: Expression): Parts<Expression> {
  const clauses: { tag: string; body: Expression }[] = [];
  let otherwise: Expression | undefined;
  do {
    const isDefault = cursor.accept('_');
    if (!isDefault && cursor.peek().kind !== 'tag') cursor.fail('expected a tag');
    const tag = isDefault ? '' : cursor.take().text;
    cursor.expect('->');
    const body = parseExpression(cursor);
    if (isDefault) otherwise = body;
    else clauses.push({ tag, body });
  } while (cursor.accept('||'));
  return { kind: 'match-tag', value, clauses, ...(otherwise === undefined ? {} : { otherwise }) };
}

function parseTuple(cursor: Cursor, start: number): Expression {
  const first = parseBinary(cursor, 0);
  if (!cursor.is(',')) return first;
  const elements = [first];
  while (cursor.accept(',')) elements.push(parseBinary(cursor, 0));
  return { kind: 'tuple', elements, span: cursor.since(start) };
}

/** From loosest to tightest, as herd's grammar ranks them. */
const LEVELS: readonly { symbol: string; operator: BinaryOperator; left?: true }[] = [
  { symbol: '|', operator: 'union' },
  { symbol: '++', operator: 'add' },
  { symbol: ';', operator: 'sequence' },
  { symbol: '\\', operator: 'difference', left: true },
  { symbol: '&', operator: 'intersection' },
  { symbol: '*', operator: 'product' },
];

function parseBinary(cursor: Cursor, level: number): Expression {
  const rule = LEVELS[level];
  if (rule === undefined) return parsePrefix(cursor);
  const start = cursor.peek().span.start;
  let left = parseBinary(cursor, level + 1);
  for (let depth = 1; cursor.is(rule.symbol); depth++) {
    cursor.take();
    cursor.allows(depth);
    const right = cursor.inside(1, () => parseBinary(cursor, rule.left ? level + 1 : level));
    left = { kind: 'binary', operator: rule.operator, left, right, span: cursor.since(start) };
    if (!rule.left) break;
  }
  return left;
}

function parsePrefix(cursor: Cursor): Expression {
  const start = cursor.peek().span.start;
  if (!cursor.accept('~')) return parsePostfix(cursor);
  const operand = cursor.inside(1, () => parsePrefix(cursor));
  return { kind: 'unary', operator: 'complement', operand, span: cursor.since(start) };
}

function parsePostfix(cursor: Cursor): Expression {
  const start = cursor.peek().span.start;
  let operand = parseApplication(cursor);
  for (let depth = 1; ; depth++) {
    const operator = acceptPostfix(cursor);
    if (operator === undefined) return operand;
    cursor.allows(depth);
    operand = { kind: 'unary', operator, operand, span: cursor.since(start) };
  }
}

/** A star before something that can begin an operand is the product, else the closure. */
function acceptPostfix(cursor: Cursor): UnaryOperator | undefined {
  if (cursor.is('*') && !beginsOperand(cursor.peek(1))) {
    cursor.take();
    return 'star';
  }
  if (cursor.accept('+')) return 'plus';
  if (cursor.accept('?')) return 'option';
  if (!cursor.accept('^')) return undefined;
  cursor.expect('-1');
  return 'inverse';
}

function beginsOperand(token: Token): boolean {
  if (token.kind === 'name' || token.kind === 'tag') return true;
  return token.kind === 'symbol' && ['(', '[', '{', '_', '0', '~'].includes(token.text);
}

/** A name may be applied to arguments by standing before them: `map f S`. */
function parseApplication(cursor: Cursor): Expression {
  const start = cursor.peek().span.start;
  let callee = parseSimple(cursor);
  for (let depth = 1; callee.kind === 'name' || callee.kind === 'apply'; depth++) {
    cursor.allows(depth);
    if (!beginsOperand(cursor.peek()) || cursor.is('~')) break;
    const argument = parseSimple(cursor);
    callee = { kind: 'apply', callee, argument, span: cursor.since(start) };
  }
  return callee;
}

function parseSimple(cursor: Cursor): Expression {
  const token = cursor.peek();
  const start = token.span.start;
  if (token.kind === 'name') return { kind: 'name', name: cursor.take().text, span: token.span };
  if (token.kind === 'tag') return { kind: 'tag', tag: cursor.take().text, span: token.span };
  if (cursor.accept('0')) return { kind: 'empty', span: token.span };
  if (cursor.accept('_')) return { kind: 'universe', span: token.span };
  if (cursor.accept('{')) {
    return { kind: 'set', elements: parseList(cursor, '}'), span: cursor.since(start) };
  }
  if (cursor.accept('[')) {
    const operand = parseExpression(cursor);
    cursor.expect(']');
    return { kind: 'unary', operator: 'identity', operand, span: cursor.since(start) };
  }
  if (cursor.accept('begin')) return parseClosed(cursor, 'end');
  if (!cursor.accept('(')) return cursor.fail('expected an expression');
  if (cursor.accept(')')) return { kind: 'tuple', elements: [], span: cursor.since(start) };
  return parseClosed(cursor, ')');
}

function parseClosed(cursor: Cursor, close: string): Expression {
  const expression = parseExpression(cursor);
  cursor.expect(close);
  return expression;
}

function parseList(cursor: Cursor, close: string): Expression[] {
  const elements: Expression[] = [];
  if (cursor.accept(close)) return elements;
  do elements.push(parseBinary(cursor, 0));
  while (cursor.accept(','));
  cursor.expect(close);
  return elements;
}
