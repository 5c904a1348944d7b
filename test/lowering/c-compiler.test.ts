/** Random C functions give through the lowering what they give when gcc compiles and runs them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { type RandomFunction, randomFunction } from './random-c/random-c.ts';
import { smallest } from './random-c/shrink.ts';
import { compiledValues, withoutCompiler } from './support/c-compiler.ts';
import { allStatements, lowerScene, outcomeOf, type Scene } from './support/lower-c.ts';

const SEED = Number(process.env['BARRIERLENS_SEED'] ?? Date.now() % 1_000_000_000);
const RUNS = Number(process.env['BARRIERLENS_RUNS'] ?? 3000);
/** So many are compiled together. */
const BATCH = 250;

/** Decisions: long enough for the longest function, small enough to be made smaller. */
const tapes = fc.array(fc.nat(9999), { minLength: 20, maxLength: 400, size: 'max' });

type Answer = { readonly value: bigint } | { readonly unknown: string };

function sceneOf({ source, call }: RandomFunction): Scene {
  return { source, threads: [`r = ${call};`], unroll: 8, depth: 16 };
}

/** What the lowering makes of a function; `right` is tried where it is not seen at once. */
function loweredValue(random: RandomFunction, right: bigint): Answer {
  const lowered = lowerScene(sceneOf(random));
  const [unmodelled] = lowered.notModelled;
  if (unmodelled !== undefined) return { unknown: unmodelled.message };
  return constantOf(lowered) ?? checkedValue(random, right);
}

/** The constant that is assigned to `r` at the end, where nothing else is done. */
function constantOf({ threads }: Lowered): Answer | undefined {
  const statements = allStatements(threads[0]?.body ?? []);
  const last = statements.at(-1);
  if (statements.length !== 1 || last === undefined) return undefined;
  if (last.kind === 'stop') return { unknown: last.reason };
  const isConstant = last.kind === 'assign' && last.value.kind === 'value';
  if (!isConstant || last.register !== 'r') return undefined;
  const { value } = last.value as {
    readonly value: { readonly kind: string; readonly value?: unknown };
  };
  return value.kind === 'integer' ? { value: BigInt(value.value as number | bigint) } : undefined;
}

function checkedValue(random: RandomFunction, right: bigint): Answer {
  const { observation, unknown, states } = outcomeOf(sceneOf(random), { '0:r': right });
  if (unknown !== undefined) return { unknown: unknown.reason };
  if (observation === 'Always') return { value: right };
  const found = /r=(-?\d+)/.exec(states[0] ?? '')?.[1];
  return found === undefined ? { unknown: states.join() } : { value: BigInt(found) };
}

interface Compared {
  readonly tape: readonly number[];
  readonly random: RandomFunction;
  readonly compiled: bigint;
  readonly lowered: Answer;
}

/** The functions of some tapes, compiled together, and what each comes to. */
function compared(batch: readonly (readonly number[])[]): readonly Compared[] {
  const functions = batch.map((tape, at) => randomFunction(tape, String(at)));
  const values = compiledValues(functions);
  return functions.map((random, at) => {
    const compiled = values[at]!;
    return { tape: batch[at]!, random, compiled, lowered: loweredValue(random, compiled) };
  });
}

function differs({ compiled, lowered }: Compared): boolean {
  return 'value' in lowered && lowered.value !== compiled;
}

/** The simplest function in which there still is a difference. */
function told({ tape }: Compared): string {
  const small = smallest(tape, (tapes) => compared(tapes).map(differs));
  const [{ random, compiled, lowered }] = compared([small]) as [Compared];
  const { value } = lowered as { readonly value: bigint };
  return `${random.source}\n${random.call} is ${compiled}, and not ${value}`;
}

const missing = withoutCompiler();
const TITLE = `${RUNS} random functions (${missing ?? `BARRIERLENS_SEED=${SEED}`})`;

test.skipIf(missing !== undefined)(TITLE, { timeout: 3_600_000 * Math.ceil(RUNS / 30_000) }, () => {
  const unknown = new Map<string, number>();
  for (let from = 0; from < RUNS; from += BATCH) {
    const numRuns = Math.min(BATCH, RUNS - from);
    const results = compared(fc.sample(tapes, { seed: SEED + from, numRuns }));
    const difference = results.find(differs);
    if (difference !== undefined) expect.fail(`BARRIERLENS_SEED=${SEED}\n${told(difference)}`);
    for (const { lowered } of results)
      if ('unknown' in lowered)
        unknown.set(lowered.unknown, (unknown.get(lowered.unknown) ?? 0) + 1);
  }
  const count = [...unknown.values()].reduce((sum, each) => sum + each, 0);
  const most = [...unknown].sort(([, one], [, other]) => other - one).slice(0, 12);
  const reasons = most.map(([reason, times]) => `${times} ${reason}`).join('\n');
  console.log(`${((count / RUNS) * 100).toFixed(1)} % unknown of ${RUNS}\n${reasons}`);
  expect(count / RUNS).toBeLessThan(0.1);
});
