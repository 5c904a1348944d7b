/** What C's types come to, as far as mistakes are told by it: a struct, a number or nothing, behind so many pointers. */

import { type Scope, structOf, typeOf } from '../facts/scope.ts';
import { withoutKeyword } from '../facts/type-index.ts';
import {
  CHAR,
  type CInteger,
  INT,
  integerOfWords,
  LONG,
  UNSIGNED_INT,
  UNSIGNED_LONG,
} from '../lowering/ctype.ts';
import { counterType, kernelType } from '../lowering/kernel-types.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';

/** What a type is, and how many pointers and arrays stand before that. */
export interface Shape {
  readonly depth: number;
  readonly of: Behind;
}

/** What is behind the pointers and arrays, by the name that it was first written with. */
type Behind =
  | {
      readonly kind: 'struct';
      readonly name: string;
      readonly tag: string;
      /** Whether its definition is known, so that it is no other one misspelt. */
      readonly isDefined: boolean;
      /** Of a counter or lock, which holds one number. */
      readonly isNumber: boolean;
      /** Those of the typedefs that lead to it, and its own. */
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly type: CInteger;
      /** Of a bit-field. */
      readonly bits?: number;
    }
  | { readonly kind: 'void'; readonly name: string };

/** What a function takes and returns. */
export interface Signature {
  readonly takes: readonly TypeName[];
  readonly returns: TypeName;
}

/** Names by their types; of those for which `isSure` is false several declarations are known. */
export interface TypedNames {
  readonly scope: Scope;
  readonly isSure: (name: string) => boolean;
  /** What a call of that name is worth, where it surely is one of a function or of a primitive that does not depend on its arguments. */
  readonly returns: (name: string) => TypeName | undefined;
  /** What the function of that name takes and returns, where it surely is one. */
  readonly signature: (name: string) => Signature | undefined;
  /** The width of a member that is a bit-field. */
  readonly bits: (struct: string, member: string) => number | undefined;
}

/** The shape of what an expression is worth, where that is sure. */
export function shapeOf(expression: Expression, names: TypedNames): Shape | undefined {
  const { scope, isSure } = names;
  const inner = (part: Expression, change: number): Shape | undefined => {
    const shape = shapeOf(part, names);
    return shape && shape.depth + change >= 0
      ? { ...shape, depth: shape.depth + change }
      : undefined;
  };
  switch (expression.kind) {
    case 'number':
      return numberShape(INT);
    case 'string':
      return { ...numberShape(CHAR), depth: 1 };
    case 'sizeof':
    case 'offsetof':
      return numberShape(UNSIGNED_LONG);
    case 'identifier':
      return isSure(expression.name) ? shapeOfType(typeOf(expression, scope), scope) : undefined;
    case 'field': {
      const struct = structOf(typeOf(expression.base, scope), scope);
      const { name } = expression;
      const isOne =
        struct !== undefined &&
        scope.types.members(struct).filter((member) => member === name).length === 1;
      return isOne
        ? withBits(shapeOfType(typeOf(expression, scope), scope), names.bits(struct, name))
        : undefined;
    }
    case 'cast':
      return shapeOfType(expression.type, scope);
    case 'index':
      return inner(expression.base, -1);
    case 'unary':
      if (expression.operator === '*') return inner(expression.operand, -1);
      if (expression.operator === '&') return inner(expression.operand, 1);
      return expression.operator === '!'
        ? numberShape(INT)
        : numberIn(inner(expression.operand, 0));
    case 'update':
      return inner(expression.operand, 0);
    case 'assign':
      return inner(expression.target, 0);
    case 'binary': {
      const { operator, left, right } = expression;
      return shapeOfBinary(operator, inner(left, 0), inner(right, 0));
    }
    case 'conditional': {
      const { condition, consequence = condition, alternative } = expression;
      return shapeOfEither(inner(consequence, 0), inner(alternative, 0));
    }
    case 'comma': {
      const last = expression.parts.at(-1);
      return last && inner(last, 0);
    }
    case 'call': {
      const { callee } = expression;
      return callee.kind === 'identifier'
        ? shapeOfType(names.returns(callee.name), scope)
        : undefined;
    }
    case 'statement-expression':
    case 'initializer':
    case 'type':
    case 'generic':
    case 'evaluated':
    case 'unknown':
      return undefined;
  }
}

