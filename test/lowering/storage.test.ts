/** Storage: what overlaps is one location, whoever accesses which part of it, with the values that gcc gives. */

import { describe, expect, test } from 'vitest';
import { lowerScene, observe, outcomeOf, type Scene } from './support/lower-c.ts';

const TYPES = `
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
union word { u32 whole; u16 half[2]; u8 byte[4]; int number; struct { u8 low; u8 high; u16 rest; }; };
struct lock { union { int val; struct { u8 locked; u8 pending; }; struct { u16 both; u16 tail; }; }; int after; };
struct flags { unsigned a : 1; unsigned b : 3; int c : 4; unsigned : 0; unsigned d : 20; bool e : 1; u64 f : 40; };
struct pos { int head; int tail; };
struct mail { struct pos at; u8 body[3]; union word word; };
struct flags the_flags; union word the_word; struct lock the_lock; struct mail the_mail; int numbers[4];
static inline void twice(struct pos p) { p.head *= 2; }
static inline struct pos moved(struct pos p, int by) { p.head += by; return p; }`;

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

describe('what a block or a struct has for itself', () => {
  checkRows([
    [
      'struct packed { u8 p; struct { int q; u8 r; }; } __attribute__((packed)); return sizeof(struct packed);',
      9,
    ],
    [
      'struct packed { u8 p; struct { int q; u8 r; } __attribute__((packed)); u16 s; }; return sizeof(struct packed);',
      8,
    ],
    ['int x = -1; *(u8 *)&x = 1; return x;', -255],
    ['int x = 1; ((u8 *)&x)[3] = 0x80; return x;', -2147483647],
    ['long x; { u8 t = 255; t++; x = t; } { int t = 255; t++; x += t; } return x;', 256],
    ['long x; { int t = 300; x = t; } { u8 t[4] = { 1, 2 }; x += t[1]; } return x;', 302],
  ]);
});

describe('members of unions', () => {
  checkRows([
    ['the_word.whole = 0x12345678; return the_word.low;', 120],
    ['the_word.whole = 0x12345678; return the_word.byte[3] * 1000 + the_word.half[1];', 22660],
    ['the_word.whole = 0; the_word.byte[1] = 1; return the_word.whole;', 256],
    ['the_word.whole = -1; the_word.rest = 0; return the_word.whole;', 65535],
    ['the_word.number = -2; return the_word.whole;', 4294967294n],
    ['the_word.whole = -2; return the_word.number;', -2],
    ['union word w = { .whole = 0x0102 }; w.high++; return w.whole;', 514],
    ['union word w = { 0x0102 }; w.low -= 3; return w.whole;', 511],
    ['union word w; w.whole = 5; union word x = w; x.low = 7; return w.whole * 10 + x.whole;', 57],
    ['struct lock l = { .val = 0x30101 }; l.locked = 0; return l.val;', 196864],
    [
      'struct lock l = { .tail = 3, .after = 9 }; l.both |= 1; return l.val * 10 + l.after;',
      1966099,
    ],
    ['the_lock.val = 0; the_lock.pending = 1; the_lock.tail = 2; return the_lock.val;', 131328],
    ['the_mail.word.byte[2] = 3; return the_mail.word.whole;', 196608],
  ]);
});

describe('bit-fields', () => {
  checkRows([
    ['return _Generic(the_flags.d + 0, int: 1, unsigned int: 2, default: 3);', 1],
    ['__auto_type x = -the_flags.b; return x - 1 < 0;', 1],
    ['typeof(the_flags.a ?: 1) x = -1; return x < 0;', 1],
    ['the_flags.a = 3; the_flags.b = 9; return the_flags.a * 10 + the_flags.b;', 11],
    ['the_flags.c = 7; the_flags.c++; return the_flags.c;', -8],
    ['the_flags.d = -1; return the_flags.d - 2000000 < 0;', 1],
    ['the_flags.e = 4; the_flags.f = 1ULL << 39; return the_flags.f + the_flags.e;', 549755813889n],
    ['the_flags.f = 1ULL << 40; return the_flags.f;', 0],
    ['struct flags f = { .b = 5 }; f.a = 1; f.b--; return f.a * 100 + f.b * 10 + f.c;', 140],
    [
      'struct flags f = { 1, 2, -3 }; struct flags g = f; g.b = 7; return f.b * 100 + g.b * 10 + g.c;',
      267,
    ],
    ['struct flags f; f.a = 1; f.b = 2; return f.a + f.b;', 3],
  ]);
});

