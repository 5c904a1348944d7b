/** Random pairs of C functions that read and write shared variables, with control flow that the values read decide. */

import { type Tape, tapeOf } from '../random-c/tape.ts';

export interface RandomThreads {
  /** Functions `t0_ID` and `t1_ID`, their helpers, and the variables `x_ID`, `y_ID`, `z_ID`. */
  readonly source: string;
  readonly id: string;
}

interface Body {
  readonly tape: Tape;
  readonly id: string;
  /** Local integers that have a value. */
  readonly locals: string[];
  readonly isHelper: boolean;
  readonly inLoop: boolean;
  readonly fresh: () => string;
}

/** The program that a tape of decisions stands for; `id` is part of its names. */
export function randomThreads(numbers: readonly number[], id: string): RandomThreads {
  const tape = tapeOf(numbers);
  let count = 0;
  const fresh = () => `v${count++}`;
  const parts = [`int x_${id}, y_${id}, z_${id};`, `struct pair_${id} { int a; int b; };`];
  const body = (isHelper: boolean, locals: string[]): Body => {
    return { tape, id, locals, isHelper, inLoop: false, fresh };
  };
  parts.push(
    `static int h_${id}(int k)\n{\n${indented(block(body(true, ['k']), 2, 2))}\nreturn k + 1;\n}`,
    `static struct pair_${id} g_${id}(int k)\n{\nstruct pair_${id} p = { k, 1 };\n${indented(pairBody(body(true, ['k'])))}\nreturn p;\n}`,
  );
  for (const thread of [0, 1]) {
    const inner = body(false, ['a', 'b']);
    const text = indented(block(inner, 3, 3));
    parts.push(
      `int t${thread}_${id}(void)\n{\nint a = 0, b = 1;\n${text}\nreturn a * 8 + b;\nout:\nreturn 100 + a * 8 + b;\n}`,
    );
  }
  return { source: `${parts.join('\n')}\n`, id };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '\t');
}

function shared({ tape, id }: Body): string {
  return `${tape.pick(['x', 'y', 'z'])}_${id}`;
}

/** What reads shared memory at most once. */
function read(body: Body): string {
  const { tape } = body;
  switch (tape.below(8)) {
    case 0:
    case 1:
    case 2:
      return `R(${shared(body)})`;
    case 3:
      return `P(${shared(body)})`;
    case 4:
      return `X(${shared(body)}, ${tape.below(3)})`;
    case 5:
      return `C(${shared(body)}, ${tape.below(2)}, ${1 + tape.below(2)})`;
    case 6:
      return `R(*(${condition(body, 0)} ? &${shared(body)} : &${shared(body)}))`;
    default:
      return body.isHelper ? `R(${shared(body)})` : `h_${body.id}(${local(body)})`;
  }
}

function local({ tape, locals }: Body): string {
  return tape.pick(locals);
}

/** Without a read that is not sequenced against another. */
function value(body: Body, depth: number): string {
  const { tape } = body;
  switch (tape.below(depth > 0 ? 8 : 3)) {
    case 0:
      return read(body);
    case 1:
      return local(body);
    case 2:
      return String(tape.below(3));
    case 3:
      return `(${condition(body, depth - 1)} ? ${value(body, depth - 1)} : ${value(body, depth - 1)})`;
    case 4:
      return `(${read(body)} + ${local(body)})`;
    case 5:
      return `(${local(body)} * 2 - ${read(body)})`;
    case 6:
      return `(${condition(body, depth - 1)})`;
    default:
      return `({ int w = ${read(body)}; w ? w : ${value(body, depth - 1)}; })`;
  }
}

function condition(body: Body, depth: number): string {
  const { tape } = body;
  switch (tape.below(depth > 0 ? 8 : 4)) {
    case 0:
      return read(body);
    case 1:
      return `${read(body)} == ${tape.below(3)}`;
    case 2:
      return `!${read(body)}`;
    case 3:
      return `${local(body)} > ${tape.below(3)}`;
    case 4:
      return `(${condition(body, depth - 1)} && ${condition(body, depth - 1)})`;
    case 5:
      return `(${condition(body, depth - 1)} || ${condition(body, depth - 1)})`;
    case 6:
      return `!(${condition(body, depth - 1)})`;
    default:
      return `(${condition(body, depth - 1)} ? ${condition(body, depth - 1)} : ${condition(body, depth - 1)})`;
  }
}

