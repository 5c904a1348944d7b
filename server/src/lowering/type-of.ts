/** The type of an expression that is not evaluated: the operand of `sizeof` and `typeof`, a part of an initializer. */

import { primitive } from '../kernel/primitives.ts';
import type {
  Expression as CExpression,
  Statement as CStatement,
  FunctionDefinition,
} from '../syntax/ast.ts';
import { commonType, typeOfOperation } from './arithmetic.ts';
import { aside, constantOf, enumeratorValue } from './constant.ts';
import { isNullPointerConstant } from './constant-expression.ts';
import {
  declareLocal,
  innerScope,
  type Lowering,
  lookUp,
  type Scope,
  topScope,
} from './context.ts';
import {
  bitFieldType,
  type CType,
  decayed,
  INT,
  pointee,
  pointerTo,
  promoted,
  qualified,
  qualifiersOf,
  UNKNOWN,
  VOID,
} from './ctype.ts';
import { declareTypes } from './declare-types.ts';
import { isPerCpu } from './file-index.ts';
import { completed } from './initializer.ts';
import { valueType } from './kernel-types.ts';
import { fileScope } from './known-types.ts';
import { layoutOf } from './layout.ts';
import { literal, stringBytes } from './literal.ts';
import { calleeName, unfold } from './names.ts';
import { memberType, typeOfPlace } from './place-type.ts';
import { charType } from './plain-char.ts';
import { resultType } from './primitive-type.ts';
import { resolveType, SIZE_TYPE, typeOfEnumerator } from './resolve-type.ts';
import { type Defined, isMeant } from './symbols.ts';

/** The type of an expression, before arrays and functions become pointers. */
export function typeOfExpression(lowering: Lowering, written: CExpression, outer: Scope): CType {
  const { expression, scope } = unfold(lowering, written, outer);
  const typeOf = (inner: CExpression) => typeOfExpression(lowering, inner, scope);
  switch (expression.kind) {
    case 'number':
      return literal(expression.text, lowering.request)?.type ?? UNKNOWN;
    case 'string': {
      const length = stringBytes(expression.text)?.length;
      return {
        kind: 'array',
        of: charType(lowering.request),
        ...(length !== undefined && { length }),
      };
    }
    case 'identifier':
      return typeOfName(lowering, expression.name, scope);
    case 'field': {
      const base = typeOf(expression.base);
      const struct = expression.arrow ? pointee(decayed(base)) : base;
      return typeOfField(lowering, struct, expression.name, scope);
    }
    case 'index': {
      const named = namedArray(lowering, expression, scope);
      if (named !== undefined) return named;
      const [base, index] = [decayed(typeOf(expression.base)), typeOf(expression.index)];
      return pointee(base.kind === 'pointer' ? base : decayed(index));
    }
    case 'unary':
      return typeOfUnary(expression.operator, typeOf(expression.operand));
    case 'update':
      return typeOf(expression.operand);
    case 'binary':
      return typeOfOperation(
        expression.operator,
        valueType(typeOf(expression.left)),
        valueType(typeOf(expression.right)),
      );
    case 'assign':
      return typeOf(expression.target);
    case 'conditional':
      return typeOfConditional(lowering, expression, scope);
    case 'cast':
    case 'type':
      return resolveType(lowering, expression.type, scope);
    case 'comma': {
      const last = expression.parts.at(-1);
      return last === undefined ? UNKNOWN : decayed(typeOf(last));
    }
    case 'call':
      return typeOfCall(lowering, expression, scope);
    case 'statement-expression':
      return typeOfStatements(lowering, expression.body, scope);
    case 'initializer':
      return expression.type === undefined
        ? UNKNOWN
        : completed(lowering, resolveType(lowering, expression.type, scope), expression, scope);
    case 'sizeof':
    case 'offsetof':
      return SIZE_TYPE;
    case 'generic':
    case 'evaluated':
    case 'unknown':
      return UNKNOWN;
  }
}

/** A member's type, of a bit-field the promoted one: that of itself can be asked by nothing (C11 6.5.3.4). */
function typeOfField(lowering: Lowering, struct: CType, name: string, scope: Scope): CType {
  const member = memberType(lowering, struct, name, scope) ?? UNKNOWN;
  const type = qualified(member, qualifiersOf(struct));
  if (struct.kind !== 'struct') return type;
  const placed = layoutOf(lowering, struct, scope)?.members.find((member) => member.name === name);
  return placed?.bits === undefined ? type : bitFieldType(type, placed.bits.width);
}

/** `name[length]` in the place of a type, where the name is one. */
function namedArray(
  lowering: Lowering,
  { base, index }: CExpression & { readonly kind: 'index' },
  scope: Scope,
): CType | undefined {
  if (base.kind !== 'identifier' || isValueName(lowering, base.name, scope)) return undefined;
  const of = typeOfName(lowering, base.name, scope);
  const length = constantOf(lowering, index, scope);
  return { kind: 'array', of, ...(typeof length === 'number' && { length }) };
}

function isValueName({ symbols }: Lowering, name: string, scope: Scope): boolean {
  const { file } = scope.frame;
  const binding = lookUp(scope, name);
  if (binding !== undefined) return binding.kind !== 'type';
  return (
    symbols.object(name, file) !== undefined ||
    symbols.enumerator(name, file) !== undefined ||
    symbols.function(name, file) !== undefined
  );
}

