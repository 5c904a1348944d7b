/** Random C functions give through the lowering what they give when gcc compiles and runs them. */

import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { type RandomFunction, randomFunction } from './random-c/random-c.ts';
import { compiledValues } from './support/c-compiler.ts';
import { allStatements, lowerScene, outcomeOf, type Scene } from './support/lower-c.ts';
import { type Compared, testRandomPrograms } from './support/random-programs.ts';

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

interface ComparedFunction extends Compared {
  readonly random: RandomFunction;
  readonly compiled: bigint;
  readonly lowered: Answer;
}

/** The functions of some tapes, compiled together, and what each comes to. */
function compared(batch: readonly (readonly number[])[]): readonly ComparedFunction[] {
  const functions = batch.map((tape, at) => randomFunction(tape, String(at)));
  const values = compiledValues(functions);
  return functions.map((random, at) => {
    const compiled = values[at]!;
    return { tape: batch[at]!, random, compiled, lowered: loweredValue(random, compiled) };
  });
}

function differs({ compiled, lowered }: ComparedFunction): boolean {
  return 'value' in lowered && lowered.value !== compiled;
}

testRandomPrograms<ComparedFunction>({
  what: 'functions',
  runs: 3000,
  batch: 250,
  longest: 400,
  compared,
  differs,
  told: ({ random, compiled, lowered }) => {
    const { value } = lowered as { readonly value: bigint };
    return `${random.source}\n${random.call} is ${compiled}, and not ${value}`;
  },
  mostUnknown: 0.1,
});
