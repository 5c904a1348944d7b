/** Random questions of two threads: a litmus test as the lowering of C writes it, and a cycle that is asked for. */

import fc from 'fast-check';
import type { Expression, Program, Statement } from '../../../server/src/program/program.ts';
import { withOperands, withParts } from '../../../server/src/program/walk.ts';
import type { CycleLegs } from '../../../server/src/proof/cycle-outcome.ts';
import { programOf } from '../../memory-model/support/check-litmus.ts';
import { isSmall, randomLitmus } from '../../memory-model/support/random-litmus.ts';

/** A program of two threads and the legs of a cycle over its locations x and y. */
export interface RandomQuestion {
  readonly program: Program;
  readonly legs: CycleLegs;
}

/** A litmus test as the lowering of C writes it: with addresses in place of parameters. */
export function lowered(text: string): Program {
  const program = programOf(text);
  const threads = program.threads.map((thread) => {
    const places = new Set(['x', 'y', 'z', 'a', 's', 'ss']);
    const addressed = (expression: Expression): Expression =>
      expression.kind === 'register' && places.has(expression.name)
        ? { kind: 'value', value: { kind: 'address', of: expression.name }, span: expression.span }
        : withOperands(expression, addressed);
    const changed = (body: readonly Statement[]): readonly Statement[] =>
      body.map((statement) => withParts(statement, addressed, changed));
    return { ...thread, body: changed(thread.body) };
  });
  return { ...program, threads };
}

const kind = fc.constantFrom('read' as const, 'write' as const);

export const randomQuestion: fc.Arbitrary<RandomQuestion> = fc
  .tuple(
    randomLitmus.filter(isSmall).map(lowered),
    fc.constantFrom('x', 'y'),
    fc.tuple(kind, kind),
    fc.tuple(kind, kind),
  )
  .filter(([{ threads }]) => threads.length === 2)
  .map(([program, first, ones, others]) => {
    const [one, two] = [new Set([first]), new Set([first === 'x' ? 'y' : 'x'])];
    return {
      program,
      legs: [
        { thread: 0, first: one, last: two, kinds: ones },
        { thread: 1, first: two, last: one, kinds: others },
      ],
    };
  });
