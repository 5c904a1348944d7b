/** `memset()`, `memcpy()` and `memmove()` do to each member and each byte what gcc's do. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

const TYPES = `typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
struct item { u8 kind; u16 size; int count; long total; };
struct list { struct item items[3]; int *where; bool ready; };
struct flags { unsigned a : 3; int b : 7; u64 c : 40; };
union holes { struct { u8 a; long b; } s; u8 c[3]; };
union half { u32 low : 3; u32 all; };
union pieces { struct { u8 a; long b; } s; u8 c[12]; };
union word { u32 whole; u8 byte[4]; };
struct item the_item; struct list the_list; u8 the_bytes[8]; int the_int;
static void clear(void *what, unsigned long size) { memset(what, 0, size); }
static struct item *made(struct item *p) { return memset(p, 1, sizeof(*p)); }`;

/** Also compiled by gcc with these types: each function returns this. */
const ROWS: readonly (readonly [body: string, value: number | bigint])[] = [
  [
    'struct item i; memset(&i, 0xff, sizeof(i)); return i.kind + i.size + i.count + i.total;',
    65788,
  ],
  ['struct item i; memset(&i, 0x181, sizeof(i)); return i.kind * 100000 + i.size;', 12933153],
  [
    'struct item i = { 1, 2, 3, 4 }; memset(&i.count, 0, sizeof(i.count)); return i.kind + i.size * 10 + i.count * 100 + i.total * 1000;',
    4021,
  ],
  [
    'int a[4] = { 1, 2, 3, 4 }; memset(a + 1, 0, 2 * sizeof(int)); return a[0] * 1000 + a[1] * 100 + a[2] * 10 + a[3];',
    1004,
  ],
  [
    'int a[4] = { 1, 2, 3, 4 }; memset(a, 0, sizeof(a)); return a[0] * 1000 + a[1] * 100 + a[2] * 10 + a[3];',
    0,
  ],
  ['int x = -1; memset((char *)&x + 1, 0, 2); return x;', -16776961],
  ['long x = -1; int b = 5; b += 1; memset(&x, b, 4); return x;', -4193909242],
  [
    'struct list l; memset(&l, 0, sizeof(struct list)); return (l.where == 0) * 10 + l.ready + l.items[2].count;',
    10,
  ],
  ['struct list l = { .ready = true }; clear(&l, sizeof(l)); return l.ready;', 0],
  [
    'struct list l = { .ready = true, .items = { { 1 }, { 2 } } }; clear(l.items, sizeof(l.items)); return l.ready * 10 + l.items[1].kind;',
    10,
  ],
  [
    'struct flags f; memset(&f, 0x5a, sizeof(f)); return f.a * 1000000 + f.b * 10000 + f.c % 1000;',
    1470750,
  ],
  [
    'struct item i = { 1, 2, 3, 4 }, j; memcpy(&j, &i, sizeof(j)); i.count = 9; return j.kind + j.size * 10 + j.count * 100 + j.total * 1000;',
    4321,
  ],
  [
    'struct list l = { .items = { { 1 }, { 2 }, { 3 } } }; memmove(&l.items[0], &l.items[1], 2 * sizeof(struct item)); return l.items[0].kind * 100 + l.items[1].kind * 10 + l.items[2].kind;',
    233,
  ],
  [
    'u32 x = 0x01020304; u8 b[4]; memcpy(b, &x, sizeof(x)); return b[0] * 1000 + b[1] * 100 + b[2] * 10 + b[3];',
    4321,
  ],
  ['u8 b[4] = { 1, 2, 3, 4 }; u32 x; memcpy(&x, b, sizeof(x)); return x;', 67305985],
  ['u8 b[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }; u32 x = -1; memcpy(&x, b + 3, 2); return x;', 4294903044],
  [
    'u64 x = 0x0102030405060708; struct item i = { 0 }; memcpy(&i.count, (u8 *)&x + 4, 4); return i.count;',
    16909060,
  ],
  [
    'int a[5] = { 1, 2, 3, 4, 5 }; memmove(a + 1, a, 3 * sizeof(*a)); return a[0] * 10000 + a[1] * 1000 + a[2] * 100 + a[3] * 10 + a[4];',
    11235,
  ],
  ['int x = -5; unsigned y; memcpy(&y, &x, sizeof(y)); return y;', 4294967291],
  ['int y = 3; int *p = &y, *q; memcpy(&q, &p, sizeof(p)); *q = 4; return y;', 4],
  ['union word w; memset(&w, 7, sizeof(w)); return w.whole;', 117901063],
  [
    'union word w = { 0x01020304 }, v; memcpy(&v, &w, sizeof(w)); v.byte[0]++; return v.whole;',
    16909061,
  ],
  ['union word w = { 0x01020304 }; memcpy(w.byte + 2, w.byte, 2); return w.whole;', 50594564],
  [
    'struct flags f = { 5, -3, 77 }, g; memcpy(&g, &f, sizeof(f)); return g.a * 10000 + g.b * 1000 + g.c;',
    47077,
  ],
  ['char t[8]; memcpy(t, "abc", 4); return t[0] * 1000 + t[2] + t[3];', 97099],
  ['struct item i = { 1 }; memset(&i, 0, 0); return i.kind;', 1],
  ['struct item i; return made(&i)->size;', 257],
  ['struct item i = { 1, 2, 3 }; __builtin_memset(&i, 0, 4); return i.kind + i.size + i.count;', 3],
  [
    'memset(&the_list, 0, sizeof(the_list)); the_list.items[1].size = 8; memcpy(&the_item, the_list.items + 1, sizeof(the_item)); return the_item.size;',
    8,
  ],
  [
    'int n = 0; int a[2] = { 1, 1 }; memset(&a[n++], 0, sizeof(a[0])); return n * 100 + a[0] * 10 + a[1];',
    101,
  ],
  ['bool b[2]; memset(b, 1, sizeof(b)); return b[0] + b[1];', 2],
  [
    'int a[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } }; memcpy(a[1], a[0], sizeof(a[0])); return a[1][0] * 100 + a[1][1] * 10 + a[1][2];',
    123,
  ],
  [
    'union holes u = { .s = { 1, 5 } }, v; memcpy(&v, &u, sizeof(u)); return v.s.b * 10 + v.s.a;',
    51,
  ],
  ['union pieces u = { .s = { 1, 0x100000005 } }; memset(&u, 0, sizeof(u)); return u.s.b;', 0],
  ['union pieces u = { .s = { 1, 0x100000005 } }, v; v = u; return v.s.b;', 4294967301],
  ['union pieces u, v; u.c[1] = 4; v = u; return v.c[1];', 4],
  ['union half u = { .all = 0x12345 }, v; v = u; return v.all;', 74565],
  ['union half u = { .all = 0x12345 }; memset(&u, 0, sizeof(u)); return u.all;', 0],
  [
    'struct { int a; union { long b; struct { u8 c; long d; }; }; } s = { .d = 5 }, t; s.c = 1; memcpy(&t, &s, sizeof(s)); return t.c * 10 + t.d;',
    15,
  ],
];

