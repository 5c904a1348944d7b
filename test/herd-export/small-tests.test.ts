/** Tests made smaller for herd7 settle what the larger ones do, on random programs and on telling ones. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutConstantUpdates } from '../../server/src/herd-export/constant-updates.ts';
import { herdWork } from '../../server/src/herd-export/herd-work.ts';
import {
  behindDecisions,
  divisions,
  withoutIdleEvents,
} from '../../server/src/herd-export/one-sided.ts';
import { reduceExactly } from '../../server/src/herd-export/reduce-exactly.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { withoutIdleReadSides } from '../../server/src/program/idle-read-sides.ts';
import type {
  Expression,
  Program,
  Proposition,
  Statement,
} from '../../server/src/program/program.ts';
import { rewriteProgram } from '../../server/src/program/rewrite-program.ts';
import { everyStatement } from '../../server/src/program/walk.ts';
import { check } from '../../server/src/search/check.ts';
import { circularLitmus, isSmall, randomLitmus } from '../memory-model/support/random-litmus.ts';

/** The program of a text, as flattening leaves programs: locations are named by their addresses. */
function plain(text: string): Program {
  const { program, problems } = parseLitmus(text);
  expect(problems).toEqual([]);
  const parameters = new Set(
    program!.threads.flatMap((each) => each.parameters.map((p) => p.name)),
  );
  const named = (expression: Expression): Expression => {
    if (expression.kind === 'register' && parameters.has(expression.name))
      return {
        kind: 'value',
        value: { kind: 'address', of: expression.name },
        span: expression.span,
      };
    if (!('address' in expression)) return expression;
    return { ...expression, address: deep(expression.address) };
  };
  const deep = (expression: Expression): Expression =>
    expression.kind === 'binary'
      ? { ...expression, left: deep(expression.left), right: deep(expression.right) }
      : named(expression);
  return rewriteProgram(program!, {
    statement: (statement) =>
      'address' in statement ? { ...statement, address: deep(statement.address) } : statement,
    expression: named,
  });
}

const litmus = fc.oneof(randomLitmus.filter(isSmall), circularLitmus);

/** Checks a law on random programs that ask for a final state; a failure prints the seed and the text. */
function forPrograms(runs: number, law: (program: Program) => void): void {
  fc.assert(
    fc.property(litmus, (text) => law({ ...plain(text), observed: [] })),
    { numRuns: runs, interruptAfterTimeLimit: 15_000 },
  );
}

/** Asks for values of registers, and stops executions in which registers have others, as `picks` has it. */
function withStops(program: Program, picks: Iterable<number>): Program {
  const choices = picks[Symbol.iterator]();
  const pick = () => choices.next().value ?? 0;
  const { span } = program.condition;
  const stopping = (statement: Statement): readonly Statement[] => {
    if (statement.kind === 'if')
      return [
        {
          ...statement,
          // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
          then: statement.then.flatMap(stopping),
          otherwise: statement.otherwise.flatMap(stopping),
        },
      ];
    if (statement.kind !== 'assign' || pick() > 1) return [statement];
    const left = { kind: 'register', name: statement.register, span } as const;
    const right = { kind: 'value', value: { kind: 'integer', value: pick() % 3 }, span } as const;
    const stop: Statement = { kind: 'stop', why: 'discard', reason: 'a test', span };
    const condition = { kind: 'binary', operator: '==', left, right, span } as const;
    const work = pick() > 2 ? [statement] : [];
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    return [statement, { kind: 'if', condition, then: [...work, stop], otherwise: [], span }];
  };
  const threads = program.threads.map((each) => ({ ...each, body: each.body.flatMap(stopping) }));
  const proposition = threads
    .map(({ index, body }): Proposition => {
      const assigned = everyStatement(body).flatMap((each) =>
        each.kind === 'assign' ? each.register : [],
      );
      const name = assigned[pick() % Math.max(1, assigned.length)];
      if (name === undefined) return { kind: 'true' };
      const left = { kind: 'register', thread: index, name } as const;
      return {
        kind: 'equals',
        left,
        right: { kind: 'integer', value: pick() % 3 },
        negated: false,
        span,
      };
    })
    .reduce((left, right): Proposition => ({ kind: 'and', left, right }));
  return { ...program, threads, condition: { ...program.condition, proposition } };
}

