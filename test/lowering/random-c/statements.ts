/** Random statements that end, whatever they compute, and do nothing that C leaves undefined. */

import { index, insideOf } from './declarations.ts';
import { expression, literal, variableType, writable } from './expressions.ts';
import {
  INT,
  INTEGERS,
  inScope,
  newName,
  type RandomProgram,
  type StructVariable,
} from './program.ts';

/** Some statements, one a line. */
export function statements(program: RandomProgram, depth: number): string {
  const lines: string[] = [];
  for (let left = 1 + program.tape.below(5); left > 0; left--)
    lines.push(statement(program, depth));
  return lines.join('\n\t');
}

type Form = (program: RandomProgram, depth: number) => string;

function statement(program: RandomProgram, depth: number): string {
  const { tape } = program;
  if (depth > 0 && program.fuel > 0 && tape.oneIn(3)) return tape.pick(NESTED)(program, depth - 1);
  return tape.pick(PLAIN)(program, depth);
}

const PLAIN: readonly Form[] = [
  assignment,
  declaration,
  update,
  declareArray,
  declareStruct,
  assignment,
  copy,
  pointer,
  elementPointer,
  memory,
  swap,
  chain,
  outParameter,
  counter,
  byValue,
  once,
  bytes,
  containerOf,
  unionMember,
  preprocessor,
];

const NESTED: readonly Form[] = [
  branch,
  forLoop,
  choice,
  whileLoop,
  block,
  jumpForward,
  jumpBack,
  doLoop,
];

const OPERATORS = ['=', '+=', '-=', '*=', '&=', '|=', '^='] as const;

function assignment(program: RandomProgram): string {
  const place = writable(program);
  if (place === undefined) return declaration(program);
  const { tape } = program;
  if (tape.oneIn(6))
    return `${place.text(program)} ${tape.pick(['<<=', '>>='])} (${expression(program, 2)} & 31);`;
  if (tape.oneIn(6))
    return `${place.text(program)} ${tape.pick(['/=', '%='])} (${expression(program, 2)} & 7) + 1;`;
  return `${place.text(program)} ${tape.pick(OPERATORS)} ${expression(program)};`;
}

function declaration(program: RandomProgram): string {
  const type = variableType(program);
  const name = newName(program, 'v', false);
  const text = `${type.name} ${name} = ${expression(program)};`;
  program.places.push({ text: () => name, type, local: name });
  return text;
}

function update(program: RandomProgram): string {
  const place = writable(program);
  if (place === undefined) return declaration(program);
  const operator = program.tape.pick(['++', '--']);
  const text = place.text(program);
  // `*p--` would move the pointer.
  return program.tape.oneIn(2) ? `${operator}${text};` : `(${text})${operator};`;
}

function declareArray(program: RandomProgram): string {
  const { tape } = program;
  const type = variableType(program);
  const name = newName(program, 'a', false);
  const values = Array.from({ length: 1 + tape.below(3) }, () => expression(program, 2));
  const given = tape.oneIn(3) ? `[1 ... 2] = ${values[0]}` : values.join(', ');
  program.places.push({ text: (now) => `${name}[${index(now, 4)}]`, type });
  program.arrays.push(name);
  return `${type.name} ${name}[4] = { ${given} };`;
}

function addStruct({ places, structVariables }: RandomProgram, variable: StructVariable): void {
  const { name, type } = variable;
  structVariables.push(variable);
  for (const member of type.members)
    places.push({ ...member, text: (now) => `${name}.${member.text(now)}` });
}

function declareStruct(program: RandomProgram): string {
  const { tape, structs } = program;
  if (structs.length === 0) return declaration(program);
  const type = tape.pick(structs);
  const name = newName(program, 'st', false);
  const initial = tape.oneIn(3) ? `(${type.name})${type.initial(program)}` : type.initial(program);
  addStruct(program, { name, type });
  return `${type.name} ${name} = ${initial};`;
}

/** A struct from another one, or through a pointer to it. */
function copy(program: RandomProgram): string {
  const { tape, structVariables } = program;
  if (structVariables.length === 0) return declareStruct(program);
  const from = tape.pick(structVariables);
  const name = newName(program, 'st', false);
  const value = tape.oneIn(2) ? `*&${from.name}` : from.name;
  const text = `${from.type.name} ${name} = ${value};`;
  addStruct(program, { name, type: from.type });
  return text;
}

