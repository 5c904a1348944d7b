/** What C's types come to, as far as mistakes are told by it: a struct, a number or nothing, behind so many pointers. */

import { type Scope, structOf, typeOf } from '../facts/scope.ts';
import { withoutKeyword } from '../facts/type-index.ts';
import { type CInteger, INT, integerOfWords } from '../lowering/ctype.ts';
import { kernelType } from '../lowering/kernel-types.ts';
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
    }
  | { readonly kind: 'number'; readonly name: string; readonly type: CInteger }
  | { readonly kind: 'void'; readonly name: string };

/** Names by their types; of those for which `isSure` is false several declarations are known. */
export interface TypedNames {
  readonly scope: Scope;
  readonly isSure: (name: string) => boolean;
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
      return { depth: 0, of: { kind: 'number', name: INT.name, type: INT } };
    case 'identifier':
      return isSure(expression.name) ? shapeOfType(typeOf(expression, scope), scope) : undefined;
    case 'field': {
      const struct = structOf(typeOf(expression.base, scope), scope);
      const { name } = expression;
      const isOne =
        struct !== undefined &&
        scope.types.members(struct).filter((member) => member === name).length === 1;
      return isOne ? shapeOfType(typeOf(expression, scope), scope) : undefined;
    }
    case 'cast':
      return shapeOfType(expression.type, scope);
    case 'index':
      return inner(expression.base, -1);
    case 'unary':
      if (expression.operator === '*') return inner(expression.operand, -1);
      return expression.operator === '&' ? inner(expression.operand, 1) : undefined;
    default:
      return undefined;
  }
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
    const isDefined = scope.types.hasStruct(base) || scope.types.typedef(base)?.base === '';
    const tag = withoutKeyword(base);
    const struct: Shape = { depth, of: { kind: 'struct', name: written, tag, isDefined } };
    if (/^(?:struct|union)\b/.test(base)) return struct;
    if (base === 'void') return { depth, of: { kind: 'void', name: written } };
    seen.add(base);
    at = scope.types.typedef(base);
    if (at?.base === '' || (at === undefined && scope.types.hasStruct(base))) return struct;
    const isNumber =
      integerOfWords(base.split(' ')) ?? (at === undefined ? kernelType(base) : undefined);
    if (isNumber?.kind === 'integer')
      return { depth, of: { kind: 'number', name: written, type: isNumber } };
  }
  return undefined;
}

/** The shape as C writes it. */
export function shapeText({ depth, of: { name } }: Shape): string {
  return depth === 0 ? name : `${name} ${'*'.repeat(depth)}`;
}
