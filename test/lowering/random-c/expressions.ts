/** Random integer expressions without effects, and without anything that C leaves undefined. */

import { INT, INTEGERS, type IntegerType, type Place, type RandomProgram } from './program.ts';

/** An expression, in parentheses where that is needed. */
export function expression(program: RandomProgram, depth = 3): string {
  program.fuel -= 1;
  if (depth <= 0 || program.fuel < 0) return leaf(program);
  return program.tape.pick(FORMS)(program, depth - 1);
}

type Form = (program: RandomProgram, depth: number) => string;

const FORMS: readonly Form[] = [
  leaf,
  (program, depth) => binary(program, depth, ['+', '-', '*', '&', '|', '^']),
  leaf,
  (program, depth) => binary(program, depth, ['<', '>', '<=', '>=', '==', '!=', '&&', '||']),
  (program, depth) => binary(program, depth, ['+', '-', '*', '&', '|', '^']),
  shift,
  division,
  (program, depth) => `(${castName(program)})(${expression(program, depth)})`,
  (program, depth) => `(${unary(program, depth)})`,
  (program, depth) =>
    `(${expression(program, depth)} ? ${expression(program, depth)} : ${expression(program, depth)})`,
  (program, depth) => `(${expression(program, depth)} ?: ${expression(program, depth)})`,
  (program, depth) => `((void)0, ${expression(program, depth)})`,
  sizeOf,
  call,
  tableCall,
  statements,
  generic,
  extreme,
  compileTime,
  bits,
  character,
  (program, depth) => `(typeof(${anyPlace(program)}))(${expression(program, depth)})`,
  (program, depth) => `(${castName(program)})${unary(program, depth)}`,
  (program) => `(${castName(program)})(${leaf(program)})`,
];

function castType({ tape }: RandomProgram): IntegerType {
  return tape.pick(INTEGERS);
}

/** The name of a type, maybe one that the program defines. */
function castName(program: RandomProgram): string {
  const { tape, typedefs } = program;
  return typedefs.length > 0 && tape.oneIn(2) ? tape.pick(typedefs) : castType(program).name;
}

function unary(program: RandomProgram, depth: number): string {
  return `${program.tape.pick(['-', '~', '!', '+'])}(${expression(program, depth)})`;
}

function leaf(program: RandomProgram): string {
  const { tape, places, enumerators } = program;
  if (places.length > 0 && !tape.oneIn(3)) return read(program, tape.pick(places));
  return enumerators.length > 0 && tape.oneIn(4) ? tape.pick(enumerators) : literal(program);
}

/** The value of a place; of a bit-field none that has its odd type. */
export function read(program: RandomProgram, { text, isBitField }: Place): string {
  return isBitField === true ? `(${text(program)} + 0)` : text(program);
}

/** The text of some place, or a constant where there is none. */
function anyPlace(program: RandomProgram): string {
  const places = program.places.filter(({ isBitField }) => isBitField !== true);
  return places.length === 0 ? '1' : program.tape.pick(places).text(program);
}

const LITERALS: readonly string[] = [
  ...['1', '0', '2', '3', '7', '-1', '10', '255', '256', '-128', '127', '1000', '65535', '65536'],
  ...['2147483647', '2147483648', '(-2147483647 - 1)', '4294967295', '4294967296', '0x7fffffff'],
  ...[
    '0x80000000',
    '0xffffffff',
    '0xffffffffu',
    '1u',
    '0u',
    '1L',
    '-1L',
    '1UL',
    '0x10UL',
    '017',
    '0b1011',
    '-1u',
    '-3U',
    '-1ULL',
    '-2147483648',
    '-0x80000000',
  ],
  ...['9223372036854775807', '0x8000000000000000', '0xffffffffffffffff', '18446744073709551615UL'],
  ...[
    "'A'",
    "'\\0'",
    "'\\n'",
    "'\\xff'",
    "'\\377'",
    "'\\''",
    '1ULL',
    '12345678901LL',
    '0xdeadbeef',
    '08u',
  ],
];

export function literal({ tape }: RandomProgram): string {
  const text = tape.pick(LITERALS);
  return text === '08u' ? `${tape.below(100)}u` : text;
}

function binary(program: RandomProgram, depth: number, operators: readonly string[]): string {
  const operator = program.tape.pick(operators);
  return `(${operand(program, depth)} ${operator} ${operand(program, depth)})`;
}

/** An expression, which is grouped by parentheses or as precedence has it. */
export function operand(program: RandomProgram, depth: number): string {
  const text = expression(program, depth);
  return program.tape.oneIn(3) && isGrouped(text) ? text.slice(1, -1) : text;
}

/** Whether one pair of parentheses is around the whole text, in which nothing is assigned, listed or stated. */
function isGrouped(text: string): boolean {
  let depth = 0;
  for (const [at, one] of [...text].entries()) {
    if (one === '(') depth++;
    else if (one === ')') depth--;
    if (depth === 0) return at > 0 && at === text.length - 1;
    if (depth === 1 && (',{'.includes(one) || text.startsWith(' = ', at))) return false;
  }
  return false;
}

/** By less than the width, whatever the left side is promoted to. */
function shift(program: RandomProgram, depth: number): string {
  const operator = program.tape.pick(['<<', '>>']);
  return `(${expression(program, depth)} ${operator} (${expression(program, depth)} & 31))`;
}

