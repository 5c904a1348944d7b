/** Random C functions give through the lowering what they give when gcc compiles and runs them. */

import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { type RandomFunction, randomFunction } from './random-c/random-c.ts';
import { type CCompiler, COMPILERS, compiledValues } from './support/c-compiler.ts';
import { allStatements, lowerScene, outcomeOf, type Scene } from './support/lower-c.ts';
import { type Compared, testRandomPrograms } from './support/random-programs.ts';

type Answer = { readonly value: bigint } | { readonly unknown: string };

function sceneOf({ source, call }: RandomFunction, { configuration }: CCompiler): Scene {
  return { source, threads: [`r = ${call};`], unroll: 8, depth: 16, configuration };
}

/** What the lowering makes of a function; `right` is tried where it is not seen at once. */
function loweredValue(random: RandomFunction, compiler: CCompiler, right: bigint): Answer {
  const scene = sceneOf(random, compiler);
  const lowered = lowerScene(scene);
  const [unmodelled] = lowered.notModelled;
  if (unmodelled !== undefined) return { unknown: unmodelled.message };
  return constantOf(lowered) ?? checkedValue(scene, right);
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

function checkedValue(scene: Scene, right: bigint): Answer {
  const { observation, unknown, states } = outcomeOf(scene, { '0:r': right });
  if (unknown !== undefined) return { unknown: unknown.reason };
  if (observation === 'Always') return { value: right };
  const found = /r=(-?\d+)/.exec(states[0] ?? '')?.[1];
  return found === undefined ? { unknown: states.join() } : { value: BigInt(found) };
}

interface ComparedFunction extends Compared {
  readonly random: RandomFunction;
  readonly compiler: CCompiler;
  readonly compiled: bigint;
  readonly lowered: Answer;
}

/** The functions of some tapes, and what each comes to: compiled together, one half by each compiler. */
function compared(batch: readonly (readonly number[])[]): readonly ComparedFunction[] {
  const all = batch.map((tape, at) => {
    const [first = 0, ...others] = tape;
    const compiler = COMPILERS[first % COMPILERS.length]!;
    return { tape, random: randomFunction(others, String(at)), compiler };
  });
  const values = new Map(
    COMPILERS.flatMap((compiler) => {
      const own = all.filter((each) => each.compiler === compiler).map(({ random }) => random);
      const compiled = own.length === 0 ? [] : compiledValues(own, compiler);
      return own.map((random, at) => [random, compiled[at]!] as const);
    }),
  );
  return all.map((each) => {
    const compiled = values.get(each.random)!;
    return { ...each, compiled, lowered: loweredValue(each.random, each.compiler, compiled) };
  });
}

function differs({ compiled, lowered }: ComparedFunction): boolean {
  return 'value' in lowered && lowered.value !== compiled;
}

testRandomPrograms<ComparedFunction>({
  what: 'functions',
  runs: 1000,
  batch: 250,
  longest: 400,
  compared,
  differs,
  told: ({ random, compiler, compiled, lowered }) => {
    const { value } = lowered as { readonly value: bigint };
    return `${random.source}\n${random.call} is ${compiled} with ${compiler.option}, and not ${value}`;
  },
  mostUnknown: 0.1,
});
