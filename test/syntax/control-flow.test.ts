/** Control flow, told as the paths through a function: what is evaluated on each, in order. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ControlFlow,
  controlFlow,
  type Edge,
  type Step,
} from '../../server/src/syntax/control-flow.ts';
import { dominators, postDominators } from '../../server/src/syntax/dominance.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';
import { printExpression } from './print.ts';

const parser = await testParser();

function flowOf(body: string): ControlFlow {
  const { functions } = parseKernelC(parser, `void f(void)\n{\n\t${body}\n}\n`);
  expect(functions.map(({ errors }) => errors)).toEqual([[]]);
  return controlFlow(functions[0]!);
}

/** Every path from the entry to the exit that goes back no more than once by the same edge. */
function paths(body: string): string[] {
  const { steps, exit } = flowOf(body);
  const found: string[] = [];
  const walk = (index: number, names: readonly string[], taken: ReadonlySet<Edge>): void => {
    const step = steps[index]!;
    if (index === exit) found.push(names.join(' '));
    for (const edge of step.successors)
      if (!edge.back || !taken.has(edge))
        walk(edge.to, [...names, ...nameOf(step, edge)], new Set([...taken, edge]));
  };
  walk(0, [], new Set());
  return found.sort();
}

/** What a step evaluates, with a `!` where a branch is left on its false way. */
function nameOf({ expression, kind, statement, declarator }: Step, edge: Edge): string[] {
  if (edge.condition !== undefined) return [`#${edge.condition}`];
  if (kind === 'unknown') return ['?'];
  if (expression === undefined) return statement?.kind === 'asm' ? ['asm'] : [];
  const printed = printExpression(expression);
  if (edge.label !== undefined) {
    const { value, to } = edge.label;
    const label = value === undefined ? 'default' : printExpression(value);
    return [`${printed}:${to === undefined ? label : `${label}..${printExpression(to)}`}`];
  }
  return [
    declarator === undefined
      ? `${edge.when === false ? '!' : ''}${printed}`
      : `${declarator.name}=${printed}`,
  ];
}

test.each([
  ['one after the other', 'a; b; c;', ['a b c']],
  ['if', 'if (a) b; c;', ['!a c', 'a b c']],
  ['if and else', 'if (a) b; else c; d;', ['!a c d', 'a b d']],
  ['a negated condition', 'if (!a) b; c;', ['!a b c', 'a c']],
  ['a hint', 'if (unlikely(a && b)) c;', ['!a', 'a !b', 'a b c']],
  ['and', 'if (a && b) c; d;', ['!a d', 'a !b d', 'a b c d']],
  ['or', 'if (a || b) c; d;', ['!a !b d', '!a b c d', 'a c d']],
  ['the value of and', 'x = a && b; c;', ['!a (= x _) c', 'a b (= x _) c']],
  ['a conditional', 'x = a ? b : c;', ['!a c (= x _)', 'a b (= x _)']],
  ['a conditional without its middle', 'x = a ?: c;', ['!a c (= x _)', 'a (= x _)']],
  ['a conditional as argument', 'f(a ? b : c, d);', ['!a c (f _ d)', 'a b (f _ d)']],
  ['commas', 'x = (a, b && c);', ['a !b (= x _)', 'a b c (= x _)']],
  ['a statement expression', 'x = ({ if (a) b; c; });', ['!a c (= x _)', 'a b c (= x _)']],
  ['declarations', 'int x = a, y, z = b ? c : d;', ['x=a !b d z=_', 'x=a b c z=_']],
  ['early return', 'if (a) return b; c;', ['!a c', 'a b']],
  ['while', 'while (a) b; c;', ['!a c', 'a b !a c']],
  [
    'while with continue',
    'while (a) { if (b) continue; c; } d;',
    ['!a d', 'a !b c !a d', 'a b !a d', 'a !b c a b !a d', 'a b a !b c !a d'],
  ],
  ['an endless loop that is left', 'for (;;) { if (a) break; b; } c;', ['!a b a c', 'a c']],
  [
    'for',
    'for (i; a; u) { if (b) continue; c; } d;',
    ['i !a d', 'i a !b c u !a d', 'i a b u !a d'],
  ],
  ['do', 'do { a; } while (b); c;', ['a !b c', 'a b a !b c']],
  ['do once', 'do { a; if (b) break; c; } while (0); d;', ['a !b c d', 'a b d']],
  ['never', 'if (0) a; b;', ['b']],
  ['jumping forwards', 'if (a) goto out; b; out: c;', ['!a b c', 'a c']],
  ['jumping backwards', 'again: a; if (b) goto again; c;', ['a !b c', 'a b a !b c']],
  [
    'switch',
    'switch (v) { case 1: a; break; case 2: b; default: c; } d;',
    ['v:1 a d', 'v:2 b c d', 'v:default c d'],
  ],
  ['switch without default', 'switch (v) { case 1 ... 3: a; } b;', ['v:1..3 a b', 'v:default b']],
  ['assembler', 'a; asm volatile("" : : : "memory"); b;', ['a asm b']],
])('%s', (_, body, expected) => {
  expect(paths(body)).toEqual([...expected].sort());
});

