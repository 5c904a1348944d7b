/** The primitives of litmus tests are those of the kernel's table, to the letter. */

import { expect, test } from 'vitest';
import { primitive } from '../../server/src/kernel/primitives.ts';
import { PRIMITIVES } from '../../server/src/litmus/primitives.ts';

test('every primitive of a litmus test is a row of the kernel table with the same operation', () => {
  expect(PRIMITIVES.size).toBeGreaterThan(90);
  for (const [name, { operation, lvalue }] of PRIMITIVES) {
    const row = primitive(name);
    expect(row?.operation, name).toEqual(operation);
    expect(row?.access?.by === 'lvalue', name).toBe(lvalue);
  }
});