function numberShape(type: CInteger): Shape {
  return { depth: 0, of: { kind: 'number', name: type.name, type } };
}

/** What is computed with a bit-field is none. */
function numberIn(shape: Shape | undefined): Shape | undefined {
  return shape?.of.kind === 'number' && shape.depth === 0 ? numberShape(shape.of.type) : undefined;
}

/** The shape with the width of a bit-field. */
export function withBits(shape: Shape | undefined, bits: number | undefined): Shape | undefined {
  return bits === undefined || shape?.of.kind !== 'number'
    ? shape
    : { ...shape, of: { ...shape.of, bits } };
}

const QUESTION = /^(?:[<>]=?|[=!]=|&&|\|\|)$/;

function shapeOfBinary(
  operator: string,
  left: Shape | undefined,
  right: Shape | undefined,
): Shape | undefined {
  if (QUESTION.test(operator)) return numberShape(INT);
  if (left === undefined || right === undefined) return undefined;
  const [first, second] = [numberIn(left), numberIn(right)];
  if (first !== undefined && second !== undefined)
    return widthOf(first) >= widthOf(second) ? first : second;
  if (operator === '-' && left.depth > 0 && right.depth > 0) return numberShape(LONG);
  if (left.depth > 0 && second !== undefined && /^[+-]$/.test(operator)) return left;
  return right.depth > 0 && first !== undefined && operator === '+' ? right : undefined;
}

function widthOf({ of }: Shape): number {
  return of.kind === 'number' ? of.type.type.bits : 0;
}

/** Of a pointer and a number the pointer: the number is then 0. */
function shapeOfEither(one: Shape | undefined, other: Shape | undefined): Shape | undefined {
  if (one === undefined || other === undefined) return undefined;
  return one.depth === 0 && other.depth > 0 ? other : one;
}

/** The shape of a type, its typedefs followed; undefined where one of them is not known. */
export function shapeOfType(type: TypeName | undefined, scope: Scope): Shape | undefined {
  let depth = 0;
  let written = '';
  const seen = new Set<string>();
  for (let at = type; at !== undefined && !seen.has(at.base); ) {
    const { base, pointers, arrays, isFunction } = at;
    if (isFunction === true) return undefined;
    if (depth === 0) written = base;
    depth += pointers + arrays;
    seen.add(base);
    const isOpaque =
      scope.types.typedef(base) === undefined &&
      (counterType(base) !== undefined || LOCKS.has(base));
    const isDefined =
      isOpaque || scope.types.hasStruct(base) || scope.types.typedef(base)?.base === '';
    const tag = withoutKeyword(base);
    const names = [...seen];
    const isNumber = names.some((name) => counterType(name) !== undefined || LOCKS.has(name));
    const struct: Shape = {
      depth,
      of: { kind: 'struct', name: written, tag, isDefined, isNumber, names },
    };
    if (isOpaque || /^(?:struct|union)\b/.test(base)) return struct;
    if (/^enum\b/.test(base))
      return { depth, of: { kind: 'number', name: written, type: UNSIGNED_INT } };
    if (base === 'void') return { depth, of: { kind: 'void', name: written } };
    at = scope.types.typedef(base);
    if (at?.base === '' || (at === undefined && scope.types.hasStruct(base))) return struct;
    const integer =
      integerOfWords(base.split(' ')) ?? (at === undefined ? kernelType(base) : undefined);
    if (integer?.kind === 'integer')
      return { depth, of: { kind: 'number', name: written, type: integer } };
  }
  return undefined;
}

/** Structs of the kernel that have no tag in its code, where no file defines them. */
const LOCKS: ReadonlySet<string> = new Set([
  'spinlock_t',
  'raw_spinlock_t',
  'rwlock_t',
  'wait_queue_head_t',
]);

/** The shape as C writes it. */
export function shapeText({ depth, of }: Shape): string {
  if (depth > 0) return `${of.name} ${'*'.repeat(depth)}`;
  return of.kind === 'number' && of.bits !== undefined ? `${of.name}:${of.bits}` : of.name;
}
