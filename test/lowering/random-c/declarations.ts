/** What stands at file scope before a random function: types, objects, macros, functions. */

import { expression, literal, operand, smallConstant, variableType } from './expressions.ts';
import {
  INT,
  INTEGERS,
  newName,
  newProgram,
  type Place,
  type RandomProgram,
  type StructType,
} from './program.ts';

/** Declares some things at file scope. */
export function declareOutside(program: RandomProgram): void {
  const { tape } = program;
  for (let left = tape.below(6); left > 0; left--) tape.pick(KINDS)(program);
}

type Declare = (program: RandomProgram) => void;

const KINDS: readonly Declare[] = [
  declareGlobal,
  declareStruct,
  declareFunction,
  declareMacro,
  declareEnum,
  declareArray,
  declareUnion,
  declareBitFields,
  declareAlternatives,
  declareTable,
  declareMadeFunctions,
  declarePacked,
  declareTypedef,
];

function declareGlobal(program: RandomProgram): void {
  const type = variableType(program);
  const name = newName(program, 'g', true);
  const initial = program.tape.oneIn(3) ? '' : ` = ${literal(program)}`;
  const isStatic = program.tape.oneIn(2);
  program.outside.push(`${isStatic ? 'static ' : ''}${type.name} ${name}${initial};`);
  program.places.push({ text: () => name, type });
}

function declareTypedef(program: RandomProgram): void {
  const name = newName(program, 'word', true);
  program.outside.push(`typedef ${program.tape.pick(INTEGERS).name} ${name};`);
  program.typedefs.push(name);
}

function declareArray(program: RandomProgram): void {
  const type = variableType(program);
  const name = newName(program, 'a', true);
  const values = Array.from({ length: program.tape.below(5) }, () => literal(program));
  program.outside.push(`static ${type.name} ${name}[4] = { ${values.join(', ') || '0'} };`);
  program.places.push({ text: (now) => `${name}[${index(now, 4)}]`, type });
  program.arrays.push(name);
}

/** An index below a power of two. */
export function index(program: RandomProgram, length: number): string {
  const { tape } = program;
  const isComputed = program.fuel > 0 && tape.oneIn(2);
  return isComputed ? `${expression(program, 1)} & ${length - 1}` : String(tape.below(length));
}

type Member = StructType['members'][number];

function member(name: string, type: Place['type']): Member {
  return { text: () => name, type };
}

function declareStruct(program: RandomProgram): void {
  const { tape, structs } = program;
  const name = `struct ${newName(program, 's', true)}`;
  const lines: string[] = [];
  const members: Member[] = [];
  const given: ((program: RandomProgram) => string)[] = [];
  for (let left = 1 + tape.below(4); left > 0; left--) {
    const field = newName(program, 'm', false);
    const inner = structs.length > 0 && tape.oneIn(4) ? tape.pick(structs) : undefined;
    const type = variableType(program);
    if (inner !== undefined) {
      lines.push(`${inner.name} ${field};`);
      given.push((now) => `.${field} = ${inner.initial(now)}`);
      for (const each of inner.members)
        members.push({ ...each, text: (now) => `${field}.${each.text(now)}` });
    } else if (tape.oneIn(4)) {
      lines.push(`${type.name} ${field}[4];`);
      given.push((now) => `.${field} = { ${literal(now)}, [2] = ${literal(now)} }`);
      members.push({ text: (now) => `${field}[${index(now, 4)}]`, type });
    } else {
      lines.push(`${type.name} ${field};`);
      given.push((now) => `.${field} = ${expression(now, 1)}`);
      members.push(member(field, type));
    }
  }
  program.outside.push(`${name} { ${lines.join(' ')} };`);
  addStruct(program, name, members, given);
}

function addStruct(
  { structs }: RandomProgram,
  name: string,
  members: readonly Member[],
  given: readonly ((program: RandomProgram) => string)[],
): void {
  const initial = (now: RandomProgram): string =>
    `{ ${
      given
        .filter(() => !now.tape.oneIn(4))
        .map((each) => each(now))
        .join(', ') || '0'
    } }`;
  structs.push({ name, members, initial, isUnion: false });
}