describe('structs by value', () => {
  checkRows([
    ['struct pos p = { 3, 4 }; twice(p); return p.head;', 3],
    ['struct pos p = { 3, 4 }; return moved(p, 5).head * 10 + p.head;', 83],
    ['struct pos p = { 3, 4 }; p = moved(moved(p, 1), 1); return p.head * 10 + p.tail;', 54],
    ['struct pos p = (struct pos){ .tail = 2 }; return p.head * 10 + p.tail;', 2],
    [
      'struct pos p[2] = { { 1, 2 }, { 3, 4 } }; p[0] = p[1]; return p[0].head * 10 + p[0].tail;',
      34,
    ],
    [
      'struct mail m = { { 1, 2 }, { 3, 4, 5 } }; struct mail n = m; n.body[1] = 9; return m.body[1] * 10 + n.body[2];',
      45,
    ],
    [
      'struct mail m = { 1, 2, 3, 4, 5, 6 }; return m.at.tail * 100 + m.body[2] * 10 + m.word.low;',
      256,
    ],
    [
      'struct mail m = { .body = { [2] = 7 }, .at.tail = 8 }; return m.body[2] * 10 + m.at.tail;',
      78,
    ],
    ['struct mail *m = &the_mail; struct pos p = { 6, 7 }; m->at = p; return the_mail.at.tail;', 7],
    ['struct pos p; p.head = 3; return p.head;', 3],
    [
      'int i; for (i = 0; i < 2; i++) { struct pos p = { 1 }; if (p.tail) return 5; p.tail = 3; } return i;',
      2,
    ],
  ]);
});

