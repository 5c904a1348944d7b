/** Random small litmus tests: every kind of access, fence, dependency, lock and critical section. */

import fc from 'fast-check';

/** A statement as lines of C, and the registers it assigns. */
interface Piece {
  readonly lines: readonly string[];
  readonly registers: readonly string[];
}

const location = fc.constantFrom('x', 'y');
const value = fc.constantFrom('0', '1', '2');
const suffix = fc.constantFrom('', '_relaxed', '_acquire', '_release');

/** A value to store: a constant, or computed from the register read last. */
const stored = fc.oneof(
  { weight: 3, arbitrary: value },
  fc.constantFrom('R', 'R + 1', '(R ^ R) + 1', 'R == 1'),
);

const read = fc.oneof(
  location.map((x) => `READ_ONCE(*${x})`),
  location.map((x) => `smp_load_acquire(${x})`),
  location.map((x) => `*${x}`),
  location.map((x) => `READ_ONCE(*(${x} + (R ^ R)))`),
  fc.tuple(suffix, value).map(([order, v]) => `atomic_add_return${order}(${v}, a)`),
  fc.tuple(suffix, value).map(([order, v]) => `atomic_xchg${order}(a, ${v})`),
  fc.tuple(suffix, value, value).map(([order, o, n]) => `atomic_cmpxchg${order}(a, ${o}, ${n})`),
  value.map((v) => `atomic_add_unless(a, 1, ${v})`),
);

const write = fc.oneof(
  fc.tuple(location, stored).map(([x, v]) => `WRITE_ONCE(*${x}, ${v});`),
  fc.tuple(location, stored).map(([x, v]) => `smp_store_release(${x}, ${v});`),
  fc.tuple(location, stored).map(([x, v]) => `*${x} = ${v};`),
  fc.constantFrom('atomic_inc(a);', 'smp_store_mb(*x, 1);'),
);

const fence = fc.constantFrom(
  ...['smp_mb();', 'smp_rmb();', 'smp_wmb();', 'barrier();', 'synchronize_rcu();'],
  ...['smp_mb__before_atomic();', 'smp_mb__after_atomic();', 'synchronize_srcu(ss);'],
);

/** How a statement is wrapped: not at all, in an `if`, a lock, a critical section. */
const wrapping = fc.constantFrom(
  ...['plain', 'plain', 'plain', 'if', 'lock', 'rcu', 'srcu', 'trylock'],
);

const simple = fc.oneof(
  { weight: 3, arbitrary: read.map((text) => ({ text, reads: true })) },
  { weight: 3, arbitrary: write.map((text) => ({ text, reads: false })) },
  { weight: 1, arbitrary: fence.map((text) => ({ text, reads: false })) },
);

const thread = fc.array(fc.tuple(simple, wrapping), { minLength: 1, maxLength: 3 });

/** The text of a litmus test of one to three threads. */
export const randomLitmus: fc.Arbitrary<string> = fc
  .tuple(fc.array(thread, { minLength: 1, maxLength: 3 }), value, value)
  .map(([threads, first, second]) => textOf(threads, first, second));

/** The text of a litmus test with threads that do the same, and perhaps one that does something else. Of all registers
 *  something is asked, of those of the first thread, or of none. */
export const alikeLitmus: fc.Arbitrary<string> = fc
  .record({
    alike: fc.array(fc.tuple(simple, wrapping), { minLength: 1, maxLength: 2 }),
    size: fc.constantFrom(2, 2, 3, 4),
    other: fc.option(thread),
    asked: fc.constantFrom('all', 'all', 'first', 'none'),
    isFiltered: fc.boolean(),
    condition: fc.tuple(value, value),
    quantifier: fc.constantFrom('exists', '~exists', 'forall'),
  })
  .map(({ alike, size, other, asked, isFiltered, condition: [first, second], quantifier }) => {
    const others = other === null ? [] : [other];
    const bodies = [...Array.from({ length: size }, () => alike), ...others].map(piecesOf);
    const all = bodies.flatMap((pieces, index) =>
      pieces.flatMap(({ registers }) => registers.map((register) => `${index}:${register}`)),
    );
    const shown = all.filter(
      (name) => asked === 'all' || (asked === 'first' && name.startsWith('0:')),
    );
    const locations = `locations [${[...shown, 'x', 'y', 'a'].join('; ')}]`;
    const filter = isFiltered ? `filter (~(${all.at(-1) ?? '[y]'}=1))\n` : '';
    const condition = `${quantifier} (${shown.at(0) ?? '[x]'}=${first} \\/ [y]=${second})`;
    return `C alike\n\n{}\n\n${threadsOf(bodies)}\n${locations}\n${filter}${condition}\n`;
  });

type Step = readonly [{ readonly text: string; readonly reads: boolean }, string];

function textOf(threads: readonly (readonly Step[])[], first: string, second: string): string {
  const bodies = threads.map((steps) => piecesOf(steps));
  const observed = bodies.flatMap((pieces, index) =>
    pieces.flatMap(({ registers }) => registers.map((register) => `${index}:${register}`)),
  );
  const shown = [...observed, 'x', 'y', 'a'];
  const condition = `(${observed[0] ?? '[x]'}=${first} /\\ [y]=${second})`;
  return `C random\n\n{}\n\n${threadsOf(bodies)}\nlocations [${shown.join('; ')}]\nexists ${condition}\n`;
}

function threadsOf(bodies: readonly (readonly Piece[])[]): string {
  const parameters = 'int *x, int *y, atomic_t *a, spinlock_t *s, struct srcu_struct *ss';
  const threads = bodies.map(
    (pieces, index) =>
      `P${index}(${parameters})\n{\n${pieces.flatMap(({ lines }) => lines).join('\n')}\n}\n`,
  );
  return threads.join('\n');
}

