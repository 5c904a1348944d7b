/** Whether pairings keep what they are there for, on the real code of both functions. Expectations follow memory-barriers.txt,
 *  atomic_t.txt, atomic_bitops.txt and the LKMM's own explanation. */

import { describe, expect, test } from 'vitest';
import type { PlacedSite } from '../../server/src/pairing/pairing.ts';
import type { OpenPairingCheck } from '../../server/src/proof/open-check.ts';
import { checkOpenly } from '../../server/src/proof/open-check.ts';
import type { ProtocolCheck } from '../../server/src/proof/protocol-check.ts';
import type { Verdict } from '../../server/src/proof/verdict.ts';
import { parseC } from '../lowering/support/lower-c.ts';
import { paired } from '../pairing/support/pairs.ts';

/** Simulates the surest pairing of a text. */
async function check(text: string): Promise<OpenPairingCheck> {
  const { files, facts, result } = await paired(text);
  const pairing = result.pairings[0];
  if (pairing === undefined) throw new Error('nothing pairs in the text');
  const factsOf = (file: string) => facts.find((each) => each.file === file);
  const placed = pairing.sites.map(({ file, id }): PlacedSite => {
    const site = factsOf(file)?.sites.find((each) => each.id === id);
    if (site === undefined) throw new Error(`no site ${id} in ${file}`);
    return { file, site };
  });
  return checkOpenly(pairing, [placed[0]!, placed[1]!], {
    facts: factsOf,
    functions: (name) =>
      facts.flatMap(({ file, functions }) =>
        functions.filter((fact) => fact.name === name).map((fact) => ({ file, fact })),
      ),
    parse: parseC,
    of: () => [...files].map(([file, content]) => parseC(file, content)),
  });
}

/** Checks the verdict of the pairing's first order and of each side's barrier in it. */
async function checkVerdict(
  text: string,
  pair: string,
  one?: string,
  two?: string,
): Promise<ProtocolCheck> {
  const { orders } = await check(text);
  const [first] = orders;
  expect(first && shown(first.verdict)).toBe(pair);
  if (one !== undefined) expect(shown(first!.sides[0])).toBe(one);
  if (two !== undefined) expect(shown(first!.sides[1])).toBe(two);
  return first!;
}

/** `redundant by the release of f()`, `unknown: why`, or just the kind. */
function shown(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'needed':
    case 'broken':
    case 'idle':
      return verdict.kind;
    case 'redundant':
      return `redundant by ${verdict.by.map(({ device }) => device).join(', ')}`;
    case 'unknown':
      return `unknown: ${verdict.reason}`;
  }
}

const BOX =
  'struct box { int data, flag; struct box *next; }; static struct box *the_box; static int ready;';

/** A writer and a reader that read the flag first, with what stands between their accesses. */
function messagePassing(write: string, read: string): string {
  return `${BOX}
  void writer(struct box *b) { WRITE_ONCE(b->data, 1); ${write} }
  int reader(struct box *b) { ${read} return 0; }`;
}

const READS =
  'int f = READ_ONCE(b->flag); /* pairs with writer() */ smp_rmb(); if (f) return READ_ONCE(b->data);';

