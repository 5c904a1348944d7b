/** The types of locations: of objects as they are declared, and of the members and elements inside them. */

import { rootOf, stepsOf } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { MacroUse } from '../syntax/ast.ts';
import { typeFromText } from '../syntax/build-type.ts';
import { type Lowering, type Scope, topScope } from './context.ts';
import { type CInteger, type CType, INT, UNKNOWN } from './ctype.ts';
import { type GlobalObject, isPerCpu } from './file-index.ts';
import { completed } from './initializer.ts';
import { isWholeCounter, valueType } from './kernel-types.ts';
import { knownPlaces, scopeOfMembers } from './known-types.ts';
import { stringBytes } from './literal.ts';
import { charType } from './plain-char.ts';
import { resolveType } from './resolve-type.ts';
import type { Defined } from './symbols.ts';

/** The type of what is at a location, as far as the definitions of its object and its structs tell. */
export function typeOfPlace(lowering: Lowering, location: LocationName, scope: Scope): CType {
  const { types } = knownPlaces(lowering, location);
  const known = lowering.localTypes.get(location) ?? types.get(location);
  if (known !== undefined) return known;
  const type = typeAlong(lowering, location, scope);
  types.set(location, type);
  return type;
}

function typeAlong(lowering: Lowering, location: LocationName, scope: Scope): CType {
  const root = rootOf(location);
  const steps = stepsOf(location);
  if (root.startsWith('"')) {
    const char = charType(lowering.request);
    return steps.length === 0 ? textType(root, char) : char;
  }
  const object = lowering.localTypes.has(root) ? undefined : lowering.symbols.object(root, '');
  const start =
    object === undefined
      ? (lowering.localTypes.get(root) ??
        lowering.memory.next.statics.get(root)?.type ??
        lowering.made.get(root)?.type)
      : typeOfObject(lowering, object, scope);
  return steps.reduce<CType>(
    (type, step) => stepType(lowering, type, step, scope) ?? UNKNOWN,
    start ?? UNKNOWN,
  );
}

function textType(text: string, char: CInteger): CType {
  const length = stringBytes(text)?.length;
  return { kind: 'array', of: char, ...(length !== undefined && { length }) };
}

function typeOfObject(
  lowering: Lowering,
  { definition, source }: Defined<GlobalObject>,
  scope: Scope,
): CType {
  const outside = topScope({ ...scope, frame: { ...scope.frame, file: source.file } });
  if (definition.kind === 'declared') {
    const { type, initial } = definition.declarator;
    return completed(lowering, resolveType(lowering, type, outside), initial, outside);
  }
  if (isPerCpu(definition)) return perCpuType(lowering, definition.by, outside);
  const named = MADE_TYPES.find(({ macro }) => macro.test(definition.by.macro));
  return named === undefined
    ? UNKNOWN
    : resolveType(lowering, { base: named.type, pointers: 0, arrays: 0 }, outside);
}

/** A per-CPU variable: an array with an object for each thread's CPU; in an open request one object. */
function perCpuType(lowering: Lowering, { arguments: given }: MacroUse, scope: Scope): CType {
  const [written = '', name = ''] = given;
  const of = /^\w+$/.test(name) ? resolveType(lowering, typeFromText(written), scope) : UNKNOWN;
  const { open, actors } = lowering.request;
  return open === undefined ? { kind: 'array', of, length: actors.length } : of;
}

/** What macros at file scope make. */
const MADE_TYPES: readonly { readonly macro: RegExp; readonly type: string }[] = [
  { macro: /^LIST_HEAD$/, type: 'struct list_head' },
  { macro: /^DEFINE_(?:RAW_)?SPINLOCK$/, type: 'spinlock_t' },
  { macro: /^DEFINE_MUTEX$/, type: 'struct mutex' },
];

function stepType(lowering: Lowering, type: CType, step: string, scope: Scope): CType | undefined {
  if (step.startsWith('[')) return type.kind === 'array' ? type.of : undefined;
  return memberType(lowering, type, step.slice(1), scope);
}

/** The type of a member; undefined where there is none of that name. */
export function memberType(
  lowering: Lowering,
  type: CType,
  name: string,
  scope: Scope,
): CType | undefined {
  if (isWholeCounter(type, name)) return valueType(type);
  if (name === '[0]') return type.kind === 'array' ? type.of : undefined;
  if (type.kind !== 'struct') return undefined;
  const { definition } = type;
  const field = definition?.fields.find((each) => each.name === name);
  if (definition === undefined || field === undefined) return undefined;
  return resolveType(lowering, field.type, scopeOfMembers(lowering, definition, scope));
}

/** The type by which a program declares a location. */
export function declaredType(type: CType): string {
  switch (type.kind) {
    case 'integer':
    case 'struct':
      return type.name;
    case 'pointer':
      return `${declaredType(type.to)} *`.replace('* *', '**');
    default:
      return INT.name;
  }
}