/** A pointer to a place, which is a place itself from then on. */
function pointer(program: RandomProgram): string {
  const { tape, places } = program;
  const targets = places.filter(({ isConstant, isBitField }) => !isConstant && !isBitField);
  if (targets.length === 0) return declaration(program);
  const target = tape.pick(targets);
  const name = newName(program, 'p', false);
  const text = `${target.type.name} *${name} = &${target.text(program)};`;
  places.push({ text: () => `*${name}`, type: target.type });
  return text;
}

/** Pointers into an array, moved and subtracted. */
function elementPointer(program: RandomProgram): string {
  const { tape, places } = program;
  const type = variableType(program);
  const name = newName(program, 'q', false);
  const values = Array.from({ length: 4 }, () => literal(program)).join(', ');
  const lines = [
    `${type.name} ${name}_a[4] = { ${values} }, *${name} = ${name}_a + 1 + (${expression(program, 2)} & 1);`,
    tape.pick([
      `${name}++;`,
      `${name} += ${expression(program, 1)} & 1;`,
      `++${name};`,
      `${name} = &${name}[1];`,
    ]),
    `long ${name}_d = ${name} - ${name}_a, ${name}_c = ${name} > ${name}_a, ${name}_e = *${name};`,
  ];
  if (tape.oneIn(2))
    lines.push(`*${name}${tape.pick(['', '++', '--'])} = ${expression(program, 1)};`);
  else lines.push(`${name}[-1] ${tape.pick(OPERATORS)} ${expression(program, 1)};`);
  places.push({ text: (now) => `${name}_a[${index(now, 4)}]`, type });
  for (const end of ['d', 'c', 'e'])
    places.push({ text: () => `${name}_${end}`, type: INTEGERS[2]!, local: `${name}_${end}` });
  return lines.join(' ');
}

function memory(program: RandomProgram): string {
  const { tape, structVariables } = program;
  if (structVariables.length === 0) return declareStruct(program);
  const target = tape.pick(structVariables);
  const same = structVariables.filter(({ type }) => type === target.type);
  const other = tape.pick(same);
  if (other !== target && tape.oneIn(2))
    return `memcpy(&${target.name}, &${other.name}, sizeof(${target.name}));`;
  const value = tape.pick(['0', '0xff', '1']);
  return `memset(&${target.name}, ${hasBool(target) ? '0' : value}, sizeof(${tape.pick([target.name, target.type.name])}));`;
}

/** Other bytes than 0 and 1 are no value of it. */
function hasBool({ type }: StructVariable): boolean {
  return type.members.some((member) => member.type.bits === 1);
}

function swap(program: RandomProgram): string {
  const { tape, places } = program;
  const one = writable(program);
  const others = places.filter(
    ({ type, isConstant, isBitField }) => type === one?.type && !isConstant && !isBitField,
  );
  if (one === undefined || one.isBitField || others.length === 0) return assignment(program);
  return `swap(${one.text(program)}, ${tape.pick(others).text(program)});`;
}

/** Assignments as values; the places are locals, and each is there once. */
function chain(program: RandomProgram): string {
  const { tape, places } = program;
  const locals = places.filter(({ local }) => local !== undefined);
  const [one, other] = [locals.at(-1), locals.at(-2)];
  if (one === undefined || other === undefined) return declaration(program);
  const value = expression(
    { ...program, places: places.filter((each) => each !== one && each !== other) },
    2,
  );
  return tape.pick([
    `${one.local} = ${other.local} = ${value};`,
    `${one.local} ${tape.pick(OPERATORS)} ${other.local}${tape.pick(['++', '--'])};`,
    `${one.local} ${tape.pick(OPERATORS)} ${tape.pick(['++', '--'])}${other.local};`,
    `${one.local} = (${other.local} += ${value}, ${other.local} * 2);`,
    `if ((${one.local} = ${value}) > 3 && ${other.local}++) ${one.local} -= 1;`,
    `${one.local} = ${value} ? ${other.local}++ : --${other.local};`,
  ]);
}