describe('message passing', () => {
  test('smp_wmb() and smp_rmb() are both needed', async () => {
    const { bad, outcome } = await checkVerdict(
      messagePassing('smp_wmb(); WRITE_ONCE(b->flag, 1);', READS),
      'needed',
      'needed',
      'needed',
    );
    expect(bad).toBe('reader() sees the new box.flag and then the old box.data');
    expect(outcome?.program.threads).toHaveLength(2);
  });

  test('release and acquire are both needed', () =>
    checkVerdict(
      messagePassing(
        'smp_store_release(&b->flag, 1);',
        'if (smp_load_acquire(&b->flag)) return READ_ONCE(b->data);',
      ),
      'needed',
      'needed',
      'needed',
    ));

  test.each([
    ['b->commit', 'next', 'n->data = 1', 'unknown'],
    ['b->commit', 'next', 'reset(n)', 'unknown'],
    ['b->next', 'commit', 'n->data = 1', 'needed'],
  ])(
    'an object that a function makes, and %s of an older one: %s, %s',
    async (older, other, made, verdict) => {
      const name = older.slice('b->'.length);
      const { orders, verdict: found } = await check(`
    struct buffer { int data; struct buffer *next, *commit; };
    void reset(struct buffer *p) { p->data = 1; }
    void again(struct buffer *p) { reset(p); }
    void fill(struct buffer *b) { struct buffer *n = kmalloc(8, 0); ${made};
      /* pairs with drain() */ smp_wmb();
      WRITE_ONCE(${older}, ${name === 'next' ? 'n' : 'b'}); b->${other} = 0; }
    int drain(struct buffer *b) { struct buffer *n = READ_ONCE(${older}); smp_rmb(); return n ? READ_ONCE(n->data) : 0; }`);
      expect(found.kind).toBe(verdict);
      expect(orders.map(({ order }) => order.second.name)).toEqual(
        verdict === 'needed' ? [name] : [],
      );
    },
  );

  test.each(['', 'void *kmalloc(int size, int flags);'])(
    'an object that is made by a function of which only the prototype is known: %s',
    async (prototype) => {
      const { verdict } = await check(`${prototype}
    struct address { int len; };
    struct sock { struct address *address; };
    static struct address *make(int len) { struct address *a = kmalloc(8, 0); if (!a) return NULL; a->len = len; return a; }
    int bind(struct sock *s) { struct address *a = make(3); if (!a) return -1; /* pairs with name() */ smp_store_release(&s->address, a); return 0; }
    int name(struct sock *s) { struct address *a = smp_load_acquire(&s->address); return a ? READ_ONCE(a->len) : 0; }`);
      expect(verdict.kind).toBe('needed');
    },
  );

  test('a release makes smp_wmb() redundant', () =>
    checkVerdict(
      messagePassing('/* pairs with reader() */ smp_wmb(); smp_store_release(&b->flag, 1);', READS),
      'needed',
      'redundant by the release of smp_store_release()',
      'needed',
    ));

  test('an address dependency makes smp_rmb() redundant', () =>
    checkVerdict(
      `${BOX}
      void writer(struct box *b) { b->data = 1; /* pairs with smp_rmb() in reader() */ smp_wmb(); WRITE_ONCE(the_box, b); }
      int reader(void) { struct box *b = rcu_dereference(the_box); smp_rmb(); return READ_ONCE(b->data); }`,
      'needed',
      'needed',
      'redundant by the address dependency from rcu_dereference()',
    ));

  test('of two barriers one has to stay', async () => {
    const { sides } = await checkVerdict(
      messagePassing(
        '/* pairs with reader() */ smp_wmb(); smp_mb(); WRITE_ONCE(b->flag, 1);',
        READS,
      ),
      'needed',
      'redundant by smp_mb()',
      'needed',
    );
    expect(sides[0]).toMatchObject({ oneMustStay: true });
  });

  test('however many ways there are between the accesses, on some of which something orders', () =>
    checkVerdict(
      `int may(int); ${messagePassing(
        `${Array.from({ length: 24 }, (_, at) => `if (may(${at})) smp_mb();`).join(' ')} smp_wmb(); WRITE_ONCE(b->flag, 1);`,
        READS,
      )}`,
      'needed',
      'needed',
      'needed',
    ));

  test('where what is called on the way may come back without having ordered anything', () =>
    checkVerdict(
      `int may(int); static spinlock_t log_lock; static int logged[24];
      static void note(void) { if (!may(0)) return; ${Array.from(
        { length: 24 },
        (_, at) =>
          `if (may(${at})) { spin_lock(&log_lock); if (may(-1)) { spin_unlock(&log_lock); return; } logged[${at}]++; spin_unlock(&log_lock); }`,
      ).join(' ')} }
      ${messagePassing('note(); smp_wmb(); WRITE_ONCE(b->flag, 1);', READS)}`,
      'needed',
      'needed',
      'needed',
    ));

  test('a barrier in a function on the way stands in for it', async () => {
    const { sides } = await checkVerdict(
      `
//- /box.c
struct box { int data, flag; };
static void fill(struct box *b)
{
        WRITE_ONCE(b->data, 1);
        smp_wmb();
}
void publish(struct box *b)
{
        fill(b);
        /* Pairs with smp_rmb() in look(). */
        smp_wmb();
        WRITE_ONCE(b->flag, 1);
}
int look(struct box *b)
{
        int flag = READ_ONCE(b->flag);
        /* Pairs with smp_wmb() in publish(). */
        smp_rmb();
        return flag + READ_ONCE(b->data);
}
`,
      'needed',
      'redundant by smp_wmb() in fill()',
      'needed',
    );
    expect(sides[0]).toMatchObject({ oneMustStay: true });
  });

  test('also where it was too deep for another call before', async () => {
    const { sides } = await checkVerdict(
      `
//- /box.c
struct box { int data, flag; };
static void order(void)
{
        smp_wmb();
}
static void settle(void)
{
        order();
}
static void begin(void)
{
        settle();
}
void publish(struct box *b)
{
        WRITE_ONCE(b->data, 1);
        begin();
        settle();
        /* Pairs with smp_rmb() in look(). */
        smp_wmb();
        WRITE_ONCE(b->flag, 1);
}
int look(struct box *b)
{
        int flag = READ_ONCE(b->flag);
        /* Pairs with smp_wmb() in publish(). */
        smp_rmb();
        return flag + READ_ONCE(b->data);
}
`,
      'needed',
      'redundant by smp_wmb() in order()',
      'needed',
    );
    expect(sides[0]).toMatchObject({ oneMustStay: true });
  });

  test('a barrier of another caller does not', () =>
    checkVerdict(
      `
//- /box.c
struct box { int data, flag; };
static void fill(struct box *b)
{
        WRITE_ONCE(b->data, 1);
}
static void raise(struct box *b)
{
        WRITE_ONCE(b->flag, 1);
}
void publish(struct box *b)
{
        fill(b);
        /* Pairs with smp_rmb() in look(). */
        smp_wmb();
        raise(b);
}
void publish_again(struct box *b)
{
        fill(b);
        /* Pairs with smp_rmb() in look(). */
        smp_wmb();
        raise(b);
}
int look(struct box *b)
{
        int flag = READ_ONCE(b->flag);
        /* Pairs with smp_wmb() in publish(). */
        smp_rmb();
        return flag + READ_ONCE(b->data);
}
`,
      'needed',
      'needed',
      'needed',
    ));

  test('a barrier in the branch of the second access stands before it on every path', () =>
    checkVerdict(
      messagePassing(
        'WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1);',
        'int flag = READ_ONCE(b->flag); smp_rmb(); if (flag) { smp_rmb(); return READ_ONCE(b->data); } return 0;',
      ),
      'needed',
      'needed',
      'redundant by smp_rmb()',
    ));

  test('a full read-modify-write as the reader', () =>
    checkVerdict(
      messagePassing(
        'smp_wmb(); set_bit(0, &b->flag);',
        'if (test_and_clear_bit(0, &b->flag)) return READ_ONCE(b->data);',
      ),
      'needed',
      'needed',
      'needed',
    ));

  test('what a void atomic operation finds is seen by nobody', async () => {
    const { bad } = await checkVerdict(
      messagePassing(
        'smp_wmb(); WRITE_ONCE(b->flag, 1);',
        'if (READ_ONCE(b->flag)) { /* pairs with writer() */ smp_mb__before_atomic(); clear_bit(0, &b->data); }',
      ),
      'needed',
    );
    expect(bad).toBe('reader() sees the new box.flag and then changes the old box.data');
  });

  test('plain accesses are taken as marked, and it is said', async () => {
    const { verdict } = await checkVerdict(
      `${BOX}
      void writer(struct box *b) { b->data = 1; smp_wmb(); b->flag = 1; }
      int reader(struct box *b) { int f = b->flag; smp_rmb(); return f ? b->data : 0; }`,
      'needed',
    );
    expect(verdict.assumptions).toContain(
      'plain accesses are taken as READ_ONCE() and WRITE_ONCE()',
    );
  });

  test('a value that leads the reader past its second access is no proof of anything', () =>
    checkVerdict(messagePassing('smp_wmb(); WRITE_ONCE(b->flag, 0);', READS), 'idle'));
});

describe('other shapes', () => {
  test('store buffering needs both full barriers', () =>
    checkVerdict(
      `${BOX}
      int f(struct box *b) { WRITE_ONCE(b->data, 1); smp_mb(); return READ_ONCE(b->flag); }
      int g(struct box *b) { WRITE_ONCE(b->flag, 1); smp_mb(); return READ_ONCE(b->data); }`,
      'needed',
      'needed',
      'needed',
    ));

  test('load buffering needs both full barriers', () =>
    checkVerdict(
      `${BOX}
      void f(struct box *b) { int x = READ_ONCE(b->data); smp_mb(); WRITE_ONCE(b->flag, 1); use(x); }
      void g(struct box *b) { int x = READ_ONCE(b->flag); smp_mb(); WRITE_ONCE(b->data, 1); use(x); }`,
      'needed',
      'needed',
      'needed',
    ));

  test('smp_mb__after_atomic() orders after a void atomic operation', () =>
    checkVerdict(
      `${BOX}
      int f(struct box *b) { set_bit(0, &b->data); smp_mb__after_atomic(); return READ_ONCE(b->flag); }
      int g(struct box *b) { WRITE_ONCE(b->flag, 1); smp_mb(); return test_bit(0, &b->data); }`,
      'needed',
      'needed',
      'needed',
    ));

  test('smp_store_mb()', () =>
    checkVerdict(
      `${BOX}
      int f(struct box *b) { smp_store_mb(b->data, 1); return READ_ONCE(b->flag); }
      int g(struct box *b) { WRITE_ONCE(b->flag, 1); smp_mb(); return READ_ONCE(b->data); }`,
      'needed',
      'needed',
      'needed',
    ));
});