describe('bytes that are set and copied', () => {
  test.each(ROWS)('%s', (body, value) => {
    const source = `${TYPES}\nlong long f(void) { ${body} }`;
    expect(observe({ source, threads: ['v = f();'] }, { '0:v': value })).toBe('Always');
  });
});

const SHARED = `
struct message { int a; int b; }; struct message mail, copy; int ready; struct message *box = &mail;
void send(void) { struct message m = { 1, 2 }; memcpy(&mail, &m, sizeof(m)); smp_wmb(); WRITE_ONCE(ready, 1); }
void clean(void) { memset(box, 0, sizeof(*box)); smp_store_release(&ready, 1); }`;

describe('memory that threads share', () => {
  const reads =
    'r = smp_load_acquire(&ready); memcpy(&copy, &mail, sizeof(copy)); a = copy.a; b = copy.b;';

  test.each([
    ['smp_wmb(); WRITE_ONCE(ready, 1);', 'Never'],
    ['WRITE_ONCE(ready, 1);', 'Sometimes'],
  ])('a copy is seen in part, unless it is ordered before %s', (publish, observation) => {
    const source = SHARED.replace('smp_wmb(); WRITE_ONCE(ready, 1);', publish);
    const scene: Scene = { source, threads: ['send();', reads] };
    expect(observe(scene, { '1:r': 1, '1:a': 1, '1:b': 0 })).toBe(observation);
    expect(observe({ ...scene, accesses: 'marked' }, { '1:r': 0, '1:a': 1, '1:b': 2 })).toBe(
      'Sometimes',
    );
  });

  test('what a pointer leads to is cleared before it is released', () => {
    const threads = ['WRITE_ONCE(mail.a, 5); clean();', reads];
    expect(observe({ source: SHARED, threads }, { '1:r': 1, '1:a': 5 })).toBe('Never');
    expect(observe({ source: SHARED, threads }, { '1:r': 0, '1:a': 5 })).toBe('Sometimes');
  });
});

test('of a few lengths that there may be each is copied', () => {
  const body = 'u8 a[4] = { 1, 2, 3, 4 }, b[4] = { 9 }; memcpy(b, a, READ_ONCE(the_int));';
  const scene = {
    source: `${TYPES}\nlong long f(void) { ${body} return b[0] * 100 + b[1] * 10 + b[2]; }`,
    threads: ['v = f();', 'WRITE_ONCE(the_int, 2);', 'WRITE_ONCE(the_int, 1);'],
  };
  expect(lowerScene(scene).notModelled).toEqual([]);
  for (const value of [900, 100, 120]) expect(observe(scene, { '0:v': value })).toBe('Sometimes');
  for (const value of [123, 920, 910]) expect(observe(scene, { '0:v': value })).toBe('Never');
});

describe('what is not known of them', () => {
  test.each([
    ['the bytes of a pointer', 'struct list l; memset(&l, 1, sizeof(l)); return l.where == 0;'],
    ['a byte that is no bool', 'struct list l; memset(&l, 7, sizeof(l)); return l.ready;'],
  ])('%s is not known where it is read', (_, body) => {
    const source = `${TYPES}\nlong long f(void) { ${body} }`;
    const { unknown } = outcomeOf({ source, threads: ['v = f();'] }, { '0:v': 0 });
    expect(unknown?.reason).toContain('bytes that are taken for a pointer or a bool');
  });

  test.each([
    ['a size that is computed', 'u8 b[4]; memset(b, 0, READ_ONCE(the_int)); return b[0];'],
    ['more than the object has', 'u8 b[4]; memset(b, 0, 5); return b[0];'],
    [
      'bytes of what a bit-field shares',
      'struct { u32 d : 20; } f = { 1 }; u8 b[2]; memcpy(b, &f, 2); return b[1];',
    ],
    ['a part of a bit-field', 'struct flags f; memset(&f, 0, 1); return f.a;'],
    [
      'a struct that is defined nowhere',
      'extern struct other o; memset(&o, 0, sizeof(o)); return 0;',
    ],
  ])('%s is told', (_, body) => {
    const source = `${TYPES}\nlong long f(void) { ${body} }`;
    const { notModelled } = lowerScene({
      source,
      threads: ['v = f();', 'WRITE_ONCE(the_int, 2);'],
    });
    expect(notModelled.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^mem(set|cpy)\(\) /),
    );
  });
});
