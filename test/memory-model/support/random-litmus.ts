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

type Step = readonly [{ readonly text: string; readonly reads: boolean }, string];

function textOf(threads: readonly (readonly Step[])[], first: string, second: string): string {
  const bodies = threads.map((steps) => piecesOf(steps));
  const observed = bodies.flatMap((pieces, index) =>
    pieces.flatMap(({ registers }) => registers.map((register) => `${index}:${register}`)),
  );
  const shown = [...observed, 'x', 'y', 'a'];
  const parameters = 'int *x, int *y, atomic_t *a, spinlock_t *s, struct srcu_struct *ss';
  const text = bodies.map(
    (pieces, index) =>
      `P${index}(${parameters})\n{\n${pieces.flatMap(({ lines }) => lines).join('\n')}\n}\n`,
  );
  const condition = `(${observed[0] ?? '[x]'}=${first} /\\ [y]=${second})`;
  return `C random\n\n{}\n\n${text.join('\n')}\nlocations [${shown.join('; ')}]\nexists ${condition}\n`;
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