describe('broken', () => {
  test('the read barrier before both reads', () =>
    checkVerdict(
      messagePassing(
        'smp_wmb(); WRITE_ONCE(b->flag, 1);',
        '/* pairs with writer() */ smp_rmb(); if (READ_ONCE(b->flag)) return READ_ONCE(b->data);',
      ),
      'broken',
    ));

  test('the read barrier after both reads', () =>
    checkVerdict(
      messagePassing(
        'smp_wmb(); WRITE_ONCE(b->flag, 1);',
        'int f = READ_ONCE(b->flag), d = READ_ONCE(b->data); /* pairs with writer() */ smp_rmb(); use(f, d);',
      ),
      'broken',
    ));

  test('smp_rmb() after a void atomic operation', () =>
    checkVerdict(
      messagePassing(
        'smp_wmb(); set_bit(0, &b->flag);',
        'clear_bit(0, &b->flag); /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->data);',
      ),
      'broken',
    ));

  test('smp_wmb() where a store has to come before a load', () =>
    checkVerdict(
      `${BOX}
      int f(struct box *b) { WRITE_ONCE(b->data, 1); /* pairs with g() */ smp_mb(); return READ_ONCE(b->flag); }
      int g(struct box *b) { WRITE_ONCE(b->flag, 1); smp_wmb(); return READ_ONCE(b->data); }`,
      'broken',
    ));

  test('smp_mb__before_atomic() without an atomic operation', () =>
    checkVerdict(
      `${BOX}
      int f(struct box *b) { WRITE_ONCE(b->data, 1); /* pairs with g() */ smp_mb(); return READ_ONCE(b->flag); }
      int g(struct box *b) { WRITE_ONCE(b->flag, 1); smp_mb__before_atomic(); return READ_ONCE(b->data); }`,
      'broken',
    ));

  test('the execution that shows it has its places in the files', async () => {
    const { verdict } = await checkVerdict(
      `//- /writer.c
      ${BOX}
      void writer(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }
      //- /reader.c
      ${BOX}
      int reader(struct box *b) { /* pairs with writer() */ smp_rmb(); if (READ_ONCE(b->flag)) return READ_ONCE(b->data); return 0; }`,
      'broken',
    );
    const events = verdict.kind === 'broken' ? verdict.witness.events : [];
    const files = events.flatMap(({ origin }) => origin?.file ?? []);
    expect(new Set(files)).toEqual(new Set(['writer.c', 'reader.c']));
  });
});

describe('what the one side orders, as the other meets it', () => {
  const WRITER = 'void writer(struct box *b) { b->data = 1; smp_store_release(&b->flag, 1); }';

  test('a value that is read before the acquire and used behind it', () =>
    checkVerdict(
      `${BOX}
      ${WRITER}
      int reader(struct box *b) { int v = READ_ONCE(b->data); /* pairs with writer() */ if (!smp_load_acquire(&b->flag)) return 0; return v; }`,
      'broken',
    ));

  test('but not where it is read again behind the acquire', () =>
    checkVerdict(
      `${BOX}
      ${WRITER}
      int reader(struct box *b) { int v = READ_ONCE(b->data); /* pairs with writer() */ if (!smp_load_acquire(&b->flag)) return v; return b->data; }`,
      'needed',
    ));

  test('a helper whose barrier stands behind the flag, where its caller has the data', () =>
    checkVerdict(
      `${BOX}
      void publish(struct box *b) { WRITE_ONCE(b->flag, 1); /* pairs with reader() */ smp_wmb(); }
      void writer(struct box *b) { b->data = 1; publish(b); }
      int reader(struct box *b) { if (!READ_ONCE(b->flag)) return 0; smp_rmb(); return b->data; }`,
      'broken',
    ));

  test('and where it stands before the flag', () =>
    checkVerdict(
      `${BOX}
      void publish(struct box *b) { /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }
      void writer(struct box *b) { b->data = 1; publish(b); }
      int reader(struct box *b) { if (!READ_ONCE(b->flag)) return 0; smp_rmb(); return b->data; }`,
      'needed',
    ));
});

describe('what nobody knows', () => {
  test('a bit that has to be set before anything happens', () =>
    checkVerdict(
      `${BOX}
      enum { OFF, AGAIN };
      void g(struct box *b) { if (test_bit(OFF, &b->flag)) return; if (!test_bit(AGAIN, &b->flag)) return; clear_bit(AGAIN, &b->flag); smp_mb(); if (READ_ONCE(b->data)) run(b); }
      void f(struct box *b) { WRITE_ONCE(b->data, 1); /* pairs with g() */ smp_mb(); if (!test_bit(AGAIN, &b->flag)) run(b); }`,
      'needed',
      'needed',
      'needed',
    ));

  test('how often a loop goes round', () =>
    checkVerdict(
      `struct box { int data; int flag; };
      void writer(struct box *b, int n) { int i; for (i = 0; i < n; i++) b[i].data = 1; /* pairs with reader() */ smp_wmb(); for (i = 0; i < n; i++) b[i].flag = 1; }
      int reader(struct box *b) { if (!READ_ONCE(b->flag)) return 0; smp_rmb(); return b->data; }`,
      'needed',
      'needed',
      'needed',
    ));

  test('whether the option is set under which the code stands', () =>
    checkVerdict(
      `${BOX}
      #ifdef CONFIG_BOXES
      static void writer(struct box *b) { b->data = 1; /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }
      #else
      static void writer(struct box *b) { }
      #endif
      int reader(struct box *b) { if (!READ_ONCE(b->flag)) return 0; smp_rmb(); return b->data; }`,
      'needed',
    ));
});

describe('a dependency that is not followed makes no bad outcome of it', () => {
  const RING = `struct ring { int head; int size; int slot[8]; };
    void produce(struct ring *r, int v) { r->slot[r->head & (r->size - 1)] = v; /* pairs with consume() */ smp_wmb(); WRITE_ONCE(r->head, 5); }`;

  test('by an index that is computed', () =>
    checkVerdict(
      `${RING}
      int consume(struct ring *r) { int head = READ_ONCE(r->head); smp_mb__before_atomic(); return r->slot[head & (r->size - 1)]; }`,
      'unknown: a dependency on a value that was read is not followed',
    ));

  test('by an index that is one bit or another, each of which it would have to order', () =>
    checkVerdict(
      `struct ring { unsigned long full; int size; int slot[8]; };
      void produce(struct ring *r, int v) { WRITE_ONCE(r->slot[0], v); /* pairs with consume() */ smp_wmb(); if (v) set_bit(0, &r->full); else set_bit(1, &r->full); }
      int consume(struct ring *r) { int at = test_bit(0, &r->full); if (!at) at = 2 * test_bit(1, &r->full); smp_mb__before_atomic(); return READ_ONCE(r->slot[at & (r->size - 1)]); }`,
      'unknown: a dependency on a value that was read is not followed',
    ));

  test('but where the other side lacks its order all the same, too', () =>
    checkVerdict(
      `struct ring { unsigned long full; int size; int slot[8]; };
      void produce(struct ring *r, int v) { WRITE_ONCE(r->slot[0], v); /* pairs with consume() */ smp_rmb(); if (v) set_bit(0, &r->full); else set_bit(1, &r->full); }
      int consume(struct ring *r) { int at = test_bit(0, &r->full); if (!at) at = 2 * test_bit(1, &r->full); smp_mb__before_atomic(); return READ_ONCE(r->slot[at & (r->size - 1)]); }`,
      'broken',
    ));

  test('but where the other value is only compared there is none for a read', () =>
    checkVerdict(
      `${BOX}
      void writer(struct box *b) { b->data = 1; /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }
      int reader(struct box *b, int seen) { if (READ_ONCE(b->flag) != seen + 1) return 0; smp_mb__before_atomic(); return b->data; }`,
      'broken',
    ));
});

describe('broken on some paths', () => {
  test('an order that only some paths have', () =>
    checkVerdict(
      messagePassing(
        'smp_wmb(); set_bit(0, &b->flag);',
        'clear_bit(0, &b->flag); /* pairs with writer() */ smp_rmb(); if (ready) smp_mb(); return READ_ONCE(b->data);',
      ),
      'broken',
    ));

  test('smp_mb__after_spinlock() where no lock is taken', () =>
    checkVerdict(
      messagePassing(
        '/* pairs with reader() */ smp_mb__after_spinlock(); WRITE_ONCE(b->flag, 1);',
        READS,
      ),
      'broken',
    ));
});