test('a loop that a macro makes happens any number of times, its head before each', () => {
  expect(paths('for_each(p, h) {\n\t\tif (a)\n\t\t\tbreak;\n\t\tb;\n\t}\n\tc;')).toEqual(
    [
      '!(for_each p h) c',
      '(for_each p h) !a b !(for_each p h) c',
      '(for_each p h) a c',
      '(for_each p h) !a b (for_each p h) a c',
    ].sort(),
  );
});

test('both ways of an #if are ways, and none where there is no #else', () => {
  expect(paths('\n#ifdef A\n\ta;\n#else\n\tb;\n#endif\n\tc;')).toEqual([
    '#else b c',
    '#ifdef A a c',
  ]);
  expect(paths('\n#ifdef A\n\ta;\n#endif\n\tc;')).toEqual(['#else c', '#ifdef A a c']);
});

test('a jump to nowhere leads to the exit, what is not understood is passed', () => {
  expect(paths('a; if (b) goto nowhere; c;')).toEqual(['a !b c', 'a b']);
  expect(paths('a; goto *table[i]; c;')).toEqual(['a ? c']);
});

test('an endless loop has an exit that nothing leads to', () => {
  const flow = flowOf('for (;;) a;');
  expect(flow.steps.some(({ successors }) => successors.some(({ to }) => to === flow.exit))).toBe(
    false,
  );
  expect(postDominators(flow).every((found) => found === undefined)).toBe(true);
});

test('without parts to take apart a step evaluates the very object of the AST', () => {
  const { functions } = parseKernelC(parser, 'void f(void)\n{\n\tint x = g(1);\n}\n');
  const [statement] = functions[0]!.body;
  const step = controlFlow(functions[0]!).steps.find(({ kind }) => kind === 'evaluate');
  expect(statement?.kind === 'declaration' && statement.declarators[0]?.initial).toBe(
    step?.expression,
  );
});

test('what every way passes', () => {
  const flow = flowOf('a; if (b) c; else d; e;');
  const named = (name: string) =>
    flow.steps.findIndex((step) => step.expression && printExpression(step.expression) === name);
  const past = postDominators(flow);
  const join = past[named('b')]!;
  expect([past[named('c')], past[named('d')], past[join]]).toEqual([join, join, named('e')]);
  expect([dominators(flow)[named('c')], dominators(flow)[join]]).toEqual([named('b'), named('b')]);
});

const { statement } = fc.letrec<{ statement: string }>((tie) => ({
  statement: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a;', 'x = b && c;', 'return;', 'goto l;', 'l_next: d;', 'y = p ? q : r;'),
    tie('statement').map((s) => `if (c) { ${s} }`),
    fc
      .tuple(tie('statement'), tie('statement'))
      .map(([s, t]) => `if (c || d) { ${s} ${t} } else { ${t} }`),
    tie('statement').map((s) => `while (c) { ${s} if (e) break; ${s} }`),
    tie('statement').map((s) => `do { ${s} if (e) continue; a; } while (c);`),
    fc
      .tuple(tie('statement'), tie('statement'))
      .map(([s, t]) => `switch (v) { case 1: ${s} break; case 2: ${t} default: ${s} }`),
    tie('statement').map((s) => `for_each(p, h) { ${s} }`),
  ),
}));

test('laws: edges go back to steps that all ways pass, and dominance is what leaving a step out shows', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 3 }), (statements) => {
      const flow = flowOf(`${statements.join('\n\t')}\n\tl: z;`);
      const { steps } = flow;
      const targets = steps.map(({ successors }) => successors.map(({ to }) => to));
      const nearest = dominators(flow);
      const reached = reachable(targets, -1);
      const without = steps.map(({ index }) => reachable(targets, index));
      for (const { index, successors } of steps)
        for (const { to, back } of successors)
          if (back) expect(to === index || !without[to]!.has(index)).toBe(true);
          else expect(to).toBeGreaterThan(index);
      for (const { index } of steps.slice(1)) {
        if (!reached.has(index)) continue;
        const passed = steps.filter(
          (other) => other.index !== index && !without[other.index]!.has(index),
        );
        const last = nearest[index]!;
        expect(passed.map((other) => other.index)).toContain(last);
        for (const other of passed)
          expect(other.index === last || !without[other.index]!.has(last)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

/** The steps that can be reached from the entry without passing `without`. */
function reachable(targets: readonly (readonly number[])[], without: number): Set<number> {
  const seen = new Set<number>();
  const stack = without === 0 ? [] : [0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    stack.push(...targets[at]!.filter((to) => to !== without));
  }
  return seen;
}

test('a function of 2,000 lines', () => {
  const flow = flowOf('if (a && b) { c; } else for_each(p, h) { d; }\n\t'.repeat(2000));
  expect(flow.steps.length).toBeGreaterThan(10_000);
  expect(postDominators(flow)[0]).toBeGreaterThan(0);
});
