/**
 * Waits, locks, counts and lists against herd7 7.58 with the model of Linux 6.1: beside each piece of kernel C
 * stands a rendering by hand, and what herd7 says of that.
 */

import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { check } from '../../server/src/search/check.ts';
import { type Final, observe, type Scene } from './support/lower-c.ts';

/** What herd7 answered to renderings. */
const HERD7 = {
  acquire: {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *f) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*f, 1); }

P1(int *x, int *f) { int r0; int v; r0 = READ_ONCE(*f); if (r0 == 1) { smp_rmb(); v = READ_ONCE(*x); } }

exists (1:r0=1 /\ 1:v=0)`,
  },
  bug: {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *y) { int r; r = READ_ONCE(*x); if (r == 0) { r = 0; } else { WRITE_ONCE(*y, 1); } }

P1(int *x, int *y) { int w; w = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1); }

exists (0:r=1 /\ 1:w=1)`,
  },
  'cas-lock': {
    says: 'Never',
    litmus: String.raw`{}
P0(int *l, int *n) { int r0; int r1; r0 = cmpxchg_acquire(l, 0, 1); if (r0 == 0) { r1 = READ_ONCE(*n); WRITE_ONCE(*n, r1 + 1); smp_store_release(l, 0); } }

P1(int *l, int *n) { int r0; int r1; r0 = cmpxchg_acquire(l, 0, 1); if (r0 == 0) { r1 = READ_ONCE(*n); WRITE_ONCE(*n, r1 + 1); smp_store_release(l, 0); } }

exists (0:r0=0 /\ 1:r0=0 /\ n=1)`,
  },
  'cas-lock-relaxed': {
    says: 'Sometimes',
    litmus: String.raw`{}
P0(int *l, int *n) { int r0; int r1; r0 = cmpxchg_relaxed(l, 0, 1); if (r0 == 0) { r1 = READ_ONCE(*n); WRITE_ONCE(*n, r1 + 1); WRITE_ONCE(*l, 0); } }

P1(int *l, int *n) { int r0; int r1; r0 = cmpxchg_relaxed(l, 0, 1); if (r0 == 0) { r1 = READ_ONCE(*n); WRITE_ONCE(*n, r1 + 1); WRITE_ONCE(*l, 0); } }

exists (0:r0=0 /\ 1:r0=0 /\ n=1)`,
  },
  completion: {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *d, spinlock_t *l) { int r0; WRITE_ONCE(*x, 1); spin_lock(l); r0 = READ_ONCE(*d); WRITE_ONCE(*d, r0 + 1); spin_unlock(l); }

P1(int *x, int *d, spinlock_t *l) { int r0; int v; spin_lock(l); r0 = READ_ONCE(*d); WRITE_ONCE(*d, r0 - 1); spin_unlock(l); v = READ_ONCE(*x); }

exists (1:r0=1 /\ 1:v=0)`,
  },
  'lock-wait': {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *f, spinlock_t *l) { WRITE_ONCE(*x, 1); spin_lock(l); WRITE_ONCE(*f, 1); spin_unlock(l); }

P1(int *x, int *f, spinlock_t *l) { int r0; int v; spin_lock(l); r0 = READ_ONCE(*f); spin_unlock(l); v = READ_ONCE(*x); }

exists (1:r0=1 /\ 1:v=0)`,
  },
  dma: {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *f) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*f, 1); }

P1(int *x, int *f) { int r0; int v; r0 = READ_ONCE(*f); if (r0) { smp_rmb(); v = READ_ONCE(*x); } }

exists (1:r0=1 /\ 1:v=0)`,
  },
  llist: {
    says: 'Never',
    litmus: String.raw`{ head=0; }
P0(int *head, int *x, int *next) { int r0; int r1; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*head); WRITE_ONCE(*next, r0); r1 = cmpxchg(head, 0, 1); }

P1(int *head, int *x) { int r0; int v; r0 = xchg(head, 0); if (r0 == 1) { v = READ_ONCE(*x); } }

exists (1:r0=1 /\ 1:v=0)`,
  },
  'llist-relaxed-take': {
    says: 'Sometimes',
    litmus: String.raw`{ head=0; }
P0(int *head, int *x, int *next) { int r0; int r1; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*head); WRITE_ONCE(*next, r0); r1 = cmpxchg(head, 0, 1); }

P1(int *head, int *x) { int r0; int v; r0 = READ_ONCE(*head); if (r0 == 1) { v = READ_ONCE(*x); } }

exists (1:r0=1 /\ 1:v=0)`,
  },
  refcount: {
    says: 'Never',
    litmus: String.raw`{ atomic_t c = 2; }