describe('unknown', () => {
  test('nothing in common', async () => {
    const { verdict } = await check(`${BOX}
      void f(struct box *b) { b->data = 1; /* pairs with g() */ smp_wmb(); b->flag = 1; }
      int g(void) { int x = ready; smp_rmb(); return x; }`);
    expect(shown(verdict)).toBe('unknown: not known which fields are meant');
  });
});

describe('a field that is not asked about', () => {
  test('may hold anything, also where it is stored with a release elsewhere in the function', () =>
    checkVerdict(
      `${BOX}
      void writer(struct box *b) { if (READ_ONCE(b->next) != b) return; WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); smp_store_release(&b->next, 0); }
      int reader(struct box *b) { if (!READ_ONCE(b->flag)) return -1; /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->data); }`,
      'needed',
      'needed',
      'needed',
    ));
});

describe('what nobody knows does not keep a pairing from an answer', () => {
  const reader =
    'int reader(struct box *b) { if (!READ_ONCE(b->flag)) return -1; /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->data); }';

  test('where a part of it is tested', async () => {
    const writer = `void writer(struct box *b, int n) {
      WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, n); }`;
    const narrowed = reader.replace('!READ_ONCE(b->flag)', '!(unsigned char)READ_ONCE(b->flag)');
    await checkVerdict(`${BOX} ${writer} ${narrowed}`, 'needed', 'needed', 'needed');
  });

  test('where many values are each compared with a number of their own', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `v${at}`);
    const tests = names.map((name, at) => `if (${name} == ${at + 2}) WRITE_ONCE(b->data, 1);`);
    const writer = `void writer(struct box *b, ${names.map((name) => `int ${name}`).join(', ')}) {
      ${tests.slice(0, 6).join(' ')}
      WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
    await checkVerdict(`${BOX} ${writer} ${reader}`, 'needed', 'needed', 'needed');
  });

  test('where it is compared with what others may have put there', async () => {
    const writer = `void writer(struct box *b, int mine) {
      if (cmpxchg_relaxed(&b->data, mine, mine + 1) != mine) return; smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
    const other = reader.replace(
      'return READ_ONCE(b->data)',
      'return cmpxchg_relaxed(&b->data, n, 5)',
    );
    const text = `${BOX} ${writer} ${other.replace('*b)', '*b, int n)')}`;
    await checkVerdict(text, 'needed', 'needed', 'needed');
  });

  test('where it is added to', async () => {
    const struct = 'struct box { atomic_t data; int flag; };';
    const writer = `void writer(struct box *b, int n) {
      atomic_add(n, &b->data); smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
    const other = reader.replace('READ_ONCE(b->data)', 'atomic_read(&b->data)');
    await checkVerdict(`${struct} ${writer} ${other}`, 'needed', 'needed', 'needed');
  });

  test('and code behind early returns is there once, however many there are', async () => {
    const names = Array.from({ length: 7 }, (_, at) => `n${at}`);
    const returns = names.map((name) => `if (${name}) { if (m) return; }`);
    const writer = `void writer(struct box *b, int m, ${names.map((name) => `int ${name}`).join(', ')}) {
      ${returns.join(' ')}
      WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
    await checkVerdict(`${BOX} ${writer} ${reader}`, 'needed', 'needed', 'needed');
  });
});

test('where a reader leaves its barrier out by a comparison that is not followed, it may have seen nothing new', () =>
  checkVerdict(
    `struct box { int data, flag, seen; };
    void writer(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); atomic_inc(&b->flag); }
    int reader(struct box *b) {
      int f = atomic_read(&b->flag);
      if (f == b->seen) goto out;
      /* pairs with writer() */
      smp_rmb();
    out:
      return READ_ONCE(b->data);
    }`,
    'unknown: what is compared on the way that leaves out smp_rmb() is not followed',
  ));

test('where executions are left out, "never" is not known', async () => {
  const writer =
    'void writer(struct box *b) { b->data = 1; /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }';
  const reader =
    'int reader(struct box *b, long where) { if (!READ_ONCE(b->flag)) return -1; /* pairs with writer() */ smp_rmb(); if (where) return b->data; return spin_is_locked((spinlock_t *)(where + 8)); }';
  const { verdict } = await check(`${BOX} ${writer} ${reader}`);
  expect(shown(verdict)).toMatch(/^unknown: executions with an access through a pointer that may/);
});

