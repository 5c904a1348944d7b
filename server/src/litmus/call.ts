/** What a call in a litmus test is, and what its arguments may be: shared by `.def`'s primitives and herd's internal forms. */

import type { RmwFunction } from '../kernel/operation.ts';
import type { Expression, Statement } from '../program/program.ts';
import { failAt, type TokenStream } from './token-stream.ts';

/** What a call is: an expression, or a primitive that is a statement of its own. */
export type Call =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'statement'; readonly statement: Statement };

export function expression(value: Expression): Call {
  return { kind: 'expression', expression: value };
}

export function statement(value: Statement): Call {
  return { kind: 'statement', statement: value };
}

/** The address a primitive works on: of the lvalue `*x` it is what stands under the star. */
export function locationOf(
  stream: TokenStream,
  value: Expression,
  { name, lvalue }: { readonly name: string; readonly lvalue: boolean },
): Expression {
  if (!lvalue) return value;
  if (value.kind === 'load' && value.order === 'plain') return value.address;
  return failAt(stream, `${name}() needs a location, such as *x`, value.span);
}

/** The functions by the operator herd's internal forms name them with. */
export const OPERATOR_FUNCTIONS: ReadonlyMap<string, RmwFunction> = new Map([
  ['+', 'add'],
  ['-', 'sub'],
  ['&', 'and'],
  ['|', 'or'],
  ['^', 'xor'],
  ['&~', 'andnot'],
]);