function declarePacked(program: RandomProgram): void {
  const name = `struct ${newName(program, 's', true)}`;
  const [one, other] = [variableType(program), variableType(program)];
  program.outside.push(
    `${name} { ${one.name} p; struct { ${other.name} q; u8 r; }; } __attribute__((packed));`,
  );
  const members = [member('p', one), member('q', other), member('r', INTEGERS[4]!)];
  addStruct(program, name, members, [(now) => `.p = ${expression(now, 1)}`, () => '.r = 7']);
}

/** The first member covers the others, so that none is ever read without a value. */
function declareUnion(program: RandomProgram): void {
  const name = `union ${newName(program, 'u', true)}`;
  program.outside.push(
    `${name} { u64 whole; u32 half[2]; u8 byte[8]; struct { u16 low; s16 next; int high; }; };`,
  );
  const named = (text: string) => INTEGERS.find((type) => type.name === text)!;
  program.structs.push({
    name,
    members: [
      member('whole', named('u64')),
      { text: (now) => `half[${index(now, 2)}]`, type: named('u32') },
      { text: (now) => `byte[${index(now, 8)}]`, type: named('u8') },
      member('low', named('u16')),
      member('next', named('short')),
      member('high', INT),
    ],
    initial: (now) => `{ .whole = ${expression(now, 1)} }`,
    isUnion: true,
  });
}

function declareBitFields(program: RandomProgram): void {
  const { tape } = program;
  const name = `struct ${newName(program, 'b', true)}`;
  const lines: string[] = [];
  const members: Member[] = [];
  for (let left = 1 + tape.below(4); left > 0; left--) {
    const field = newName(program, 'f', false);
    const type = tape.pick([INTEGERS[1]!, INT, INTEGERS[4]!, INTEGERS[12]!]);
    const width = 1 + tape.below(tape.oneIn(3) ? type.bits : Math.min(type.bits, 20));
    lines.push(`${type.name} ${field} : ${width};`);
    members.push({ text: () => field, type, isBitField: true });
    if (tape.oneIn(5))
      lines.push(tape.pick([`u8 gap${program.count};`, 'unsigned : 3;', 'unsigned : 0;']));
  }
  program.outside.push(`${name} { ${lines.join(' ')} int last; };`);
  const [first] = members;
  addStruct(
    program,
    name,
    [...members, member('last', INT)],
    [(now) => `.${first!.text(now)} = ${literal(now)}`, (now) => `.last = ${literal(now)}`],
  );
}

function declareEnum(program: RandomProgram): void {
  const { tape } = program;
  const names = Array.from({ length: 1 + tape.below(4) }, () => newName(program, 'E', true));
  const items = names.map((name, at) => {
    const before = names[at - 1];
    switch (tape.below(5)) {
      case 0:
        return name;
      case 1:
        return `${name} = ${smallConstant(program)}`;
      case 2:
        return `${name} = -${1 + tape.below(9)}`;
      case 3:
        return before === undefined ? `${name} = sizeof(long)` : `${name} = ${before} << 2`;
      default:
        return before === undefined ? `${name} = 'a'` : `${name} = ${before} | 5`;
    }
  });
  program.outside.push(`enum ${newName(program, 'e', true)} { ${items.join(', ')} };`);
  program.enumerators.push(...names);
}

/** A program of the same declarations, whose only places are these: the inside of a function or macro. */
export function insideOf(program: RandomProgram, places: readonly Place[]): RandomProgram {
  const inside = newProgram(program.tape, program.id);
  const { structs, enumerators, typedefs, callables, tables, outside, count } = program;
  return {
    ...inside,
    outside,
    count,
    structs,
    enumerators,
    typedefs: [...typedefs],
    callables: [...callables],
    tables: [...tables],
    places: [...places],
    fuel: 12,
  };
}

function declareFunction(program: RandomProgram): void {
  const { tape } = program;
  const name = newName(program, 'h', true);
  const parameters = Array.from({ length: 1 + tape.below(3) }, (_, at) => ({
    name: `p${at}`,
    type: variableType(program),
  }));
  const inside = insideOf(
    program,
    parameters.map((each) => ({ text: () => each.name, type: each.type, local: each.name })),
  );
  const list = parameters.map((each) => `${each.type.name} ${each.name}`).join(', ');
  const value = operand(inside, 2);
  const body = tape.oneIn(3)
    ? `if (${operand(inside, 1)}) return ${operand(inside, 1)}; return ${value};`
    : `return ${value};`;
  program.outside.push(`static ${variableType(program).name} ${name}(${list}) { ${body} }`);
  program.callables.push({ name, parameters: parameters.length, isPasting: false });
}