const isPossible = (program: Program) => check(program).observation !== 'Never';

describe('on random programs', () => {
  test('an exact reduction comes to the same', () => {
    forPrograms(250, (program) => {
      expect(check(reduceExactly(program)).observation).toBe(check(program).observation);
    });
  });

  test('an exact reduction comes to the same, where executions stop and other outcomes are asked for', () => {
    const asked = fc.tuple(circularLitmus, fc.infiniteStream(fc.nat({ max: 5 })));
    fc.assert(
      fc.property(asked, ([text, picks]) => {
        const program = withStops({ ...plain(text), observed: [] }, picks);
        const { observation } = check(program);
        expect(check(reduceExactly(program, 'all')).observation).toBe(observation);
        expect(isPossible(reduceExactly(program, 'asked'))).toBe(observation !== 'Never');
      }),
      { numRuns: 300 },
    );
  });

  test('read sides that nobody waits for make no difference', () => {
    forPrograms(250, (program) => {
      const without = { ...program, threads: withoutIdleReadSides(program.threads) };
      const [before, after] = [check(program), check(without)];
      expect({ ...after, flags: before.flags }).toEqual(before);
    });
  });

  test('what is possible is possible without idle events', () => {
    forPrograms(150, (program) => {
      const wider = withoutIdleEvents(withoutConstantUpdates(program));
      if (isPossible(program)) expect(isPossible(wider)).toBe(true);
    });
  });

  test('what is possible is possible in one of the two parts of a division, and only then', () => {
    forPrograms(150, (program) => {
      for (const parts of divisions(program))
        expect(parts.some(isPossible)).toBe(isPossible(program));
    });
  });

  test('what is possible behind decisions is possible', () => {
    forPrograms(150, (program) => {
      for (const part of divisions(program).flat())
        if (isPossible(behindDecisions(part, 'everywhere'))) expect(isPossible(part)).toBe(true);
    });
  });
});

/** Two threads over shared locations. */
function pair(first: string, second: string, condition: string): Program {
  const parameters = 'int *x, int *y, int *z, int *own';
  return plain(
    `C pair\n\n{}\n\nP0(${parameters})\n{\n${first}\n}\n\nP1(${parameters})\n{\n${second}\n}\n\nexists (${condition})\n`,
  );
}

/** With executions that stop in the place of barrier(). */
function stopping(program: Program): Program {
  return rewriteProgram(program, {
    statement: (statement) =>
      statement.kind === 'fence' && statement.tag === 'barrier'
        ? { kind: 'stop', why: 'discard', reason: 'a test', span: statement.span }
        : statement,
    expression: (expression) => expression,
  });
}

const WRITER = 'WRITE_ONCE(*y, 1); smp_wmb(); WRITE_ONCE(*x, 1);';
const BACKWARDS = 'int r; r = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);';

/** Programs in which something that looks idle gives the only order. */
const TELLING: readonly (readonly [string, Program])[] = [
  [
    'a read of what nobody writes hands on an address dependency',
    pair(
      WRITER,
      'int r; int s; int t; r = READ_ONCE(*x); s = READ_ONCE(*(z + (r ^ r))); t = READ_ONCE(*(y + (s ^ s)));',
      '1:r=1 /\\ 1:t=0',
    ),
  ],
  [
    'a read of what nobody writes acquires',
    pair(
      WRITER,
      'int r; int s; int t; r = READ_ONCE(*x); s = smp_load_acquire(z + (r ^ r)); t = READ_ONCE(*y);',
      '1:r=1 /\\ 1:t=0',
    ),
  ],
  [
    'a write that nobody reads depends, and stands before a write barrier',
    pair(
      BACKWARDS,
      'int r; r = READ_ONCE(*x); WRITE_ONCE(*own, r); smp_wmb(); WRITE_ONCE(*y, 1);',
      '0:r=1 /\\ 1:r=1',
    ),
  ],
  [
    'a read of what the thread itself wrote stands behind a read barrier',
    pair(
      BACKWARDS,
      'int r; int s; WRITE_ONCE(*own, 0); r = READ_ONCE(*x); smp_rmb(); s = READ_ONCE(*own); WRITE_ONCE(*y, s + 1);',
      '0:r=1 /\\ 1:r=1',
    ),
  ],
  [
    'a thread reads what it overwrites behind a read barrier',
    pair(
      'int r; r = READ_ONCE(*own); smp_mb(); WRITE_ONCE(*x, 1);',
      'int r; int s; WRITE_ONCE(*own, 0); r = READ_ONCE(*x); smp_rmb(); s = READ_ONCE(*own); WRITE_ONCE(*own, 2);',
      '0:r=2 /\\ 1:r=1',
    ),
  ],
  [
    'a write stands in the branch whose other arm stops',
    stopping(
      pair(
        BACKWARDS,
        'int r; r = READ_ONCE(*x); if (r == 0) { barrier(); } else { WRITE_ONCE(*y, 1); }',
        '0:r=1',
      ),
    ),
  ],
  [
    'a write stands in a branch that is always taken when it matters',
    pair(BACKWARDS, 'int r; r = READ_ONCE(*x); if (r) { WRITE_ONCE(*y, 1); }', '0:r=1 /\\ 1:r=1'),
  ],
];

