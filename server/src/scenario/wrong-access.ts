/** Whether C goes through pointers where there are some: `->` behind a struct, `.` behind a pointer, `*` before a number. */

import type { Expression } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { type Shape, shapeOf, type TypedNames } from './type-shape.ts';

/** A step that a compiler refuses, and what may be meant instead. */
export interface WrongAccess {
  readonly message: string;
  readonly meant?: string;
  readonly span: Span;
}

/** Names by what they stand for. */
interface FixedNames extends TypedNames {
  readonly fixed: (name: string) => 'constant' | 'function' | undefined;
}

/** What is wrong with the step that an expression takes from a part of it (C11 6.5.2.1, 6.5.2.3, 6.5.3.2); undefined
 *  also where that part's type is not sure. */
export function wrongAccess(expression: Expression, names: FixedNames): WrongAccess | undefined {
  const { span } = expression;
  switch (expression.kind) {
    case 'field': {
      const shape = shapeOf(expression.base, names);
      const { base, name } = expression;
      if (base.kind === 'identifier' && names.fixed(base.name) === 'constant')
        return { message: `".${name}" behind ${base.name}, which is a constant`, span };
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
  if (of.kind !== 'struct' || depth > 1)
    return { message: `${step} no ${arrow ? 'pointer to a struct' : 'struct'}`, span };
  if (arrow === (depth === 1)) return undefined;
  return arrow
    ? { message: `${step} no pointer`, meant: `.${name}`, span }
    : { message: `${step} no struct`, meant: `->${name}`, span };
}

function behind(base: Expression): string {
  return base.kind === 'identifier' ? `behind ${base.name}, which is` : 'behind what is';
}
