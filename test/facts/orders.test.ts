/** What each site orders, stated as C and one line per ordering (see support/orders.ts). */

import { describe, expect, test } from 'vitest';
import { checkOrders, factsOf, orderLines } from './support/orders.ts';

const BOX = `
struct box { int data; int more; int flag; unsigned long flags; atomic_t count; struct box *next; };
`;

/** A function `f` over a box. */
const f = (body: string, rest = '') => `${BOX}${rest}\nvoid f(struct box *b)\n{\n${body}\n}\n`;

describe('barriers', () => {
  test('a write barrier orders writes before it and writes after it', () =>
    checkOrders(
      f('int x = b->more; b->data = 1; smp_wmb(); x = b->more; WRITE_ONCE(b->flag, 1);'),
      'f smp_wmb: W box.data => W box.flag',
    ));

  test('a read barrier orders reads', () =>
    checkOrders(
      f('int x; b->more = 1; x = READ_ONCE(b->flag); smp_rmb(); x = b->data; b->more = x;'),
      'f READ_ONCE: R box.flag => nothing',
      'f smp_rmb: R box.flag => R box.data',
    ));

  test('a full barrier orders reads and writes of both kinds', () =>
    checkOrders(
      f('int x; b->data = 1; smp_mb(); x = b->flag;'),
      'f smp_mb: W box.data => R box.flag',
    ));

  test('all accesses are listed, the nearest first, each field once per effect', () =>
    checkOrders(
      f('b->more = 2; b->data = 1; b->more = 3; smp_wmb(); b->flag = 1; b->data = 2; b->flag = 0;'),
      'f smp_wmb: W box.more, W box.data => W box.flag, W box.data',
    ));

  test('a second barrier does not hide what lies beyond it', () =>
    checkOrders(
      f('b->data = 1; smp_wmb(); b->more = 1; smp_wmb(); b->flag = 1;'),
      'f smp_wmb: W box.data => W box.more, W box.flag',
      'f smp_wmb#2: W box.more, W box.data => W box.flag',
    ));

  test('compound assignments and ++ read and write', () =>
    checkOrders(f('b->data += 1; smp_mb(); b->more++;'), 'f smp_mb: U box.data => U box.more'));

  test('a store with a barrier: its own store before what follows, but not after what precedes', () =>
    checkOrders(
      f('int x; b->data = 1; smp_store_mb(b->flag, 1); x = b->more;'),
      'f smp_store_mb: W box.flag => R box.more',
      'f smp_store_mb: W box.data => R box.more',
    ));
});

describe('release, acquire and dependency', () => {
  test('a release orders everything before its own store', () =>
    checkOrders(
      f('int x = b->more; b->data = 1; smp_store_release(&b->flag, 1); b->next = b;'),
      'f smp_store_release: W box.data, R box.more => W box.flag',
    ));

  test('an acquire orders its own load before everything', () =>
    checkOrders(
      f('b->more = 1; if (!smp_load_acquire(&b->flag)) return; b->data = 0;'),
      'f smp_load_acquire: R box.flag => W box.data?',
    ));

  test('rcu_assign_pointer publishes what was written before', () =>
    checkOrders(
      f('b->data = 1; rcu_assign_pointer(head, b);', 'static struct box *head;'),
      'f rcu_assign_pointer: W box.data => W head',
    ));

  test('rcu_dereference orders what is reached through its value, and nothing else', () =>
    checkOrders(
      f(
        'struct box *p, *q; int x; p = rcu_dereference(b->next); x = b->more; x = p->data; q = p; x = q->flag;',
      ),
      'f rcu_dereference: R box.next => R box.data, R box.flag',
    ));

  test('what depends on it is listed nearest first, whatever its place in the text', () =>
    checkOrders(
      f(`struct box *p = rcu_dereference(b->next); int x = 0;
         if (p->more) goto out;
         x = 1; x = 2; x = p->data; return;
         out: x = p->flag;`),
      'f rcu_dereference: R box.next => R box.more, R box.flag?, R box.data?',
    ));

  test('a dependency from an initialised variable', () =>
    checkOrders(
      f('struct box *p = READ_ONCE(b->next); int x = p->data;'),
      'f READ_ONCE: R box.next => R box.data',
    ));
});