/** A function that gives back through a pointer. */
function outParameter(program: RandomProgram): string {
  const type = variableType(program);
  const name = newName(program, 'out', true);
  const inside = insideOf(program, [{ text: () => 'x', type, local: 'x' }]);
  program.outside.push(
    `static int ${name}(${type.name} *to, ${type.name} x) { if (${expression(inside, 1)}) { *to = ${expression(inside, 2)}; return 1; } *to += 2; return 0; }`,
  );
  const variable = newName(program, 'v', false);
  const text = `${type.name} ${variable} = ${literal(program)}; int ${variable}_r = ${name}(&${variable}, ${expression(program, 2)});`;
  program.places.push({ text: () => variable, type, local: variable });
  program.places.push({ text: () => `${variable}_r`, type: INT, local: `${variable}_r` });
  return text;
}

/** A function that remembers how it was called. */
function counter(program: RandomProgram): string {
  const { tape } = program;
  const type = variableType(program);
  const name = newName(program, 'tick', true);
  const step = tape.pick(['++', ' += 3', ' -= 1', ' = n * 2 + 1']);
  program.outside.push(
    `static ${type.name} ${name}(void) { static ${type.name} n = ${1 + tape.below(9)}; n${step}; return n; }`,
  );
  const variable = newName(program, 'v', false);
  program.places.push({ text: () => variable, type: INT, local: variable });
  const calls = Array.from({ length: 1 + tape.below(3) }, () => `${name}();`).join(' ');
  return `${calls} int ${variable} = ${name}();`;
}

/** A struct that is given, changed and returned. */
function byValue(program: RandomProgram): string {
  const { tape, structVariables } = program;
  if (structVariables.length === 0) return declareStruct(program);
  const given = tape.pick(structVariables);
  const { type } = given;
  const name = newName(program, 'pass', true);
  const inside = insideOf(program, []);
  addStruct(inside, { name: 's', type });
  const change = assignment(inside);
  program.outside.push(`static ${type.name} ${name}(${type.name} s) { ${change} return s; }`);
  const result = newName(program, 'st', false);
  const member = tape.pick(type.members).text(program);
  const value = newName(program, 'v', false);
  const text = `${type.name} ${result} = ${name}(${given.name}); long ${value} = ${name}(${result}).${member};`;
  addStruct(program, { name: result, type });
  program.places.push({ text: () => value, type: INTEGERS[2]!, local: value });
  return text;
}

/** Arguments that a macro of the kernel evaluates once. */
function once(program: RandomProgram): string {
  const { tape, places } = program;
  const locals = places.filter(({ local }) => local !== undefined);
  const name = newName(program, 'v', false);
  if (locals.length === 0) return declaration(program);
  const { local, type } = tape.pick(locals);
  const macro = tape.pick(['min', 'max']);
  const text = `${type.name} ${name} = ${macro}(${local}${tape.pick(['++', '--'])}, (${type.name})${literal(program)});`;
  places.push({ text: () => name, type, local: name });
  return text;
}

/** The bytes of an integer. */
function bytes(program: RandomProgram): string {
  const { tape, places } = program;
  const targets = places.filter(
    ({ isConstant, isBitField, type }) => !isConstant && !isBitField && type.bits > 8,
  );
  if (targets.length === 0) return declaration(program);
  const { text: target, type } = tape.pick(targets);
  const name = newName(program, 'c', false);
  const at = `(${expression(program, 1)} & ${type.bits / 8 - 1})`;
  const text = tape.oneIn(2)
    ? `u8 *${name} = (u8 *)&${target(program)} + ${at};`
    : `char *${name}_o = (char *)&${target(program)}; unsigned char *${name} = (unsigned char *)(${name}_o + ${tape.below(type.bits / 8)});`;
  places.push({ text: () => `*${name}`, type: INTEGERS[4]! });
  return text;
}

/** From a member to its struct and back, by the distance between them. */
function containerOf(program: RandomProgram): string {
  const { tape, structVariables } = program;
  const there = structVariables.filter(({ type }) => !type.isUnion);
  if (there.length === 0) return declareStruct(program);
  const { name, type } = tape.pick(there);
  const members = type.members.filter(({ isBitField }) => !isBitField);
  if (members.length === 0) return declareStruct(program);
  const member = tape.pick(members);
  const field = member.text({ ...program, tape: { ...tape, oneIn: () => true, below: () => 1 } });
  const pointer = newName(program, 'p', false);
  const back = newName(program, 'p', false);
  const text = tape.pick([
    `${member.type.name} *${pointer} = &${name}.${field}; ${type.name} *${back} = container_of(${pointer}, ${type.name}, ${field});`,
    `${member.type.name} *${pointer} = (${member.type.name} *)((char *)&${name} + offsetof(${type.name}, ${field})); ${type.name} *${back} = (${type.name} *)((char *)${pointer} - offsetof(${type.name}, ${field}));`,
  ]);
  const other = tape.pick(type.members);
  program.places.push({ text: () => `*${pointer}`, type: member.type });
  program.places.push({ ...other, text: (now) => `${back}->${other.text(now)}` });
  return text;
}

