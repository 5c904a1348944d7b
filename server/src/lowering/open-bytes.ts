/** Bytes that are moved in an open request, where it is not known how many: what they are of the fields in question. */

import type { Candidates } from '../program/candidates.ts';
import type { LocationName } from '../program/program.ts';
import { registersOf } from '../program/walk.ts';
import { load, store } from './access.ts';
import { along } from './assign.ts';
import { type Call, type Lowering, type Scope, visiblePlace } from './context.ts';
import type { CType } from './ctype.ts';
import { leavesOf } from './leaves.ts';
import type { State } from './machine.ts';
import { candidatesOfFree, openValue, sharedField } from './open-world.ts';
import { typeOfPlace } from './place-type.ts';
import { positionOf } from './pointer.ts';
import { traceOf } from './trace.ts';
import { addressOf, candidatesOf, type Value } from './value.ts';

/** Where bytes come from and go to; from nowhere where they are set. */
interface Moved {
  readonly to: Value;
  readonly from?: Value;
}

/** Reads the fields in question that the bytes may come from, and lets those be anything that they go to; says whether
 *  it is known which these are. Of an object all is taken to be moved. */
export function moveOpenly(
  lowering: Lowering,
  call: Call,
  state: State,
  scope: Scope,
  { to, from }: Moved,
): boolean {
  if (lowering.request.open === undefined) return false;
  const written = fieldsAt(lowering, call, to, state, scope);
  const read = from === undefined ? [] : fieldsAt(lowering, call, from, state, scope);
  if (written === undefined || read === undefined) return false;
  const trace = traceOf(scope, call.span);
  for (const { at } of read) load(lowering, state, at, 'plain', trace);
  for (const { at, type } of written) {
    const value = openValue(lowering, type, `moved_${call.span.start}`);
    store(lowering, state, at, value, 'plain', trace);
  }
  if (written.length + read.length > 0)
    lowering.report.assume('configuration', ALL_IS_MOVED, visiblePlace(scope, call.span));
  return true;
}

const ALL_IS_MOVED =
  'as many bytes are copied or set as the object has, where it is not known how many';

interface FieldAt {
  readonly at: Value;
  readonly type: CType;
}

/** The scalars in question of the one object that a pointer may lead to; undefined where it may lead anywhere. */
function fieldsAt(
  lowering: Lowering,
  call: Call,
  pointer: Value,
  state: State,
  scope: Scope,
): readonly FieldAt[] | undefined {
  const values = objectsOf(lowering, pointer, state);
  if (values === 'any') return undefined;
  const found: FieldAt[] = [];
  const addresses = [...values.values()].flatMap((value) =>
    value.kind === 'address' ? value.of : [],
  );
  for (const address of addresses) {
    const container = movedObject(lowering, address, scope);
    const type = typeOfPlace(lowering, container, scope);
    const leaves = leavesOf(lowering, type, scope) ?? firstLeaves(lowering, call, type, scope);
    if (leaves === undefined) return undefined;
    for (const { steps, type: of } of leaves) {
      const at = along(addressOf(container, type), steps, of, traceOf(scope, { start: 0, end: 0 }));
      const isAsked =
        at.kind === 'known' &&
        at.value.kind === 'address' &&
        sharedField(lowering, at.value.of) !== undefined;
      if (isAsked) found.push({ at, type: of });
    }
  }
  return found.length > 0 && addresses.length > 1 ? undefined : found;
}

/** Of an array with more scalars than are followed so many elements are. */
const FIRST_ELEMENTS = 4;

/** The scalars of the first elements of an array; that the others are left out is told. */
function firstLeaves(
  lowering: Lowering,
  call: Call,
  type: CType,
  scope: Scope,
): ReturnType<typeof leavesOf> {
  if (type.kind !== 'array' || type.length === undefined || type.length <= FIRST_ELEMENTS)
    return undefined;
  const message = `more than the first ${FIRST_ELEMENTS} elements of a long array copied or set`;
  lowering.report.assume('bound', message, visiblePlace(scope, call.span));
  return leavesOf(lowering, { ...type, length: FIRST_ELEMENTS }, scope);
}

/** The object that bytes at an address are taken to be all of: the array with the element, the struct that is a member;
 *  what goes beyond these the kernel's own checks forbid (include/linux/fortify-string.h). For a scalar, or an array whose
 *  length says nothing, the whole object. */
function movedObject(lowering: Lowering, address: LocationName, scope: Scope): LocationName {
  const array = /^(.*)\[\d+\]$/.exec(address)?.[1];
  const place = array ?? address;
  const type = typeOfPlace(lowering, place, scope);
  const isBound = array === undefined ? type.kind === 'struct' : isOfLength(type);
  return isBound ? place : positionOf(lowering, address, scope).container;
}

/** Arrays of none or one element are written where as many follow as there is room for. */
function isOfLength(type: CType): boolean {
  return type.kind === 'array' && type.length !== undefined && type.length > 1;
}

/** What a pointer may lead to, or into: to some object, as bytes are moved there. */
function objectsOf(lowering: Lowering, pointer: Value, state: State): Candidates {
  if (pointer.kind !== 'computed') return candidatesOf(pointer, state.registers);
  let { expression } = pointer;
  while (expression.kind === 'element' || expression.kind === 'convert')
    expression = expression.kind === 'element' ? expression.base : expression.operand;
  const registers = new Map(state.registers);
  for (const name of registersOf(expression)) {
    const free = lowering.free.get(name);
    if (free !== undefined && 'objects' in free && !registers.has(name))
      registers.set(name, candidatesOfFree({ ...free, isSome: true }));
  }
  return candidatesOf({ ...pointer, expression }, registers);
}
