/**
 * Random functions of two threads end in the states that all interleavings of what gcc compiles end in: between full barriers the
 * memory model allows these and no others (LKMM's `pb`: every cycle of accesses of two threads has a strong fence on each side).
 */

import { type RandomThreads, randomThreads } from './random-threads/random-threads.ts';
import { interleaved } from './support/interleavings.ts';
import { outcomeOf, type Scene } from './support/lower-c.ts';
import { type Compared, testRandomPrograms } from './support/random-programs.ts';

/** One access each, behind which there is a full barrier. */
const ACCESSES = `
#define R(v) ({ int _r = READ_ONCE(v); smp_mb(); _r; })
#define P(v) ({ int _r = (v); smp_mb(); _r; })
#define W(v, n) do { WRITE_ONCE(v, n); smp_mb(); } while (0)
#define X(v, n) xchg(&(v), n)
#define C(v, o, n) ({ int _r = cmpxchg(&(v), o, n); smp_mb(); _r; })
`;

function sceneOf({ source, id }: RandomThreads): Scene {
  return { source: ACCESSES + source, threads: [`r = t0_${id}();`, `r = t1_${id}();`], unroll: 4 };
}

/** The states that the lowered functions end in; why they are not known. */
function loweredStates(random: RandomThreads): ReadonlySet<string> | { readonly unknown: string } {
  const { id } = random;
  const names = ['0:r', '1:r', `x_${id}`, `y_${id}`, `z_${id}`];
  const final = Object.fromEntries(names.map((name) => [name, 99]));
  try {
    const { unknown, states } = outcomeOf(sceneOf(random), final);
    if (unknown !== undefined) return { unknown: unknown.reason };
    return new Set(states.map((state) => names.map((name) => valueIn(state, name)).join(' ')));
  } catch (error) {
    return { unknown: String(error).replace(/at \{.*/, '') };
  }
}

function valueIn(state: string, name: string): string {
  const part = state
    .split(';')
    .map((each) => each.trim().replace(/[[\]]/g, ''))
    .find((each) => each.startsWith(`${name}=`));
  return part?.slice(name.length + 1) ?? '?';
}

interface ComparedThreads extends Compared {
  readonly random: RandomThreads;
  readonly right: ReadonlySet<string> | undefined;
  readonly lowered: ReadonlySet<string> | { readonly unknown: string };
}

function compared(batch: readonly (readonly number[])[]): readonly ComparedThreads[] {
  const programs = batch.map((tape, at) => randomThreads(tape, String(at)));
  const states = interleaved(programs);
  return programs.map((random, at) => {
    const right = states[at];
    const lowered = right === undefined ? { unknown: 'too many runs' } : loweredStates(random);
    return { tape: batch[at]!, random, right, lowered };
  });
}

function differs({ right, lowered }: ComparedThreads): boolean {
  if (right === undefined || 'unknown' in lowered) return false;
  return right.size !== lowered.size || [...right].some((state) => !lowered.has(state));
}

testRandomPrograms<ComparedThreads>({
  what: 'pairs of functions',
  runs: 600,
  batch: 100,
  longest: 120,
  compared,
  differs,
  told: ({ random, right, lowered }) => {
    const states = (all: unknown) => [...(all as ReadonlySet<string>)].sort().join('\n');
    return `${random.source}\ngcc:\n${states(right)}\nlowered:\n${states(lowered)}`;
  },
  mostUnknown: 0.05,
});
