/** Evaluates C expressions: what is known now is computed now, the rest becomes code and registers. */

import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { load, store } from './access.ts';
import { compute, operate } from './arithmetic.ts';
import { assign } from './assign.ts';
import { evaluateCall } from './call.ts';
import { cleanUp } from './cleanup.ts';
import { enumeratorValue } from './constant.ts';
import { innerScope, type Lowering, lookUp, placeOf, type Scope, visiblePlace } from './context.ts';
import { arithmeticType, convert } from './convert.ts';
import { INT, pointee } from './ctype.ts';
import { conditional, logical } from './decide.ts';
import { decay, designate, notePointer, temporary } from './designate.ts';
import { execute, executeSequence } from './execute.ts';
import { alignmentOf, offsetOf, sizeOf } from './layout.ts';
import { kindOfLiteral, leastLong, literal } from './literal.ts';
import { copyOf, type State } from './machine.ts';
import { unfold } from './names.ts';
import { opened } from './open-world.ts';
import { charType } from './plain-char.ts';
import { retargeted } from './pointer.ts';
import { rejoin } from './rejoin.ts';
import { resolveType, SIZE_TYPE, typeOfEnumerator } from './resolve-type.ts';
import { traceOf } from './trace.ts';
import { typeOfExpression } from './type-of.ts';
import { addressOf, integer, negation, typed, undefinedValue, type Value } from './value.ts';

/** The value of an expression. What it loads, stores and calls is emitted, in C's order, to `state`. */
export function evaluate(
  lowering: Lowering,
  written: CExpression,
  state: State,
  outer: Scope,
): Value {
  const { expression, scope } = unfold(lowering, written, outer);
  switch (expression.kind) {
    case 'number': {
      const { text } = expression;
      const constant = literal(text, lowering.request);
      return constant === undefined
        ? undefinedValue(`the ${kindOfLiteral(text)} ${text}`, placeOf(scope, expression.span))
        : integer(constant.value, constant.type);
    }
    case 'string':
      return addressOf(`${expression.text}[0]`, charType(lowering.request));
    case 'identifier':
    case 'field':
    case 'index':
      return contentOf(lowering, expression, state, scope);
    case 'unary':
      return evaluateUnary(lowering, expression, state, scope);
    case 'update':
      return evaluateUpdate(lowering, expression, state, scope);
    case 'binary':
      return evaluateBinary(lowering, expression, state, scope);
    case 'assign':
      return assign(lowering, expression, state, scope);
    case 'conditional':
      return conditional(lowering, expression, state, scope);
    case 'cast':
      return evaluateCast(lowering, expression, state, scope);
    case 'comma':
      return expression.parts
        .map((part) => evaluate(lowering, part, state, scope))
        .reduce((_, last) => last, integer(0));
    case 'call':
      return evaluateCall(lowering, expression, state, scope);
    case 'statement-expression':
      return evaluateStatements(lowering, expression.body, state, scope);
    case 'initializer':
      return contentAt(
        lowering,
        temporary(lowering, expression, state, scope),
        state,
        expression.span,
        scope,
      );
    case 'sizeof':
    case 'offsetof':
      return evaluateSize(lowering, expression, scope);
    case 'type':
    case 'generic':
    case 'evaluated':
    case 'unknown':
      return unknownConstruct(lowering, expression, scope);
  }
}

function unknownConstruct(lowering: Lowering, { kind, span }: CExpression, scope: Scope): Value {
  const place = visiblePlace(scope, span);
  if (kind === 'unknown') lowering.report.notModelled('C that cannot be read', place);
  if (kind === 'generic')
    lowering.report.notModelled('a choice by types that are not known', place);
  return undefinedValue('something that is no expression', place);
}

function evaluateSize(
  lowering: Lowering,
  expression: CExpression & { readonly kind: 'sizeof' | 'offsetof' },
  scope: Scope,
): Value {
  const size =
    expression.kind === 'offsetof'
      ? offsetOf(lowering, resolveType(lowering, expression.type, scope), expression.member, scope)
      : (expression.of === 'size' ? sizeOf : alignmentOf)(
          lowering,
          typeOfExpression(lowering, expression.operand, scope),
          scope,
        );
  return size === undefined
    ? undefinedValue('a size', visiblePlace(scope, expression.span), SIZE_TYPE)
    : integer(size, SIZE_TYPE);
}

/** What is where an expression designates: loaded, or the address itself of an array or a function. */
function contentOf(lowering: Lowering, expression: CExpression, state: State, scope: Scope): Value {
  if (expression.kind === 'identifier') {
    const constant = constantNamed(lowering, expression.name, expression.span, scope);
    if (constant !== undefined) return constant;
  }
  const address = designate(lowering, expression, state, scope);
  return contentAt(lowering, address, state, expression.span, scope);
}

function contentAt(
  lowering: Lowering,
  written: Value,
  state: State,
  span: Span,
  scope: Scope,
): Value {
  const address = opened(lowering, written, written.type);
  const decayed = decay(lowering, address, visiblePlace(scope, span).span, state);
  if (decayed !== undefined) return decayed;
  if (address.kind === 'undefined') return typed(address, pointee(address.type));
  if (isFunction(lowering, address)) return address;
  return load(lowering, state, address, 'plain', traceOf(scope, span));
}