function block(body: Body, statements: number, depth: number): string {
  const { tape } = body;
  const own: Body = { ...body, locals: [...body.locals] };
  const count = 1 + tape.below(statements);
  return Array.from({ length: count }, () => statement(own, depth)).join('\n');
}

/** A local that may be written. */
function target({ tape, locals }: Body): string {
  return tape.pick(locals);
}

function statement(body: Body, depth: number): string {
  const { tape, id, fresh } = body;
  const nested = (statements = 2) => `{\n${block(body, statements, depth - 1)}\n}`;
  const inLoop = () => `${block({ ...body, inLoop: true }, 2, depth - 1)}`;
  switch (tape.below(depth > 0 ? 17 : 5)) {
    case 0:
      return `W(${shared(body)}, ${tape.pick([String(1 + tape.below(2)), `(${local(body)} & 3)`])});`;
    case 1:
      return `${target(body)} = ${value(body, 2)};`;
    case 2:
      return leave(body);
    case 3: {
      const name = fresh();
      const text = `int ${name} = ${value(body, 1)};`;
      body.locals.push(name);
      return text;
    }
    case 4:
      return `${target(body)} ${tape.pick(['+=', '^=', '-='])} ${value(body, 1)};`;
    case 5:
    case 6:
      return `if (${condition(body, 2)}) ${nested()}`;
    case 7:
    case 8:
      return `if (${condition(body, 2)}) ${nested()} else ${nested()}`;
    case 9: {
      const name = fresh();
      return `for (int ${name} = 0; ${name} < ${1 + tape.below(2)}; ${name}++) {\n${inLoop()}\n}`;
    }
    case 10: {
      const name = fresh();
      return `int ${name} = 0;\ndo {\n${inLoop()}\n} while (${name}++ < 1 && ${condition(body, 1)});`;
    }
    case 11:
      return `switch (${value(body, 1)}) {\ncase 0: ${nested()}\n${tape.pick(['break;', ''])}\ncase 1: ${nested()}\n${tape.pick(['break;', ''])}\ndefault: ${nested()}\n}`;
    case 12: {
      const name = fresh();
      return `int ${name};\nif (${condition(body, 1)}) ${name} = ${value(body, 1)};\nelse ${name} = ${value(body, 1)};\n${target(body)} = ${name} + ${name};`;
    }
    case 13: {
      if (body.isHelper) return `if (${condition(body, 2)}) ${nested()}`;
      const name = fresh();
      return `struct pair_${id} ${name} = g_${id}(${local(body)});\n${target(body)} = ${name}.a + ${name}.b;\n${target(body)} ^= ${name}.b;`;
    }
    case 14: {
      const name = fresh();
      return `int *${name} = ${condition(body, 1)} ? &${shared(body)} : &${shared(body)};\nW(*${name}, ${1 + tape.below(2)});`;
    }
    case 15: {
      const name = fresh();
      const known = `known_${name}`;
      return `int ${name}, ${known} = 0;\nif (${condition(body, 1)}) { ${name} = ${value(body, 1)}; ${known} = 1; }\n${tape.pick(['', `W(${shared(body)}, 2);\n`])}if (${known}) ${target(body)} = ${name};`;
    }
    default: {
      const name = fresh();
      return `while (${condition(body, 1)}) {\n${inLoop()}\n${tape.pick(['break;', leave(body)])}\n}\nint ${name} = ${read(body)};\n${target(body)} += ${name};`;
    }
  }
}

function leave(body: Body): string {
  const { tape, isHelper, inLoop } = body;
  const exits = [`if (${condition(body, 1)}) ${isHelper ? `return ${local(body)};` : 'goto out;'}`];
  if (isHelper) exits.push(`return ${value(body, 1)};`);
  else exits.push('goto out;', `return ${value(body, 1)};`);
  if (inLoop) exits.push('break;', 'continue;', `if (${condition(body, 1)}) continue;`);
  return tape.pick(exits);
}

/** Several paths that return a struct. */
function pairBody(body: Body): string {
  const { tape, id } = body;
  const lines = [`if (${condition(body, 1)}) {\np.a = ${value(body, 1)};\nreturn p;\n}`];
  if (tape.oneIn(2))
    lines.push(`if (${condition(body, 1)}) return (struct pair_${id}){ ${local(body)}, 3 };`);
  lines.push(`p.b = ${value(body, 1)};`);
  return lines.join('\n');
}
