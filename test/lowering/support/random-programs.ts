/** Random programs of C, each from a tape of decisions: what is right of them against what the lowering says. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEED } from '../../support/seed.ts';
import { smallest } from '../random-c/shrink.ts';
import { withoutCompiler } from './c-compiler.ts';

type Tape = readonly number[];

/** A program of a tape, and what the lowering makes of it, or why that is not known. */
export interface Compared {
  readonly tape: Tape;
  readonly lowered: object | { readonly unknown: string };
}

/** How random programs of a kind are compared. */
export interface Comparison<Result extends Compared> {
  readonly what: string;
  readonly runs: number;
  /** So many are compiled together. */
  readonly batch: number;
  /** The most decisions that a program takes. */
  readonly longest: number;
  readonly compared: (batch: readonly Tape[]) => readonly Result[];
  readonly differs: (result: Result) => boolean;
  readonly told: (result: Result) => string;
  /** The share that may be unknown. */
  readonly mostUnknown: number;
}

/** Declares the test that no program differs, told by the smallest that does. */
export function testRandomPrograms<Result extends Compared>(comparison: Comparison<Result>): void {
  const { what, batch, compared, differs, told, mostUnknown } = comparison;
  const runs = Number(process.env['BARRIERLENS_RUNS'] ?? comparison.runs);
  const missing = withoutCompiler();
  const title = `${runs} random ${what} (${missing ?? `BARRIERLENS_SEED=${SEED}`})`;
  const timeout = 3_600_000 * Math.ceil(runs / 30_000);
  // Decisions: long enough for the longest program, small enough to be made smaller.
  const tapes = fc.array(fc.nat(9999), {
    minLength: 20,
    maxLength: comparison.longest,
    size: 'max',
  });

  test.skipIf(missing !== undefined)(title, { timeout }, () => {
    const unknown = new Map<string, number>();
    for (let from = 0; from < runs; from += batch) {
      const numRuns = Math.min(batch, runs - from);
      const results = compared(fc.sample(tapes, { seed: SEED + from, numRuns }));
      const difference = results.find(differs);
      if (difference !== undefined) {
        const small = smallest(difference.tape, (each) => compared(each).map(differs));
        expect.fail(`BARRIERLENS_SEED=${SEED}\n${told(compared([small])[0]!)}`);
      }
      for (const { lowered } of results)
        if ('unknown' in lowered)
          unknown.set(lowered.unknown, (unknown.get(lowered.unknown) ?? 0) + 1);
    }
    const count = [...unknown.values()].reduce((sum, each) => sum + each, 0);
    const most = [...unknown].sort(([, one], [, other]) => other - one).slice(0, 12);
    const reasons = most.map(([reason, times]) => `${times} ${reason}`).join('\n');
    console.log(`${((count / runs) * 100).toFixed(1)} % unknown of ${runs}\n${reasons}`);
    expect(count / runs).toBeLessThan(mostUnknown);
  });
}
