/** What is taken out of a thread before it is asked for a cycle: nothing that the answer could depend on. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printLitmus } from '../../server/src/litmus/print.ts';
import type { Program } from '../../server/src/program/program.ts';
import { trimmed } from '../../server/src/program/trimmed-thread.ts';
import {
  type AskedProgram,
  askCycle,
  type CycleLegs,
  weakExecutionsOf,
} from '../../server/src/proof/cycle-outcome.ts';
import { fieldNames } from '../../server/src/scenario/field-names.ts';
import { lowered, randomQuestion } from './support/random-question.ts';

/** What is left of a thread whose body is `body`, and the reads of x asked about. */
function trimmedBody(body: string): readonly string[] {
  const program = lowered(
    `C test\n{}\nP0(int *x, int *y)\n{\nint r0; int r1;\n${body}\n}\nexists (x=1)\n`,
  );
  const text = printLitmus(withTrimmedThreads(program, (name) => name === 'x'));
  const lines = text
    .slice(text.indexOf('{', text.indexOf('P0')), text.lastIndexOf('}'))
    .split('\n');
  return lines.slice(1).flatMap((line) => (/^\s*(?:int .*)?$/.test(line) ? [] : [line.trim()]));
}

function withTrimmedThreads(program: Program, asked: (location: string) => boolean): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: trimmed(thread.body, asked),
  }));
  return { ...program, threads };
}

describe('taken out are', () => {
  test('reads that nobody asks about and whose values are not used', () => {
    expect(trimmedBody('r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); WRITE_ONCE(*y, 1);')).toEqual([
      'READ_ONCE(*x);',
      'WRITE_ONCE(*y, 1);',
    ]);
  });

  test('of reads next to each other all but one', () => {
    expect(
      trimmedBody('r0 = READ_ONCE(*x); r1 = READ_ONCE(*x); smp_rmb(); r0 = READ_ONCE(*x);'),
    ).toEqual(['READ_ONCE(*x);', 'smp_rmb();', 'READ_ONCE(*x);']);
  });

  test('what comes behind the last access', () => {
    expect(trimmedBody('WRITE_ONCE(*x, 1); smp_mb(); r0 = 1; if (r0) { smp_wmb(); }')).toEqual([
      'WRITE_ONCE(*x, 1);',
    ]);
  });

  test('and a value that another one takes the place of', () => {
    expect(trimmedBody('r0 = 1; r0 = 2; WRITE_ONCE(*x, r0); r0 = 3;')).toEqual([
      'r0 = 2;',
      'WRITE_ONCE(*x, r0);',
    ]);
  });
});

describe('left are', () => {
  test.each([
    ['a read that decides', 'r0 = READ_ONCE(*y);\nif (r0) {\nWRITE_ONCE(*x, 1);\n}'],
    ['a read that orders', 'smp_load_acquire(y);\nREAD_ONCE(*x);'],
    ['a fence between accesses', 'READ_ONCE(*x);\nsmp_mb();\nWRITE_ONCE(*y, 1);'],
    ['an atomic operation', 'xchg(y, 1);\nREAD_ONCE(*x);'],
  ])('%s', (_, body) => {
    expect(trimmedBody(body)).toEqual(body.split('\n'));
  });
});

test('the answer is that of the whole program', () => {
  fc.assert(
    fc.property(randomQuestion, ({ program, legs }) => {
      const threads = program.threads.map((thread) => {
        const { first: from, last: to, kinds } = legs[thread.index]!;
        const body = trimmed(
          thread.body,
          (name) =>
            (kinds[0] === 'read' && from.has(name)) || (kinds[1] === 'read' && to.has(name)),
        );
        return { ...thread, body };
      });
      expect(answer({ ...program, threads }, legs)).toBe(answer(program, legs));
    }),
    { numRuns: 1500 },
  );
});

function answer(program: Program, legs: CycleLegs): string {
  const asked: AskedProgram = { programs: [program], sites: [], names: fieldNames([]), unroll: 2 };
  return askCycle(asked, weakExecutionsOf(asked, legs), legs).kind;
}
