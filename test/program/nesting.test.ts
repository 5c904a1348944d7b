/** How deep statements stand within others, however deep that is. */

import { expect, test } from 'vitest';
import type { Statement } from '../../server/src/program/program.ts';
import { nestingOf } from '../../server/src/program/walk.ts';

const span = { start: 0, end: 0 };
const condition = { kind: 'register', name: 'r', span } as const;
const inside = (body: readonly Statement[]): readonly Statement[] => [
  { kind: 'while', condition, body, span },
];

test.each([0, 1, 2, 30_000])('%i deep', (depth) => {
  let body: readonly Statement[] = [];
  for (let at = 0; at < depth; at++) body = inside(body);
  expect(nestingOf(body)).toBe(depth);
});

test('of several the deepest counts', () => {
  expect(nestingOf([...inside([]), ...inside([...inside([]), ...inside(inside([]))])])).toBe(3);
});
