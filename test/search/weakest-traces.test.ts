/** Which traces of a thread need not be combined with those of others: nothing that is asked could depend on them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderingSite } from '../../server/src/lowering/lowering.ts';
import { scopeOf } from '../../server/src/memory-model/scope.ts';
import type { Expression, Program, Statement } from '../../server/src/program/program.ts';
import { withParts } from '../../server/src/program/walk.ts';
import { askCycle, type CycleLegs } from '../../server/src/proof/cycle-outcome.ts';
import { relaxedModel } from '../../server/src/proof/relaxed-model.ts';
import { weakExecutions } from '../../server/src/proof/violations.ts';
import { fieldNames } from '../../server/src/scenario/field-names.ts';
import { startClock } from '../../server/src/search/clock.ts';
import { traceSets } from '../../server/src/search/trace-sets.ts';
import { weakestTraces } from '../../server/src/search/weakest-traces.ts';
import { lowered } from '../proof/support/random-question.ts';

const NOWHERE = { start: 0, end: 0 };

/** How many traces the first thread has, and how many are left beside a second one that accesses x and y. */
function counts(body: string): readonly [all: number, left: number] {
  const text = `C test\n{}\nP0(int *x, int *y, int *z, spinlock_t *s)\n{\nint r0;\n${body}\n}
P1(int *x, int *y)\n{\nint r1;\nWRITE_ONCE(*y, 2); WRITE_ONCE(*x, 2); r1 = READ_ONCE(*y);\n}\nexists (x=1)\n`;
  const scope = scopeOf(withChoices(lowered(text)));
  const { threads } = traceSets(scope, 2, startClock({}, 0));
  const left = weakestTraces(threads, () => false);
  return [threads[0]!.length, left[0]!.length];
}

/** Whether a fence or a store to `z` is met on all ways, on some, or on some another fence in its place. */
type Way = 'all' | 'some' | 'or-mb' | 'or-wmb' | 'or-rmb';

/** The program in which each fence and each store to `z` is met as the next of `ways` says, `some` behind the last;
 *  `sites` are given the names of what orders. */
function withChoices(program: Program, ways: readonly Way[] = [], sites: string[] = []): Program {
  const left = [...ways];
  const chosen = (body: readonly Statement[]): readonly Statement[] =>
    body.map((statement): Statement => {
      const inner = withParts(statement, (expression) => expression, chosen);
      return isLoose(inner) ? met(inner, left.shift() ?? 'some', sites) : inner;
    });
  const threads = program.threads.map((thread) => ({ ...thread, body: chosen(thread.body) }));
  return { ...program, threads };
}

function isLoose(statement: Statement): boolean {
  if (statement.kind === 'fence') return true;
  if (statement.kind !== 'store' || statement.address.kind !== 'value') return false;
  const { value } = statement.address;
  return value.kind === 'address' && value.of === 'z';
}

function met(statement: Statement, way: Way, sites: string[]): Statement {
  const named = (each: Statement): Statement => {
    const origin = { file: 'a.c', span: NOWHERE, function: 'f', site: `site ${sites.length}` };
    sites.push(origin.site);
    return { ...each, origin };
  };
  if (way === 'all') return named(statement);
  const tag = way === 'some' ? undefined : FENCE[way];
  return {
    kind: 'if',
    condition: CHOICE,
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    then: [named(statement)],
    otherwise: tag === undefined ? [] : [named({ kind: 'fence', tag, span: NOWHERE })],
    span: NOWHERE,
  };
}

const CHOICE: Expression = {
  kind: 'open',
  alternatives: [integer(0), integer(1)],
  span: NOWHERE,
};

const FENCE = { 'or-mb': 'mb', 'or-wmb': 'wmb', 'or-rmb': 'rmb' } as const;

function integer(value: number) {
  return { kind: 'integer' as const, value };
}

test('a fence that may be gone past orders nothing', () => {
  expect(counts('WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);')).toEqual([2, 1]);
});

test('and however many there are, one way past them is followed', () => {
  const fences = Array.from({ length: 40 }, () => 'smp_mb(); smp_wmb();').join(' ');
  const text = `C test\n{}\nP0(int *x, int *y)\n{\nWRITE_ONCE(*x, 1); ${fences} WRITE_ONCE(*y, 1);\n}\nexists (x=1)\n`;
  const scope = scopeOf(withChoices(lowered(text)));
  const { threads } = traceSets(scope, 2, startClock({ steps: 1_000 }, 0), [], () => true);
  expect(threads[0]!.map(({ events }) => events.length)).toEqual([2]);
});

