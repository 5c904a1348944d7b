/** What is made simpler in a program before it is asked for a cycle: the answer stays what it was. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutFreeBranches } from '../../server/src/program/free-branches.ts';
import type { Expression, Program, Statement } from '../../server/src/program/program.ts';
import { settleOpenValues } from '../../server/src/program/settle-open-values.ts';
import { trimmed } from '../../server/src/program/trimmed-thread.ts';
import { withAnyUnusedValue } from '../../server/src/program/unused-reads.ts';
import { everyStatement } from '../../server/src/program/walk.ts';
import {
  type AskedProgram,
  askCycle,
  type CycleLegs,
  weakExecutionsOf,
} from '../../server/src/proof/cycle-outcome.ts';
import { fieldNames } from '../../server/src/scenario/field-names.ts';
import { lowered, randomQuestion } from './support/random-question.ts';

const NOWHERE = { start: 0, end: 0 };

function answer(program: Program, legs: CycleLegs): string {
  const asked: AskedProgram = { programs: [program], sites: [], names: fieldNames([]), unroll: 2 };
  return askCycle(asked, weakExecutionsOf(asked, legs), legs).kind;
}

const open = (...values: readonly number[]): Expression => ({
  kind: 'open',
  alternatives: values.map((value) => ({ kind: 'integer', value })),
  span: NOWHERE,
});
const register = (name: string): Expression => ({ kind: 'register', name, span: NOWHERE });
const assign = (name: string, value: Expression): Statement => ({
  kind: 'assign',
  register: name,
  value,
  span: NOWHERE,
});
const branch = (
  condition: Expression,
  body: readonly Statement[],
  otherwise: readonly Statement[] = [],
): Statement => ({
  kind: 'if',
  condition,
  // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
  then: body,
  otherwise,
  span: NOWHERE,
});
const leftOut: Statement = { kind: 'stop', why: 'discard', reason: 'left out', span: NOWHERE };

/** Without what is computed for nothing. */
function withoutUnused(program: Program): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: trimmed(thread.body, () => true),
  }));
  return { ...program, threads };
}

function inFirstThread(program: Program, before: readonly Statement[]): Program {
  const [first, ...rest] = program.threads;
  return { ...program, threads: [{ ...first!, body: [...before, ...first!.body] }, ...rest] };
}

describe('what is written where nobody uses what is read', () => {
  /** What stores of the first thread write: a value of the text, one that is open, or what is computed. */
  const written = (body: string) => {
    const text = `C test\n{}\nP0(int *x, int *y)\n{\nint r0; int r1;\n${body}\n}\nP1(int *x)\n{\nREAD_ONCE(*x);\n}\nexists (x=1)\n`;
    return everyStatement(withAnyUnusedValue(lowered(text)).threads[0]!.body).flatMap(
      (statement) => (statement.kind === 'store' ? [statement.value.kind] : []),
    );
  };

  test('may be anything where it is computed', () => {
    expect(written('r0 = 1; WRITE_ONCE(*x, r0 + 1); WRITE_ONCE(*x, 3);')).toEqual([
      'open',
      'value',
    ]);
  });

  test('but depends on what was read', () => {
    expect(written('r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0 + 1);')).toEqual(['binary']);
  });

  test('but is told where what is read decides', () => {
    expect(
      written('r0 = 1; WRITE_ONCE(*x, r0 + 1); r1 = READ_ONCE(*x); if (r1) WRITE_ONCE(*y, 1);'),
    ).toEqual(['binary', 'value']);
  });

  test('does not change the answer', () => {
    fc.assert(
      fc.property(randomQuestion, ({ program, legs }) => {
        const threads = program.threads.map((thread) => {
          const { first, last, kinds } = legs[thread.index]!;
          const isRead = (name: string) =>
            (kinds[0] === 'read' && first.has(name)) || (kinds[1] === 'read' && last.has(name));
          return { ...thread, body: trimmed(thread.body, isRead) };
        });
        const simple = withAnyUnusedValue({ ...program, threads });
        expect(answer(settleOpenValues(simple, []).program, legs)).toBe(answer(program, legs));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('branches in which executions are left out and nothing happens', () => {
  const isGone = (...before: readonly Statement[]) => {
    const program = lowered(
      'C test\n{}\nP0(int *x)\n{\nint r0;\nWRITE_ONCE(*x, 1);\n}\nexists (x=1)\n',
    );
    const { body } = withoutFreeBranches(inFirstThread(program, before)).threads[0]!;
    return !body.some(({ kind }) => kind === 'if');
  };

  test('are gone where a free value leads past them', () => {
    expect(isGone(assign('m', open(0, 1)), branch(register('m'), [leftOut]))).toBe(true);
    expect(
      isGone(branch(register('r0'), [assign('m', open(0, 1)), branch(register('m'), [leftOut])])),
    ).toBe(true);
  });

  test('but not where none does, where the value is asked for again, or where it is none of these values', () => {
    expect(isGone(assign('m', open(1, 2)), branch(register('m'), [leftOut]))).toBe(false);
    const again = assign('n', register('m'));
    expect(isGone(assign('m', open(0, 1)), branch(register('m'), [leftOut]), again)).toBe(false);
    expect(isGone(branch(register('r0'), [leftOut]))).toBe(false);
  });

  test('do not change the answer', () => {
    const name = fc.constantFrom('m0', 'm1', 'm2', 'r0', 'r1');
    const { maze } = fc.letrec<{ readonly maze: readonly Statement[]; readonly one: Statement }>(
      (tie) => ({
        maze: fc.array(tie('one'), { maxLength: 3 }),
        one: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.constant(leftOut),
          fc
            .tuple(fc.constantFrom('m0', 'm1', 'm2'), fc.constantFrom(open(0, 1), open(1, 2)))
            .map(([to, value]) => assign(to, value)),
          fc
            .tuple(name, tie('maze'), tie('maze'))
            .map(([from, then, otherwise]) => branch(register(from), then, otherwise)),
        ),
      }),
    );
    const mazes = fc.array(maze, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(randomQuestion, mazes, ({ program, legs }, given) => {
        const left = [...given];
        const threads = program.threads.map((thread) => ({
          ...thread,
          body: thread.body.flatMap((statement) => [
            ...(left.shift() ?? []).flatMap((each) => [assign('m0', open(0, 1)), each]),
            statement,
          ]),
        }));
        const mazed = { ...program, threads };
        expect(answer(withoutUnused(withoutFreeBranches(mazed)), legs)).toBe(
          answer(withoutUnused(mazed), legs),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