/** Functions of one head in a table, as operations are kept. */
function declareTable(program: RandomProgram): void {
  const type = variableType(program);
  const names = [1, 2].map(() => newName(program, 'o', true));
  for (const name of names) {
    const inside = insideOf(program, [{ text: () => 'x', type, local: 'x' }]);
    program.outside.push(`static long ${name}(${type.name} x) { return ${operand(inside, 2)}; }`);
  }
  const table = newName(program, 'table', true);
  program.outside.push(`static long (*const ${table}[2])(${type.name}) = { ${names.join(', ')} };`);
  program.tables.push({ name: table, length: 2 });
}

function declareMacro(program: RandomProgram): void {
  const { tape } = program;
  const name = newName(program, 'M', true);
  const parameter = (text: string): Place => ({ text: () => text, type: INT });
  const inside = insideOf(program, [parameter('(x)'), parameter('(y)')]);
  const text = expression(inside, 2);
  const lines: readonly (readonly [definition: string, parameters: number])[] = [
    [`${name}(x, y) (${text})`, 2],
    [`${name}(x, y) x + y * 2`, 2],
    [`${name}(x, ...) ((x) + ${name}_rest(__VA_ARGS__))\n#define ${name}_rest(y) ((y) ^ 1)`, 2],
    [`${name}(x, y...) ({ typeof((x) + 0) _x = (x); int _y[] = { 1, ##y }; _x + _y[1]; })`, 2],
    [`${name}(x) ((int)sizeof(#x) + (x))`, 1],
    [
      `${name}_1(x) ((x) + 1)\n#define ${name}_2(x) ((x) - 2)\n#define ${name}(x) ${name}_##1(${name}_##2(x))`,
      1,
    ],
    [`${name}(x) ({ ${variableType(program).name} _v = (x); if (_v > 5) _v -= 3; _v; })`, 1],
    [`${name}_N(a, b, n, ...) n\n#define ${name}(x, y) ((x) * ${name}_N(x, y, 2, 1))`, 2],
  ];
  const [definition, parameters] = tape.pick(lines);
  program.outside.push(`#define ${definition}`);
  program.callables.push({ name, parameters, isPasting: definition.includes('##y') });
}

function declareAlternatives(program: RandomProgram): void {
  const { tape } = program;
  const name = newName(program, 'C', true);
  const condition = tape.pick([
    `${tape.below(3)}`,
    `defined(${name}) || ${tape.below(2)}`,
    `BITS_PER_LONG == ${tape.pick([64, 32])}`,
    `${tape.below(5)} * 2 > 5 && ${tape.below(2)}`,
    `(-1 < ${tape.pick(['0', '0u'])}) ? 0x${tape.below(2)} : ${tape.below(2)}`,
    `!defined(CONFIG_SMP) || 'a' == ${96 + tape.below(3)}`,
  ]);
  const [one, other] = [literal(program), literal(program)];
  program.outside.push(
    `#if ${condition}\n#define ${name} (${one})\n#elif ${tape.below(2)}\n#define ${name} 5\n#else\n#define ${name} (${other})\n#endif`,
  );
  program.places.push({ text: () => name, type: INT, isConstant: true, isBitField: true });
}

/** `DEFINE_...(name)`, which makes an object and functions around it. */
function declareMadeFunctions(program: RandomProgram): void {
  const macro = newName(program, 'DEFINE', true);
  const name = newName(program, 'box', true);
  const type = variableType(program);
  program.outside.push(
    `#define ${macro}(n, t, v) static t n##_value = v; \\\nstatic t n##_add(t x) { return n##_value + x; }`,
    `${macro}(${name}, ${type.name}, ${literal(program)})`,
  );
  program.places.push({ text: () => `${name}_value`, type });
  program.callables.push({ name: `${name}_add`, parameters: 1, isPasting: false });
}
