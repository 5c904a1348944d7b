/** Evaluates C expressions: what is known now is computed now, the rest becomes code and registers. */

import type {
  Expression as CExpression,
  Statement as CStatement,
  TypeName,
} from '../syntax/ast.ts';
import { load, store } from './access.ts';
import { moved, operate, sum } from './arithmetic.ts';
import { assign, initialise, isStruct } from './assign.ts';
import { evaluateCall } from './call.ts';
import {
  declareLocal,
  innerScope,
  isLocal,
  type Lowering,
  lookUp,
  placeOf,
  type Scope,
  visiblePlace,
} from './context.ts';
import { conditional, logical } from './decide.ts';
import { execute } from './execute.ts';
import { become, type State } from './machine.ts';
import { fieldNames, unfold } from './names.ts';
import { traceOf } from './trace.ts';
import { addressOf, binary, integer, negation, step, undefinedValue, type Value } from './value.ts';

/** The value of an expression. What it loads, stores and calls is emitted, in C's order, to `state`. */
export function evaluate(
  lowering: Lowering,
  written: CExpression,
  state: State,
  outer: Scope,
): Value {
  const { expression, scope } = unfold(lowering, written, outer);
  switch (expression.kind) {
    case 'number':
      return expression.value === undefined
        ? undefinedValue(`the number ${expression.text}`, placeOf(scope, expression.span))
        : integer(expression.value);
    case 'string':
      return addressOf(expression.text);
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
      return expression.operand.kind === 'initializer'
        ? addressOf(temporary(lowering, expression.operand, expression.type, state, scope))
        : evaluate(lowering, expression.operand, state, scope);
    case 'comma':
      return expression.parts
        .map((part) => evaluate(lowering, part, state, scope))
        .reduce((_, last) => last, integer(0));
    case 'call':
      return evaluateCall(lowering, expression, state, scope);
    case 'statement-expression':
      return evaluateStatements(lowering, expression.body, state, scope);
    case 'initializer':
      return addressOf(temporary(lowering, expression, expression.type, state, scope));
    case 'offsetof':
    case 'sizeof':
      return undefinedValue('a size', placeOf(scope, expression.span));
    case 'type':
    case 'evaluated':
    case 'unknown':
      return unknownConstruct(lowering, expression, scope);
  }
}

function unknownConstruct(lowering: Lowering, { kind, span }: CExpression, scope: Scope): Value {
  const place = visiblePlace(scope, span);
  if (kind === 'unknown') lowering.report.notModelled('C that cannot be read', place);
  return undefinedValue('something that is no expression', place);
}

/** The address that an expression designates: what C takes with `&`. */
export function designate(
  lowering: Lowering,
  written: CExpression,
  state: State,
  outer: Scope,
): Value {
  const { expression, scope } = unfold(lowering, written, outer);
  const place = visiblePlace(scope, expression.span);
  switch (expression.kind) {
    case 'identifier':
      return designateName(lowering, expression.name, expression, scope);
    case 'field': {
      const base = expression.arrow
        ? evaluate(lowering, expression.base, state, scope)
        : designate(lowering, expression.base, state, scope);
      return fieldNames(expression.name, scope).reduce(
        (address, name) => step('member', address, name, place.span),
        base,
      );
    }
    case 'index': {
      const base = evaluate(lowering, expression.base, state, scope);
      const index = evaluate(lowering, expression.index, state, scope);
      return moved(base, index, 1);
    }
    case 'unary':
      if (expression.operator === '*') return evaluate(lowering, expression.operand, state, scope);
      break;
    case 'cast':
      return designate(lowering, expression.operand, state, scope);
    case 'initializer':
      return addressOf(temporary(lowering, expression, expression.type, state, scope));
    case 'comma':
    case 'conditional':
    case 'statement-expression':
    case 'call':
      return evaluate(lowering, expression, state, scope);
    default:
      break;
  }
  return undefinedValue('what has no address', place);
}

function designateName(
  lowering: Lowering,
  name: string,
  { span }: CExpression,
  scope: Scope,
): Value {
  const binding = lookUp(scope, name);
  if (binding?.kind === 'local') return addressOf(binding.variable);
  const { symbols } = lowering;
  if (symbols.object(name, scope.frame.file) !== undefined) return addressOf(name);
  if (symbols.function(name, scope.frame.file) !== undefined) return addressOf(name);
  if (scope.frame.isActor) {
    const outermost = actorScope(scope);
    return addressOf(declareLocal(lowering, outermost, name, undefined));
  }
  return undefinedValue(`"${name}", a name that is defined nowhere`, visiblePlace(scope, span));
}

/** Variables that an actor uses without declaring them belong to the whole thread. */
function actorScope(scope: Scope): Scope {
  let at = scope;
  while (at.outer !== undefined) at = at.outer;
  return at;
}

/** What is where an expression designates: loaded, or the address itself of an array or a function. */
function contentOf(lowering: Lowering, expression: CExpression, state: State, scope: Scope): Value {
  if (expression.kind === 'identifier') {
    const constant = constantNamed(lowering, expression.name, scope);
    if (constant !== undefined) return constant;
  }
  const address = designate(lowering, expression, state, scope);
  if (address.kind === 'undefined') return address;
  const decayed = decay(lowering, address);
  return decayed ?? load(lowering, state, address, 'plain', traceOf(scope, expression.span));
}

