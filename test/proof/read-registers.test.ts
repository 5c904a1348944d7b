/** Which registers may hold what a thread has read of a location, be it by way of memory that it writes itself. */

import { expect, test } from 'vitest';
import { registersThatReadOf } from '../../server/src/program/read-registers.ts';
import { lowered } from './support/random-question.ts';

function readOfX(body: string): readonly string[] {
  const { threads } = lowered(
    `C test\n{}\nP0(int *x, int *y, int *z)\n{\nint r0; int r1; int r2;\n${body}\n}\nexists (x=1)\n`,
  );
  return [...registersThatReadOf(threads[0]!.body, new Set(['x']))].sort();
}

test.each([
  ['of the location alone', 'r0 = READ_ONCE(*x); r1 = READ_ONCE(*y);', ['r0']],
  ['computed from it', 'r0 = READ_ONCE(*x); r1 = r0 + 1;', ['r0', 'r1']],
  [
    'stored and read again',
    'r0 = READ_ONCE(*x); WRITE_ONCE(*y, r0); r1 = READ_ONCE(*y);',
    ['r0', 'r1'],
  ],
  [
    'exchanged and read again',
    'r0 = READ_ONCE(*x); r1 = xchg_relaxed(y, r0); r2 = READ_ONCE(*y);',
    ['r0', 'r1', 'r2'],
  ],
])('%s', (_, body, expected) => expect(readOfX(body)).toEqual(expected));