test('nor does a store that nobody sees', () => {
  expect(counts('WRITE_ONCE(*x, 1); WRITE_ONCE(*z, 1); WRITE_ONCE(*y, 1);')).toEqual([2, 1]);
});

test.each([
  ['what another thread accesses', 'r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*y, 1); }'],
  [
    'a value that is read and handed on',
    'WRITE_ONCE(*x, 1); r0 = READ_ONCE(*x); smp_wmb(); WRITE_ONCE(*y, r0);',
  ],
])('but %s is', (_, body) => {
  const [all, left] = counts(body);
  expect([all > 1, left]).toEqual([true, 2]);
});

const KINDS = ['read', 'write'] as const;

const access = (kind: 'read' | 'write', place: string) =>
  kind === 'read'
    ? fc.constantFrom(`r0 = READ_ONCE(*${place});`, `r0 = smp_load_acquire(${place});`)
    : fc.constantFrom(
        `WRITE_ONCE(*${place}, 1);`,
        `smp_store_release(${place}, 1);`,
        `WRITE_ONCE(*${place}, (r0 ^ r0) + 1);`,
        `if (r0) { WRITE_ONCE(*${place}, 1); }`,
      );

/** What may stand between two accesses: what orders, and what only this thread sees. */
const between = fc.array(
  fc.constantFrom(
    ...['smp_mb();', 'smp_wmb();', 'smp_rmb();', 'WRITE_ONCE(*z, 1);', 'WRITE_ONCE(*z, r0);'],
    ...['smp_store_release(z, 1);', 'spin_lock(s); spin_unlock(s);', 'synchronize_rcu();'],
    ...['if (r0) { smp_wmb(); }', 'if (r0) { smp_rmb(); } else { WRITE_ONCE(*z, 1); }'],
    ...['r0 = READ_ONCE(*z); if (r0) { smp_mb(); r0 = 1; }', 'r0 = xchg_relaxed(z, 1);'],
  ),
  { maxLength: 3 },
);

/** A thread that accesses `first`, then `second`, and the kinds of these accesses. */
const leg = (first: string, second: string) =>
  fc
    .tuple(fc.constantFrom(...KINDS), fc.constantFrom(...KINDS))
    .chain((kinds) =>
      fc
        .tuple(access(kinds[0], first), between, access(kinds[1], second))
        .map(([one, middle, two]) => ({ kinds, body: [one, ...middle, two].join('\n') })),
    );

test('the answer is that of all traces, with and without each fence', () => {
  const ways = fc.array(fc.constantFrom<Way>('all', 'some', 'or-mb', 'or-wmb', 'or-rmb'), {
    minLength: 6,
    maxLength: 6,
  });
  const places = new Set(['x', 'y']);
  fc.assert(
    fc.property(leg('x', 'y'), leg('y', 'x'), ways, (one, other, met) => {
      const names: string[] = [];
      const parameters = 'int *x, int *y, int *z, spinlock_t *s';
      const text = [one, other].map(
        ({ body }, thread) => `P${thread}(${parameters})\n{\nint r0 = 0;\n${body}\n}\n`,
      );
      const written = lowered(`C test\n{}\n${text.join('')}exists (x=1)\n`);
      const program = withChoices(written, met, names);
      const legs: CycleLegs = [
        { thread: 0, first: new Set(['x']), last: new Set(['y']), kinds: one.kinds },
        { thread: 1, first: new Set(['y']), last: new Set(['x']), kinds: other.kinds },
      ];
      expect(answer(program, names, legs, places)).toEqual(answer(program, names, legs));
    }),
    { numRuns: 1500 },
  );
});

/** Statements of a thread: `q` comes out either way, and with `barrier()` the thread is at its end. */
const { block } = fc.letrec<{ readonly block: string; readonly statement: string }>((tie) => ({
  block: fc.array(tie('statement'), { maxLength: 3 }).map((all) => all.join(' ')),
  statement: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      ...['smp_mb();', 'smp_wmb();', 'smp_rmb();', 'barrier();', 'r0 = 1;', 'r1 = r0;', 'r1 = 0;'],
      ...['WRITE_ONCE(*z, 1);', 'WRITE_ONCE(*x, 1);', 'WRITE_ONCE(*y, (r0 ^ r0) + 1);'],
      ...['r0 = READ_ONCE(*x);', 'r0 = READ_ONCE(*z);', 'r1 = READ_ONCE(*y);'],
      ...['WRITE_ONCE(*x, (r1 ^ r1) + 1);', 'spin_lock(s); spin_unlock(s);'],
    ),
    fc
      .tuple(fc.constantFrom('q', 'q', 'r0', 'r1'), tie('block'), tie('block'))
      .map(([of, one, other]) => `if (${of}) { ${one} } else { ${other} }`),
  ),
}));

