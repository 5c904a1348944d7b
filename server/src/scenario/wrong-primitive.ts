/** Whether a primitive is given what it works on: the place itself or its address, of the type that it is for. */

import type { Operand, Operation } from '../kernel/operation.ts';
import type { OwnAccess, Primitive } from '../kernel/primitive.ts';
import { isNamedItself, locationTypes } from '../kernel/signature.ts';
import type { Expression } from '../syntax/ast.ts';
import { type Shape, shapeOf, shapeText } from './type-shape.ts';
import { isPlace, type UsedNames, type WrongUse, wrongTarget } from './wrong-use.ts';
import { misfit } from './wrong-value.ts';

/** What is wrong with the argument that names the location, or with the value that is stored there. */
export function wrongLocation(
  row: Primitive,
  given: readonly Expression[],
  names: UsedNames,
): WrongUse | undefined {
  const { name, operation } = row;
  const access = row.access ?? accessByName(name);
  if (access === undefined || access.argument === 'current') return undefined;
  const location = given[access.argument];
  if (location === undefined) return undefined;
  const isStored = access.effect !== 'read';
  const shape = shapeAt(location, access, names);
  return (
    wrongBit(access, given, names) ??
    (access.by === 'lvalue'
      ? (wrongPlace(name, location, isStored, names) ?? wrongKind(row, location, shape))
      : wrongAddress(row, location, isStored, names)) ??
    tooWide(name, location, shape, names) ??
    wrongStored(operation, given, shape, names)
  );
}

/** What a primitive works on of which the row says no access. */
function accessByName(name: string): OwnAccess | undefined {
  if (locationTypes(name) === undefined) return undefined;
  return { argument: 0, effect: 'read', by: isNamedItself(name) ? 'lvalue' : 'pointer' };
}

/** The shape of the location. */
function shapeAt(location: Expression, { by }: OwnAccess, names: UsedNames): Shape | undefined {
  const shape = shapeOf(location, names);
  return shape === undefined || by === 'lvalue' ? shape : { ...shape, depth: shape.depth - 1 };
}

/** A pointer as the number of a bit: the arguments are the other way round. */
function wrongBit(
  { bit }: OwnAccess,
  given: readonly Expression[],
  names: UsedNames,
): WrongUse | undefined {
  const number = typeof bit === 'number' ? given[bit] : undefined;
  const isPointer = number !== undefined && (shapeOf(number, names)?.depth ?? 0) > 0;
  return isPointer
    ? {
        message: 'the number of a bit is no pointer, and stands before the word',
        span: number.span,
      }
    : undefined;
}

/** What is named itself, and is of another type. */
function wrongKind(
  { name }: Primitive,
  { span }: Expression,
  shape: Shape | undefined,
): WrongUse | undefined {
  const types = locationTypes(name);
  if (types === undefined || shape === undefined) return undefined;
  const { depth, of } = shape;
  const isOne =
    depth === 0 && of.kind === 'struct' && types.some((type) => of.names.includes(type));
  return isOne
    ? undefined
    : { message: `${name}() takes a ${types[0]}, not a value of type ${shapeText(shape)}`, span };
}

/** A struct that no one access reaches. */
function tooWide(
  name: string,
  { span }: Expression,
  shape: Shape | undefined,
  names: UsedNames,
): WrongUse | undefined {
  if (shape?.depth !== 0 || shape.of.kind !== 'struct' || locationTypes(name) !== undefined)
    return undefined;
  const { of } = shape;
  return names.isWide(of.tag)
    ? { message: `${name}() reaches 8 bytes at most, and ${of.name} has more`, span }
    : undefined;
}

/** A value that the location does not take; one of a counter is a number. */
function wrongStored(
  operation: Operation | undefined,
  given: readonly Expression[],
  to: Shape | undefined,
  names: UsedNames,
): WrongUse | undefined {
  const stored = to && operation && storedBy(operation);
  const value = stored && 'argument' in stored ? given[stored.argument] : undefined;
  if (value === undefined || to === undefined) return undefined;
  const message = misfit(value, to, names);
  return message === undefined ? undefined : { message, span: value.span };
}

function storedBy(operation: Operation): Operand | undefined {
  if (operation.kind === 'store') return operation.value;
  if (operation.kind === 'cmpxchg') return operation.desired;
  return operation.kind === 'rmw' && operation.apply === 'set' ? operation.operand : undefined;
}

function wrongPlace(
  name: string,
  location: Expression,
  isStored: boolean,
  names: UsedNames,
): WrongUse | undefined {
  const { span } = location;
  if (!isPlace(location, names, false)) {
    const isAddress = location.kind === 'unary' && location.operator === '&';
    return {
      message: `${name}() takes a place in memory`,
      ...(isAddress && { meant: 'without "&"' }),
      span,
    };
  }
  return isStored ? wrongTarget(location, names) : undefined;
}

function wrongAddress(
  row: Primitive,
  location: Expression,
  isStored: boolean,
  names: UsedNames,
): WrongUse | undefined {
  const { name } = row;
  const { span } = location;
  const shape = shapeOf(location, names);
  if (shape === undefined) return undefined;
  if (shape.depth === 0) {
    const meant = location.kind === 'identifier' ? { meant: `&${location.name}` } : {};
    return { message: `${name}() takes a pointer, and this is none`, ...meant, span };
  }
  const types = locationTypes(name);
  if (types !== undefined && !isOneOf(types, shape, row))
    return {
      message: `${name}() takes a pointer to ${types[0]}, not a value of type ${shapeText(shape)}`,
      span,
    };
  const isAddress = location.kind === 'unary' && location.operator === '&';
  return isStored && isAddress && (types === undefined || shape.of.kind === 'number')
    ? wrongTarget(location.operand, names)
    : undefined;
}

/** Whether a pointer is one to one of the types. A number may stand for a lock, and bytes for anything. */
function isOneOf(
  types: readonly string[],
  { depth, of }: Shape,
  { operation, rwLock }: Primitive,
): boolean {
  if (depth > 1) return false;
  const isLock = rwLock !== undefined || operation?.kind === 'lock';
  if (of.kind === 'struct') return types.some((type) => of.names.includes(type));
  const isWord = of.kind === 'number' && of.type.type.bits === 64;
  return of.kind === 'void' || isLock || (isWord && types.includes('unsigned long'));
}