P0(int *x, atomic_t *c) { int r0; WRITE_ONCE(*x, 1); r0 = atomic_fetch_sub_release(1, c); }

P1(int *x, atomic_t *c) { int r0; int v; r0 = atomic_fetch_sub_release(1, c); if (r0 == 1) { smp_rmb(); v = READ_ONCE(*x); } }

exists (1:r0=1 /\ 1:v=0)`,
  },
  'refcount-write': {
    says: 'Never',
    litmus: String.raw`{ atomic_t c = 2; }
P0(int *x, atomic_t *c) { int v; int r0; v = READ_ONCE(*x); r0 = atomic_fetch_sub_release(1, c); }

P1(int *x, atomic_t *c) { int r0; r0 = atomic_fetch_sub_release(1, c); if (r0 == 1) { smp_rmb(); WRITE_ONCE(*x, 1); } }

exists (1:r0=1 /\ 0:v=1)`,
  },
  rwlock: {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *y, spinlock_t *l) { spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); spin_unlock(l); }

P1(int *x, int *y, spinlock_t *l) { int v; int w; spin_lock(l); v = READ_ONCE(*x); w = READ_ONCE(*y); spin_unlock(l); }

exists (1:v=1 /\ 1:w=0 \/ 1:v=0 /\ 1:w=1)`,
  },
  'rwlock-readers': {
    says: 'Sometimes',
    litmus: String.raw`{}
P0(int *x, int *y, spinlock_t *l0) { int v; spin_lock(l0); WRITE_ONCE(*x, 1); v = READ_ONCE(*y); spin_unlock(l0); }

P1(int *x, int *y, spinlock_t *l1) { int w; spin_lock(l1); WRITE_ONCE(*y, 1); w = READ_ONCE(*x); spin_unlock(l1); }

exists (0:v=0 /\ 1:w=0)`,
  },
  seqlock: {
    says: 'Never',
    litmus: String.raw`{}
P0(int *s, int *a, int *b) { WRITE_ONCE(*s, 1); smp_wmb(); WRITE_ONCE(*a, 1); WRITE_ONCE(*b, 1); smp_wmb(); WRITE_ONCE(*s, 2); }

P1(int *s, int *a, int *b) { int r0; int r1; int v; int w; r0 = READ_ONCE(*s); smp_rmb(); v = READ_ONCE(*a); w = READ_ONCE(*b); smp_rmb(); r1 = READ_ONCE(*s); }

exists ((1:r0=0 /\ 1:r1=0 \/ 1:r0=2 /\ 1:r1=2) /\ (1:v=0 /\ 1:w=1 \/ 1:v=1 /\ 1:w=0))`,
  },
  'seqlock-no-rmb': {
    says: 'Sometimes',
    litmus: String.raw`{}
P0(int *s, int *a, int *b) { WRITE_ONCE(*s, 1); smp_wmb(); WRITE_ONCE(*a, 1); WRITE_ONCE(*b, 1); smp_wmb(); WRITE_ONCE(*s, 2); }

P1(int *s, int *a, int *b) { int r0; int r1; int v; int w; r0 = READ_ONCE(*s); smp_rmb(); v = READ_ONCE(*a); w = READ_ONCE(*b); r1 = READ_ONCE(*s); }

exists ((1:r0=0 /\ 1:r1=0 \/ 1:r0=2 /\ 1:r1=2) /\ (1:v=0 /\ 1:w=1 \/ 1:v=1 /\ 1:w=0))`,
  },
  wait: {
    says: 'Sometimes',
    litmus: String.raw`{}
P0(int *x, int *f) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*f, 1); }

P1(int *x, int *f) { int r0; int v; r0 = READ_ONCE(*f); v = READ_ONCE(*x); }

exists (1:r0=1 /\ 1:v=0)`,
  },
  'wait+ctrl': {
    says: 'Never',
    litmus: `{}
P0(int *x, int *y) { int r0; r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*y, 1); } }

P1(int *x, int *y) { int w; w = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1); }

exists (1:w=1)`,
  },
  'wait+rmb': {
    says: 'Never',
    litmus: String.raw`{}
P0(int *x, int *f) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*f, 1); }

P1(int *x, int *f) { int r0; int v; r0 = READ_ONCE(*f); smp_rmb(); v = READ_ONCE(*x); }

exists (1:r0=1 /\ 1:v=0)`,
  },
  'wake-process': {
    says: 'Never',
    litmus: String.raw`{}
P0(int *c, int *s) { WRITE_ONCE(*c, 1); smp_mb(); int r0; r0 = READ_ONCE(*s); }

P1(int *c, int *s) { WRITE_ONCE(*s, 1); smp_mb(); int r0; r0 = READ_ONCE(*c); }

exists (0:r0=0 /\ 1:r0=0)`,
  },
} as const;