/** The type of what a name stands for; or the name is that of a type itself, which parsing could not tell. */
function typeOfName(lowering: Lowering, name: string, scope: Scope): CType {
  const binding = lookUp(scope, name);
  if (binding?.kind === 'local') return lowering.localTypes.get(binding.variable) ?? UNKNOWN;
  if (binding?.kind === 'enumerator')
    return typeOfEnumerator(lowering, binding.value, undefined, scope);
  if (binding?.kind === 'type') return binding.type;
  const { symbols } = lowering;
  const { file } = scope.frame;
  const enumerator = symbols.enumerator(name, file);
  if (enumerator !== undefined) {
    const value = enumeratorValue(lowering, enumerator, scope);
    return typeOfEnumerator(lowering, value, enumerator.of, scope);
  }
  const object = symbols.object(name, file);
  if (object !== undefined) {
    const type = typeOfPlace(lowering, object.location, scope);
    return isPerCpu(object.definition) && type.kind === 'array' ? type.of : type;
  }
  const called = symbols.function(name, file);
  if (called === undefined)
    return resolveType(lowering, { base: name, pointers: 0, arrays: 0 }, scope);
  return { kind: 'function', returns: resultOf(lowering, called) };
}

/** The type of `a ? b : c`: a null pointer constant takes the type of the other, a pointer to anything makes both such
 *  pointers (C11 6.5.15p6). */
function typeOfConditional(
  lowering: Lowering,
  written: CExpression & { readonly kind: 'conditional' },
  scope: Scope,
): CType {
  const { consequence = written.condition, alternative } = written;
  const [first, second] = [consequence, alternative].map((each) =>
    decayed(typeOfExpression(lowering, each, scope)),
  ) as [CType, CType];
  if (first.kind === 'pointer' && second.kind === 'pointer') {
    const nulls = [
      first.to.kind === 'void' && isNullPointerConstant(lowering, consequence, scope),
      second.to.kind === 'void' && isNullPointerConstant(lowering, alternative, scope),
    ];
    if (nulls.includes(undefined)) return UNKNOWN;
    if (nulls[1] === true) return first;
    if (nulls[0] === true) return second;
  }
  return commonType(first, second);
}

function typeOfUnary(operator: '*' | '&' | '-' | '+' | '!' | '~', operand: CType): CType {
  switch (operator) {
    case '&':
      return pointerTo(operand);
    case '*':
      return operand.kind === 'function' ? operand : pointee(decayed(operand));
    case '!':
      return INT;
    default:
      return operand.kind === 'integer' ? promoted(operand) : operand;
  }
}

function typeOfCall(
  lowering: Lowering,
  call: CExpression & { readonly kind: 'call' },
  scope: Scope,
): CType {
  const name = calleeName(call.callee, scope);
  if (name === '__on_cpu' && call.arguments[0] !== undefined)
    return decayed(typeOfExpression(lowering, call.arguments[0], scope));
  if (name === undefined) {
    const callee = decayed(typeOfExpression(lowering, call.callee, scope));
    const called = pointee(callee);
    return called.kind === 'function' ? called.returns : UNKNOWN;
  }
  const called = lowering.symbols.function(name, scope.frame.file);
  if (called !== undefined && isMeant(called)) return resultOf(lowering, called);
  const row = primitive(name);
  const located =
    row?.operation &&
    call.arguments[
      row.operation.kind === 'fence' || row.operation.kind === 'rcu' ? 0 : row.operation.location
    ];
  if (row?.operation !== undefined) {
    const place = located && typeOfExpression(lowering, located, scope);
    const target = place && (row.access?.by === 'lvalue' ? place : pointee(decayed(place)));
    return resultType(row.operation, target ?? UNKNOWN);
  }
  if (called !== undefined) return resultOf(lowering, called);
  const declared = lowering.symbols.prototype(name);
  return declared === undefined ? UNKNOWN : resolveType(lowering, declared, topScope(scope));
}

/** What a function returns, its type being looked up where it is written. */
function resultOf(lowering: Lowering, { definition, source }: Defined<FunctionDefinition>): CType {
  return resolveType(lowering, definition.returns, fileScope(lowering, source.file));
}

/** GNU's `({ ... })` is of the type of its last expression, in which the names that it declares count. */
function typeOfStatements(lowering: Lowering, body: readonly CStatement[], outer: Scope): CType {
  const scope = innerScope(outer);
  const inner = aside(lowering);
  for (const statement of body.slice(0, -1))
    if (statement.kind === 'declaration') {
      declareTypes(inner, statement.types, scope);
      for (const { name, type, initial } of statement.declarators)
        declareLocal(inner, scope, name, declaredAs(inner, type, initial, scope));
    }
  const last = body.at(-1);
  if (last?.kind !== 'expression') return VOID;
  return decayed(typeOfExpression(inner, last.expression, scope));
}

/** The type of a local: `__auto_type` is that of its first value. */
export function declaredAs(
  lowering: Lowering,
  written: Parameters<typeof resolveType>[1],
  initial: CExpression | undefined,
  scope: Scope,
): CType {
  if (written.base === '__auto_type' && initial !== undefined)
    return valueType(decayed(typeOfExpression(lowering, initial, scope)));
  return completed(lowering, resolveType(lowering, written, scope), initial, scope);
}