describe('atomics and bits', () => {
  test('a value-returning RMW orders itself, what precedes and what follows', () =>
    checkOrders(
      f('int x; b->data = 1; if (atomic_dec_and_test(&b->count)) x = b->more;'),
      'f atomic_dec_and_test: W box.data => U box.count, R box.more?',
      'f atomic_dec_and_test: U box.count => R box.more?',
    ));

  test('a void RMW is no site', () =>
    checkOrders(f('b->data = 1; atomic_inc(&b->count); set_bit(0, &b->flags); b->flag = 1;')));

  test('with a barrier before it, the void RMW is ordered, and nothing in between', () =>
    checkOrders(
      f('b->data = 1; smp_mb__before_atomic(); b->more = 1; atomic_dec(&b->count); b->flag = 1;'),
      'f smp_mb__before_atomic: W box.data => U box.count, W box.flag',
    ));

  test('a bit of a word is told by its name', () =>
    checkOrders(
      f('b->data = 1; smp_mb__before_atomic(); clear_bit(BOX_BUSY, &b->flags);'),
      'f smp_mb__before_atomic: W box.data => U box.flags[BOX_BUSY]',
    ));

  test('thread flags are locations of their own, whatever the wrapper', () =>
    checkOrders(
      `int target;
       void f(struct task_struct *t) { target = 1; smp_wmb(); set_tsk_thread_flag(t, TIF_PATCH_PENDING); }
       void g(void) { if (test_and_clear_thread_flag(TIF_PATCH_PENDING)) target++; }
       void h(struct thread_info *ti) { smp_mb(); set_bit(TIF_PATCH_PENDING, &ti->flags); }`,
      'f smp_wmb: W target => U TIF_PATCH_PENDING',
      'g test_and_clear_thread_flag: nothing => U TIF_PATCH_PENDING, U target?',
      'g test_and_clear_thread_flag: U TIF_PATCH_PENDING => U target?',
      'h smp_mb: nothing => U TIF_PATCH_PENDING',
    ));
});

describe('paths', () => {
  test('an access in one arm is met on some path only', () =>
    checkOrders(
      f('if (b->next) b->data = 1; else b->more = 1; smp_wmb(); b->flag = 1;'),
      'f smp_wmb: W box.more?, W box.data? => W box.flag',
    ));

  test('the same access in both arms is met on every path', () =>
    checkOrders(
      f('if (b->next) b->data = 1; else { b->more = 2; b->data = 2; } smp_wmb(); b->flag = 1;'),
      'f smp_wmb: W box.data, W box.more? => W box.flag',
    ));

  test('the arm that does not lead to the barrier does not count', () =>
    checkOrders(
      f('if (b->next) { b->more = 1; return; } b->data = 1; smp_wmb(); b->flag = 1;'),
      'f smp_wmb: W box.data => W box.flag',
    ));

  test('after an early return an access is met on some path', () =>
    checkOrders(
      f('b->data = 1; smp_wmb(); if (b->next) return; b->flag = 1;'),
      'f smp_wmb: W box.data => W box.flag?',
    ));

  test('goto is followed', () =>
    checkOrders(
      f('b->data = 1; smp_wmb(); if (b->next) goto out; b->more = 1; return; out: b->flag = 1;'),
      'f smp_wmb: W box.data => W box.more?, W box.flag?',
    ));

  test('a loop body may not run', () =>
    checkOrders(
      f('int i; for (i = 0; i < 3; i++) b->data = i; smp_wmb(); b->flag = 1;'),
      'f smp_wmb: W box.data? => W box.flag',
    ));

  test('the body of a do loop runs', () =>
    checkOrders(
      f('do { b->data = 1; } while (b->next); smp_wmb(); b->flag = 1;'),
      'f smp_wmb: W box.data => W box.flag',
    ));

  test('what precedes the barrier in its loop is not what follows it in the next round', () =>
    checkOrders(
      f('while (b->next) { b->data = 1; smp_wmb(); b->flag = 1; } b->more = 1;'),
      'f smp_wmb: W box.data => W box.flag, W box.more',
    ));

  test('cases of a switch fall through', () =>
    checkOrders(
      f(
        'switch (b->more) { case 1: b->data = 1; case 2: smp_wmb(); break; default: b->next = b; } b->flag = 1;',
      ),
      'f smp_wmb: W box.data? => W box.flag',
    ));
});

