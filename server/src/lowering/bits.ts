/** Bits by their numbers: `set_bit(nr, addr)` and its like, on the bit alone or on the word that it is in. */

import { outcomesOf } from '../program/candidates.ts';
import type { LocationName } from '../program/program.ts';
import type { Expression as CExpression } from '../syntax/ast.ts';
import { type Call, type Lowering, lookUp, type Scope } from './context.ts';
import { convert } from './convert.ts';
import { type CInteger, INT, integerOfWidth, LONG, pointerTo, UNSIGNED_LONG } from './ctype.ts';
import { evaluate } from './evaluate.ts';
import { valueType } from './kernel-types.ts';
import { fileScope } from './known-types.ts';
import { widthOf } from './layout.ts';
import { placesOf } from './locate.ts';
import type { State, Trace } from './machine.ts';
import { touchBit } from './memory.ts';
import { firstOfAll, opened } from './open-world.ts';
import { settled, stop, stopUnless } from './settle.ts';
import { numberedName, onlyBit } from './storage.ts';
import { storagePlace } from './storage-place.ts';
import {
  binary,
  type Definite,
  element,
  integer,
  step,
  toExpression,
  typed,
  type Value,
} from './value.ts';

/** Where a bit is. */
export type BitPlace =
  /** A location of its own, which is 0 or 1; with its mask in the word around it, where its number is known. */
  | { readonly kind: 'alone'; readonly address: Value; readonly mask?: Definite }
  /** In a word: its mask there. */
  | {
      readonly kind: 'word';
      readonly address: Value;
      readonly mask: Definite;
      readonly type: CInteger;
    };

/** A bit as it is written: by an argument of the call, or in the name of the primitive. */
export interface WrittenBit {
  readonly number: Value | undefined;
  readonly name: string | undefined;
}

/** The bit that an argument numbers, or that has a name of its own. */
export function writtenBit(
  lowering: Lowering,
  bit: number | string,
  call: Call,
  state: State,
  scope: Scope,
): WrittenBit {
  const written: CExpression | undefined =
    typeof bit === 'string'
      ? { kind: 'identifier', name: bit, span: call.span }
      : call.arguments[bit];
  if (written === undefined) return { number: undefined, name: undefined };
  const name = nameOf(written, scope);
  if (written.kind !== 'identifier' || isDefined(lowering, written.name, scope))
    return { number: evaluate(lowering, written, state, scope), name };
  return { number: undefined, name };
}

/** What a bit is called: an enumerator, or the macro that has brought its number. */
function nameOf(written: CExpression, scope: Scope): string | undefined {
  if (written.kind === 'identifier')
    return lookUp(scope, written.name) === undefined ? written.name : undefined;
  const replaced = scope.frame.replaced.get(written.span);
  return replaced?.isCall === false ? replaced.macro : undefined;
}

/** Whether a name stands for anything. */
function isDefined({ symbols }: Lowering, name: string, scope: Scope): boolean {
  return (
    lookUp(scope, name) !== undefined ||
    symbols.enumerator(name, scope.frame.file) !== undefined ||
    symbols.object(name, scope.frame.file) !== undefined
  );
}

/** Where the bit of the word at `written` is; undefined where the path ends. */
export function bitPlace(
  lowering: Lowering,
  state: State,
  written: Value,
  bit: WrittenBit,
  trace: Trace,
): BitPlace | undefined {
  const address = settled(lowering, state, written, trace);
  if (address === undefined) return undefined;
  if (bit.number === undefined) return namedBit(lowering, state, address, bit.name ?? 'bit', trace);
  const given = firstOfAll(lowering, opened(lowering, bit.number), state);
  const number = settled(lowering, state, given, trace);
  const paths = placesOf(lowering, state, address, trace);
  if (number === undefined || paths === undefined) return undefined;
  const type = wordType(lowering, paths[0], fileScope(lowering, trace.origin.file));
  const at = number.kind === 'known' ? number.value : undefined;
  if (at?.kind !== 'integer') return computedBit(lowering, state, address, number, type, trace);
  return numberedBit(lowering, state, address, Number(at.value), bit.name, type, trace);
}

