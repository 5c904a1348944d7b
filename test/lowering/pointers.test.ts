/** Pointers: moved by elements and by bytes, compared, taken for others, and indices that the program computes. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

const TYPES = `
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
struct inner { int a; int b; }; struct outer { long first; struct inner in[2]; u8 bytes[4]; };
struct first { struct inner in; int rest; };
int numbers[4] = { 10, 11, 12, 13 }; struct outer things[3]; struct outer thing; struct first one; u32 word = 0x04030201;
int grid[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };`;

/** A function body, and what it returns. */
type Row = readonly [body: string, value: number | bigint];

/** Also compiled by gcc with these types: each function returns this. */
function checkRows(rows: readonly Row[]): void {
  test.each(rows)('%s', (body, value) => {
    const scene: Scene = {
      source: `${TYPES}\nlong long f(void) { ${body} }`,
      threads: ['v = f();'],
    };
    expect(observe(scene, { '0:v': value })).toBe('Always');
  });
}

describe('pointers in one thread', () => {
  checkRows([
    ['int *p = numbers; p += 2; return *p * 100 + p[-1] * 10 + p - numbers;', 1312],
    ['int *p = &numbers[3]; return *--p + *(p - 1);', 23],
    [
      'int *p = numbers, *end = numbers + 4; int sum = 0; for (; p < end; p++) sum += *p; return sum;',
      46,
    ],
    ['int *p = numbers; return *p++ * 10 + *p;', 111],
    ['return 2[numbers] + *(1 + numbers);', 23],
    ['char *p = (char *)numbers; return *(int *)(p + 4);', 11],
    ['u8 *p = (u8 *)&word; return p[0] * 1000 + p[3];', 1004],
    ['u8 *p = (u8 *)&word; p[1] = 9; return word;', 67307777],
    ['u16 *p = (u16 *)&word; return p[1];', 1027],
    ['void *p = numbers; p += 8; return *(int *)p;', 12],
    ['char *p = (char *)&thing; *(int *)(p + 20) = 7; return thing.in[1].b;', 7],
    ['struct inner *p = &things[1].in[0]; p[1].b = 5; return things[1].in[1].b;', 5],
    ['struct outer *p = things; p++; p->in[1].a = 6; return things[1].in[1].a + (p - things);', 7],
    ['return (char *)&things[2] - (char *)&things[0];', 64],
    ['return (char *)&thing.in[1].b - (char *)&thing;', 20],
    ['return &numbers[3] - &numbers[1] + (&numbers[3] > &numbers[1]) * 10;', 12],
    ['return (void *)&one == (void *)&one.in.a;', 1],
    ['return (void *)&one.in.b == (void *)((char *)&one + 4);', 1],
    ['struct inner *p = (struct inner *)&one; p->b = 4; return one.in.b;', 4],
    ['struct inner *p = &one.in; ((struct first *)p)->rest = 3; return one.rest;', 3],
    ['int *p = (int *)&one; p[0] = 8; return one.in.a;', 8],
    ['long p = (long)&numbers[1]; return *(int *)p;', 11],
    ['int (*p)[3] = grid; p++; return (*p)[1] * 10 + grid[1][2];', 56],
    ['int *p = grid[1]; return p[2];', 6],
    ['int **pp, *p = numbers; pp = &p; *pp += 1; return **pp;', 11],
    [
      'struct list { struct list *next; } ; struct item { int v; struct list l; struct list k; } i = { 5 }; struct list *l = &i.k; return ((struct item *)((char *)l - __builtin_offsetof(struct item, k)))->v;',
      5,
    ],
    ['struct other { int x; int y; } *o = (void *)&one; o->y = 6; return one.in.b;', 6],
    ['const char *s = "abc"; return s[1] * 10 + sizeof("abc");', 984],
    ['char s[] = "abc"; s[1]++; return s[1];', 99],
    ['int i, sum = 0; for (i = 0; i < 6; i++) sum += ((int *)grid)[i / 3 * 3]; return sum > 0;', 1],
  ]);
});

