/** Types and constants that a block declares: seen there only, and hiding those outside (C11 6.2.1). */

import { canonical, type Integer } from '../program/integer.ts';
import type { DefinedTypes, Enumerator } from '../syntax/ast.ts';
import { constantOf } from './constant.ts';
import type { Lowering, Scope } from './context.ts';
import type { CType } from './ctype.ts';
import { noteScope } from './known-types.ts';
import { askedAlignment, enumerationOf, resolveType } from './resolve-type.ts';

/** Declares in `scope` what a declaration defines. */
export function declareTypes(
  lowering: Lowering,
  types: DefinedTypes | undefined,
  scope: Scope,
): void {
  if (types === undefined) return;
  const declare = (name: string, type: CType) => scope.names.set(name, { kind: 'type', type });
  for (const definition of types.structs) {
    noteScope(lowering, definition, scope);
    const { name, fields } = definition;
    declare(name, { kind: 'struct', name, ...(fields.length > 0 && { definition }) });
  }
  declareEnumerators(lowering, types.enumerators, scope);
  for (const { name, type: written } of types.typedefs) {
    const type = resolveType(lowering, written, scope);
    const alignment = askedAlignment(lowering, written, scope);
    scope.names.set(name, { kind: 'type', type, ...(alignment && { alignment }) });
  }
}

/** Enumerators, each of which may be said by those before it (C11 6.7.2.2), and the tags that they are of. */
function declareEnumerators(
  lowering: Lowering,
  enumerators: readonly Enumerator[],
  scope: Scope,
): void {
  const tags = new Map<string, (Integer | undefined)[]>();
  let before: Integer | undefined;
  for (const { name, written, after, of } of enumerators) {
    if (written !== undefined) before = constantOf(lowering, written, scope);
    else if (after === undefined) before = 0;
    else before = before === undefined ? undefined : canonical(BigInt(before) + 1n);
    scope.names.set(name, { kind: 'enumerator', value: before });
    if (of !== undefined) tags.set(of, [...(tags.get(of) ?? []), before]);
  }
  for (const [name, values] of tags)
    scope.names.set(name, { kind: 'type', type: enumerationOf(name, values) });
}
