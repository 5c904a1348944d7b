/** Whether C goes through pointers where there are some: `->` behind a struct, `.` behind a pointer, `*` before a number. */

import { type Scope, structOf, typeOf } from '../facts/scope.ts';
import { integerOfWords } from '../lowering/ctype.ts';
import { kernelType } from '../lowering/kernel-types.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';

/** A step that a compiler refuses, and what may be meant instead. */
export interface WrongAccess {
  readonly message: string;
  readonly meant?: string;
  readonly span: Span;
}

/** What a type is, and how many pointers and arrays stand before that. */
interface Shape {
  readonly depth: number;
  readonly of: 'struct' | 'number';
}

/** Names by their types; of those for which `isSure` is false several declarations are known. */
export interface TypedNames {
  readonly scope: Scope;
  readonly isSure: (name: string) => boolean;
}

/** What is wrong with the step that an expression takes from a part of it (C11 6.5.2.1, 6.5.2.3, 6.5.3.2); undefined
 *  also where that part's type is not sure. */
export function wrongAccess(expression: Expression, names: TypedNames): WrongAccess | undefined {
  const { span } = expression;
  switch (expression.kind) {
    case 'field': {
      const shape = shapeOf(expression.base, names);
      return shape && wrongMemberStep(expression, shape);
    }
    case 'index': {
      const { base, index } = expression;
      const isWrong = [base, index].every((part) => shapeOf(part, names)?.depth === 0);
      return isWrong ? { message: `an index ${behind(base)} no array`, span } : undefined;
    }
    case 'unary': {
      const { operator, operand } = expression;
      const isWrong = operator === '*' && shapeOf(operand, names)?.depth === 0;
      return isWrong ? { message: `"*" before what is no pointer`, span } : undefined;
    }
    default:
      return undefined;
  }
}

function wrongMemberStep(
  { base, arrow, name, nameSpan: span }: Expression & { readonly kind: 'field' },
  { depth, of }: Shape,
): WrongAccess | undefined {
  const step = `"${arrow ? '->' : '.'}${name}" ${behind(base)}`;
  if (of === 'number' || depth > 1)
    return { message: `${step} no ${arrow ? 'pointer to a struct' : 'struct'}`, span };
  if (arrow === (depth === 1)) return undefined;
  return arrow
    ? { message: `${step} no pointer`, meant: `.${name}`, span }
    : { message: `${step} no struct`, meant: `->${name}`, span };
}

function behind(base: Expression): string {
  return base.kind === 'identifier' ? `behind ${base.name}, which is` : 'behind what is';
}

function shapeOf(expression: Expression, names: TypedNames): Shape | undefined {
  const { scope, isSure } = names;
  const inner = (part: Expression, change: number): Shape | undefined => {
    const shape = shapeOf(part, names);
    return shape && shape.depth + change >= 0
      ? { ...shape, depth: shape.depth + change }
      : undefined;
  };
  switch (expression.kind) {
    case 'number':
      return { depth: 0, of: 'number' };
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
function shapeOfType(type: TypeName | undefined, scope: Scope): Shape | undefined {
  let depth = 0;
  const seen = new Set<string>();
  for (let at = type; at !== undefined && !seen.has(at.base); ) {
    const { base, pointers, arrays, isFunction } = at;
    if (isFunction === true) return undefined;
    depth += pointers + arrays;
    if (/^(?:struct|union)\b/.test(base)) return { depth, of: 'struct' };
    seen.add(base);
    at = scope.types.typedef(base);
    if (at?.base === '' || (at === undefined && scope.types.hasStruct(base)))
      return { depth, of: 'struct' };
    const isNumber =
      integerOfWords(base.split(' ')) ?? (at === undefined ? kernelType(base) : undefined);
    if (isNumber?.kind === 'integer') return { depth, of: 'number' };
  }
  return undefined;
}