describe('an index that the program computes', () => {
  const RING = `
    unsigned int head, tail; int buf[4];
    void put(int v) { unsigned int h = head; WRITE_ONCE(buf[h & 3], v); ORDER head = h + 1; smp_store_release(&head, h + 1); }
    int take(void) { unsigned int h = smp_load_acquire(&head); if (h == 0) return -1; return READ_ONCE(buf[(h - 1) & 3]); }`;

  test('finds what was put there', () => {
    const scene: Scene = {
      source: RING.replace('ORDER head = h + 1;', ''),
      threads: ['put(5); put(6);', 'v = take();'],
    };
    for (const value of [-1, 5, 6]) expect(observe(scene, { '1:v': value })).toBe('Sometimes');
    expect(observe(scene, { '1:v': 0 })).toBe('Never');
  });

  const reading = (index: string, from = 'int'): Scene => ({
    source: `int i; int a[3] = { 7, 8, 9 }; struct { int a[2]; int after; } s = { { 1, 2 }, 3 };
      int f(void) { ${from} x = READ_ONCE(i); return ${index}; }`,
    threads: ['v = f();', 'WRITE_ONCE(i, 1); WRITE_ONCE(i, 5);', 'WRITE_ONCE(a[1], 6);'],
  });

  test('depends on what was read', () => {
    const scene = (read: string): Scene => ({
      source: `int i, a[2]; int f(void) { int x = READ_ONCE(i); int y = ${read}; return x * 10 + y; }`,
      threads: ['v = f();', 'WRITE_ONCE(a[1], 1); smp_wmb(); WRITE_ONCE(i, 1);'],
    });
    expect(observe(scene('READ_ONCE(a[x])'), { '0:v': 10 })).toBe('Never');
    expect(observe(scene('READ_ONCE(a[1])'), { '0:v': 10 })).toBe('Sometimes');
  });

  test.each(['a[x]', '*(a + x)', '(&a[1])[x - 1]'])(
    'beyond the array ends the execution: %s',
    (index) => {
      const { observation, unknown } = outcomeOf(reading(index), { '0:v': 0 });
      expect([observation, unknown !== undefined]).toEqual([undefined, true]);
      for (const value of [7, 8, 6])
        expect(outcomeOf(reading(index), { '0:v': value }).positive).toBeGreaterThan(0);
    },
  );

  test('reaches no other member', () => {
    const { observation, unknown } = outcomeOf(reading('s.a[x + 1]'), { '0:v': 3 });
    expect([observation, unknown !== undefined]).toEqual([undefined, true]);
  });

  test('is nowhere beyond an array of known length', () => {
    for (const body of ['a[3]', 'a[-1]', '*(a + 4)'])
      expect(outcomeOf(reading(body), { '0:v': 0 }).observation).toBeUndefined();
  });
});