/** By more than 1: the smallest number is never divided by -1, nor where gcc makes `x + a / -b` of `x - a / b` (-fwrapv). */
function division(program: RandomProgram, depth: number): string {
  const { tape } = program;
  const operator = tape.pick(['/', '%']);
  const mask = tape.pick(['7', '0xff', '0x3fu', '3L', '0xfffUL']);
  return `(${expression(program, depth)} ${operator} ((${expression(program, depth)} & ${mask}) + 2))`;
}

function sizeOf(program: RandomProgram, depth: number): string {
  const { tape, structVariables, structs, arrays } = program;
  switch (tape.below(6)) {
    case 5:
      return arrays.length === 0 ? 'sizeof(int[3])' : `ARRAY_SIZE(${tape.pick(arrays)})`;
    case 0:
      return `sizeof(${castType(program).name})`;
    case 1:
      return `sizeof(${expression(program, depth)})`;
    case 2:
      return structs.length === 0 ? 'sizeof(void *)' : `sizeof(${tape.pick(structs).name})`;
    case 3:
      return structVariables.length === 0
        ? `sizeof(char[${1 + tape.below(9)}])`
        : `sizeof(${tape.pick(structVariables).name})`;
    default:
      return `(int)sizeof(${anyPlace(program)})`;
  }
}

function call(program: RandomProgram, depth: number): string {
  const { tape, callables } = program;
  if (callables.length === 0) return leaf(program);
  const { name, parameters, isPasting } = tape.pick(callables);
  const given = Array.from({ length: parameters }, (_, at) =>
    isPasting && at === parameters - 1 ? literal(program) : expression(program, depth),
  );
  return `${name}(${given.join(', ')})`;
}

function tableCall(program: RandomProgram, depth: number): string {
  const { tape, tables } = program;
  if (tables.length === 0) return leaf(program);
  const { name, length } = tape.pick(tables);
  return `${name}[${expression(program, depth)} & ${length - 1}](${expression(program, depth)})`;
}

function statements(program: RandomProgram, depth: number): string {
  const { name } = castType(program);
  const local = `t${++program.count}`;
  const kind = program.tape.pick([name, name, `typeof(${anyPlace(program)})`, '__auto_type']);
  const value = expression(program, depth);
  return `({ ${kind} ${local} = ${value}; ${local} + ${expression(program, depth - 1)}; })`;
}

function generic(program: RandomProgram, depth: number): string {
  const cases = [
    'int: 1',
    'unsigned int: 2',
    'long: 3',
    'char: 4',
    'unsigned char: 5',
    'default: 6',
  ];
  const own = expression(program, depth - 1);
  const given = program.tape.oneIn(2) ? `(${castType(program).name})1` : expression(program, depth);
  return `_Generic((${given}), ${cases.join(', ')}, unsigned long: (${own}))`;
}

/** What the kernel's headers have for two or three of one type. */
function extreme(program: RandomProgram, depth: number): string {
  const { name } = castType(program);
  const one = () => `(${name})(${expression(program, depth)})`;
  const macro = program.tape.pick(['min', 'max', 'min_t', 'max_t', 'clamp']);
  if (macro.endsWith('_t'))
    return `${macro}(${name}, ${expression(program, depth)}, ${expression(program, depth)})`;
  return macro === 'clamp'
    ? `clamp(${one()}, (${name})0, (${name})100)`
    : `${macro}(${one()}, ${one()})`;
}

function compileTime(program: RandomProgram, depth: number): string {
  const [one, other] = [castType(program), castType(program)];
  const same = `__builtin_types_compatible_p(${one.name}, ${other.name})`;
  switch (program.tape.below(3)) {
    case 0:
      return same;
    case 1:
      return `__builtin_choose_expr(${same}, ${expression(program, depth)}, ${leaf(program)})`;
    default:
      return `__builtin_types_compatible_p(typeof(${anyPlace(program)}), ${one.name})`;
  }
}

function bits(program: RandomProgram, depth: number): string {
  return `(BIT(${program.tape.below(63)}) ${program.tape.pick(['&', '|', '^'])} ${expression(program, depth)})`;
}

function character(program: RandomProgram, depth: number): string {
  return program.tape.oneIn(2)
    ? `"\\x80er\\377el"[${expression(program, depth)} & 3]`
    : `(int)sizeof("kernel")`;
}

/** A constant expression for a length, an enumerator or an `#if`, small and above 0. */
export function smallConstant({ tape, enumerators }: RandomProgram): string {
  const number = 1 + tape.below(8);
  switch (tape.below(4)) {
    case 0:
      return String(number);
    case 1:
      return `(${number} * 2 - ${number})`;
    case 2:
      return `(sizeof(int) > 2 ? ${number} : 1)`;
    default:
      return enumerators.length === 0
        ? `(1 << ${tape.below(3)})`
        : `((${tape.pick(enumerators)} & 3) + 1)`;
  }
}

/** A place that can be written. */
export function writable(program: RandomProgram): Place | undefined {
  const places = program.places.filter(({ isConstant }) => isConstant !== true);
  return places.length === 0 ? undefined : program.tape.pick(places);
}

/** The type of a variable, mostly a common one. */
export function variableType({ tape }: RandomProgram): IntegerType {
  return tape.oneIn(3) ? INT : tape.pick(INTEGERS);
}
