/** Parses the threads of a litmus test: parameters, declarations, and statements. */

import type { Expression, Parameter, Statement, Thread } from '../program/program.ts';
import { parseCall, parseExpression, skipType, startsType } from './parse-expression.ts';
import { isInternal } from './parse-internal.ts';
import {
  accept,
  expect,
  expectName,
  fail,
  looksAt,
  peek,
  SyntaxFailure,
  spanFrom,
  type TokenStream,
} from './token-stream.ts';

/** Nesting beyond this is reported, so that no text can exhaust the stack. */
const DEEPEST = 100;

/** Threads until the end of the tokens; they must be P0, P1, ... in order. */
export function parseThreads(stream: TokenStream): readonly Thread[] {
  const threads: Thread[] = [];
  while (peek(stream).kind !== 'end')
    try {
      threads.push(parseThread(stream, threads.length));
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure)) throw failure;
      break;
    }
  return threads;
}

function parseThread(stream: TokenStream, index: number): Thread {
  const first = stream.at;
  if (accept(stream, 'void')) accept(stream, '*');
  if (peek(stream).text !== `P${index}`) fail(stream, `thread P${index}`);
  stream.at++;
  const parameters = parseParameters(stream);
  const body = parseBlock(stream, 0);
  return { index, parameters, body, span: spanFrom(stream, first) };
}

function parseParameters(stream: TokenStream): readonly Parameter[] {
  const parameters: Parameter[] = [];
  expect(stream, '(');
  if (accept(stream, ')')) return parameters;
  do parameters.push(parseParameter(stream));
  while (accept(stream, ','));
  expect(stream, ')');
  return parameters;
}

function parseParameter(stream: TokenStream): Parameter {
  const first = stream.at;
  const words: string[] = [];
  while (!looksAt(stream, ',', 1) && !looksAt(stream, ')', 1)) {
    const token = peek(stream);
    if (token.kind !== 'name' && !looksAt(stream, '*')) fail(stream, 'a parameter');
    words.push(token.text);
    stream.at++;
  }
  const { text } = expectName(stream, 'the name of a parameter');
  return { name: text, type: words.join(' '), span: spanFrom(stream, first) };
}

function parseBlock(stream: TokenStream, depth: number): readonly Statement[] {
  if (depth > DEEPEST) fail(stream, 'less deeply nested statements');
  expect(stream, '{');
  const statements: Statement[] = [];
  while (!accept(stream, '}')) {
    if (peek(stream).kind === 'end') fail(stream, "'}'");
    statements.push(...parseStatement(stream, depth));
  }
  return statements;
}

/** One statement; a declaration of several registers gives several. */
function parseStatement(stream: TokenStream, depth: number): readonly Statement[] {
  if (depth > DEEPEST) fail(stream, 'less deeply nested statements');
  if (looksAt(stream, '{')) return parseBlock(stream, depth + 1);
  if (accept(stream, ';')) return [];
  if (looksAt(stream, 'if')) return [parseIf(stream, depth + 1)];
  if (looksAt(stream, 'while')) return [parseWhile(stream, depth + 1)];
  if (startsType(stream)) return parseDeclaration(stream);
  const statement = parseSimple(stream);
  expect(stream, ';');
  return [statement];
}

function parseIf(stream: TokenStream, depth: number): Statement {
  const first = stream.at;
  expect(stream, 'if');
  const condition = parseCondition(stream);
  const then = parseStatement(stream, depth);
  const otherwise = accept(stream, 'else') ? parseStatement(stream, depth) : [];
  return { kind: 'if', condition, then, otherwise, span: spanFrom(stream, first) };
}

function parseWhile(stream: TokenStream, depth: number): Statement {
  const first = stream.at;
  expect(stream, 'while');
  const condition = parseCondition(stream);
  const body = parseStatement(stream, depth);
  return { kind: 'while', condition, body, span: spanFrom(stream, first) };
}

function parseCondition(stream: TokenStream): Expression {
  expect(stream, '(');
  const condition = parseExpression(stream);
  expect(stream, ')');
  return condition;
}

function parseDeclaration(stream: TokenStream): readonly Statement[] {
  const declarations: Statement[] = [];
  const type = skipType(stream);
  do {
    const first = stream.at;
    while (accept(stream, '*'));
    const register = expectName(stream, 'the name of a register').text;
    const value = accept(stream, '=') ? parseExpression(stream) : undefined;
    const declared = { kind: 'declare', register, type, span: spanFrom(stream, first) } as const;
    declarations.push(value === undefined ? declared : { ...declared, value });
  } while (accept(stream, ','));
  expect(stream, ';');
  return declarations;
}

/** An assignment, a plain store, a primitive, or an expression for its effects. */
function parseSimple(stream: TokenStream): Statement {
  const first = stream.at;
  const { kind, text } = peek(stream);
  if (kind === 'name' && looksAt(stream, '=', 1)) {
    stream.at += 2;
    const value = parseExpression(stream);
    return { kind: 'assign', register: text, value, span: spanFrom(stream, first) };
  }
  if (kind === 'name' && (looksAt(stream, '(', 1) || isInternal(text))) {
    const call = parseCall(stream);
    if (call.kind === 'statement') return call.statement;
    stream.at = first;
  }
  const target = parseExpression(stream);
  if (!looksAt(stream, '=')) return { kind: 'evaluate', value: target, span: target.span };
  if (target.kind !== 'load' || target.order !== 'plain') fail(stream, "';'");
  expect(stream, '=');
  const value = parseExpression(stream);
  const span = spanFrom(stream, first);
  return { kind: 'store', order: 'plain', address: target.address, value, span };
}
