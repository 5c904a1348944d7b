/** Random C functions of kernel code's kinds, each a file of its own, with a call that gives an integer. */

import { declareOutside } from './declarations.ts';
import { literal, read, variableType } from './expressions.ts';
import { newProgram, type RandomProgram } from './program.ts';
import { statements } from './statements.ts';
import { tapeOf } from './tape.ts';

export interface RandomFunction {
  /** Everything it needs but what `PRELUDE` has. */
  readonly source: string;
  readonly call: string;
}

/** What the kernel's headers say that the functions use, for a compiler. */
export const PRELUDE = `
#include <stddef.h>
#include <string.h>
#include <stdio.h>
#include <stdbool.h>
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef int s32; typedef unsigned long long u64; typedef long long s64;
#define CONFIG_SMP 1
#define CONFIG_64BIT 1
#define BITS_PER_LONG 64
#define BIT(n) (1UL << (n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define min(x, y) ({ typeof(x) _min1 = (x); typeof(y) _min2 = (y); _min1 < _min2 ? _min1 : _min2; })
#define max(x, y) ({ typeof(x) _max1 = (x); typeof(y) _max2 = (y); _max1 > _max2 ? _max1 : _max2; })
#define min_t(t, x, y) ({ t _mint1 = (x); t _mint2 = (y); _mint1 < _mint2 ? _mint1 : _mint2; })
#define max_t(t, x, y) ({ t _maxt1 = (x); t _maxt2 = (y); _maxt1 > _maxt2 ? _maxt1 : _maxt2; })
#define clamp(v, lo, hi) min((typeof(v))max(v, lo), hi)
#define swap(a, b) do { typeof(a) _swap = (a); (a) = (b); (b) = _swap; } while (0)
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))
`;

/** The function that a tape of decisions stands for; `id` is part of its names. */
export function randomFunction(numbers: readonly number[], id: string): RandomFunction {
  const program = newProgram(tapeOf(numbers), id);
  declareOutside(program);
  const parameters = [0, 1].map((at) => ({ name: `arg${at}`, type: variableType(program) }));
  for (const { name, type } of parameters)
    program.places.push({ text: () => name, type, local: name });
  const body = statements(program, 2);
  const list = parameters.map(({ name, type }) => `${type.name} ${name}`).join(', ');
  const head = `long long f_${id}(${list})`;
  const source = [...program.outside, `${head}\n{\n\t${body}\n\t${result(program)}\n}\n`].join(
    '\n',
  );
  const given = parameters.map(() => literal(program));
  return { source, call: `f_${id}(${given.join(', ')})` };
}

/** Everything that the function has computed, in one number. */
function result(program: RandomProgram): string {
  const value = program.places
    .slice(-12)
    .reduce((text, place) => `(${text} * 31 + ${read(program, place)})`, '7ULL');
  return `return ${value};`;
}
