/** What a path that a formula names leads to: one value, or what has none. */

import { stepsOf } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { TypeName } from '../syntax/ast.ts';
import { type Lowering, type Scope, SETUP, scopeOfFile } from './context.ts';
import type { CInteger, CType } from './ctype.ts';
import { valueType } from './kernel-types.ts';
import { layoutOf } from './layout.ts';
import type { LoweringRequest } from './lowering.ts';
import { firstRound, memoryOf } from './memory.ts';
import { typeOfPlace } from './place-type.ts';
import { bytesBetween } from './pointer.ts';
import { collectReport } from './report.ts';
import { resolveType } from './resolve-type.ts';
import { emptyStorage } from './storage.ts';
import type { Symbols } from './symbols.ts';
import { threadLowering } from './thread.ts';

/** What is found, as far as types tell: an integer of a type, another value, or what is not known to be anything else;
 *  or what has no one value. */
export type FoundAs = CInteger | 'value' | 'array' | 'struct';

/** What is found at a place. */
export type FoundAt = FoundAs | Outside;

/** An index behind the end of an array. */
export interface Outside {
  readonly kind: 'outside';
  /** The path up to that array. */
  readonly array: LocationName;
  readonly index: number;
  readonly length: number;
}

/** What is found at `path`, which begins with an object of the state or the sources. */
export function placeNamed(
  request: LoweringRequest,
  symbols: Symbols,
  path: LocationName,
): FoundAt {
  const lowering = lookingAt(request, symbols);
  const scope = scopeOfFile(request.state.file);
  const steps = stepsOf(path);
  let at = path.slice(0, path.length - steps.join('').length);
  let width: number | undefined;
  for (const step of steps) {
    const type = typeOfPlace(lowering, at, scope);
    width = widthOfField(lowering, type, step, scope);
    const index = step.startsWith('[') ? Number(step.slice(1, -1)) : undefined;
    if (index !== undefined && type.kind === 'array' && isOutside(index, type.length))
      return { kind: 'outside', array: at, index, length: type.length! };
    at += step;
  }
  const found = foundAs(typeOfPlace(lowering, at, scope));
  if (width === undefined || typeof found !== 'object') return found;
  return { ...found, name: `${found.name}:${width}`, precision: width };
}

/** How many bits a step leads to, where that is a bit-field whose width is known. */
function widthOfField(
  lowering: Lowering,
  struct: CType,
  step: string,
  scope: Scope,
): number | undefined {
  if (struct.kind !== 'struct' || !step.startsWith('.')) return undefined;
  const members = layoutOf(lowering, struct, scope)?.members;
  return members?.find(({ name }) => name === step.slice(1))?.bits?.width || undefined;
}

/** Whether two paths from one object lead to the same address, as far as its layout is known. */
export function isSamePlace(
  request: LoweringRequest,
  symbols: Symbols,
): (one: LocationName, other: LocationName) => boolean {
  const lowering = lookingAt(request, symbols);
  const scope = scopeOfFile(request.state.file);
  return (one, other) => bytesBetween(lowering, one, other, scope) === 0;
}

/** What a variable of a type that an actor declares holds. */
export function variableNamed(request: LoweringRequest, symbols: Symbols, type: TypeName): FoundAs {
  const scope = scopeOfFile(request.state.file);
  return foundAs(resolveType(lookingAt(request, symbols), type, scope));
}

/** Nobody knows how long an array is that is written with no length, or with 0 (GNU C). */
function isOutside(index: number, length = 0): boolean {
  return length > 0 && index >= length;
}

function foundAs(type: CType): FoundAs {
  const held = valueType(type);
  if (held.kind === 'array' || held.kind === 'struct') return held.kind;
  return held.kind === 'integer' ? held : 'value';
}

/** A lowering of nothing, to look things up with. */
function lookingAt(request: LoweringRequest, symbols: Symbols): Lowering {
  const memory = memoryOf(request, firstRound([], emptyStorage()), () => ({
    kind: 'integer',
    value: 0,
  }));
  const setting = { request, symbols, memory, report: collectReport(), thread: SETUP };
  return threadLowering(setting, { body: '' });
}
