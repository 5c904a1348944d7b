/** Which shared object an access is to: the struct of a field is found through declared types. */

import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../server/src/facts/facts.ts';
import { joinTypes, typesOf } from '../../server/src/facts/type-index.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';
import { factsOf, shownAccess } from './support/orders.ts';

/** The accesses of the last function of a text, in text order, without how certain they are. */
async function checkAccesses(text: string, ...expected: readonly string[]): Promise<void> {
  const { functions } = await factsOf(text);
  const accesses = functions.at(-1)?.accesses ?? [];
  expect(accesses.map((access) => shownAccess({ ...access, on: 'every-path' }))).toEqual(expected);
}

const TYPES = `
struct inner { int x; };
struct outer { int a; struct inner in; struct inner *ptr; struct inner many[4]; int *numbers;
               struct { int y; } part; struct list_head list; atomic_t refs; };
typedef struct outer outer_t;
static struct outer global;
static struct outer *current_outer;
static int counter;
`;

describe('fields', () => {
  test('through a parameter, a local, a global pointer and a global struct', () =>
    checkAccesses(
      `${TYPES}void f(struct outer *p) { struct outer *q = p; p->a = 1; q->a = 2; current_outer->a = 3; global.a = 4; }`,
      'W outer.a',
      'W outer.a',
      'R current_outer',
      'W outer.a',
      'W outer.a',
    ));

  test('what is copied to or from is accessed; a member of unknown type may be an array, which nobody reads for that', () =>
    checkAccesses(
      `${TYPES}void f(struct outer *p, struct header *h) { memcpy(h->name, p->numbers, 4); memcpy(p->many, h->data, 4); }`,
      'R outer.numbers',
      'W header.name',
      'R outer.*numbers',
      'W outer.many',
      'R header.data',
    ));

  test('a variable that a macro defines in the function is its own', () =>
    checkAccesses(
      `${TYPES}void f(struct outer *p) { LIST_HEAD(done); DEFINE_WAIT(wait); list_add(&p->list, &done); p->a = list_empty(&done); wait.flags = 0; }`,
      'W outer.list',
      'W outer.a',
    ));

  test('through nested structs, pointers, arrays and typedefs', () =>
    checkAccesses(
      `${TYPES}void f(outer_t *p, int i) { p->in.x = 1; p->ptr->x = 2; p->many[i].x = 3; (*p).a = 4; }`,
      'W inner.x',
      'R outer.ptr',
      'W inner.x',
      'W inner.x',
      'W outer.a',
    ));

  test('through casts and container_of', () =>
    checkAccesses(
      `${TYPES}void f(void *v, struct list_head *l) {
         struct outer *q = container_of(l, struct outer, list);
         ((struct outer *)v)->a = 1; q->a = 2; container_of(l, struct outer, list)->a = 3; }`,
      'W outer.a',
      'W outer.a',
      'W outer.a',
    ));

  test('through what a function returns', () =>
    checkAccesses(
      `${TYPES}struct outer *find(int key);\nvoid f(void) { find(1)->a = 1; }`,
      'W outer.a',
    ));

  test('an unknown base leaves the struct open', () =>
    checkAccesses('void f(struct far *p) { p->near->x = 1; }', 'R far.near', 'W ?.x'));

  test('the task that runs is a task_struct', () =>
    checkAccesses('void f(void) { current->patch_state = 1; }', 'W task_struct.patch_state'));

  test('lists and atomics are one location', () =>
    checkAccesses(
      `${TYPES}void f(struct outer *p) { p->list.next = 0; p->refs.counter = 1; }`,
      'W outer.list',
      'W outer.refs',
    ));

  test('elements of arrays and targets of pointers', () =>
    checkAccesses(
      `${TYPES}static int table[8];
       void f(struct outer *p, int i) { table[i] = 1; p->numbers[i] = 2; *p->numbers = 3; p->numbers = 0; }`,
      'W table',
      'R outer.numbers',
      'W outer.*numbers',
      'R outer.numbers',
      'W outer.*numbers',
      'W outer.numbers',
    ));

  test('a pointer to one place stands for the place', () =>
    checkAccesses(
      `${TYPES}void f(struct outer *p) { atomic_t *r = &p->refs; atomic_inc(r); }`,
      'U outer.refs',
    ));

  test('per-CPU variables', () =>
    checkAccesses(
      `DEFINE_PER_CPU(int, depth);\nvoid f(int cpu) { per_cpu(depth, cpu) = 1; this_cpu_inc(depth); }`,
      'W depth',
      'U depth',
    ));
});

describe('what is shared', () => {
  test('locals are not, statics in a function are', () =>
    checkAccesses(
      `${TYPES}void f(void) { struct outer here; static int calls; int x; here.a = 1; x = here.in.x; calls++; }`,
      'U calls',
    ));

  test('a field of a local through its address is not', () =>
    checkAccesses(
      `${TYPES}void f(void) { struct outer here; struct outer *p = &here; p->a = 1; (&here)->a = 2; }`,
    ));

  test('constants, functions and types are not', () =>
    checkAccesses(
      `${TYPES}enum { OFF, on };\nvoid g(void);\nvoid f(struct outer *p) { p->a = OFF; if (p->a == on) call(g, handler, MAX_SIZE); }`,
      'W outer.a',
      'R outer.a',
    ));

  test('macros that stand for constants are not, those that stand for variables are', () =>
    checkAccesses(
      `${TYPES}#define MaxCount (~(sector_t)0)\n#define low_mark 0x7fUL\n#define now_counted counter\nvoid f(struct outer *p) { if (p->a == MaxCount || p->a < low_mark) p->a = now_counted; }`,
      'R outer.a',
      'R outer.a',
      'R now_counted',
      'W outer.a',
    ));

  test('a local hides a global', () =>
    checkAccesses(`${TYPES}void f(void) { int counter; counter = 1; }`));

  test('sizeof and typeof evaluate nothing', () =>
    checkAccesses(`${TYPES}void f(struct outer *p) { typeof(p->a) x; x = sizeof(p->in); }`));

  test('taking an address is no access', () =>
    checkAccesses(`${TYPES}void f(struct outer *p) { use(&p->in, &global.a, &counter); }`));
});

describe('marks', () => {
  test('each way of access is told', async () => {
    const { functions } = await factsOf(`${TYPES}
      void f(struct outer *p) {
        p->a = 1; WRITE_ONCE(p->a, 1); smp_store_release(&p->a, 1); atomic_inc(&p->refs);
        smp_load_acquire(&p->a); rcu_dereference(p->ptr); rcu_dereference_protected(p->ptr, 1);
        __set_bit(0, &p->a); set_bit(0, &p->a);
      }`);
    expect(functions.at(-1)?.accesses.map(({ marking }) => marking)).toEqual([
      'plain',
      'marked',
      'release',
      'atomic',
      'acquire',
      'marked',
      'plain',
      'plain',
      'atomic',
    ]);
  });
});

test('types of headers are known where they are given', async () => {
  const parser = await testParser();
  const header = parseKernelC(
    parser,
    'struct far { struct inner *near; }; struct inner { int x; };',
  );
  const text = 'void f(struct far *p) { p->near->x = 1; }';
  const facts = fileFacts('f.c', parseKernelC(parser, text), text, joinTypes([typesOf(header)]));
  expect(facts.functions[0]?.accesses.map(shownAccess)).toEqual(['R far.near', 'W inner.x']);
});
