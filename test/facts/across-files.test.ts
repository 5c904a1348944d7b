/** What a site orders where callees and callers are in other files. */

import { expect, test } from 'vitest';
import { factsAcross, factsOf, orderLines } from './support/orders.ts';

const BOX = 'struct box { int data; int flag; };';

test('callees in another file', async () => {
  const [first] = await factsAcross({
    'a.c': `${BOX}\nvoid f(struct box *b) { fill(b); smp_wmb(); announce(b); }`,
    'b.c': `${BOX}\nstatic void set(struct box *b) { b->flag = 1; }
void fill(struct box *b) { b->data = 1; }\nvoid announce(struct box *b) { set(b); }`,
  });
  expect(orderLines(first!)).toEqual(['f smp_wmb: W box.data>fill => W box.flag>announce>set']);
});

test('the file of such an access is named', async () => {
  const [first] = await factsAcross({
    'a.c': 'void f(struct box *b) { smp_wmb(); announce(b); }',
    'b.c': 'void announce(struct box *b) { b->flag = 1; }',
  });
  const access = first?.sites[0]?.orders[0]?.after[0];
  expect(access).toMatchObject({ innerFile: 'b.c', line: 1, via: ['announce'] });
});

test('callers in another file', async () => {
  const [, second] = await factsAcross({
    'a.c': `${BOX}\nvoid f(struct box *b) { b->data = 1; order(); b->flag = 1; }`,
    'b.c': 'void order(void) { smp_wmb(); }',
  });
  expect(orderLines(second!)).toEqual(['order smp_wmb: W box.data<f => W box.flag<f']);
});

test('a static function of another file is not meant', async () => {
  const [first] = await factsAcross({
    'a.c': 'void f(struct box *b) { smp_wmb(); set(b); }',
    'b.c': 'static void set(struct box *b) { b->flag = 1; }',
  });
  expect(orderLines(first!)).toEqual(['f smp_wmb: nothing => nothing']);
});

test('an inline function of a header is', async () => {
  const [first] = await factsAcross({
    'a.c': 'void f(struct box *b) { smp_wmb(); set(b); }',
    'b.h': 'static inline void set(struct box *b) { b->flag = 1; }',
  });
  expect(orderLines(first!)).toEqual(['f smp_wmb: nothing => W box.flag>set']);
});

test('one file alone says which calls leave it', async () => {
  const { sites } = await factsOf(
    'static void g(void) { far(); }\nvoid f(void) { near(); smp_mb(); g(); }',
  );
  expect(sites[0]?.outerCalls).toMatchObject({
    before: [{ name: 'near', via: [] }],
    after: [{ name: 'far', via: ['g'] }],
  });
});

test("a variable of a function is nobody else's, unless a callee in another file keeps it", async () => {
  const note = 'struct note { int kind; }; struct box { int data; };';
  const called = (rest: string) => ({
    'a.c': `${note}\nvoid f(struct box *b) { struct note n; near(&n, b); smp_wmb(); }
static void near(struct note *n, struct box *b) { ${rest} fill(n, b); }`,
    'b.c': `${note}\nvoid fill(struct note *n, struct box *b) { n->kind = 1; b->data = 1; }
void keep(struct note *n) { last = n; }`,
  });
  const [own] = await factsAcross(called(''));
  expect(orderLines(own!)).toEqual(['f smp_wmb: W box.data>near>fill => nothing']);
  const [kept] = await factsAcross(called('keep(n);'));
  expect(orderLines(kept!)).toEqual([
    'f smp_wmb: W box.data>near>fill, W note.kind>near>fill, W last>near>keep => nothing',
  ]);
});
