/** Whether herd's updates, which compute in `int`, leave what the program's updates leave. */

import type { RmwFunction } from '../kernel/operation.ts';
import {
  type Candidates,
  candidatesOfExpression,
  type RegisterCandidates,
  unionOf,
} from '../program/candidates.ts';
import { INT, type Integer, updated } from '../program/integer.ts';
import type { Expression, LocationName, ReadModifyWrite } from '../program/program.ts';
import { reachable } from '../program/program-values.ts';
import { type FlatValues, isNarrow } from './flat-expression.ts';
import { exactRange } from './value-ranges.ts';

/** An update by a function of what was there and an operand. */
type Update = Pick<ReadModifyWrite, 'apply' | 'operand' | 'address' | 'type' | 'keeps' | 'span'> & {
  readonly result?: string;
  readonly order?: ReadModifyWrite['order'];
};

/** What is known of the places that updates are made at. */
interface Places extends FlatValues {
  readonly locations: ReadonlyMap<LocationName, Candidates>;
}

/** herd has no exchange without a value; setting a bit to 0 or 1 is the same as `and 0` or `or 1`. */
export function writtenUpdate({
  order,
  apply,
  operand,
}: Pick<Update, 'order' | 'apply' | 'operand'>): RmwFunction {
  const isSet = order === 'noreturn' && apply === 'set';
  if (!isSet || operand.kind !== 'value' || operand.value.kind !== 'integer') return apply;
  return operand.value.value === 0 ? 'and' : 'or';
}

/** Tells of an update that herd would compute to something else. */
export function checkUpdate(places: Places, update: Update, registers: RegisterCandidates): void {
  if (isKept(places, update, registers)) return;
  const message = 'an update that herd does not compute as the program does';
  places.problems.push({ message, span: update.span });
}

function isKept(places: Places, update: Update, registers: RegisterCandidates): boolean {
  const { type = INT, keeps, result } = update;
  if (keeps !== undefined || (result === 'new-is-negative' && !type.signed)) return false;
  const olds = integersOf(oldsAt(places, update.address, registers));
  const operands = integersOf(candidatesOfExpression(update.operand, registers));
  if (olds === undefined || operands === undefined) return isSafe(places, update);
  return olds.every((old) => operands.every((operand) => isSame(places, update, old, operand)));
}

/** Addresses are only ever exchanged. */
function integersOf(candidates: Candidates): readonly Integer[] | undefined {
  if (candidates === 'any') return undefined;
  return [...candidates.values()].flatMap((value) => (value.kind === 'integer' ? value.value : []));
}

function oldsAt(
  { locations }: Places,
  address: Expression,
  registers: RegisterCandidates,
): Candidates {
  const places = reachable(registers, address);
  if (places === undefined) return 'any';
  return places.map((place) => locations.get(place) ?? new Map()).reduce(unionOf, new Map());
}

function isSame({ numbers }: Places, update: Update, old: Integer, operand: Integer): boolean {
  const code = (value: Integer) => numbers.valueOf({ kind: 'integer', value }).value;
  const written = { apply: writtenUpdate(update), type: INT };
  return code(updated(update, old, operand)) === updated(written, code(old), code(operand));
}

const OPERATORS: Readonly<Partial<Record<RmwFunction, string>>> = {
  add: '+',
  sub: '-',
  and: '&',
  or: '|',
  xor: '^',
};

function isSafe(
  { numbers, rangeOf }: Places,
  { apply, operand, address, type = INT, span }: Update,
): boolean {
  if (apply === 'set' || (type.bits === 32 && (type.signed || numbers.isNatural))) return true;
  const before = rangeOf({ kind: 'load', order: 'once', address, span });
  const by = rangeOf(operand);
  const operator = OPERATORS[apply];
  if (before === undefined || by === undefined || operator === undefined) return false;
  return [before, by, exactRange(operator, before, by)].every(isNarrow);
}