test.each(Object.entries(HERD7))('the rendering %s', (name, { says, litmus }) => {
  const { program } = parseLitmus(`C ${name}\n\n${litmus}\n`);
  expect(check(program!).observation).toBe(says);
});

const BOX = 'struct box { int x; int f; int y; int n; };';

/** Message passing: P0 writes x and says so, P1 waits for it. */
const passing = (tell: string, wait: string, state = 'struct box b;', more = ''): Scene => ({
  source: `${BOX}
${more}
void tell(struct box *b) { WRITE_ONCE(b->x, 1); ${tell} }
int wait(struct box *b) { ${wait} return READ_ONCE(b->x); }`,
  state,
  threads: ['tell(&b);', 'v = wait(&b);'],
});

const FLAG = 'smp_wmb(); WRITE_ONCE(b->f, 1);';
const OLD: readonly Final[] = [{ '1:v': 0 }];

/** Two threads that take a lock and add one. */
const counting = (lock: string, unlock: string, state = 'struct box b; int l;'): Scene => ({
  source: `${BOX}
void add(struct box *b) { ${lock} int n = READ_ONCE(b->n); WRITE_ONCE(b->n, n + 1); ${unlock} }`,
  state,
  threads: ['add(&b);', 'add(&b);'],
  observed: ['b.n'],
});

const LOST: readonly Final[] = [{ 'b.n': 1 }];

const writerAndReader = (
  lock: readonly [string, string],
  read: readonly [string, string],
  state: string,
): Scene => ({
  source: `${BOX}
void put(struct box *b) { ${lock[0]}; WRITE_ONCE(b->x, 1); WRITE_ONCE(b->y, 1); ${lock[1]}; }
int get(struct box *b) { ${read[0]}; int x = READ_ONCE(b->x), y = READ_ONCE(b->y); ${read[1]}; return x + 2 * y; }`,
  state: `struct box b; ${state}`,
  threads: ['put(&b);', 'v = get(&b);'],
});

const HALF: readonly Final[] = [{ '1:v': 1 }, { '1:v': 2 }];

const twoReaders = (lock: string, unlock: string, state: string): Scene => ({
  source: `${BOX}
int one(struct box *b) { ${lock}; WRITE_ONCE(b->x, 1); int r = READ_ONCE(b->y); ${unlock}; return r; }
int two(struct box *b) { ${lock}; WRITE_ONCE(b->y, 1); int r = READ_ONCE(b->x); ${unlock}; return r; }`,
  state: `struct box b; ${state}`,
  threads: ['v = one(&b);', 'w = two(&b);'],
});

const sequence = (retry: string): Scene => ({
  source: `${BOX}
seqcount_t s;
void put(struct box *b) { write_seqcount_begin(&s); WRITE_ONCE(b->x, 1); WRITE_ONCE(b->y, 1); write_seqcount_end(&s); }
int get(struct box *b)
{
        unsigned int start; int x, y;
        do {
                start = read_seqcount_begin(&s);
                x = READ_ONCE(b->x);
                y = READ_ONCE(b->y);
        } while (${retry});
        return x + 2 * y;
}`,
  state: 'struct box b; seqcount_t s;',
  threads: ['put(&b);', 'v = get(&b);'],
});

const LLIST = `struct item { int x; struct llist_node node; };
struct llist_head head;
void push(struct item *i) { WRITE_ONCE(i->x, 1); llist_add(&i->node, &head); }
int pop(void)
{
        struct llist_node *n = TAKE;
        return n ? READ_ONCE(container_of(n, struct item, node)->x) : -1;
}`;

const list = (take: string): Scene => ({
  source: LLIST.replace('TAKE', take),
  state: 'struct item i; struct llist_head head;',
  threads: ['push(&i);', 'v = pop();'],
});

const counted = (release: string): Scene => ({
  source: `${BOX} refcount_t c;
int drop(struct box *b) { WRITE_ONCE(b->x, 1); return refcount_dec_and_test(&c); }
int last(struct box *b) { if (!${release}) return -1; return READ_ONCE(b->x); }`,
  state: 'struct box b; refcount_t c = REFCOUNT_INIT(2);',
  threads: ['d = drop(&b);', 'v = last(&b);'],
});

type Case = readonly [
  about: string,
  like: keyof typeof HERD7,
  scene: Scene,
  finals: readonly Final[],
];

const RW = 'rwlock_t l;';
const SEM = 'struct rw_semaphore l;';

