/** A random program while it grows: what it has declared, and the texts that declare it. */

import type { Tape } from './tape.ts';

/** An integer type of C, on a machine of 64 bits. */
export interface IntegerType {
  readonly name: string;
  readonly bits: number;
  readonly isSigned: boolean;
}

const type = (name: string, bits: number, isSigned: boolean): IntegerType => ({
  name,
  bits,
  isSigned,
});

export const INT = type('int', 32, true);

/** The types that variables have, the simplest first. */
export const INTEGERS: readonly IntegerType[] = [
  INT,
  type('unsigned int', 32, false),
  type('long', 64, true),
  type('unsigned long', 64, false),
  type('u8', 8, false),
  type('s8', 8, true),
  type('u16', 16, false),
  type('short', 16, true),
  type('char', 8, true),
  type('unsigned char', 8, false),
  type('u32', 32, false),
  type('s64', 64, true),
  type('u64', 64, false),
  type('long long', 64, true),
  type('unsigned short int', 16, false),
  type('bool', 1, false),
];

/** Something of an integer type that can be read and, unless it is constant, written. */
export interface Place {
  /** An index in it may be another one in each use. */
  readonly text: (program: RandomProgram) => string;
  readonly type: IntegerType;
  readonly isConstant?: true;
  /** Neither its address nor its size can be taken. */
  readonly isBitField?: true;
  /** A local variable of that name. */
  readonly local?: string;
}

export interface StructType {
  /** With its keyword. */
  readonly name: string;
  /** Members of integer types, as they are written after the dot. */
  readonly members: readonly Omit<Place, 'local' | 'isConstant'>[];
  /** A first value for it. */
  readonly initial: (program: RandomProgram) => string;
  readonly isUnion: boolean;
}

export interface StructVariable {
  readonly name: string;
  readonly type: StructType;
}

/** A macro or function that takes integers and gives one, without effect. */
export interface Callable {
  readonly name: string;
  readonly parameters: number;
  /** A macro whose last argument stands beside `##`, where macros are not expanded before its own name is no
   *  macro any more (C11 6.10.3.1, 6.10.3.4). */
  readonly isPasting: boolean;
}

export interface RandomProgram {
  readonly tape: Tape;
  /** Distinguishes its names from those of other programs in one file. */
  readonly id: string;
  /** What stands at file scope before the function. */
  readonly outside: string[];
  readonly places: Place[];
  readonly structs: StructType[];
  readonly structVariables: StructVariable[];
  /** The names of arrays. */
  readonly arrays: string[];
  readonly enumerators: string[];
  /** Names of integer types of its own. */
  readonly typedefs: string[];
  readonly callables: Callable[];
  /** Tables of functions of one argument, each with its number of them, a power of two. */
  readonly tables: { readonly name: string; readonly length: number }[];
  /** Numbers names. */
  count: number;
  /** How many expressions may still be made; beyond that only the simplest are. */
  fuel: number;
}

export function newProgram(tape: Tape, id: string): RandomProgram {
  return {
    tape,
    id,
    outside: [],
    places: [],
    structs: [],
    structVariables: [],
    arrays: [],
    enumerators: [],
    typedefs: [],
    callables: [],
    tables: [],
    count: 0,
    fuel: 120,
  };
}

/** A name that nothing else has, in the file too if it is for file scope. */
export function newName(program: RandomProgram, hint: string, isOutside: boolean): string {
  program.count += 1;
  return `${hint}${program.count}${isOutside ? `_${program.id}` : ''}`;
}

/** Runs `make` without what it declares being seen afterwards. */
export function inScope<Result>(program: RandomProgram, make: () => Result): Result {
  const places = program.places.length;
  const structs = program.structVariables.length;
  const arrays = program.arrays.length;
  const result = make();
  program.places.length = places;
  program.arrays.length = arrays;
  program.structVariables.length = structs;
  return result;
}