describe('a struct that is seen in an array of words, where the program computes', () => {
  const scene = (body: string): Scene => ({
    source: `unsigned long words[6] = { 10, 11, 12, 13, 14, 15 }, at; int set = 1;
      struct block { unsigned long id; char data[]; }; struct pair { long one; long other; };
      struct block *block(unsigned long x) { return (void *)&((char *)words)[x & 31]; }
      int f(void) { ${body} }`,
    threads: ['v = f();', 'WRITE_ONCE(at, 16);', 'WRITE_ONCE(set, 0);'],
  });

  test.each([
    ['its first member', 'return block(READ_ONCE(at))->id;', [10, 12]],
    ['what is behind that', 'return block(READ_ONCE(at))->data[0];', [11, 13]],
    ['a later member', 'return ((struct pair *)block(READ_ONCE(at)))->other;', [11, 13]],
    ['what it is moved to', 'return ((struct pair *)block(READ_ONCE(at)))[1].one;', [12, 14]],
    ['a byte in it', 'char *p = block(READ_ONCE(at))->data; p += 8; return *p;', [12, 14]],
    [
      'a member in what is set on one path only',
      'unsigned long x; if (READ_ONCE(set)) x = READ_ONCE(at); return block(x)->id;',
      [10, 12],
    ],
    [
      'bytes behind what is set on one path only',
      'unsigned long x; if (READ_ONCE(set)) x = READ_ONCE(at); return block(x)->data[0];',
      [11, 13],
    ],
    ['one of two', 'return (READ_ONCE(set) ? block(0) : block(16))->data[0];', [11, 13]],
    ['what was written', 'block(READ_ONCE(at))->id = 9; return words[0];', [9, 10]],
  ])('finds %s', (_, body, values) => {
    for (const value of values)
      expect(outcomeOf(scene(body), { '0:v': value }).positive).toBeGreaterThan(0);
    for (const value of [0, 9, 10, 11, 12, 13, 14, 15].filter((each) => !values.includes(each)))
      expect(outcomeOf(scene(body), { '0:v': value }).positive).toBe(0);
  });

  test.each([
    [
      'a copy',
      'struct pair p; p = *(struct pair *)block(READ_ONCE(at)); return p.other;',
      [11, 13],
    ],
    [
      'a copy from a place that is known',
      'struct pair p; p = *(struct pair *)words; return p.other;',
      [11],
    ],
    [
      'one of two objects',
      'void *p = READ_ONCE(at) ? (void *)words : (void *)&wide; return ((struct pair *)p)->other;',
      [11, 21],
    ],
    [
      'a byte within a word',
      'char *p = (char *)block(READ_ONCE(at)); p[1] = 1; return words[0];',
      [10, 266],
    ],
  ])('%s is what is there, or not known', (_, body, values) => {
    const { source = '', threads } = scene(body);
    const more = 'struct { long a, b, c; } wide = { 20, 21, 22 };';
    const asked = (value: number) => {
      const { positive, unknown, observation } = positiveOf(
        { source: `${more}${source}`, threads },
        value,
      );
      return { isThere: positive > 0, isOpen: unknown || observation === undefined };
    };
    for (const value of [0, 1, 3, 9, 10, 11, 12, 13, 20, 21, 22, 266]) {
      const { isThere, isOpen } = asked(value);
      expect(isThere && !values.includes(value)).toBe(false);
      expect(isThere || isOpen || !values.includes(value)).toBe(true);
    }
  });
});

/** How often 0:v has the value, and whether that is all that there is. */
function positiveOf(scene: Scene, value: number) {
  if (lowerScene(scene).notModelled.length > 0)
    return { positive: 0, unknown: true, observation: undefined };
  const { positive, unknown, observation } = outcomeOf(scene, { '0:v': value });
  return { positive, unknown: unknown !== undefined, observation };
}

/** `UNIT` is what no file defines, so that nobody knows where what follows lies. */
const ALIGNED = `
struct ring { int head __attribute__((aligned(UNIT))); int tail; };
struct words { struct ring ring; int word[2] __attribute__((aligned(UNIT))); }; struct box { struct words in; int rest; };
struct words words; struct box box;`;

describe('a struct begins where its first member does, whatever its layout', () => {
  test.each([
    ['struct ring *r = (struct ring *)&words; r->tail = 3; return words.ring.tail;', 3],
    ['struct words *w = (struct words *)&words.ring; w->word[1] = 4; return words.word[1];', 4],
    ['struct ring *r = (struct ring *)&box; r->head = 5; return box.in.ring.head;', 5],
    ['struct box *b = (struct box *)&box.in.ring; b->rest = 6; return box.rest;', 6],
  ])('%s', (body, value) => {
    const scene = { source: `${ALIGNED}\nint f(void) { ${body} }`, threads: ['v = f();'] };
    expect(observe(scene, { '0:v': value })).toBe('Always');
  });

  test('and not where another member does', () => {
    const body = 'struct words *w = (struct words *)&box.rest; return w->word[0] ? 1 : 2;';
    const scene = { source: `${ALIGNED}\nint f(void) { ${body} }`, threads: ['v = f();'] };
    expect(outcomeOf(scene, { '0:v': 1 }).unknown?.reason).toContain('declared as no struct words');
  });
});
