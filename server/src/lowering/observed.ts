/** What a scenario's formulas name: locations of the program, or parts of some. */

import { stepsOf } from '../program/address.ts';
import type { Integer } from '../program/integer.ts';
import type { LocationPart, LocationParts } from '../program/parts-of-locations.ts';
import type { LocationName } from '../program/program.ts';
import { type Cell, cellOf, extract } from './cell.ts';
import { constantOf } from './constant.ts';
import { type Lowering, scopeOfFile } from './context.ts';
import { INT, UNSIGNED_LONG } from './ctype.ts';
import { valueType } from './kernel-types.ts';
import { startState } from './machine.ts';
import { contentsOf, touchBit } from './memory.ts';
import { typeOfPlace } from './place-type.ts';
import { onlyBit } from './storage.ts';
import { known } from './value.ts';

/** A name of a formula, and what it stands for. */
export interface Observed {
  readonly name: LocationName;
  /** Absent where that is not modelled. */
  readonly cell?: Cell;
}

const NOWHERE = { start: 0, end: 0 };

/** Where the names of formulas lead: noted as accessed like any other access. */
export function observedCells(
  lowering: Lowering,
  names: readonly LocationName[],
): readonly Observed[] {
  return names.map((name) => {
    const cell = cellNamed(lowering, name);
    return { name, ...(cell && { cell }) };
  });
}

function cellNamed(lowering: Lowering, name: LocationName): Cell | undefined {
  const scope = scopeOfFile(lowering.request.state.file);
  const type = typeOfPlace(lowering, name, scope);
  if (type.kind === 'struct' || type.kind === 'array') return { location: name, type };
  if (type.kind === 'unknown' && hasWordAround(lowering, name)) return bitNamed(lowering, name);
  const cell = cellOf(lowering, name, type, scope);
  return typeof cell === 'string' ? undefined : cell;
}

/** Whether a name may be that of a bit: it is no member of what it seems to be one of. */
function hasWordAround(lowering: Lowering, name: LocationName): boolean {
  const last = stepsOf(name).at(-1);
  if (last?.startsWith('.') !== true) return false;
  const scope = scopeOfFile(lowering.request.state.file);
  const { kind } = typeOfPlace(lowering, name.slice(0, -last.length), scope);
  return kind === 'integer' || kind === 'unknown';
}

/** `box.flags.BOX_READY`: a bit by its name, on its own or in its word. */
function bitNamed(lowering: Lowering, name: LocationName): Cell | undefined {
  const scope = scopeOfFile(lowering.request.state.file);
  const bit = stepsOf(name).at(-1)!.slice(1);
  const word = name.slice(0, -bit.length - 1);
  const declared = valueType(typeOfPlace(lowering, word, scope));
  const type = declared.kind === 'integer' ? declared : UNSIGNED_LONG;
  const number = bitNumber(lowering, bit);
  const isNumber = typeof number === 'number' && number >= 0 && number < type.type.bits;
  touchBit(lowering.memory, word, isNumber ? String(number) : `~${bit}`, bit);
  if (onlyBit(lowering.memory.next.storage, word) === bit) return { location: name, type: INT };
  if (!isNumber) return undefined;
  return { location: word, type, part: { shift: number, width: 1, isField: true } };
}

/** The number that the name of a bit stands for, where it is a constant. */
export function bitNumber(lowering: Lowering, name: string): Integer | undefined {
  const { file } = lowering.request.state;
  const statement = lowering.symbols.piece(`void bit(void) { (${name}); }`, file)?.body[0];
  if (statement?.kind !== 'expression') return undefined;
  return constantOf(lowering, statement.expression, scopeOfFile(file));
}

/** The names that stand for parts of locations, with what they may be worth; those of which that is not known
 *  are told. */
export function observedParts(
  lowering: Lowering,
  observed: readonly Observed[],
): { readonly parts: LocationParts; readonly unknown: readonly LocationName[] } {
  const parts = new Map<LocationName, LocationPart>();
  const unknown: LocationName[] = [];
  const state = startState({ statements: [] });
  const scope = scopeOfFile(lowering.request.state.file);
  for (const { name, cell } of observed) {
    if (cell?.part === undefined && cell?.location === name) continue;
    const contents = cell === undefined ? 'any' : contentsOf(lowering.memory, cell.location);
    if (cell === undefined || contents === 'any') {
      unknown.push(name);
      continue;
    }
    const declared = valueType(typeOfPlace(lowering, name, scope));
    const type = declared.kind === 'unknown' ? UNSIGNED_LONG : declared;
    const values = [...contents.values()].flatMap((whole) => {
      const part = extract(known(whole, cell.type), cell, type, state, NOWHERE);
      return part.kind === 'known' ? [{ whole, part: part.value }] : [];
    });
    parts.set(name, { of: cell.location, values });
  }
  return { parts, unknown };
}
