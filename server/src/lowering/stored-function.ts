/** Which function a call through a member of a struct reaches in an open request, where the code says so. */

import type { Expression as CExpression, FunctionDefinition } from '../syntax/ast.ts';
import type { Lowering, Scope } from './context.ts';
import { decayed } from './ctype.ts';
import { nameOfStruct } from './open-world.ts';
import type { Defined } from './symbols.ts';
import { typeOfExpression } from './type-of.ts';

/** The function that is known to be stored in the member `callee`; none where the member or its function is not known. */
export function storedFunction(
  lowering: Lowering,
  callee: CExpression,
  scope: Scope,
): Defined<FunctionDefinition> | undefined {
  if (callee.kind === 'unary' && callee.operator === '*')
    return storedFunction(lowering, callee.operand, scope);
  const { open } = lowering.request;
  if (open === undefined || open.stored.size === 0 || callee.kind !== 'field') return undefined;
  const base = decayed(typeOfExpression(lowering, callee.base, scope));
  const struct = base.kind === 'pointer' ? base.to : base;
  if (struct.kind !== 'struct') return undefined;
  const stored = open.stored.get(`${nameOfStruct(struct)}.${callee.name}`);
  return stored && lowering.symbols.function(stored.function, stored.file);
}