test('the answer is that of all ways, whatever they leave in registers and wherever they end', () => {
  const kinds = fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...KINDS));
  const between = fc.tuple(block, fc.constantFrom('', 'if (r1) { ', 'if (r0) { '), block);
  fc.assert(
    fc.property(kinds, kinds, between, block, (one, two, [before, inside, behind], other) => {
      const close = inside === '' ? '' : ' }';
      const last = ['WRITE_ONCE(*y, 1);', 'r1 = READ_ONCE(*y);'][one[1] === 'write' ? 0 : 1];
      const text = `C test\n{}
P0(int *x, int *y, int *z, spinlock_t *s)\n{\nint q; int r0 = 0; int r1 = 0;\n${before} ${inside}${behind} ${last}${close}\n}
P1(int *x, int *y, int *z, spinlock_t *s)\n{\nint q; int r0 = 0; int r1 = 0;\n${LEG[two[0]]('y')} smp_mb(); ${other} ${LEG[two[1]]('x')}\n}\nexists (x=1)\n`;
      const names: string[] = [];
      const program = withNamedFences(lowered(text), names);
      const legs: CycleLegs = [
        { thread: 0, first: new Set(['x']), last: new Set(['y']), kinds: one },
        { thread: 1, first: new Set(['y']), last: new Set(['x']), kinds: two },
      ];
      expect(answer(program, names, legs, new Set(['x', 'y']))).toEqual(
        answer(program, names, legs),
      );
    }),
    { numRuns: 250 },
  );
});

test.each([
  ['leaves in a register', 'if (q) { r1 = 1; } else { r1 = r0; }'],
  [
    'goes past an end of the thread',
    'if (q) { r1 = 1; } else { r1 = 1; if (r0 == 0) { barrier(); } }',
  ],
])('what one way %s makes what follows depend on a read, on that way alone', (_, way) => {
  const text = `C test\n{}
P0(int *x, int *y, int *z)\n{\nint q; int r0 = 0; int r1 = 0;
r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*z, 1); } ${way} WRITE_ONCE(*y, (r1 ^ r1) + 1);\n}
P1(int *x, int *y)\n{\nint r0;\nr0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);\n}\nexists (x=1)\n`;
  const [place, other] = [new Set(['x']), new Set(['y'])];
  const legs: CycleLegs = [
    { thread: 0, first: place, last: other, kinds: ['read', 'write'] },
    { thread: 1, first: other, last: place, kinds: ['read', 'write'] },
  ];
  const program = withNamedFences(lowered(text), []);
  expect(answer(program, [], legs, new Set(['x', 'y']))).toBe('allowed');
});

const LEG = {
  read: (place: string) => `r0 = READ_ONCE(*${place});`,
  write: (place: string) => `WRITE_ONCE(*${place}, 1);`,
};

function withNamedFences(program: Program, names: string[]): Program {
  const changed = (statement: Statement): Statement => {
    const inner = withParts(
      statement,
      (expression) => expression,
      (body) => body.map(changed),
    );
    if (inner.kind === 'if' && inner.condition.kind === 'register' && inner.condition.name === 'q')
      return { ...inner, condition: CHOICE };
    if (inner.kind !== 'fence') return inner;
    if (inner.tag === 'barrier')
      return { kind: 'stop', why: 'end', reason: 'the end', span: NOWHERE };
    names.push(`site ${names.length}`);
    return {
      ...inner,
      origin: { file: 'a.c', span: NOWHERE, function: 'f', site: names.at(-1)! },
    };
  };
  const threads = program.threads.map((thread) => ({ ...thread, body: thread.body.map(changed) }));
  return { ...program, threads };
}

/** The outcome of the cycle, and what each site is for. */
function answer(
  program: Program,
  names: readonly string[],
  legs: CycleLegs,
  askedLocations?: ReadonlySet<string>,
): unknown {
  const fields = fieldNames([]);
  const weak = weakExecutions(
    [program],
    [[{ kind: 'true' }]],
    names,
    ['x', 'y', 'z', 's'],
    relaxedModel(fields.nameOf),
    { unroll: 2, ...(askedLocations && { askedLocations }) },
  );
  const sites = names.map(siteOf);
  const found = askCycle({ programs: [program], sites, names: fields, unroll: 2 }, weak, legs);
  if (found.kind !== 'forbidden') return found.kind;
  return found.needs.map(({ group, verdict }) => [group.sites[0]!.site, verdict]).toSorted();
}

function siteOf(site: string): OrderingSite {
  const place = { file: 'a.c', span: NOWHERE };
  return { site, place, function: 'f', primitive: 'smp_mb', ordinal: 1, device: 'fence' };
}