/** The unsigned type of a word: of a `long`, or of what is declared there. */
function wordType(lowering: Lowering, path: LocationName, scope: Scope): CInteger {
  const { type } = storagePlace(lowering, path, scope);
  const width = widthOf(lowering, valueType(type), scope);
  return (width !== undefined && integerOfWidth(width, false)) || UNSIGNED_LONG;
}

/** A bit whose number nobody tells is a location of its own, where it is the only one of its word. */
function namedBit(
  lowering: Lowering,
  state: State,
  address: Definite,
  name: string,
  trace: Trace,
): BitPlace | undefined {
  const paths = placesOf(lowering, state, address, trace);
  if (paths === undefined) return undefined;
  if (onlyBitOf(lowering, paths, `~${name}`, name) !== undefined)
    return { kind: 'alone', address: step('member', address, name, trace.span, INT) };
  const why = `a bit of unknown number (${name}) in a word with other bits`;
  stop(lowering, state, why, trace);
  return undefined;
}

/** What the bit is called that is the only one accessed of each of these words. */
function onlyBitOf(
  lowering: Lowering,
  words: readonly LocationName[],
  key: string,
  name: string,
): string | undefined {
  for (const word of words) touchBit(lowering.memory, word, key, name);
  const { storage } = lowering.memory.next;
  const [first, ...others] = words.map((word) => onlyBit(storage, word));
  return others.every((other) => other === first) ? first : undefined;
}

/** A bit of a number that is known: alone, where it is the only one of its word. */
function numberedBit(
  lowering: Lowering,
  state: State,
  address: Definite,
  number: number,
  name: string | undefined,
  type: CInteger,
  trace: Trace,
): BitPlace | undefined {
  const { bits } = type.type;
  const { span } = trace;
  const shift = number % bits;
  const index = integer(Math.floor(number / bits), LONG);
  const moved = number < bits ? address : element(address, index, span);
  const word = settled(lowering, state, moved, trace);
  const paths = word && placesOf(lowering, state, word, trace);
  if (word === undefined || paths === undefined) return undefined;
  const scope = fileScope(lowering, trace.origin.file);
  const mask = binary('<<', integer(1, type), integer(shift), span, type) as Definite;
  if (paths.every((path) => isPlainWord(lowering, path, scope))) {
    const alone = onlyBitOf(lowering, paths, String(shift), name ?? numberedName(shift));
    if (alone !== undefined)
      return { kind: 'alone', address: step('member', word, alone, span, INT), mask };
  }
  return { kind: 'word', address: typed(word, pointerTo(type)), mask, type };
}

/** Whether a word is no part of a union, and no bit-field. */
function isPlainWord(lowering: Lowering, path: LocationName, scope: Scope): boolean {
  const { union, field, bytes } = storagePlace(lowering, path, scope);
  return union === undefined && field === undefined && bytes === 0;
}

/** A bit of a number that the program computes: of the word that has it, if it is one of an array of words. */
function computedBit(
  lowering: Lowering,
  state: State,
  address: Definite,
  number: Definite,
  type: CInteger,
  trace: Trace,
): BitPlace | undefined {
  const { span } = trace;
  const { bits } = type.type;
  const inWord = binary('<', number, integer(bits), span) as Definite;
  const { no } = outcomesOf(toExpression(inWord, span), state.registers);
  const isArray = bits === 64 && no !== undefined;
  if (!isArray && !stopUnless(lowering, state, inWord, 'a bit beyond its word', trace))
    return undefined;
  const wide = convert(number, LONG, state, span);
  const index = binary('>>', wide, integer(6), span, LONG);
  const word = isArray ? element(address, index, span) : address;
  const shift = isArray ? binary('&', wide, integer(63, LONG), span, LONG) : number;
  const mask = binary('<<', integer(1, type), shift, span, type) as Definite;
  return { kind: 'word', address: typed(word, pointerTo(type)), mask, type };
}
