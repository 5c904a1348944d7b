/** Message passing through structs, calls and lists: what orders the two sides survives the lowering. */

import { describe, expect, test } from 'vitest';
import { observe, type Scene } from './support/lower-c.ts';

const BOX = 'struct box { int data; int flag; };';

function messagePassing(writer: string, reader: string): Scene {
  return {
    source: `${BOX}
static void set(struct box *b, int v) { b->data = v; }
void publish(struct box *b)
{
        set(b, 1);
        ${writer}
        WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
        int seen = -1;

        if (!READ_ONCE(b->flag))
                goto out;
        ${reader}
        seen = b->data;
out:
        return seen;
}`,
    state: 'struct box shelf[2] = { [1] = { .data = 0 } };',
    threads: ['publish(&shelf[1]);', 'v = consume(&shelf[1]);'],
  };
}

describe('a flag is published after its data', () => {
  test('both barriers: the reader never sees the flag without the data', () => {
    const scene = messagePassing('smp_wmb();', 'smp_rmb();');
    expect(observe(scene, { '1:v': 0 })).toBe('Never');
    expect(observe(scene, { '1:v': 1 })).toBe('Sometimes');
    expect(observe(scene, { '1:v': -1 })).toBe('Sometimes');
  });

  test.each([
    ['without smp_wmb()', '', 'smp_rmb();'],
    ['without smp_rmb()', 'smp_wmb();', ''],
    ['with the wrong barrier in the reader', 'smp_wmb();', 'smp_wmb();'],
  ])('%s it can', (_, writer, reader) => {
    expect(observe(messagePassing(writer, reader), { '1:v': 0 })).toBe('Sometimes');
  });
});

const NODES = `
struct item { int value; struct list_head node; };
struct queue { struct list_head items; };
int first(struct queue *q)
{
        struct item *i;
        int v = -1;

        rcu_read_lock();
        i = list_first_or_null_rcu(&q->items, struct item, node);
        if (i)
                v = READ_ONCE(i->value);
        rcu_read_unlock();
        return v;
}
int last(struct queue *q)
{
        struct item *i;
        int v = -1;

        list_for_each_entry_rcu(i, &q->items, node)
                v = READ_ONCE(i->value);
        return v;
}`;

function queueing(add: string, read: string): Scene {
  return {
    source: `${NODES}
void put(struct queue *q, struct item *i)
{
        WRITE_ONCE(i->value, 7);
        ${add}(&i->node, &q->items);
}`,
    state: `struct queue queue = { .items = LIST_HEAD_INIT(queue.items) };
struct item item;`,
    threads: ['put(&queue, &item);', `v = ${read}(&queue);`],
  };
}

describe('an item is put on a list', () => {
  test('list_add_rcu() publishes: whoever finds the item sees its value', () => {
    expect(observe(queueing('list_add_rcu', 'first'), { '1:v': 0 })).toBe('Never');
    expect(observe(queueing('list_add_rcu', 'first'), { '1:v': 7 })).toBe('Sometimes');
    expect(observe(queueing('list_add_rcu', 'first'), { '1:v': -1 })).toBe('Sometimes');
  });

  test('list_add() does not', () => {
    expect(observe(queueing('list_add', 'first'), { '1:v': 0 })).toBe('Sometimes');
  });

  test('a walk over the list depends on the addresses that it follows', () => {
    expect(observe(queueing('list_add_rcu', 'last'), { '1:v': 0 })).toBe('Never');
    expect(observe(queueing('list_add_rcu', 'last'), { '1:v': 7 })).toBe('Sometimes');
  });
});

describe('a list is made by the setup', () => {
  const scene = (walk: string): Scene => ({
    source: `struct item { int value; struct list_head node; };
struct list_head items;
int sum(void)
{
        struct item *i, *n;
        int s = 0;

        ${walk}
                s += i->value;
        return s;
}`,
    state: `struct list_head items = LIST_HEAD_INIT(items);
struct item a = { .value = 1 }, b = { .value = 20 };`,
    setup: 'list_add(&a.node, &items); list_add_tail(&b.node, &items);',
    threads: ['v = sum();'],
  });

  test.each([
    'list_for_each_entry(i, &items, node)',
    'list_for_each_entry_safe(i, n, &items, node)',
    'i = list_first_entry(&items, struct item, node); list_for_each_entry_safe_from(i, n, &items, node)',
    'i = list_entry(&items, struct item, node); list_for_each_entry_safe_continue(i, n, &items, node)',
    'list_for_each_entry_reverse(i, &items, node)',
    'list_for_each_entry_rcu(i, &items, node)',
  ])('%s walks over all of it', (walk) => {
    expect(observe(scene(walk), { '0:v': 21 })).toBe('Always');
  });
});

test('container_of() keeps the dependency on the pointer it is given', () => {
  const scene = (publish: string): Scene => ({
    source: `struct inner { int i; };
struct outer { int payload; struct inner inner; };
struct inner *published;
void write(struct outer *o) { WRITE_ONCE(o->payload, 1); ${publish} }
int read(void)
{
        struct inner *i = READ_ONCE(published);
        return i ? READ_ONCE(container_of(i, struct outer, inner)->payload) : -1;
}`,
    state: 'struct outer outer; struct inner *published;',
    threads: ['write(&outer);', 'v = read();'],
  });
  const release = 'smp_store_release(&published, &o->inner);';
  expect(observe(scene(release), { '1:v': 0 })).toBe('Never');
  expect(observe(scene('WRITE_ONCE(published, &o->inner);'), { '1:v': 0 })).toBe('Sometimes');
});