test('what waits for others in a way that is not modelled leaves the answer open', async () => {
  const writer = `static void wait(void) { schedule_on_each_cpu(nothing); }
    void writer(struct box *b) { WRITE_ONCE(b->flag, 0); wait(); WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
  const reader = `int reader(struct box *b) { /* pairs with writer() */ smp_rmb();
    if (!READ_ONCE(b->flag)) return -1; return READ_ONCE(b->data); }`;
  const { verdict } = await check(`${BOX} ${writer} ${reader}`);
  expect(shown(verdict)).toMatch(/^unknown: schedule_on_each_cpu\(\), which waits/);
});

describe('the fields that are meant', () => {
  const struct = 'struct box { int data, flag, other, count; };';
  const writer =
    'void writer(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }';

  test('are those that the function has itself, not those of its callers', async () => {
    const reader = `static int reader(struct box *b) { int n = READ_ONCE(b->count); /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->data) + n; }
      int caller(struct box *b) { if (!READ_ONCE(b->flag)) return 0; return reader(b); }`;
    const { verdict } = await check(`${struct} ${writer} ${reader}`);
    expect(shown(verdict)).toBe('unknown: not known which fields are meant');
  });

  test('are those of the caller of a helper that has none there', async () => {
    const reader = `static int reader(struct box *b) { /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->data); }
      int caller(struct box *b) { if (!READ_ONCE(b->flag)) return 0; return reader(b); }`;
    const { verdict } = await check(`${struct} ${writer} ${reader}`);
    expect(shown(verdict)).toBe('needed');
  });

  test('are those of a helper that has none there, where the other one has a getter for them', async () => {
    const helper = `static void publish(struct box *b) { /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->flag, 1); b->count++; }
      void caller(struct box *b) { WRITE_ONCE(b->data, 1); publish(b); }`;
    const reader = (between: string, before: string) =>
      `static int data_of(struct box *b) { return READ_ONCE(b->data); }
      int reader(struct box *b) { ${before} if (!READ_ONCE(b->flag)) return 0; ${between} return data_of(b); }`;
    const rmb = '/* pairs with publish() */ smp_rmb();';
    const right = await check(`${struct} ${helper} ${reader(rmb, '')}`);
    expect(shown(right.verdict)).toBe('needed');
    const misplaced = await check(`${struct} ${helper} ${reader('', rmb)}`);
    expect(shown(misplaced.verdict)).toBe('broken');
  });

  test('are not known where nothing can go wrong with those that there are', async () => {
    const idle = writer.replace('b->flag, 1', 'b->flag, 0');
    const reader =
      'int reader(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->data); }';
    const { verdict, orders } = await check(`${struct} ${idle} ${reader}`);
    expect(orders.map((order) => shown(order.verdict))).toEqual(['idle']);
    expect(shown(verdict)).toBe('unknown: not known which fields are meant');
  });
});

describe('what is read behind a store on both sides', () => {
  const sides = (one: string, two: string) => `${BOX}
    void trace(int data, int flag);
    void f(struct box *b) { b->data = 1; /* pairs with g() */ smp_mb(); ${one} }
    void g(struct box *b) { b->flag = 1; smp_mb(); ${two} }`;

  test.each([
    ['both sides go', 'if (b->flag) trace(1, 1);', 'if (b->data) trace(2, 2);'],
    ['one side goes', 'trace(1, b->flag);', 'if (b->data) trace(2, 2);'],
  ])('matters where %s by it', async (_, one, two) => {
    await checkVerdict(sides(one, two), 'needed');
  });

  test('does not where both only hand it on', async () => {
    const { verdict } = await check(sides('trace(1, b->flag);', 'trace(b->data, 2);'));
    expect(shown(verdict)).toBe('unknown: not known which fields are meant');
  });

  test('does where the comment names what is handed on', () =>
    checkVerdict(
      sides('trace(1, b->flag);', 'trace(b->data, 2);').replace(
        'pairs with g()',
        'pairs with g(), data before flag is traced',
      ),
      'needed',
    ));
});

describe('a lock that every caller of a function takes', () => {
  const struct = 'struct box { spinlock_t lock; int data; int flag; };';
  const reader = `int reader(struct box *b) {
    int v = READ_ONCE(b->flag);
    if (v) { /* pairs with publish() */ smp_rmb(); return b->data; }
    spin_lock(&b->lock); v = b->flag; if (v) v = b->data; spin_unlock(&b->lock); return v; }`;
  const publish =
    'static void publish(struct box *b) { b->data = 1; smp_wmb(); WRITE_ONCE(b->flag, 1); }';
  const locking =
    'void update(struct box *b) { spin_lock(&b->lock); publish(b); spin_unlock(&b->lock); }';

  test('excludes what the function alone would allow', async () => {
    const { verdict } = await check(`${struct} ${publish} ${locking} ${reader}`);
    expect(verdict.kind).not.toBe('broken');
  });

  test('excludes what the function alone would allow where the other one takes it in a helper', async () => {
    const helped = `static int under(struct box *b) { int v; spin_lock(&b->lock); v = b->flag; if (v) v = b->data; spin_unlock(&b->lock); return v; }
      ${reader.replace(/spin_lock.*spin_unlock\(&b->lock\); return v;/, 'return under(b);')}`;
    const { verdict } = await check(`${struct} ${publish} ${locking} ${helped}`);
    expect(verdict.kind).not.toBe('broken');
  });

  test('makes the barriers of two functions that it keeps apart needless', async () => {
    const seeing = `static int see(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with publish() */ smp_rmb(); return b->data; }
      int look(struct box *b) { spin_lock(&b->lock); int v = see(b); spin_unlock(&b->lock); return v; }`;
    const { verdict } = await check(`${struct} ${publish} ${locking} ${seeing}`);
    expect(shown(verdict)).toBe('idle');
    expect(verdict.assumptions).toContain(
      'called from update() and look(), with what is locked there',
    );
  });

  test.each([
    [
      'one of the callers cannot be followed',
      locking.replace('update(', 'other(').replace('publish(b)', 'flush_work(b); publish(b)'),
    ],
    [
      'there are more callers than are asked',
      [1, 2, 3, 4, 5, 6].map((n) => locking.replace('update(', `update${n}(`)).join(' '),
    ],
  ])('leaves it open where %s', async (_, others) => {
    const { verdict } = await check(`${struct} ${publish} ${locking} ${others} ${reader}`);
    expect(verdict.kind).toBe('unknown');
  });

  test.each([
    ['one caller takes none', `${locking} void other(struct box *b) { publish(b); }`],
    [
      'it is released before the call',
      locking.replace('publish(b); spin_unlock(&b->lock);', 'spin_unlock(&b->lock); publish(b);'),
    ],
    ['anybody may call it', `${locking}`],
  ])('excludes nothing where %s', async (why, callers) => {
    const own = why.startsWith('anybody') ? publish.replace('static ', '') : publish;
    const { verdict } = await check(`${struct} ${own} ${callers} ${reader}`);
    expect(verdict.kind).toBe('broken');
  });
});

describe('a per-CPU variable is shared with whoever looks at that of another CPU', () => {
  const text = (look: string) => `DEFINE_PER_CPU(int, state); int data;
    void go(void) { WRITE_ONCE(data, 1); /* pairs with see() */ smp_wmb(); this_cpu_write(state, 1); }
    int see(int cpu) { if (!READ_ONCE(${look})) return -1; /* pairs with go() */ smp_rmb(); return READ_ONCE(data); }`;

  test.each(['per_cpu(state, cpu)', '*per_cpu_ptr(&state, cpu)'])('%s', async (look) => {
    await checkVerdict(text(look), 'needed', 'needed', 'needed');
  });

  test('and not where each function has its own', async () => {
    await checkVerdict(
      text('*this_cpu_ptr(&state)'),
      'unknown: state is of one CPU, and each function accesses that of its own',
    );
  });
});

describe('a ring of slots', () => {
  test('has no needless release: it may be there for the slots', async () => {
    const text = `struct ev { int type; }; struct ring { int head, tail; struct ev slots[8]; };
      int push(struct ring *r, int type) { int head = r->head;
        /* pairs with pop() */ if (head - smp_load_acquire(&r->tail) >= 8) return 0;
        r->slots[head & 7].type = type; smp_store_release(&r->head, head + 1); return 1; }
      int pop(struct ring *r, struct ev *to) { int tail = r->tail; if (smp_load_acquire(&r->head) == tail) return 0;
        *to = r->slots[tail & 7]; /* pairs with push() */ smp_store_release(&r->tail, tail + 1); return 1; }`;
    const { verdict, orders } = await check(text);
    const told = [verdict, ...orders.flatMap(({ sides, verdict: pair }) => [pair, ...sides])];
    expect(told.map(({ kind }) => kind)).not.toContain('redundant');
  });
});

describe('a variable that is only declared', () => {
  test('starts as a field of an object does', async () => {
    const text = `extern int data; extern int flag;
      void put(void) { WRITE_ONCE(data, 1); /* pairs with get() */ smp_wmb(); WRITE_ONCE(flag, 1); }
      int get(void) { if (!READ_ONCE(flag)) return 0; /* pairs with put() */ smp_rmb(); return READ_ONCE(data); }`;
    await checkVerdict(text, 'needed', 'needed', 'needed');
  });
});

describe('a variable that is declared for one configuration', () => {
  test('is there', async () => {
    const text = `#ifdef CONFIG_CLOCKS
      #ifdef CONFIG_MORE
      extern int data;
      #endif
      extern int flag;
      #endif
      void put(void) { WRITE_ONCE(data, 1); /* pairs with get() */ smp_wmb(); WRITE_ONCE(flag, 1); }
      int get(void) { if (!READ_ONCE(flag)) return 0; /* pairs with put() */ smp_rmb(); return READ_ONCE(data); }`;
    await checkVerdict(text, 'needed', 'needed', 'needed');
  });
});

describe('what is left out of a branch', () => {
  test('leaves the pointer as it is through which it stores', async () => {
    const text = `struct box { int data, flag, kind; };
      void put(struct box *b, int more) {
        if (more) { WRITE_ONCE(b->data, 1); b->kind = 1; /* pairs with get() */ smp_wmb(); }
        else { WRITE_ONCE(b->data, 2); b->kind = 0; (*b).kind++; }
        WRITE_ONCE(b->flag, 1); }
      int get(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with put() */ smp_rmb(); return READ_ONCE(b->data); }`;
    await checkVerdict(text, 'broken');
  });
});

describe('what is left out and stores a value of its own', () => {
  test.each(['b->mode = 1;', 'b->mode++;', 'if (b->other) { b->mode = 1; }', 'b->in.all[2] = 1;'])(
    'is not what was there before: %s',
    async (store) => {
      const mode = store.includes('all') ? 'b->in.all[2]' : 'b->mode';
      const text = `struct in { int all[4]; }; struct box { int data, flag, mode, other; struct in in; };
      void put(struct box *b) { if (${mode} == 1) return; ${store}
        if (${mode} == 1) WRITE_ONCE(b->data, 1);
        else { WRITE_ONCE(b->data, 2); /* pairs with get() */ smp_wmb(); }
        WRITE_ONCE(b->flag, 1); }
      int get(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with put() */ smp_rmb(); return READ_ONCE(b->data); }`;
      await checkVerdict(text, 'broken');
    },
  );
});

describe('a per-CPU variable of some CPU', () => {
  test('breaks nothing: both functions may mean different ones', async () => {
    const text = `DEFINE_PER_CPU(int, state); int data;
      void go(int cpu) { per_cpu(state, cpu) = 1; /* pairs with see() */ smp_wmb(); WRITE_ONCE(data, 1); }
      int see(int cpu, int known) { int seen = READ_ONCE(data); if (!known) { if (!seen) return -1;
        /* pairs with go() */ smp_rmb(); } return per_cpu(state, cpu); }`;
    await checkVerdict(
      text,
      'unknown: state is of one CPU, and it is not known whether both functions mean the same CPU',
    );
  });
});

describe('a pointer that a function is given', () => {
  const text = (test: string) => `struct box { int data, flag; };
    void put(struct box *b, void *from) { ${test} { WRITE_ONCE(b->data, 1); /* pairs with get() */ smp_wmb(); }
      else WRITE_ONCE(b->data, 2); WRITE_ONCE(b->flag, 1); }
    int get(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with put() */ smp_rmb(); return READ_ONCE(b->data); }`;

  test.each(['if (from)', 'if (from != NULL)', 'if (b && unlikely(from))'])(
    'may be none where it asks: %s',
    async (asked) => {
      await checkVerdict(text(asked), 'broken');
    },
  );
});

describe('an object that a callback is given', () => {
  const struct = 'struct box { int data, flag; };';
  const put = `void put(struct box *b) { WRITE_ONCE(b->data, 1);
    /* pairs with run() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
  const run = (begin: string, barrier = 'smp_rmb()') => `static int run(void *arg) { ${begin}
    if (!READ_ONCE(b->flag)) return 0; /* pairs with put() */ ${barrier}; return READ_ONCE(b->data); }`;

  test.each([
    'struct box *b = arg;',
    'struct box *b = (struct box *)arg;',
    'struct box *b; b = arg;',
    'const struct box *b = arg;',
  ])('is one of what it is taken for: %s', async (begin) => {
    await checkVerdict(`${struct} ${put} ${run(begin)}`, 'needed', 'needed', 'needed');
    await checkVerdict(`${struct} ${put} ${run(begin, 'smp_wmb()')}`, 'broken');
  });

  test('may be none where a copy is asked', async () => {
    const text = (asked: string) => `${struct} struct cell { int id; };
      void put(struct box *b, struct cell *given) { struct cell *from = given; WRITE_ONCE(b->data, 1);
        ${asked} { /* pairs with get() */ smp_wmb(); from->id = 1; } WRITE_ONCE(b->flag, 1); }
      int get(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with put() */ smp_rmb(); return READ_ONCE(b->data); }`;
    await checkVerdict(text(''), 'needed', 'needed', 'needed');
    await checkVerdict(text('if (from)'), 'broken');
  });
});

describe('what is read under a sequence counter', () => {
  test('is read again where it has moved, and not said to be broken', async () => {
    const text = `struct base { seqcount_t seq; struct timer *running; }; struct timer { struct base *base; int state; };
      void run(struct base *b, struct timer *t) { b->running = t;
        /* this ensures the read side in active() cannot observe running without the state */
        raw_write_seqcount_barrier(&b->seq); t->state = 0; fire(t);
        /* as above, see active() */
        raw_write_seqcount_barrier(&b->seq); b->running = NULL; }
      int active(const struct timer *t) { struct base *b; unsigned int seq;
        do { b = READ_ONCE(t->base); seq = raw_read_seqcount_begin(&b->seq);
          if (t->state != 0 || b->running == t) return 1;
        } while (read_seqcount_retry(&b->seq, seq) || b != READ_ONCE(t->base)); return 0; }`;
    const { verdict } = await check(text);
    expect(verdict.kind).not.toBe('broken');
  });
});

describe('a queue that is stopped when it is full', () => {
  const struct =
    'struct queue { unsigned long state; }; struct ring { struct queue *queue; int prod, cons; };';
  const done = `void done(struct ring *r, int n) { WRITE_ONCE(r->cons, n);
    /* pairs with add(): it sees that the queue is stopped, or add() sees the new cons */
    smp_mb(); if (READ_ONCE(r->prod) != n) poke(r); }`;
  const add = (stop: string, barrier: string) => `
    static void stop(struct queue *q) { ${stop} }
    int add(struct ring *r, int n) { WRITE_ONCE(r->prod, n);
    if (n - READ_ONCE(r->cons) > 8) { stop(r->queue);
      /* pairs with done() */ ${barrier}; if (n - READ_ONCE(r->cons) < 4) start(r->queue); } return 0; }`;

  test('may look once more before the barrier', async () => {
    await checkVerdict(
      `${struct} ${add('q->state = 1;', 'smp_mb()')} ${done}`,
      'needed',
      'needed',
      'needed',
    );
  });

  test('and that look is told to be left out', async () => {
    const { verdict } = await check(`${struct} ${add('q->state = 1;', 'smp_mb()')} ${done}`);
    expect(verdict.assumptions.join()).toContain('made again on the right side of the barrier');
  });

  test('has its full barrier beside the atomic operation that stops it', async () => {
    await checkVerdict(
      `${struct} ${add('set_bit(0, &q->state);', 'smp_mb__after_atomic()')} ${done}`,
      'needed',
      'needed',
      'needed',
    );
  });

  test('has none where a function that it calls makes no atomic operation', async () => {
    const { verdict } = await check(
      `${struct} void mark(struct queue *q) { __set_bit(0, &q->state); } ${add('mark(r->queue);', 'smp_mb__after_atomic()')} ${done}`,
    );
    expect(verdict.kind).toBe('broken');
  });

  test('has none where that is no atomic operation', async () => {
    const { verdict } = await check(
      `${struct} ${add('', 'WRITE_ONCE(r->queue->state, 1); smp_mb__after_atomic()')} ${done}`,
    );
    expect(verdict.kind).toBe('broken');
  });
});

describe('a flag that each round of a loop sets before its look and clears behind it', () => {
  const poller = (barrier: string) => `
    struct ring { u32 tail; u32 flags; u32 head; };
    static int has_work(struct ring *r) { return READ_ONCE(r->tail) != r->head; }
    void poll(struct ring *r)
    {
            while (!kthread_should_stop()) {
                    if (has_work(r)) {
                            r->head++;
                            continue;
                    }
                    WRITE_ONCE(r->flags, 1);
                    ${barrier} /* pairs with submit() */
                    if (!has_work(r))
                            schedule();
                    WRITE_ONCE(r->flags, 0);
            }
    }
    void submit(struct ring *r)
    {
            WRITE_ONCE(r->tail, r->tail + 1);
            smp_mb();
            if (READ_ONCE(r->flags))
                    wake(r);
    }`;

  test('is not cleared before the look of the next round', () =>
    checkVerdict(poller('smp_mb();'), 'needed', 'needed', 'needed'));

  test('is set too late without a full barrier', () =>
    checkVerdict(poller('smp_wmb();'), 'broken'));
});

describe('bytes of which nobody knows how many', () => {
  const struct = 'struct box { int data[2]; int flag; char *room; };';
  const write = (copy: string) =>
    `void write(struct box *b, void *from, int n) { ${copy} /* pairs with read() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }`;
  const read = (copy: string) =>
    `int read(struct box *b, void *to, int n) { if (!READ_ONCE(b->flag)) return 0; /* pairs with write() */ smp_rmb(); ${copy} return 1; }`;

  test.each([
    ['that are copied to a field', 'memcpy(b->data, from, n);', 'return b->data[0];'],
    ['that a field is set to', 'memset(b->data, 1, n);', 'return b->data[0];'],
    ['that are copied from a field', 'b->data[0] = 1;', 'memcpy(to, b->data, n);'],
  ])('are all of it: %s', async (_, copy, used) => {
    const { verdict } = await check(`${struct} ${write(copy)} ${read(used)}`);
    expect(shown(verdict)).toBe('needed');
    expect(verdict.assumptions.join()).toContain(
      'as many bytes are copied or set as the object has',
    );
  });

  test('are of an object that a pointer leads to which nobody has followed before', async () => {
    const { verdict } = await check(
      `struct record { int magic; int length; char text[64]; }; struct log { struct record *records; int next; };
      void write(struct log *l, const char *text, int n) { struct record *r = &l->records[l->next++];
        memcpy(r->text, text, n); r->length = n; /* pairs with read() */ smp_wmb(); WRITE_ONCE(r->magic, 1); }
      int read(struct log *l, int at, char *to) { struct record *r = &l->records[at]; if (!READ_ONCE(r->magic)) return 0;
        /* pairs with write() */ smp_rmb(); int n = r->length; memcpy(to, r->text, n); return n; }`,
    );
    expect(shown(verdict)).toBe('needed');
  });

  test('do not matter to fields that they cannot be of', async () => {
    const { verdict } = await check(
      `${struct} ${write('b->data[0] = 1; memcpy(b->room, from, n);')} ${read('memcpy(to, b->room, n); return b->data[0];')}`,
    );
    expect(shown(verdict)).toBe('needed');
  });
});

describe('a bit that has to be set for anything to be stored', () => {
  const struct =
    '#define OLD 2\n#define BUSY 4\nstruct box { unsigned long state; unsigned long flags; };';
  const writer = (test: string) =>
    `void writer(struct box *b) { if (!(READ_ONCE(b->state) ${test})) return; WRITE_ONCE(b->flags, 1);
      /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->state, READ_ONCE(b->state) & ~OLD); }`;
  const reader = `int reader(struct box *b) { if (READ_ONCE(b->state) & OLD) return 0; /* pairs with writer() */ smp_rmb();
      return READ_ONCE(b->flags); }`;

  test('is tried', () =>
    checkVerdict(`${struct} ${writer('& OLD')} ${reader}`, 'needed', 'needed', 'needed'));

  test('is tried before it is said that nothing can go wrong', () =>
    checkVerdict(
      `${struct} void writer(struct box *b) { unsigned long old = READ_ONCE(b->state); WRITE_ONCE(b->flags, 1);
        /* pairs with reader() */ smp_wmb(); if (old & OLD) WRITE_ONCE(b->state, BUSY); else WRITE_ONCE(b->state, 0); }
      int reader(struct box *b) { unsigned long now = READ_ONCE(b->state); if (now != 1 && now != BUSY) return 0;
        /* pairs with writer() */ smp_rmb(); return READ_ONCE(b->flags); }`,
      'needed',
      'needed',
      'needed',
    ));

  test('and a value that it is compared with', () =>
    checkVerdict(`${struct} ${writer('== 7')} ${reader}`, 'needed', 'needed', 'needed'));

  test('and what no value that is tried leads to is not known', () =>
    checkVerdict(
      `${struct} ${writer('* 3 == 78')} ${reader}`,
      'unknown: the functions do not both come to box.flags',
    ));
});

describe('one element stands for all that nobody numbers', () => {
  const struct = `struct pool { unsigned long busy; int serial[4]; atomic_t counts[4]; char *bytes; int ready; };`;
  const text = (write: string, read: string) => `${struct}
    void publish(struct pool *p, int slot) { ${write} }
    int see(struct pool *p, int i) { ${read} return 0; }`;
  const readBehind = (flag: string, data: string) =>
    `if (!${flag}) return 0; /* pairs with publish() */ smp_rmb(); return ${data};`;

  test.each([
    ['of a word of bits', 'set_bit(slot, &p->busy);', 'test_bit(i, &p->busy)'],
    ['beside others', 'set_bit(slot + 8, &p->busy);', 'test_bit(i + 8, &p->busy)'],
  ])('%s', async (_, set, tested) => {
    await checkVerdict(
      text(`p->serial[slot] = 1; smp_wmb(); ${set}`, readBehind(tested, 'p->serial[i]')),
      'needed',
      'needed',
      'needed',
    );
  });

  test.each([
    [
      'that a pointer is moved to',
      'atomic_set(p->counts + slot, 1);',
      'atomic_read(p->counts + i)',
    ],
    ['of what a member points to', 'p->bytes[slot] = 1;', 'p->bytes[i]'],
  ])('%s', async (_, write, read) => {
    await checkVerdict(
      text(`${write} smp_wmb(); WRITE_ONCE(p->ready, 1);`, readBehind('READ_ONCE(p->ready)', read)),
      'needed',
      'needed',
      'needed',
    );
  });

  test('of the array that an object has', async () => {
    await checkVerdict(
      `struct queue { int full; }; struct set { struct queue queues[4]; int stopped; };
      static struct set *around(struct queue *q, int at) { return container_of(q, struct set, queues[at]); }
      void publish(struct queue *q, int at) { struct set *s = around(q, at); q->full = 1; smp_wmb(); WRITE_ONCE(s->stopped, 1); }
      int see(struct queue *q, struct set *s) { if (!READ_ONCE(s->stopped)) return 0; /* pairs with publish() */ smp_rmb(); return q->full; }`,
      'needed',
      'needed',
      'needed',
    );
  });
});

test('a copy of a struct that has no members in this configuration copies nothing', async () => {
  await checkVerdict(
    `struct cookie { }; struct flags { unsigned long irq; struct cookie cookie; };
    struct box { int data, flag; struct cookie cookie; };
    void publish(struct box *b, struct cookie c) { struct flags f; f.cookie = c; b->data = 1; smp_wmb(); WRITE_ONCE(b->flag, 1); }
    int see(struct box *b) { if (!READ_ONCE(b->flag)) return 0; /* pairs with publish() */ smp_rmb(); return b->data; }`,
    'needed',
    'needed',
    'needed',
  );
});

test('a barrier with accesses beside it that were not asked about is not called idle', async () => {
  const { orders } = await check(
    `struct cpu { int result, go, single; };
    void kick(struct cpu *c) { c->result = 0; smp_mb(); c->go = 1; }
    void thread_fun(struct cpu *c) { if (!c->go) return; /* pairs with kick() */ smp_mb(); if (c->single) c->go = 0; c->result = 2; if (c->result) c->go = 0; }`,
  );
  expect(orders[0]!.sides.map(shown)).toEqual([
    'needed',
    'unknown: it may be there for cpu.single, which was not asked about',
  ]);
});

describe('a store that is made only where the flag is seen', () => {
  test.each([
    'if (READ_ONCE(c->go)) { /* pairs with kick() */ smp_mb(); WRITE_ONCE(c->result, 2); }',
    'if (!READ_ONCE(c->go)) return; /* pairs with kick() */ smp_mb(); WRITE_ONCE(c->result, 2);',
  ])('needs no barrier behind it: %s', (seen) =>
    checkVerdict(
      `struct cpu { int result, go; };
      void kick(struct cpu *c) { WRITE_ONCE(c->result, 1); smp_wmb(); WRITE_ONCE(c->go, 1); }
      void thread_fun(struct cpu *c) { ${seen} }`,
      'needed',
      'needed',
      'idle',
    ).then(() => undefined),
  );
});

describe('barriers in helpers that do nothing else', () => {
  const ring = (put: string) => `struct ring { int tail; int slot; };
    static void put(struct ring *r) { ${put} }
    static int get(struct ring *r) { return smp_load_acquire(&r->tail); }
    void add(struct ring *r, int value) { r->slot = value; put(r); }
    int take(struct ring *r) { return get(r) ? r->slot : 0; }`;

  test('are about what their one caller accesses', () =>
    checkVerdict(ring('smp_store_release(&r->tail, 1);'), 'needed', 'needed', 'needed'));
});

test('a list that is walked whole is told to end behind what was added', async () => {
  const { verdict } = await check(`
    struct rule { int prio; struct list_head node; }; struct rules { struct list_head all; };
    void add(struct rules *r, struct rule *new) { new->prio = 1; list_add_rcu(&new->node, &r->all); }
    int best(struct rules *r) { struct rule *each; int best = 0;
      list_for_each_entry_rcu(each, &r->all, node) { if (each->prio > best) best = each->prio; } return best; }`);
  expect(shown(verdict)).toBe('needed');
  expect(verdict.assumptions.join()).toContain('ends behind what was added to it');
});

describe('what orders matters between two accesses alone', () => {
  /** A helper that orders, on more ways than can be looked through, and accesses nothing that is asked about. */
  const BUSY = `struct work { atomic_t ${Array.from({ length: 14 }, (_, at) => `n${at}`).join(', ')}; };
  static void busy(struct work *w) {
    ${Array.from({ length: 14 }, (_, at) => `if (atomic_dec_return(&w->n${at}) == 0) smp_mb();`).join('\n    ')}
  }`;

  test('not before the first one, nor behind the last one', () =>
    checkVerdict(
      `${BOX}
      ${BUSY}
      void writer(struct box *b, struct work *w) { busy(w); WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); busy(w); }
      int reader(struct box *b, struct work *w) { busy(w); ${READS} busy(w); return 0; }`,
      'needed',
      'needed',
      'needed',
    ));

  test('a helper between the two does', () =>
    checkVerdict(
      `${BOX}
      static void settle(int some) { if (some) smp_mb(); else smp_wmb(); }
      void writer(struct box *b, int some) { WRITE_ONCE(b->data, 1); /* pairs with reader() */ smp_wmb(); settle(some); WRITE_ONCE(b->flag, 1); }
      int reader(struct box *b) { ${READS} return 0; }`,
      'needed',
      'redundant by smp_mb() in settle(), smp_wmb() in settle()',
      'needed',
    ));

  test('a helper that stands behind both, and between them in the next round', () =>
    checkVerdict(
      `${BOX}
      static void settle(int some) { if (some) smp_mb(); else smp_wmb(); }
      void writer(struct box *b, int some) {
        int i;
        for (i = 0; i < 2; i++) {
          if (i == 0) WRITE_ONCE(b->data, 1);
          if (i == 1) { /* pairs with reader() */ smp_wmb(); WRITE_ONCE(b->flag, 1); }
          settle(some);
        }
      }
      int reader(struct box *b) { ${READS} return 0; }`,
      'needed',
      'redundant by smp_wmb() in settle(), smp_mb() in settle()',
      'needed',
    ));

  test('a lock that a helper takes before the first one is held around them', () =>
    checkVerdict(
      `struct box { int data, flag, gone; spinlock_t lock; };
      static int begin(struct box *b) { spin_lock(&b->lock); if (b->gone) { spin_unlock(&b->lock); return 0; } return 1; }
      static void end(struct box *b) { spin_unlock(&b->lock); }
      void writer(struct box *b) { if (!begin(b)) return; b->data = 1; /* pairs with reader() */ smp_wmb(); b->flag = 1; end(b); }
      int reader(struct box *b) { int v = 0; if (!begin(b)) return 0; if (b->flag) { smp_rmb(); v = b->data; } end(b); return v; }`,
      'idle',
    ));
});

describe('a pointer to what is asked about', () => {
  test('that a variable holds: what is stored through it counts', () =>
    checkVerdict(
      messagePassing('int *at = &b->flag; smp_wmb(); *at = 1;', READS),
      'needed',
      'needed',
      'needed',
    ));

  test('that a helper is given', () =>
    checkVerdict(
      `${BOX}
      static void set(int *at) { WRITE_ONCE(*at, 1); }
      void writer(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); set(&b->flag); if (READ_ONCE(b->data) != 1) WRITE_ONCE(b->flag, 1); }
      int reader(struct box *b) { ${READS} return 0; }`,
      'needed',
      'needed',
      'needed',
    ));

  test('and a helper that orders stands before that', () =>
    checkVerdict(
      `${BOX}
      static void settle(int some) { if (some) smp_mb(); else smp_wmb(); }
      void writer(struct box *b, int some) { int *at = &b->flag; WRITE_ONCE(b->data, 1); settle(some); *at = 1; }
      int reader(struct box *b) { int f = READ_ONCE(b->flag); /* pairs with settle() */ smp_rmb(); if (f) return READ_ONCE(b->data); return 0; }`,
      'needed',
    ));
});

describe('a member that is declared for one configuration', () => {
  test('is there, and what the functions do with it as they do there', () =>
    checkVerdict(
      `struct box { int data;
      #ifdef CONFIG_FLAG
        int flag;
      #endif
      };
      #ifdef CONFIG_FLAG
      static inline void tell(struct box *b) { WRITE_ONCE(b->flag, 1); }
      static inline int told(struct box *b) { return READ_ONCE(b->flag); }
      #else
      static inline void tell(struct box *b) { }
      static inline int told(struct box *b) { return 0; }
      #endif
      void writer(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); tell(b); }
      int reader(struct box *b) { int f = told(b); /* pairs with writer() */ smp_rmb(); if (f) return READ_ONCE(b->data); return 0; }`,
      'needed',
    ));
});

describe('an option that the code itself asks for', () => {
  const text = (read: string) => `${BOX}
    void writer(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->flag, 1); }
    int reader(struct box *b) { ${read} return 0; }`;
  test.each([
    ['around the accesses', `if (IS_ENABLED(CONFIG_BOX)) { ${READS} }`],
    ['before them', `if (!IS_ENABLED(CONFIG_BOX) || !b) return 0; ${READS}`],
  ])('%s is set', async (_, read) => {
    await checkVerdict(text(read), 'needed');
  });
});

describe('an object that is a part of others', () => {
  const STRUCTS = `struct box { int data, flag; };
    struct queue { struct box box; int of_queue; };
    struct group { struct box box; int of_group; };`;
  const reader = `int reader(struct box *b) { ${READS} return 0; }`;
  test('is that of which the other side speaks', () =>
    checkVerdict(
      `${STRUCTS}
      void writer(struct group *g) { WRITE_ONCE(g->box.data, 1); smp_wmb(); WRITE_ONCE(g->box.flag, 1); }
      ${reader}`,
      'needed',
    ));
});
