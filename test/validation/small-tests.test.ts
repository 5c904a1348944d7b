/** Tests made smaller for herd7 settle what the larger ones do, on random programs and on telling ones. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import type { Expression, Program } from '../../server/src/litmus/program.ts';
import { check } from '../../server/src/memory-model/check.ts';
import { withoutConstantUpdates } from '../../server/src/validation/constant-updates.ts';
import {
  behindDecisions,
  divisions,
  withoutIdleEvents,
} from '../../server/src/validation/one-sided.ts';
import { reduceExactly } from '../../server/src/validation/reduce-exactly.ts';
import { rewriteProgram } from '../../server/src/validation/rewrite-program.ts';
import { circularLitmus, isSmall, randomLitmus } from '../memory-model/support/random-litmus.ts';

/** The program of a text, as flattening leaves programs: locations are named by their addresses. */
function plain(text: string): Program {
  const { program, problems } = parseLitmus(text);
  expect(problems).toEqual([]);
  const parameters = new Set(
    program!.threads.flatMap((each) => each.parameters.map((p) => p.name)),
  );
  const named = (expression: Expression): Expression => {
    if (expression.kind === 'register' && parameters.has(expression.name))
      return {
        kind: 'value',
        value: { kind: 'address', of: expression.name },
        span: expression.span,
      };
    if (!('address' in expression)) return expression;
    return { ...expression, address: deep(expression.address) };
  };
  const deep = (expression: Expression): Expression =>
    expression.kind === 'binary'
      ? { ...expression, left: deep(expression.left), right: deep(expression.right) }
      : named(expression);
  return rewriteProgram(program!, {
    statement: (statement) =>
      'address' in statement ? { ...statement, address: deep(statement.address) } : statement,
    expression: named,
  });
}

const litmus = fc.oneof(randomLitmus.filter(isSmall), circularLitmus);

/** Checks a law on random programs that ask for a final state; a failure prints the seed and the text. */
function forPrograms(runs: number, law: (program: Program) => void): void {
  fc.assert(
    fc.property(litmus, (text) => law({ ...plain(text), observed: [] })),
    { numRuns: runs, interruptAfterTimeLimit: 15_000 },
  );
}

const isPossible = (program: Program) => check(program).observation !== 'Never';

describe('on random programs', () => {
  test('an exact reduction comes to the same', () => {
    forPrograms(250, (program) => {
      expect(check(reduceExactly(program)).observation).toBe(check(program).observation);
    });
  });

  test('what is possible is possible without idle events', () => {
    forPrograms(150, (program) => {
      const wider = withoutIdleEvents(withoutConstantUpdates(program));
      if (isPossible(program)) expect(isPossible(wider)).toBe(true);
    });
  });

  test('what is possible is possible in one of the two parts of a division, and only then', () => {
    forPrograms(150, (program) => {
      for (const parts of divisions(program))
        expect(parts.some(isPossible)).toBe(isPossible(program));
    });
  });

  test('what is possible behind decisions is possible', () => {
    forPrograms(150, (program) => {
      for (const part of divisions(program).flat())
        if (isPossible(behindDecisions(part, 'everywhere'))) expect(isPossible(part)).toBe(true);
    });
  });
});