function constantNamed(lowering: Lowering, name: string, scope: Scope): Value | undefined {
  if (lookUp(scope, name) !== undefined) return undefined;
  const { symbols } = lowering;
  const enumerator = symbols.enumerator(name);
  if (enumerator !== undefined) return integer(enumerator);
  if (symbols.object(name, scope.frame.file) !== undefined) return undefined;
  return symbols.function(name, scope.frame.file) === undefined ? undefined : addressOf(name);
}

/** Remembers that a local can be reached by its address. */
function notePointer({ pointedTo }: Lowering, address: Value): Value {
  if (address.kind === 'known' && address.value.kind === 'address' && isLocal(address.value.of))
    pointedTo.add(address.value.of);
  return address;
}

/** Arrays and structs are worth their address. */
function decay(lowering: Lowering, address: Value): Value | undefined {
  if (address.kind !== 'known' || address.value.kind !== 'address') return undefined;
  const { of } = address.value;
  const type = lowering.typeOf(of);
  if (type === undefined) return undefined;
  if (type.arrays > 0) return notePointer(lowering, addressOf(`${of}[0]`));
  return isStruct(lowering, type) ? notePointer(lowering, address) : undefined;
}

type Unary = CExpression & { readonly kind: 'unary' };

function evaluateUnary(lowering: Lowering, unary: Unary, state: State, scope: Scope): Value {
  const { operator, operand, span } = unary;
  const { span: visible } = visiblePlace(scope, span);
  switch (operator) {
    case '&':
      return notePointer(lowering, designate(lowering, operand, state, scope));
    case '*': {
      const address = evaluate(lowering, operand, state, scope);
      if (isFunction(lowering, address, scope)) return address;
      return (
        decay(lowering, address) ?? load(lowering, state, address, 'plain', traceOf(scope, span))
      );
    }
    case '!':
      return negation(evaluate(lowering, operand, state, scope), visible);
    case '+':
      return evaluate(lowering, operand, state, scope);
    case '-':
      return binary('-', integer(0), evaluate(lowering, operand, state, scope), visible);
    case '~':
      return binary('^', evaluate(lowering, operand, state, scope), integer(-1), visible);
  }
}

function isFunction({ symbols }: Lowering, value: Value, scope: Scope): boolean {
  return (
    value.kind === 'known' &&
    value.value.kind === 'address' &&
    symbols.function(value.value.of, scope.frame.file) !== undefined
  );
}

type Update = CExpression & { readonly kind: 'update' };

function evaluateUpdate(lowering: Lowering, update: Update, state: State, scope: Scope): Value {
  const trace = traceOf(scope, update.span);
  const address = designate(lowering, update.operand, state, scope);
  const before = load(lowering, state, address, 'plain', trace);
  const after = sum(update.operator === '++' ? '+' : '-', before, integer(1), trace.span);
  store(lowering, state, address, after, 'plain', trace);
  return update.prefix ? after : before;
}

type Binary = CExpression & { readonly kind: 'binary' };

function evaluateBinary(lowering: Lowering, operation: Binary, state: State, scope: Scope): Value {
  const { operator } = operation;
  if (operator === '&&' || operator === '||') return logical(lowering, operation, state, scope);
  const left = evaluate(lowering, operation.left, state, scope);
  const right = evaluate(lowering, operation.right, state, scope);
  return operate(lowering, operator, left, right, operation, scope);
}

/** The address of an object without a name: `(struct foo){ .a = 1 }`. */
function temporary(
  lowering: Lowering,
  braces: CExpression,
  type: TypeName | undefined,
  state: State,
  scope: Scope,
): string {
  const name = `temporary${lowering.freshFrame()}`;
  const variable = declareLocal(lowering, innerScope(scope), name, type);
  initialise(lowering, variable, type, braces, state, scope);
  return variable;
}

/** GNU's `({ ... })`, worth its last expression. */
function evaluateStatements(
  lowering: Lowering,
  body: readonly CStatement[],
  state: State,
  outer: Scope,
): Value {
  const scope = innerScope(outer);
  for (const statement of body.slice(0, -1)) runThrough(lowering, statement, state, scope);
  const last = body.at(-1);
  if (last?.kind === 'expression') return evaluate(lowering, last.expression, state, scope);
  if (last !== undefined) runThrough(lowering, last, state, scope);
  return undefinedValue('statements that end in none', visiblePlace(scope, last?.span ?? NOWHERE));
}

const NOWHERE = { start: 0, end: 0 };

/** Executes a statement that control leaves at its end only. */
function runThrough(lowering: Lowering, statement: CStatement, state: State, scope: Scope): void {
  const [after, ...others] = execute(lowering, statement, state, scope);
  if (others.length > 0 || (after !== undefined && after.exit.kind !== 'normal'))
    lowering.report.notModelled('a jump out of an expression', visiblePlace(scope, statement.span));
  become(state, after);
}
