/** Asks the simulation core about a litmus test given as text. */

import { expect } from 'vitest';
import { parseLitmus } from '../../../server/src/litmus/parse.ts';
import type { Outcome } from '../../../server/src/memory-model/outcome.ts';
import type { Program } from '../../../server/src/program/program.ts';
import { type CheckOptions, check } from '../../../server/src/search/check.ts';

/** The program of a text that must be a litmus test. */
export function programOf(text: string): Program {
  const { program, problems } = parseLitmus(text);
  expect(problems).toEqual([]);
  return program!;
}

/** A litmus test of these thread bodies over shared `x`, `y`, `z`, an atomic `a`, a lock `s` and so on. */
export function litmus(bodies: readonly string[], condition: string, initial = ''): string {
  const parameters =
    'int *x, int *y, int *z, atomic_t *a, spinlock_t *s, struct srcu_struct *ss, int **p';
  const threads = bodies.map((body, index) => `P${index}(${parameters})\n{\n${body}\n}\n`);
  return `C test\n\n{ ${initial} }\n\n${threads.join('\n')}\n${condition}\n`;
}

export function ask(text: string, options?: CheckOptions): Outcome {
  return check(programOf(text), options);
}

/** The observation of two or more thread bodies and a condition. */
export function observe(bodies: readonly string[], condition: string, initial?: string) {
  return ask(litmus(bodies, condition, initial)).observation;
}
