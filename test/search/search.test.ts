/** The search against the naive enumeration, and the laws of executions, on random programs. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printLitmus } from '../../server/src/litmus/print.ts';
import { communicationOf } from '../../server/src/memory-model/candidate.ts';
import { INITIAL } from '../../server/src/memory-model/event-structure.ts';
import {
  basicRelations,
  brokenCoherence,
  judge,
} from '../../server/src/memory-model/linux-kernel.ts';
import { has, isAcyclic, isIrreflexive, pairsOf } from '../../server/src/memory-model/relation.ts';
import type { Observable, Program, Proposition } from '../../server/src/program/program.ts';
import { check } from '../../server/src/search/check.ts';
import { allowedExecutions } from '../../server/src/search/executions.ts';
import { naiveCheck } from '../../server/src/search/naive-check.ts';
import { litmus, programOf } from '../memory-model/support/check-litmus.ts';
import { alikeLitmus, isSmall, randomLitmus } from '../memory-model/support/random-litmus.ts';

/** Checks a law on random programs; a failure prints the seed and the smallest text. */
function forPrograms(runs: number, law: (program: Program) => void): void {
  fc.assert(
    fc.property(randomLitmus.filter(isSmall), (text) => {
      law(programOf(text));
    }),
    { numRuns: runs, interruptAfterTimeLimit: 15_000 },
  );
}

/** The same for programs in which threads do the same. */
function forAlikePrograms(runs: number, law: (program: Program) => void): void {
  fc.assert(
    fc.property(alikeLitmus.filter(isSmall), (text) => {
      law(programOf(text));
    }),
    { numRuns: runs, interruptAfterTimeLimit: 15_000 },
  );
}

/** Holds in every final state. */
const ANYTHING: Proposition = { kind: 'true' };

describe('on random programs', () => {
  test('the search finds the states, counts and flags of the naive enumeration', () => {
    forPrograms(100, (program) => {
      expect(check(program)).toEqual(naiveCheck(program));
    });
  });

  test('also where threads do the same', () => {
    forAlikePrograms(100, (program) => {
      expect(check(program)).toEqual(naiveCheck(program));
    });
  });

  test('a witness is found where the naive enumeration has one, also where threads do the same', () => {
    forAlikePrograms(60, (program) => {
      const { positive } = naiveCheck(program);
      const { observation, witness } = check(program, { question: 'exists', witness: true });
      expect(observation).toBe(positive > 0 ? 'Sometimes' : 'Never');
      expect(witness !== undefined).toBe(positive > 0);
    });
  });

  test('rf gives each read one write of its location and value, co orders the writes of each', () => {
    forPrograms(60, (program) => {
      for (const execution of allowedExecutions(program, [ANYTHING]).executions) {
        const { structure, rf, co, values } = execution;
        const { events } = structure;
        for (const read of events.filter(({ kind }) => kind === 'read')) {
          const sources = pairsOf(rf).filter(([, to]) => to === read.index);
          expect(sources).toHaveLength(1);
          const write = events[sources[0]![0]]!;
          expect(write.location).toBe(read.location);
          expect(values[write.index]).toBe(values[read.index]);
        }
        expect(isIrreflexive(co)).toBe(true);
        expect(isAcyclic(co)).toBe(true);
        for (const one of events.filter(({ kind }) => kind === 'write'))
          for (const other of events.filter(({ kind }) => kind === 'write')) {
            if (one.index >= other.index || one.location !== other.location) continue;
            expect(has(co, one.index, other.index) !== has(co, other.index, one.index)).toBe(true);
            if (one.thread === INITIAL) expect(has(co, one.index, other.index)).toBe(true);
          }
      }
    });
  });

  test('every execution found is allowed by the whole model', () => {
    forPrograms(60, (program) => {
      for (const execution of allowedExecutions(program, [ANYTHING]).executions) {
        const com = communicationOf(execution);
        expect(brokenCoherence(execution.structure, com)).toBeUndefined();
        const basic = basicRelations(execution.structure);
        expect(judge(execution.structure, basic, com).broken).toBeUndefined();
      }
    });
  });

  test('the order of the threads does not matter', () => {
    forPrograms(60, (program) => {
      const reversed = reverseThreads(program);
      const { positive, negative, states, flags } = check(program);
      const other = check(reversed);
      expect(other).toMatchObject({ positive, negative, flags });
      expect(other.states).toHaveLength(states.length);
    });
  });

  test('printing and parsing again gives a program of the same meaning', () => {
    forPrograms(80, (program) => {
      expect(check(programOf(printLitmus(program)))).toEqual(check(program));
    });
  });

  test('a first witness exists where some execution satisfies the condition', () => {
    forPrograms(80, (program) => {
      const all = check(program, { witness: true });
      const first = check(program, { question: 'exists', witness: true });
      expect(first.positive > 0).toBe(all.positive > 0);
      expect(first.witness === undefined).toBe(all.witness === undefined);
    });
  });

  test('a forbidden counterpart names an axiom and a closed cycle', () => {
    forPrograms(80, (program) => {
      const { positive, counterpart } = check(program, { counterpart: true });
      if (counterpart === undefined) return;
      expect(positive).toBe(0);
      const { cycle } = counterpart.forbidden!;
      expect(cycle.length).toBeGreaterThan(0);
      for (const [index, edge] of cycle.entries())
        expect(edge.to).toBe(cycle[(index + 1) % cycle.length]!.from);
    });
  });
});