describe('threads', () => {
  const publishing = (publish: string, consume: string): Scene => ({
    source: `${TYPES}
      int data; unsigned long flags; unsigned long map[2]; enum { FIRST, READY };
      static void set(int nr, unsigned long *addr) { set_bit(nr, addr); }
      void f(void) { WRITE_ONCE(data, 1); ${publish} }
      int g(void) { if (!(${consume})) return -1; return READ_ONCE(data); }`,
    threads: ['f();', 'v = g();'],
  });

  test.each([
    ['a bit by a parameter', 'set(READY, &flags);', 'test_bit(1, &flags)'],
    ['a bit and its word', 'set_bit(READY, &flags);', 'READ_ONCE(flags) & 2'],
    ['a word and its bit', 'WRITE_ONCE(flags, 2);', 'test_bit(READY, &flags)'],
    ['a bit of another word of the map', 'set_bit(65, map);', 'READ_ONCE(map[1]) == 2'],
    [
      'a bit of a number that is computed',
      'set_bit(READ_ONCE(data) * 64, map);',
      'READ_ONCE(map[1])',
    ],
    ['a byte and its word', 'WRITE_ONCE(the_lock.locked, 1);', 'READ_ONCE(the_lock.val)'],
    ['a word and its byte', 'WRITE_ONCE(the_lock.val, 256);', 'READ_ONCE(the_lock.pending)'],
    ['members of one size', 'WRITE_ONCE(the_word.number, 1);', 'READ_ONCE(the_word.whole)'],
    ['a bit-field', 'the_flags.b = 1;', 'the_flags.b'],
    ['neighbouring bit-fields', 'the_flags.b = 1;', '!the_flags.a && the_flags.b'],
  ])('meet in %s, in which there is no order', (_, publish, consume) => {
    const scene = publishing(publish, consume);
    expect(observe(scene, { '1:v': 0 })).toBe('Sometimes');
    expect(observe(scene, { '1:v': 1 })).toBe('Sometimes');
  });

  test.each([
    ['a bit', 'smp_wmb(); set(READY, &flags);', 'test_bit_acquire(1, &flags)'],
    ['a bit of a word', 'smp_wmb(); set_bit(1, &flags);', 'smp_load_acquire(&flags) & 2'],
    ['a byte', 'smp_store_release(&the_lock.locked, 1);', 'smp_load_acquire(&the_lock.val)'],
  ])('are ordered by %s', (_, publish, consume) => {
    const scene = publishing(publish, consume);
    expect(observe(scene, { '1:v': 0 })).toBe('Never');
    expect(observe(scene, { '1:v': 1 })).toBe('Sometimes');
  });

  test('lose no bit of a word, nor a byte, that another sets in one step', () => {
    const words: Scene = {
      source: `${TYPES} unsigned long flags;`,
      threads: [
        'set_bit(0, &flags); WRITE_ONCE(the_lock.locked, 1);',
        'set_bit(5, &flags); atomic_or(512, &the_lock.val);',
      ],
    };
    expect(observe(words, { flags: 33 })).toBe('Always');
    expect(observe(words, { 'the_lock.val': 513 })).toBe('Always');
  });

  test('can lose a bit-field to a neighbour, but not to one in another location', () => {
    const scene = (second: string): Scene => ({
      source: TYPES,
      threads: ['the_flags.a = 1;', `${second} = 1;`],
    });
    expect(observe(scene('the_flags.b'), { 'the_flags.a': 0 })).toBe('Sometimes');
    expect(observe(scene('the_flags.d'), { 'the_flags.a': 0 })).toBe('Never');
  });

  test.each([
    ['bit-fields', 'struct flags f = { 0 }; f.a = r; f.c = 1;', 'f.c', 'f.a & 1'],
    [
      'bytes',
      'struct lock l = { .val = 0 }; l.pending = r; l.locked = 1;',
      'l.locked',
      'l.pending',
    ],
  ])('%s of their own depend on what is stored in them alone', (_, stores, apart, same) => {
    const scene = (stored: string): Scene => ({
      source: `${TYPES} int x, y;
        int f(void) { int r = READ_ONCE(x); ${stores} WRITE_ONCE(y, ${stored}); return r; }
        int g(void) { int r = READ_ONCE(y); smp_mb(); WRITE_ONCE(x, 1); return r; }`,
      threads: ['v = f();', 'w = g();'],
    });
    expect(observe(scene(apart), { '0:v': 1, '1:w': 1 })).toBe('Sometimes');
    expect(observe(scene(same), { '0:v': 1, '1:w': 1 })).toBe('Never');
  });

  test('know no order of parts of a word that they access apart', () => {
    const scene: Scene = {
      source: TYPES,
      threads: [
        'WRITE_ONCE(the_lock.val, 1);',
        'a = READ_ONCE(the_lock.locked); b = READ_ONCE(the_lock.pending);',
      ],
    };
    const { observation, unknown } = outcomeOf(scene, { '1:a': 7 });
    expect(observation).toBeUndefined();
    expect(unknown?.reason).toMatch(/locked.*pending|pending.*locked/);
  });

  test('members that nobody accesses together are locations of their own', () => {
    const { locations } = lowerScene({
      source: TYPES,
      threads: [
        'WRITE_ONCE(the_lock.locked, 1);',
        'a = READ_ONCE(the_lock.locked); WRITE_ONCE(the_lock.pending, 1);',
        'b = READ_ONCE(the_lock.pending);',
      ],
    });
    expect(locations).toEqual(['the_lock.locked', 'the_lock.pending']);
  });

  test('the only bit of a word that is ever accessed is a location of its own', () => {
    const { locations } = lowerScene({
      source: `${TYPES} unsigned long flags; enum { FIRST, READY };`,
      threads: ['set_bit(READY, &flags);', 'v = test_bit(1, &flags);'],
    });
    expect(locations).toEqual(['flags.READY']);
  });

  test('formulas name bits, bytes and bit-fields', () => {
    const scene: Scene = {
      source: `${TYPES} unsigned long flags; enum { FIRST, READY };`,
      threads: [
        'set_bit(READY, &flags); the_flags.b = 5; WRITE_ONCE(the_lock.val, 0x203);',
        'set_bit(7, &flags); the_flags.b = 5; a = READ_ONCE(the_lock.val);',
      ],
    };
    expect(observe(scene, { 'flags.READY': 1, flags: 130 })).toBe('Always');
    expect(observe(scene, { 'flags.FIRST': 1 })).toBe('Never');
    expect(observe(scene, { 'the_flags.b': 5, 'the_flags.a': 0 })).toBe('Always');
    expect(observe(scene, { 'the_lock.pending': 2 })).toBe('Always');
  });
});

