/** From a type as it is written to the C type that it names: through typedefs, `typeof`, and lengths. */

import { type Integer, isOf } from '../program/integer.ts';
import type { Derivation, Expression, TypeName } from '../syntax/ast.ts';
import type { Alignment } from '../syntax/layout-attributes.ts';
import { constantOf, enumeratorValue } from './constant.ts';
import { type Lowering, lookUp, type Scope, topScope } from './context.ts';
import {
  CHAR,
  type CInteger,
  type CType,
  decayed,
  INT,
  integerOfWords,
  LONG,
  pointerTo,
  qualified,
  UNKNOWN,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  VOID,
} from './ctype.ts';
import { counterType, kernelType } from './kernel-types.ts';
import { knownTypes, noteScope } from './known-types.ts';
import { charType } from './plain-char.ts';
import { typeOfExpression } from './type-of.ts';

/** Names that lead on through so many typedefs lead nowhere. */
const MOST_STEPS = 40;

/** The C type that `written` names where it stands. */
export function resolveType(lowering: Lowering, written: TypeName, scope: Scope): CType {
  const { types } = knownTypes(lowering);
  const known = types.get(written);
  if (known !== undefined) return known;
  const type = derivedType(lowering, written, scope, 0);
  if (!dependsOnScope(written, scope)) types.set(written, type);
  return type;
}

/** Whether a type means something else in another use of a macro or another call. */
function dependsOnScope({ base, derived = [] }: TypeName, scope: Scope): boolean {
  return TYPEOF.test(base) || derived.length > 0 || lookUp(scope, base) !== undefined;
}

function derivedType(lowering: Lowering, written: TypeName, scope: Scope, depth: number): CType {
  const steps = written.derived ?? Array(written.pointers).fill(POINTER);
  return steps.toReversed().reduce<CType>(
    (type, step) => {
      if (step.kind === 'pointer') return qualified(pointerTo(type), step.qualifiers);
      if (step.kind === 'function') return { kind: 'function', returns: type };
      if (step.length === undefined) return { kind: 'array', of: type, isOpen: true };
      const length = lengthOf(lowering, step.length, scope);
      return typeof length === 'number' && length >= 0
        ? { kind: 'array', of: type, length }
        : { kind: 'array', of: type };
    },
    qualified(baseType(lowering, written, scope, depth), written.qualifiers),
  );
}

const asked = new WeakSet<Expression>();

/** The length of an array; undefined where it is asked for while it is found (`int z[sizeof(z)]`, which is no C). */
function lengthOf(lowering: Lowering, length: Expression, scope: Scope): Integer | undefined {
  if (asked.has(length)) return undefined;
  asked.add(length);
  try {
    return constantOf(lowering, length, scope);
  } finally {
    asked.delete(length);
  }
}

const POINTER = { kind: 'pointer' } as const;
const TYPEOF = /^_*typeof\w*\s*\(([\s\S]*)\)$/;

function baseType(lowering: Lowering, written: TypeName, scope: Scope, depth: number): CType {
  const { base, definition } = written;
  if (definition !== undefined) {
    noteScope(lowering, definition, scope);
    return { kind: 'struct', name: definition.name, definition };
  }
  if (base === 'void') return VOID;
  const integer = integerOfWords(base.split(' '));
  if (integer !== undefined) return integer === CHAR ? charType(lowering.request) : integer;
  const binding = lookUp(scope, base);
  if (binding?.kind === 'type') return binding.type;
  const operand = TYPEOF.exec(base)?.[1];
  if (operand !== undefined) return typeOfOperand(lowering, operand, scope);
  if (/^(?:struct|union) /.test(base)) return structType(lowering, base, scope);
  if (base.startsWith('enum ')) return enumeration(lowering, base, scope);
  return depth > MOST_STEPS ? UNKNOWN : namedType(lowering, base, scope, depth);
}

function structType({ symbols }: Lowering, name: string, { frame }: Scope): CType {
  const definition = symbols.struct(name, frame.file);
  return { kind: 'struct', name, ...(definition && { definition }) };
}

function enumeration(lowering: Lowering, name: string, scope: Scope): CType {
  return enumerationOf(
    name,
    lowering.symbols
      .enumeration(name)
      .map((enumerator) => enumeratorValue(lowering, enumerator, scope)),
  );
}

/** The type of an enumeration: the first of these that has all its values, as gcc has it. */
export function enumerationOf(name: string, values: readonly (Integer | undefined)[]): CType {
  const known = values.filter((value) => value !== undefined);
  const isNegative = known.some((value) => value < 0);
  const types = isNegative ? [INT, LONG] : [UNSIGNED_INT, UNSIGNED_LONG];
  const [first, last] = types as [CInteger, CInteger];
  return { ...(known.every((value) => isOf(value, first.type)) ? first : last), name };
}

/** The type of an enumerator: an `int`, or, where that cannot have its value, what its enumeration is, as gcc has it. */
export function typeOfEnumerator(
  lowering: Lowering,
  value: Integer | undefined,
  of: string | undefined,
  scope: Scope,
): CType {
  if (value === undefined || isOf(value, INT.type)) return INT;
  return of === undefined ? enumerationOf('', [value]) : enumeration(lowering, of, scope);
}

/** A typedef's name. */
function namedType(lowering: Lowering, name: string, scope: Scope, depth: number): CType {
  const counter = counterType(name);
  if (counter !== undefined) return counter;
  const { symbols } = lowering;
  const { file } = scope.frame;
  const named = symbols.typedef(name, file);
  if (named !== undefined && /^(?:struct|union|enum)$/.test(named.base))
    return named.base === 'enum' ? UNSIGNED_INT : structType(lowering, name, scope);
  if (named !== undefined && named.base !== name)
    return derivedType(lowering, named, topScope(scope), depth + 1);
  if (symbols.struct(name, file) !== undefined) return structType(lowering, name, scope);
  return kernelType(name) ?? { kind: 'unknown', name };
}

/** The alignment that a type has since a typedef asks for it, be it more or less than else (gcc's attribute `aligned`). */
export function askedAlignment(
  lowering: Lowering,
  written: TypeName,
  scope: Scope,
  depth = 0,
): Alignment | undefined {
  if (written.alignment !== undefined) return written.alignment;
  const { base, pointers, derived = [] } = written;
  const isOfBase = derived.length === 0 ? pointers === 0 : derived.every(isArray);
  if (!isOfBase || depth > MOST_STEPS) return undefined;
  const binding = lookUp(scope, base);
  if (binding?.kind === 'type') return binding.alignment;
  const named = lowering.symbols.typedef(base, scope.frame.file);
  return named && askedAlignment(lowering, named, topScope(scope), depth + 1);
}

function isArray({ kind }: Derivation): boolean {
  return kind === 'array';
}

/** The type of what stands in the parentheses of `typeof`, which is an expression or a type. */
function typeOfOperand(lowering: Lowering, text: string, scope: Scope): CType {
  const definition = lowering.symbols.piece(
    `void operand(void) { sizeof(${text}); }`,
    scope.frame.file,
  );
  const statement = definition?.body[0];
  if (statement?.kind !== 'expression' || statement.expression.kind !== 'sizeof') return UNKNOWN;
  return typeOfExpression(lowering, statement.expression.operand, scope);
}

/** The type of a parameter: arrays and functions are pointers to them (C11 6.7.6.3). */
export function parameterType(lowering: Lowering, written: TypeName, scope: Scope): CType {
  return decayed(resolveType(lowering, written, scope));
}

/** The type of `sizeof`. */
export const SIZE_TYPE = UNSIGNED_LONG;