function unionMember(program: RandomProgram): string {
  const { tape, structVariables } = program;
  const unions = structVariables.filter(({ type }) => type.isUnion);
  if (unions.length === 0) return declareStruct(program);
  const { name, type } = tape.pick(unions);
  const [one, other] = [tape.pick(type.members), tape.pick(type.members)];
  const value = newName(program, 'v', false);
  const text = `${name}.${one.text(program)} = ${expression(program, 2)}; long ${value} = ${name}.${other.text(program)};`;
  program.places.push({ text: () => value, type: INTEGERS[2]!, local: value });
  return text;
}

function preprocessor(program: RandomProgram): string {
  const { tape } = program;
  if (writable(program) === undefined) return declaration(program);
  const condition = tape.pick([
    '1',
    '0',
    'defined(CONFIG_BOX)',
    'BITS_PER_LONG > 32',
    '!0 + 1 == 2',
  ]);
  const [one, other] = [assignment(program), assignment(program)];
  return `\n#if ${condition}\n${one}\n#else\n${other}\n#endif\n`;
}

function body(program: RandomProgram, depth: number): string {
  return inScope(program, () => statements(program, depth));
}

function block(program: RandomProgram, depth: number): string {
  return `{ ${body(program, depth)} }`;
}

function branch(program: RandomProgram, depth: number): string {
  const { tape } = program;
  const then = `if (${expression(program)}) { ${body(program, depth)} }`;
  return tape.oneIn(2) ? then : `${then} else { ${body(program, depth)} }`;
}

/** A leaving of the loop that it stands in. */
function leave(program: RandomProgram): string {
  const { tape } = program;
  if (!tape.oneIn(3)) return '';
  return `if (${expression(program, 2)}) ${tape.pick(['break', 'continue'])};`;
}

function forLoop(program: RandomProgram, depth: number): string {
  const name = newName(program, 'i', false);
  const most = 1 + program.tape.below(4);
  return inScope(program, () => {
    program.places.push({ text: () => name, type: INT, isConstant: true });
    const inner = `${leave(program)} ${statements(program, depth)}`;
    return `for (int ${name} = 0; ${name} < ${most}; ${name}++) { ${inner} }`;
  });
}

function whileLoop(program: RandomProgram, depth: number): string {
  const name = newName(program, 'n', false);
  const most = 1 + program.tape.below(4);
  const condition = expression(program, 2);
  return `int ${name} = ${most}; while (${name}-- > 0 && ${condition}) { ${leave(program)} ${body(program, depth)} }`;
}

function doLoop(program: RandomProgram, depth: number): string {
  const name = newName(program, 'n', false);
  const most = 1 + program.tape.below(3);
  const inner = body(program, depth);
  return `int ${name} = 0; do { ${inner} } while (++${name} < ${most} && ${expression(program, 2)});`;
}

function choice(program: RandomProgram, depth: number): string {
  const { tape } = program;
  const value = `${expression(program)} & 7`;
  const labels = ['case 0:', 'case 1:', 'case 2 ... 4:', 'default:', 'case 6:'].filter(
    () => !tape.oneIn(3),
  );
  const cases = labels.map((label) => {
    const inner = body(program, depth - 1);
    return `${label} { ${inner} } ${tape.oneIn(3) ? '' : 'break;'}`;
  });
  return `switch (${value}) { ${cases.join(' ')} }`;
}

function jumpForward(program: RandomProgram, depth: number): string {
  const label = newName(program, 'out', false);
  const inner = body(program, depth);
  return `if (${expression(program)}) goto ${label}; { ${inner} } ${label}: ;`;
}

function jumpBack(program: RandomProgram, depth: number): string {
  const label = newName(program, 'again', false);
  const name = newName(program, 'n', false);
  const inner = body(program, depth);
  return `int ${name} = 0; ${label}: { ${inner} } if (++${name} < ${1 + program.tape.below(2)}) goto ${label};`;
}