function isFunction({ symbols }: Lowering, value: Value): boolean {
  return (
    value.kind === 'known' &&
    value.value.kind === 'address' &&
    symbols.function(value.value.of, '') !== undefined
  );
}

function constantNamed(
  lowering: Lowering,
  name: string,
  span: Span,
  scope: Scope,
): Value | undefined {
  const binding = lookUp(scope, name);
  if (binding !== undefined && binding.kind !== 'enumerator') return undefined;
  const enumerator = lowering.symbols.enumerator(name, scope.frame.file);
  if (binding === undefined && enumerator === undefined) return undefined;
  const value = binding ? binding.value : enumeratorValue(lowering, enumerator!, scope);
  const of = binding ? undefined : enumerator?.of;
  return value === undefined
    ? undefinedValue(`the enumerator ${name}`, visiblePlace(scope, span), INT)
    : integer(value, typeOfEnumerator(lowering, value, of, scope));
}

type Unary = CExpression & { readonly kind: 'unary' };

function evaluateUnary(lowering: Lowering, unary: Unary, state: State, scope: Scope): Value {
  const { operator, operand, span } = unary;
  const { span: visible } = visiblePlace(scope, span);
  if (operator === '&') return notePointer(lowering, designate(lowering, operand, state, scope));
  const least = operand.kind === 'number' ? leastLong(operator, operand.text) : undefined;
  if (least !== undefined) return integer(least.value, least.type);
  const value = opened(lowering, evaluate(lowering, operand, state, scope));
  if (operator === '*') return contentAt(lowering, value, state, span, scope);
  if (operator === '!') return negation(value, visible);
  const type = arithmeticType(value, state);
  const converted = convert(value, type, state, visible);
  switch (operator) {
    case '+':
      return converted;
    case '-':
      return compute('-', integer(0, type), converted, type, state, visible);
    case '~': {
      const ones = convert(integer(-1), type, state, visible);
      return compute('^', converted, ones, type, state, visible);
    }
  }
}

type Update = CExpression & { readonly kind: 'update' };

function evaluateUpdate(lowering: Lowering, update: Update, state: State, scope: Scope): Value {
  const trace = traceOf(scope, update.span);
  const address = designate(lowering, update.operand, state, scope);
  const before = load(lowering, state, address, 'plain', trace);
  const sum = operate(
    lowering,
    update.operator === '++' ? '+' : '-',
    before,
    integer(1),
    update,
    state,
    scope,
  );
  const after = convert(sum, pointee(address.type), state, trace.span);
  const left = store(lowering, state, address, after, 'plain', trace);
  return update.prefix ? left : before;
}

type Binary = CExpression & { readonly kind: 'binary' };

function evaluateBinary(lowering: Lowering, operation: Binary, state: State, scope: Scope): Value {
  const { operator } = operation;
  if (operator === '&&' || operator === '||') return logical(lowering, operation, state, scope);
  const left = evaluate(lowering, operation.left, state, scope);
  const right = evaluate(lowering, operation.right, state, scope);
  return operate(lowering, operator, left, right, operation, state, scope);
}

type Cast = CExpression & { readonly kind: 'cast' };

function evaluateCast(lowering: Lowering, cast: Cast, state: State, scope: Scope): Value {
  const type = resolveType(lowering, cast.type, scope);
  if (cast.operand.kind === 'initializer') {
    const made = temporary(lowering, cast.operand, state, scope, type);
    return contentAt(lowering, made, state, cast.span, scope);
  }
  const value = evaluate(lowering, cast.operand, state, scope);
  const { span } = visiblePlace(scope, cast.span);
  if (type.kind !== 'pointer' || value.type.kind !== 'pointer')
    return typed(convert(value, type, state, span), type);
  return typed(retargeted(lowering, value, type.to, state, span, scope), type);
}

/** GNU's `({ ... })`, worth its last expression. Paths that jump out of it leave the statement around it. */
function evaluateStatements(
  lowering: Lowering,
  body: readonly CStatement[],
  state: State,
  outer: Scope,
): Value {
  const scope = innerScope(outer);
  const root = state.block;
  const last = body.at(-1);
  const valued = last && expressionBehindLabels(last);
  const result = `${scope.frame.prefix}value${lowering.freshFrame()}`;
  const perform = (statement: CStatement, path: State): readonly State[] => {
    if (statement !== last || valued === undefined)
      return execute(lowering, statement, path, scope);
    const value = evaluate(lowering, valued, path, scope);
    path.variables.set(result, value);
    return path.dead ? [] : [path];
  };
  const after = cleanUp(
    executeSequence(lowering, body, copyOf(state), scope, perform),
    state.cleanups,
  );
  lowering.leaving.push(...after.filter(({ exit }) => exit.kind !== 'normal'));
  const { span } = last ?? NOWHERE;
  const ends = after.filter(({ exit }) => exit.kind === 'normal');
  rejoin(lowering, state, ends, root, () => traceOf(scope, span));
  const value =
    state.variables.get(result) ??
    undefinedValue('statements that end in none', visiblePlace(scope, span));
  state.variables.delete(result);
  return value;
}

const NOWHERE = { span: { start: 0, end: 0 } };

function expressionBehindLabels(statement: CStatement): CExpression | undefined {
  if (statement.kind === 'label')
    return statement.statement && expressionBehindLabels(statement.statement);
  return statement.kind === 'expression' ? statement.expression : undefined;
}