function piecesOf(steps: readonly Step[]): readonly Piece[] {
  let last = '0';
  return steps.map(([{ text, reads }, wrap], index) => {
    const register = `r${index}`;
    const body = text.replaceAll('R', (match, at: number) =>
      /\w/.test(text[at - 1] ?? '') || /\w/.test(text[at + 1] ?? '') ? match : last,
    );
    const line = reads ? `${register} = ${body};` : body;
    const registers = reads ? [register] : [];
    const lines = [...(reads ? [`int ${register};`] : []), ...wrapped(line, wrap, last, index)];
    if (reads) last = register;
    return { lines, registers };
  });
}

function wrapped(line: string, wrap: string, last: string, index: number): readonly string[] {
  switch (wrap) {
    case 'if':
      return [`if (${last} == 0) {`, line, '}'];
    case 'lock':
      return ['spin_lock(s);', line, 'spin_unlock(s);'];
    case 'trylock':
      return [
        `int t${index};`,
        `t${index} = spin_trylock(s);`,
        `if (t${index}) {`,
        line,
        'spin_unlock(s);',
        '}',
      ];
    case 'rcu':
      return ['rcu_read_lock();', line, 'rcu_read_unlock();'];
    case 'srcu':
      return [
        `int i${index};`,
        `i${index} = srcu_read_lock(ss);`,
        line,
        `srcu_read_unlock(ss, i${index});`,
      ];
    default:
      return [line];
  }
}

/** Whether the naive enumeration gets through a test soon: few reads, for it tries all their sources. */
export function isSmall(text: string): boolean {
  const reads = /READ_ONCE|load_acquire|= \*|\batomic_|_lock\(s\)|trylock/g;
  const ways = /if \(|cmpxchg|add_unless|trylock/g;
  return (text.match(reads)?.length ?? 0) <= 5 && (text.match(ways)?.length ?? 0) <= 3;
}

/** Two accesses of one thread with something between that may order them. */
const orderedPair = fc.constantFrom(
  ...['smp_mb();', 'smp_wmb();', 'smp_rmb();', 'synchronize_rcu();', ''].flatMap((between) => [
    `WRITE_ONCE(*A, 1); ${between} WRITE_ONCE(*B, 1);`,
    `WRITE_ONCE(*A, 2); ${between} R = READ_ONCE(*B);`,
    `R = READ_ONCE(*A); ${between} S = READ_ONCE(*B);`,
    `R = READ_ONCE(*A); ${between} WRITE_ONCE(*B, 1);`,
  ]),
  'WRITE_ONCE(*A, 1); smp_store_release(B, 1);',
  'R = READ_ONCE(*A); smp_store_release(B, 2);',
  'R = smp_load_acquire(A); S = READ_ONCE(*B);',
  'R = READ_ONCE(*A); S = READ_ONCE(*(B + (R ^ R)));',
  'R = READ_ONCE(*A); WRITE_ONCE(*B, R);',
  'R = READ_ONCE(*A); if (R) { WRITE_ONCE(*B, 1); }',
  'R = READ_ONCE(*A); if (R) { smp_rmb(); S = READ_ONCE(*B); }',
  'R = READ_ONCE(*A); WRITE_ONCE(*own, R); S = READ_ONCE(*own); T = READ_ONCE(*(B + (S ^ S)));',
  'R = READ_ONCE(*A); smp_rmb(); S = READ_ONCE(*own); WRITE_ONCE(*own, 2); smp_wmb(); WRITE_ONCE(*B, 1);',
  'R = READ_ONCE(*A); smp_rmb(); S = READ_ONCE(*own); WRITE_ONCE(*B, S + 1);',
  'WRITE_ONCE(*A, 1); smp_mb(); WRITE_ONCE(*own, 1); S = READ_ONCE(*own); if (S) { WRITE_ONCE(*B, 1); }',
  'WRITE_ONCE(*own, 1); R = READ_ONCE(*A); S = READ_ONCE(*own); T = READ_ONCE(*(B + (S ^ S)));',
  'spin_lock(s); WRITE_ONCE(*A, 1); spin_unlock(s); WRITE_ONCE(*B, 1);',
  'spin_lock(s); R = READ_ONCE(*B); spin_unlock(s);',
  'R = atomic_add_return(1, a); WRITE_ONCE(*B, 1);',
);

const REGISTERS = '\tint r0;\n\tint r1;\n\tint r2;\n';

/** The text of a litmus test whose threads hand on from one location to the next, in a circle, so that
 *  executions are forbidden for all the reasons that fences and dependencies can give. */
export const circularLitmus: fc.Arbitrary<string> = fc
  .array(orderedPair, { minLength: 2, maxLength: 3 })
  .map((pairs) => {
    const names = ['x', 'y', 'z'].slice(0, pairs.length);
    const bodies = pairs.map((pair, thread) =>
      pair
        .replaceAll(/\bA\b/g, names[thread]!)
        .replaceAll(/\bB\b/g, names[(thread + 1) % names.length]!)
        .replaceAll(/\bR\b/g, 'r0')
        .replaceAll(/\bS\b/g, 'r1')
        .replaceAll(/\bT\b/g, 'r2')
        .replaceAll(/\bown\b/g, `c${thread}`),
    );
    const parameters = ['x', 'y', 'z', 'c0', 'c1', 'c2'].map((name) => `int *${name}`).join(', ');
    const threads = bodies.map(
      (body, thread) =>
        `P${thread}(${parameters}, atomic_t *a, spinlock_t *s)\n{\n${REGISTERS}\t${body}\n}\n`,
    );
    return `C circular\n\n{}\n\n${threads.join('\n')}\nexists (x=1)\n`;
  });