const CASES: readonly Case[] = [
  ['while', 'wait', passing(FLAG, 'while (!READ_ONCE(b->f)) cpu_relax();'), OLD],
  ['while', 'wait+rmb', passing(FLAG, 'while (!READ_ONCE(b->f)) cpu_relax(); smp_rmb();'), OLD],
  [
    'for and break',
    'wait+rmb',
    passing(
      FLAG,
      'int r; for (;;) { r = READ_ONCE(b->f); if (r == 1) break; cpu_relax(); } smp_rmb();',
    ),
    OLD,
  ],
  [
    'do',
    'wait+rmb',
    passing(FLAG, 'int r; do { r = READ_ONCE(b->f); } while (!r); smp_rmb();'),
    OLD,
  ],
  [
    'smp_cond_load_relaxed()',
    'wait',
    passing(FLAG, 'smp_cond_load_relaxed(&b->f, VAL == 1);'),
    OLD,
  ],
  [
    'smp_cond_load_acquire()',
    'acquire',
    passing(FLAG, 'smp_cond_load_acquire(&b->f, VAL == 1);'),
    OLD,
  ],
  ['wait_event()', 'wait', passing(FLAG, 'wait_event(b->y, READ_ONCE(b->f));'), OLD],
  ['wait_event()', 'wait+rmb', passing(FLAG, 'wait_event(b->y, READ_ONCE(b->f)); smp_rmb();'), OLD],
  [
    'wait_event_interruptible()',
    'wait+rmb',
    passing(FLAG, 'if (wait_event_interruptible(b->y, READ_ONCE(b->f))) return -1; smp_rmb();'),
    OLD,
  ],
  [
    'wait_event_lock_irq()',
    'lock-wait',
    passing(
      'spin_lock_irq(&l); b->f = 1; spin_unlock_irq(&l);',
      'spin_lock_irq(&l); wait_event_lock_irq(b->y, b->f, l); spin_unlock_irq(&l);',
      'struct box b; spinlock_t l;',
      'spinlock_t l;',
    ),
    OLD,
  ],
  [
    'wait_event_timeout()',
    'wait+rmb',
    passing(FLAG, 'if (!wait_event_timeout(b->y, READ_ONCE(b->f), 5)) return -1; smp_rmb();'),
    OLD,
  ],
  [
    'dma_wmb()',
    'dma',
    passing('dma_wmb(); WRITE_ONCE(b->f, 1);', 'if (!READ_ONCE(b->f)) return -1; dma_rmb();'),
    OLD,
  ],
  [
    'virt_wmb()',
    'dma',
    passing('virt_wmb(); WRITE_ONCE(b->f, 1);', 'if (!READ_ONCE(b->f)) return -1; virt_rmb();'),
    OLD,
  ],
  [
    'wmb()',
    'dma',
    passing('wmb(); WRITE_ONCE(b->f, 1);', 'if (!READ_ONCE(b->f)) return -1; rmb();'),
    OLD,
  ],
  [
    'smp_acquire__after_ctrl_dep()',
    'acquire',
    passing(FLAG, 'if (!READ_ONCE(b->f)) return -1; smp_acquire__after_ctrl_dep();'),
    OLD,
  ],
  [
    'a completion',
    'completion',
    passing(
      'complete(&c);',
      'wait_for_completion(&c);',
      'struct box b; struct completion c;',
      'struct completion c;',
    ),
    OLD,
  ],
  [
    'a completion',
    'completion',
    passing(
      'complete_all(&c);',
      'if (!try_wait_for_completion(&c)) return -1;',
      'struct box b; struct completion c;',
      'struct completion c;',
    ),
    OLD,
  ],
  [
    'a semaphore',
    'completion',
    passing('up(&s);', 'down(&s);', 'struct box b; struct semaphore s;', 'struct semaphore s;'),
    OLD,
  ],
  [
    'a semaphore',
    'completion',
    passing(
      'up(&s);',
      'if (down_trylock(&s)) return -1;',
      'struct box b; struct semaphore s;',
      'struct semaphore s;',
    ),
    OLD,
  ],
  [
    'a wait before a write',
    'wait+ctrl',
    {
      source: `${BOX} void f(struct box *b) { while (!READ_ONCE(b->x)) cpu_relax(); WRITE_ONCE(b->y, 1); }`,
      state: 'struct box b;',
      threads: ['f(&b);', 'w = READ_ONCE(b.y); smp_mb(); WRITE_ONCE(b.x, 1);'],
    },
    [{ '1:w': 1 }],
  ],
  [
    'cmpxchg_acquire() in a loop',
    'cas-lock',
    counting('while (cmpxchg_acquire(&l, 0, 1) != 0) cpu_relax();', 'smp_store_release(&l, 0);'),
    LOST,
  ],
  [
    'cmpxchg_relaxed() in a loop',
    'cas-lock-relaxed',
    counting('while (cmpxchg_relaxed(&l, 0, 1) != 0) cpu_relax();', 'WRITE_ONCE(l, 0);'),
    LOST,
  ],
  [
    'test_and_set_bit_lock() of a bit in a loop',
    'cas-lock',
    counting(
      'while (test_and_set_bit_lock(3, &l)) cpu_relax();',
      'clear_bit_unlock(3, &l);',
      'struct box b; unsigned long l;',
    ),
    LOST,
  ],
  [
    'test_and_set_bit_lock() of a bit of a word in a loop',
    'cas-lock',
    counting(
      'while (test_and_set_bit_lock(3, &l)) cpu_relax(); if (!READ_ONCE(l)) return;',
      'clear_bit_unlock(3, &l);',
      'struct box b; unsigned long l;',
    ),
    LOST,
  ],
  [
    'bit_spin_lock()',
    'cas-lock',
    counting('bit_spin_lock(0, &l);', 'bit_spin_unlock(0, &l);', 'struct box b; unsigned long l;'),
    LOST,
  ],
  [
    'spin_trylock() in a loop',
    'cas-lock',
    counting(
      'while (!spin_trylock(&l)) cpu_relax();',
      'spin_unlock(&l);',
      'struct box b; spinlock_t l;',
    ),
    LOST,
  ],
  [
    'write_lock()',
    'cas-lock',
    counting('write_lock(&l);', 'write_unlock(&l);', `struct box b; ${RW}`),
    LOST,
  ],
  [
    'down_write()',
    'cas-lock',
    counting('down_write(&l);', 'up_write(&l);', `struct box b; ${SEM}`),
    LOST,
  ],
  [
    'a rwlock_t',
    'rwlock',
    writerAndReader(
      ['write_lock(&l)', 'write_unlock(&l)'],
      ['read_lock(&l)', 'read_unlock(&l)'],
      RW,
    ),
    HALF,
  ],
  [
    'a rwlock_t taken twice',
    'rwlock',
    writerAndReader(
      ['write_lock(&l)', 'write_unlock(&l)'],
      ['read_lock(&l); read_lock(&l); read_unlock(&l)', 'read_unlock(&l)'],
      RW,
    ),
    HALF,
  ],
  [
    'a rw_semaphore',
    'rwlock',
    writerAndReader(['down_write(&l)', 'up_write(&l)'], ['down_read(&l)', 'up_read(&l)'], SEM),
    HALF,
  ],
  [
    'a downgraded rw_semaphore',
    'rwlock',
    writerAndReader(
      ['down_write(&l)', 'downgrade_write(&l); up_read(&l)'],
      ['down_read(&l)', 'up_read(&l)'],
      SEM,
    ),
    HALF,
  ],
  [
    'readers of a rwlock_t',
    'rwlock-readers',
    twoReaders('read_lock(&l)', 'read_unlock(&l)', RW),
    [{ '0:v': 0, '1:w': 0 }],
  ],
  ['a sequence counter', 'seqlock', sequence('read_seqcount_retry(&s, start)'), HALF],
  [
    'a sequence counter without a barrier',
    'seqlock-no-rmb',
    sequence('__read_seqcount_retry(&s, start)'),
    HALF,
  ],
  ['llist_del_all()', 'llist', list('llist_del_all(&head)'), OLD],
  ['an llist that is only looked at', 'llist', list('READ_ONCE(head.first)'), OLD],
  ['a reference count', 'refcount', counted('refcount_dec_and_test(&c)'), OLD],
  [
    'wake_up_process()',
    'wake-process',
    {
      source: `struct task_struct { int __state; spinlock_t pi_lock; }; int c; struct task_struct task;
int wake(void) { WRITE_ONCE(c, 1); return wake_up_process(&task); }
int sleep(void) { set_current_state(TASK_INTERRUPTIBLE); return READ_ONCE(c); }`,
      state: 'int c; struct task_struct task;',
      threads: ['v = wake();', 'w = sleep();'],
      current: ['', 'task'],
    },
    [{ '0:v': 0, '1:w': 0 }],
  ],
];

describe('the same in kernel C', () => {
  test.each(CASES)('%s is like %s', (_, like, scene, finals) => {
    const found = finals.map((final) => observe(scene, final));
    expect(found.every((one) => one === 'Never') ? 'Never' : 'Sometimes').toBe(HERD7[like].says);
  });
});