describe('what gives an order stays where', () => {
  test.each(TELLING)('%s', (_, program) => {
    expect(check(program).observation).toBe('Never');
    expect(check(reduceExactly(program)).observation).toBe('Never');
  });
});

test('what an execution does before it stops is left out, and so is what only its own thread wrote', () => {
  const program = stopping(
    pair(
      WRITER,
      `int r; int s; int t; r = READ_ONCE(*x); smp_mb(); s = READ_ONCE(*y);
       WRITE_ONCE(*own, 3); t = READ_ONCE(*own);
       if (s == 1) { WRITE_ONCE(*own, 4); }
       if (s == 1) { barrier(); }`,
      '1:r=1 /\\ 1:s=0 /\\ 1:t=3',
    ),
  );
  const small = reduceExactly(program, 'all');
  expect(check(program).observation).toBe('Never');
  expect(check(small).observation).toBe('Never');
  const left = JSON.stringify(small.threads[1]!.body);
  expect(left).not.toContain('"own"');
});

test('a thread does not read what it only writes later', () => {
  const program = pair(
    'WRITE_ONCE(*x, 1);',
    'int r; int s; r = READ_ONCE(*y); if (r == 2) { s = READ_ONCE(*x); } WRITE_ONCE(*y, 2);',
    '1:s=1',
  );
  expect(JSON.stringify(reduceExactly(program, 'all').threads[1]!.body)).not.toContain('"if"');
});

test('reads and branches that only choose a value make a smaller program of the same answer', () => {
  const program = pair(
    WRITER,
    `int r; int s; int c; int v; r = READ_ONCE(*x); smp_rmb(); s = READ_ONCE(*y); c = READ_ONCE(*z);
     if (s == 0) { v = 5; } else { if (c == 0) { v = 6; } else { v = 7; } }`,
    '1:r=1 /\\ 1:v=5',
  );
  const small = reduceExactly(program);
  expect(check(small).observation).toBe('Never');
  expect(herdWork(small)).toBeLessThan(herdWork(program) / 2);
  expect(JSON.stringify(small.threads[1]!.body)).not.toContain('"if"');
});

test('what is asked of a copy, or of a comparison, decides branches on what it is made of', () => {
  const reading = (made: string) =>
    pair(
      WRITER,
      `int r; int s; int c; r = READ_ONCE(*x); if (r == 0) { WRITE_ONCE(*z, 1); } smp_rmb();
       s = READ_ONCE(*y); c = ${made};`,
      '1:c=1 /\\ 1:s=0 /\\ z=0',
    );
  for (const made of ['r', 'r == 1', '!(r != 1)']) {
    const small = reduceExactly(reading(made));
    expect(check(small).observation).toBe('Never');
    expect(JSON.stringify(small.threads[1]!.body), made).not.toContain('wrote_z');
  }
  expect(JSON.stringify(reduceExactly(reading('r < 2')).threads[1]!.body)).toContain('wrote_z');
});

test('a copy that is only made on one way decides no branch on the way to it', () => {
  const program = pair(
    'WRITE_ONCE(*x, 1);',
    'int r; int c; r = READ_ONCE(*x); if (r) { WRITE_ONCE(*z, 1); } else { c = r; }',
    '1:c=0 /\\ z=1',
  );
  expect(check(reduceExactly(program)).observation).toBe(check(program).observation);
});