describe('static locals', () => {
  test('are initialised once, and keep what calls leave in them', () => {
    const scene: Scene = {
      source: `int g(void) { static int n = 5; return n++; } int h(void) { static int n; return n += 2; }
        int *where(void) { static int a[2] = { [1] = 7 }; return a; }`,
      threads: [
        'a = g(); b = g(); c = h(); d = h(); int *p = where(); p[0]++; e = where()[0] * 10 + where()[1];',
      ],
    };
    expect(observe(scene, { '0:a': 5, '0:b': 6, '0:c': 2, '0:d': 4, '0:e': 17 })).toBe('Always');
  });

  test('are shared by all threads', () => {
    const ticket =
      'int t(void) { static atomic_t next = ATOMIC_INIT(3); return atomic_inc_return(&next); }';
    const scene: Scene = { source: ticket, threads: ['a = t();', 'b = t();'] };
    expect(observe(scene, { '0:a': 4, '1:b': 5 })).toBe('Sometimes');
    expect(observe(scene, { '0:a': 4, '1:b': 4 })).toBe('Never');
  });

  test('of blocks with one name are apart', () => {
    const scene: Scene = {
      source:
        'int f(int i) { if (i) { static int n = 1; return ++n; } static int n = 10; return ++n; }',
      threads: ['a = f(1); b = f(0); c = f(1);'],
    };
    expect(observe(scene, { '0:a': 2, '0:b': 11, '0:c': 3 })).toBe('Always');
  });
});

describe('locals', () => {
  const SOURCE = `int x; int f(int v) { int a = v; int *p = &a; *p += READ_ONCE(x); WRITE_ONCE(x, a); return *p; }
    static int g(int v) { return v + 1; }`;

  test("of one function are each thread's own", () => {
    const { locations } = lowerScene({ source: SOURCE, threads: ['v = f(1);', 'v = f(2);'] });
    expect(locations).toEqual(['x']);
  });

  test('keep what their thread has put there', () => {
    const scene: Scene = {
      source: SOURCE,
      threads: ['int a = 1; a = g(a); v = a;', 'int a = 5; a = g(a); v = a;'],
    };
    expect(observe(scene, { '0:v': 2, '1:v': 6 })).toBe('Always');
  });
});

test('types of the headers of each architecture have the size that they have on all of 64 bits', () => {
  const scene: Scene = {
    source: `struct page { union { pgtable_t table; struct { unsigned long one, two; }; }; arch_spinlock_t lock; int after; };
    union page_or { struct page page; unsigned int words[6]; } the_page;
    unsigned long f(void) { the_page.page.two = 5; the_page.page.after = 7; return the_page.words[2] * 10 + the_page.words[5]; }`,
    threads: ['v = f();'],
  };
  expect(observe(scene, { '0:v': 57 })).toBe('Always');
});