/** Steps of a thread that reads one location again and again, decides by what it read, and writes there too. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('R = READ_ONCE(*x);') },
  { weight: 4, arbitrary: fc.nat(2).map((back) => `if (R-${back}) { WRITE_ONCE(*y, ${back}); }`) },
  { weight: 2, arbitrary: fc.constant('WRITE_ONCE(*x, 2);') },
  {
    weight: 1,
    arbitrary: fc.constant('if (READ_ONCE(*x) - READ_ONCE(*x)) { WRITE_ONCE(*z, 1); }'),
  },
);

/** Another thread that writes there once, or more often. */
const writer = fc.constantFrom(
  'WRITE_ONCE(*x, 1);',
  'WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 3);',
  'int w; w = READ_ONCE(*y); WRITE_ONCE(*x, w + 1);',
  'int w; w = READ_ONCE(*y); if (w) { WRITE_ONCE(*x, 1); } else { WRITE_ONCE(*x, 3); }',
);

function readerOf(steps: readonly string[]): string {
  const registers = ['int r0;', 'int r1;', 'int r2;', 'int r3;', 'int r4;', 'int r5;'];
  let last = -1;
  const lines = steps.map((text) => {
    if (text.startsWith('R =')) last++;
    return text.replace(
      /\bR(?:-(\d))?(?![\w-])/,
      (_, back) => `r${Math.max(0, last - Number(back ?? 0))}`,
    );
  });
  return [...registers, ...lines].join(' ');
}

describe('a thread that meets the only write of others', () => {
  const programs = fc
    .tuple(writer, fc.array(step, { minLength: 2, maxLength: 6 }))
    .map(([other, steps]) =>
      programOf(litmus([other, readerOf(steps)], 'locations [1:r0;1:r1;1:r2;x]\nexists (x=1)')),
    );

  const UNBOUNDED = { budget: { steps: Number.POSITIVE_INFINITY } };

  test('reads what coherence leaves to it', () => {
    fc.assert(
      fc.property(programs, (each) => {
        // What they come to is asked, not what it costs: of a few, more than a question may.
        expect(check(each, UNBOUNDED)).toEqual(naiveCheck(each));
      }),
      { numRuns: 150, interruptAfterTimeLimit: 15_000 },
    );
  });

  test('also where one statement of the others stands in two places', () => {
    const other = 'int w; w = READ_ONCE(*y); WRITE_ONCE(*x, w + 1);';
    const reader =
      'int r0; int r1; r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*y, 4); } r1 = READ_ONCE(*x); if (r1 - r0) { WRITE_ONCE(*z, 1); }';
    const once = programOf(litmus([other, reader], 'exists (1:r0=1 /\\ 1:r1=5)'));
    const [first, second] = once.threads;
    const twice = { ...first!, body: [...first!.body, ...first!.body] };
    const program = { ...once, threads: [twice, second!] };
    expect(check(program)).toEqual(naiveCheck(program));
    expect(check(program).observation).toBe('Sometimes');
  });
});

describe('a write that depends on what was there, and does not happen', () => {
  // herd7 7.58: Sometimes 1 1 of each
  const reader = 'int r; r = READ_ONCE(*z);';

  test.each([
    'int a; int b; a = cmpxchg(y, 1, 1); b = READ_ONCE(*y); if (b) { smp_mb(); } else { WRITE_ONCE(*z, 1); }',
    'int a; int b; a = cmpxchg(y, 1, 2); b = READ_ONCE(*y); if (b == 0) { WRITE_ONCE(*z, 1); }',
    'int b; int c; b = atomic_add_unless(a, 1, 0); c = atomic_read(a); if (c) { smp_mb(); } else { WRITE_ONCE(*z, 1); }',
    'int a; int b; int c; a = cmpxchg(y, 1, 2); b = xchg(y, 1); c = xchg(y, 3); if (b == 0) { if (c == 1) { WRITE_ONCE(*z, 1); } }',
  ])('leaves what was there: %s', (writer) => {
    const program = programOf(litmus([reader, writer], 'exists (0:r=1)'));
    expect(check(program)).toMatchObject({ observation: 'Sometimes', positive: 1, negative: 1 });
  });
});

function reverseThreads(program: Program): Program {
  const last = program.threads.length - 1;
  const moved = (observable: Observable): Observable =>
    observable.kind === 'register'
      ? { ...observable, thread: last - observable.thread }
      : observable;
  const within = (proposition: Proposition): Proposition => {
    switch (proposition.kind) {
      case 'true':
        return proposition;
      case 'not':
        return { kind: 'not', operand: within(proposition.operand) };
      case 'equals': {
        const { right } = proposition;
        const isObservable = right.kind === 'location' || right.kind === 'register';
        return {
          ...proposition,
          left: moved(proposition.left),
          right: isObservable ? moved(right) : right,
        };
      }
      default:
        return { ...proposition, left: within(proposition.left), right: within(proposition.right) };
    }
  };
  return {
    ...program,
    threads: program.threads.toReversed().map((thread, index) => ({ ...thread, index })),
    observed: program.observed.map(moved),
    condition: { ...program.condition, proposition: within(program.condition.proposition) },
  };
}