describe('calls', () => {
  test('what a callee of the file accesses, on the way it is called', () =>
    checkOrders(
      f(
        'fill(b); smp_wmb(); announce(b);',
        `
static void fill(struct box *b) { b->data = 1; if (b->next) b->more = 1; }
static void announce(struct box *b) { b->flag = 1; }`,
      ),
      'f smp_wmb: W box.more?>fill, W box.data>fill => W box.flag>announce',
    ));

  test('of two definitions under #if and #else, the one that is no stub', () =>
    checkOrders(
      f(
        'fill(b); smp_wmb();',
        `
#ifdef CONFIG_FILL
static void fill(struct box *b) { b->data = 1; }
#else
static void fill(struct box *b) { }
#endif`,
      ),
      'f smp_wmb: W box.data>fill => nothing',
    ));

  test('through three calls, and no further', () =>
    checkOrders(
      f(
        'smp_wmb(); one(b);',
        `
static void four(struct box *b) { b->flag = 4; }
static void three(struct box *b) { b->next = b; four(b); }
static void two(struct box *b) { b->data = 1; three(b); }
static void one(struct box *b) { two(b); }`,
      ),
      'f smp_wmb: nothing => W box.data>one>two, W box.next>one>two>three',
    ));

  test('recursion ends', () =>
    checkOrders(
      f(
        'smp_wmb(); again(b);',
        'static void again(struct box *b) { b->data = 1; again(b->next); }',
      ),
      'f smp_wmb: nothing => W box.data>again',
    ));

  test('what callers do around a helper', () =>
    checkOrders(
      `${BOX}static void order(void) { smp_wmb(); }
       void f(struct box *b) { b->data = 1; order(); b->flag = 1; }`,
      'order smp_wmb: W box.data<f => W box.flag<f',
    ));
});

describe('what is given to a call', () => {
  const NOTES = `
struct note { int kind; struct box *about; struct list_head entry; };
static void fill(struct note *n, struct box *b) { n->kind = 1; b->data = 1; }
static void outer(struct note *n, struct box *b) { fill(n, b); }
static void look(struct note *n) { if (n) n->about->more = 1; }
static void keep(struct note *n) { last = n; }
static void add(struct note *n) { list_add(&n->entry, &notes); }
static void queue(struct note *n) { add(n); }
`;

  test.each([
    ['of a variable that nobody keeps: nobody else finds it', 'outer(&note, b);', false],
    ['what it points to counts', 'outer(&note, b); look(&note);', false],
    ['who calls stores its address', 'outer(&note, b); b->next = (void *)&note;', true],
    ['what is called stores it', 'outer(&note, b); keep(&note);', true],
    ['what is called adds it to a list', 'outer(&note, b); queue(&note);', true],
    ['of an object that the function was given', 'outer(b->note, b);', true],
  ])('%s', async (_, body, isShared) => {
    const text = f(`struct note note; ${body} smp_wmb(); b->flag = 1;`, NOTES);
    const line = orderLines(await factsOf(text)).find((each) => each.startsWith('f smp_wmb'));
    expect(line).toContain('W box.data>outer>fill');
    expect(line?.includes('W note.kind>outer>fill')).toBe(isShared);
    expect(line?.includes('W box.more?>look')).toBe(body.includes('look'));
  });
});

describe('macros', () => {
  test('the body of a loop macro', () =>
    checkOrders(
      f('b->data = 1; smp_wmb(); for_each_box(b, p) p->flag = 1;').replace(
        'b->data',
        'struct box *p; b->data',
      ),
      'f smp_wmb: W box.data => W box.flag?',
    ));

  test('a list is accessed at its head', () =>
    checkOrders(
      `struct item { int data; struct list_head node; };
       struct holder { struct list_head items; };
       void add(struct holder *h, struct item *i)
       { i->data = 1; smp_wmb(); list_add_tail(&i->node, &h->items); }
       void publish(struct holder *h, struct item *i)
       { i->data = 1; list_add_rcu(&i->node, &h->items); }
       int get(struct holder *h)
       { struct item *i = list_first_or_null_rcu(&h->items, struct item, node); return i->data; }
       int walk(struct holder *h)
       { struct item *i; int n = 0; list_for_each_entry_rcu(i, &h->items, node) n += i->data; return n; }`,
      'add smp_wmb: W item.data => W holder.items, W item.node',
      'publish list_add_rcu: W item.node, W item.data => W holder.items',
      'get list_first_or_null_rcu: R holder.items => R item.data',
      'walk list_for_each_entry_rcu: R holder.items => R item.data?',
    ));

  test('WARN_ON and unlikely are what is in them', () =>
    checkOrders(
      f('WARN_ON(b->data); smp_rmb(); if (unlikely(b->flag)) return;'),
      'f smp_rmb: R box.data => R box.flag',
    ));

  test('sleeping sets the state of the task and then looks', () =>
    checkOrders(
      f('set_current_state(TASK_INTERRUPTIBLE); if (!READ_ONCE(b->flag)) schedule();'),
      'f set_current_state: W task_struct.__state => R box.flag',
      'f set_current_state: nothing => R box.flag',
      'f READ_ONCE: R box.flag => nothing',
      'f schedule: R box.flag, W task_struct.__state => nothing',
    ));
});
