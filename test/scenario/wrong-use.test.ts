/** What a C compiler refuses in a scenario's own statements and stubs: each told once, with its line. */

import { describe, expect, test } from 'vitest';
import { simulateFiles } from '../support/simulated.ts';

const BOX = `enum box_state { BOX_EMPTY, BOX_FULL = 4 };
#define BOX_MOST 4
struct lid { int closed; };
struct box { int state; long weight; u8 rows[4]; atomic_t users; spinlock_t lock; struct mutex sleeper; struct lid *lid;
	unsigned kind : 3; const int serial; struct lid own; unsigned long bits; rwlock_t rw; seqcount_t seq; char label[4];
	struct completion done; wait_queue_head_t queue; const struct box_ops *ops; int (*test)(struct box *b, int depth);
	int most[BOX_MOST]; enum box_state was; };
struct box_ops { long (*weigh)(struct box *b); void (*fill)(struct box *b); };
enum lid_state { LID_SHUT, LID_OPEN = 7 };
union box_word { int whole; u8 parts[4]; };
void box_fill(struct box *b) { WRITE_ONCE(b->weight, 7); smp_wmb(); WRITE_ONCE(b->state, BOX_FULL); }
long box_weigh(struct box *b)
{
	if (READ_ONCE(b->state) != BOX_FULL)
		return -1;
	smp_rmb();
	return READ_ONCE(b->weight);
}
`;

/** Stubs begin in line 5, the statements stand in line 8. */
const scenario = (statements: string, stubs: string, state: string) => `C box
source: box.c
{ struct box the_box = { }; struct lid the_lid = { }; ${state} }
stubs {
	${stubs}
}
P0 { box_fill(&the_box); }
P1 { seen = box_weigh(&the_box); ${statements} }
never unweighed "full, and without weight": (P1:seen = 0)
`;

async function told(statements: string, stubs = '', state = ''): Promise<readonly string[]> {
  const text = scenario(statements, stubs, state);
  const {
    code,
    warnings,
    text: answer,
  } = await simulateFiles({ 'box.c': BOX, 't.scenario': text });
  if (warnings.length > 0) expect([code, answer]).toEqual([2, '']);
  return warnings.map((line) => line.replace('t.scenario:', ''));
}

describe('statements', () => {
  test.each([
    [
      'atomic_inc(&the_box.state);',
      'atomic_inc() takes a pointer to atomic_t, not a value of type int *',
    ],
    [
      'r = atomic_read(&the_box.weight);',
      'atomic_read() takes a pointer to atomic_t, not a value of type long *',
    ],
    [
      'spin_lock(&the_box);',
      'spin_lock() takes a pointer to spinlock_t, not a value of type struct box *',
    ],
    [
      'mutex_lock(&the_box.lock);',
      'mutex_lock() takes a pointer to struct mutex, not a value of type spinlock_t *',
    ],
    ['spin_lock(the_box);', 'spin_lock() takes a pointer, and this is none; &the_box?'],
    ['atomic_inc(the_box.users);', 'atomic_inc() takes a pointer, and this is none'],
    ['set_bit(3, the_box.bits);', 'set_bit() takes a pointer, and this is none'],
    ['set_bit(&the_box.bits, 3);', 'the number of a bit is no pointer, and stands before the word'],
    [
      'r = test_bit(3, &the_box.state);',
      'test_bit() takes a pointer to unsigned long, not a value of type int *',
    ],
    [
      'clear_bit(3, &the_box);',
      'clear_bit() takes a pointer to unsigned long, not a value of type struct box *',
    ],
    [
      'read_lock(&the_box.lock);',
      'read_lock() takes a pointer to rwlock_t, not a value of type spinlock_t *',
    ],
    [
      'complete(&the_box.queue);',
      'a value of type wait_queue_head_t * does not fit struct completion *',
    ],
    ['wake_up(the_box.queue);', 'wake_up() takes a pointer, and this is none'],
    [
      'wake_up_all(&the_box.done);',
      'wake_up_all() takes a pointer to wait_queue_head_t, not a value of type struct completion *',
    ],
    ['wait_event(&the_box.queue, seen);', 'wait_event() takes a place in memory; without "&"?'],
    [
      'wait_event(the_box.done, seen);',
      'wait_event() takes a wait_queue_head_t, not a value of type struct completion',
    ],
    [
      'write_seqcount_begin(&the_box.lock);',
      'write_seqcount_begin() takes a pointer to seqcount_t, not a value of type spinlock_t *',
    ],
    ['r = the_box.ops->weigh();', 'weigh() takes 1 argument, not 0'],
    ['r = the_box.ops->weigh(&the_box, 1);', 'weigh() takes 1 argument, not 2'],
    ['r = the_box.ops->weigh(&the_lid);', 'a value of type struct lid * does not fit struct box *'],
    ['long (*f)(struct box *) = box_weigh; r = f(7);', '7 does not fit struct box *'],
    ['the_box.test = box_weigh;', 'box_weigh() takes 1 argument, and is to be called with 2'],
    [
      'struct box_ops mine = { .fill = box_weigh };',
      'box_weigh() returns long, and is to return void',
    ],
    [
      'void (*f)(struct lid *) = &box_fill;',
      'box_fill() takes as number 1 struct box *, and is to be called with struct lid *',
    ],
    ['r = the_box.users.count;', 'no member count of atomic_t; counter?'],
    ['enum box r; r = 1;', 'there is no enum box; struct box?'],
    ['union box *r = 0;', 'there is no union box; struct box?'],
    ['struct box_word r = { };', 'there is no struct box_word; union box_word?'],
    ['if (seen) k = 1; else k = 2; else k = 3;', 'this is no C that can be read'],
    [
      'switch (seen) { case 1: k = 1; break; defualt: k = 2; }',
      'no "goto" leads to defualt; default?',
    ],
    ['again: k = 1;', 'no "goto" leads to again'],
    ['if (seen = 7) k = 1;', 'this condition stores a value; "=="?'],
    ['while (seen = the_box.state) k = 1;', 'this condition stores a value; "=="?'],
    ['if (seen == 7); k = 1;', 'this "if" decides nothing: a ";" ends it'],
    ['struct box_state s; k = 1;', 'there is no struct box_state; enum box_state?'],
    ['the_box.state = box_weigh;', 'box_weigh is a function, and does not fit int'],
    ['rcu_read_lock; k = 1;', 'rcu_read_lock is not called; rcu_read_lock()?'],
    ['r = smp_load_acquire;', 'smp_load_acquire is not called; smp_load_acquire()?'],
    ['r = any;', 'any is not called; any()?'],
    ['r = container_of(&the_box.own, struct box, onw)->state;', 'nothing is called onw; own?'],
    [
      'smp_store_release(the_box.state, 1);',
      'smp_store_release() takes a pointer, and this is none',
    ],
    ['r = READ_ONCE(&the_box.state);', 'READ_ONCE() takes a place in memory; without "&"?'],
    ['r = READ_ONCE(the_box);', 'READ_ONCE() reaches 8 bytes at most, and struct box has more'],
    [
      'WRITE_ONCE(the_box.lid, &the_box);',
      'a value of type struct box * does not fit struct lid *',
    ],
    ['xchg(&the_box.lid, &the_box);', 'a value of type struct box * does not fit struct lid *'],
    ['WRITE_ONCE(the_box.serial, 1);', 'the_box.serial is const, and is not assigned to'],
    ['r = atomic_inc(&the_box.users);', 'atomic_inc() returns nothing'],
    ['if (box_fill(&the_box)) r = 1;', 'box_fill() returns nothing'],
    ['r = 1 + spin_lock(&the_box.lock);', 'spin_lock() returns nothing'],
    ['r = box_weigh(box_fill(&the_box));', 'box_fill() returns nothing'],
    ['r = rcu_read_lock() ? 1 : 2;', 'rcu_read_lock() returns nothing'],
    ['switch (smp_mb()) { default: r = 1; }', 'smp_mb() returns nothing'],
    ['assume();', 'assume() takes 1 argument, not 0'],
    ['assume(1, 2);', 'assume() takes 1 argument, not 2'],
    ['r = &1;', '"&" before what has no address'],
    ['r = &BOX_FULL;', '"&" before what has no address'],
    ['r = &box_weigh(&the_box);', '"&" before what has no address'],
    ['r = the_box + 1;', 'a value of type struct box is no number'],
    ['r = !the_box;', 'a value of type struct box is no number'],
    ['if (the_box) r = 1;', 'a value of type struct box is no number'],
    ['r = the_box.lid * 2;', 'a value of type struct lid * is no number'],
    ['r = &the_box + &the_box;', 'a pointer is added to a pointer'],
    ['int r = 1; r = &the_box;', 'a value of type struct box * does not fit int'],
    ['the_box.lid = the_lid;', 'a value of type struct lid does not fit struct lid *'],
    ['the_box.rows[1] = 300;', '300 does not fit u8'],
    ['the_box.kind = 8;', '8 does not fit unsigned:3'],
    ['the_box.own = 3;', '3 does not fit struct lid'],
    ['the_box.state == 1;', 'this statement does nothing; "="?'],
    ['seen + 1;', 'this statement does nothing'],
    ['k = seen + 09;', '09 is no number: it begins with 0, and 9 is no octal digit'],
    ['the_box.serial = 1;', 'the_box.serial is const, and is not assigned to'],
    [
      'const struct lid *p = &the_lid; p->closed = 1;',
      'p->closed is const, and is not assigned to',
    ],
    ['const int *p = &the_lid.closed; *p = 1;', '*p is const, and is not assigned to'],
    ['const int *p = &the_lid.closed; p[1]++;', 'p[] is const, and is not assigned to'],
    ['int *const p = &the_lid.closed; p = 0;', 'p is const, and is not assigned to'],
    ['the_box.rows = 0;', 'an array is not assigned to as a whole'],
    ['BOX_FULL = 1;', 'BOX_FULL is a constant, and is not assigned to'],
    ['BOX_MOST = 1;', 'BOX_MOST is a constant, and is not assigned to'],
    ['box_weigh = 0;', 'box_weigh is a function, and is not assigned to'],
    ['READ_ONCE(the_box.state) = 1;', 'nothing can be assigned to this'],
    ['box_weigh(&the_box)++;', 'nothing can be assigned to this'],
    ['sizeof(the_box);', 'this statement does nothing'],
    ['int row[LIMT]; row[0] = 1;', 'nothing is called LIMT'],
    ['int row[BOX_MOTS]; row[0] = 1;', 'nothing is called BOX_MOTS; BOX_MOST?'],
  ])('%s', async (statements, message) => {
    expect(await told(statements)).toEqual([`8: ${message}`]);
  });

  test('an array of the state that is const', async () => {
    const state = 'static const int table[2] = { 1, 2 };';
    expect(await told('r = table[0]; table[1] = 3;', '', state)).toEqual([
      '8: table[] is const, and is not assigned to',
    ]);
  });

  test.each([
    'atomic_inc(&the_box.users); r = atomic_inc_return(&the_box.users);',
    'spin_lock(&the_box.lock); mutex_lock(&the_box.sleeper); mutex_unlock(&the_box.sleeper); spin_unlock(&the_box.lock);',
    'void *any = &the_box.lock; spin_lock(any);',
    'r = READ_ONCE(the_box.lid); WRITE_ONCE(the_box.lid, 0); rcu_assign_pointer(the_box.lid, &the_lid);',
    'smp_store_release(&the_box.lid, NULL); r = xchg(&the_box.lid, &the_lid);',
    'const struct lid *p = &the_lid; p = &the_box.own; r = p->closed;',
    'int *p = &the_lid.closed; p[0] = 1; *p += 1; r = p - p; r = !p; r = p && 1;',
    'struct lid mine = the_lid; the_box.own = mine;',
    'the_box.kind = 7; the_box.kind = -1; the_box.rows[1] = 255;',
    'r = (unsigned long)&the_box & 7; r = the_box.lid == 0; r = &the_box.rows[3] - the_box.rows;',
    '(void)atomic_inc(&the_box.users); seen ? box_fill(&the_box) : box_fill(&the_box);',
    'box_fill(&the_box), r = 1; seen && (r = 1); r = &box_weigh == box_weigh;',
    'set_bit(3, &the_box.bits); r = test_bit(3, (unsigned long *)&the_box.state); r = test_and_set_bit(1, &the_box.weight);',
    'read_lock(&the_box.rw); read_unlock(&the_box.rw); complete(&the_box.done); wake_up(&the_box.queue);',
    'write_seqcount_begin(&the_box.seq); write_seqcount_end(&the_box.seq); r = the_box.ops->weigh(&the_box);',
    'long (*f)(struct box *) = box_weigh; long (*g)(void *) = &box_weigh; r = f(&the_box); r = f == g;',
    'struct box_ops mine = { .weigh = box_weigh, .fill = 0 }; mine.fill = box_fill; the_box.test = 0;',
    'if ((k = seen)) k = 1; while (( k = the_box.state )) break; if (seen) ; else k = 2; if (seen) { }',
    'the_box.test = (void *)5; the_box.test = 0; void *any = box_weigh; the_box.test = any;',
    'goto out; k = 1; out: k = 2; r = the_box.users.counter;',
    'int row[BOX_MOST + 1]; row[BOX_FULL] = 1; int BOX_SIZE = 1; BOX_SIZE = 2;',
    'r = (seen, 3); the_box.lid = seen ? &the_lid : 0; (struct lid){ 1 }.closed;',
  ])('but not %s', async (statements) => {
    expect(await told(statements)).toEqual([]);
  });
});

describe('stubs', () => {
  test.each([
    [
      'void nobody_asks(void) { return 1; }',
      '"return" with a value in a function that returns nothing',
    ],
    [
      'int nobody_asks(void) { return; }',
      '"return" without a value in a function that returns int',
    ],
    [
      'struct lid *nobody_asks(void) { return &the_box; }',
      'a value of type struct box * does not fit struct lid *',
    ],
    [
      'int nobody_asks(void) { return atomic_inc(&the_box.users); }',
      'atomic_inc() returns nothing',
    ],
    ['int nobody_asks(int of, int of) { return of; }', 'there are two parameters of'],
    ['#if 1\n#define NOBODY 1', 'no "#endif" ends this "#if"'],
    ['struct crate { int full; long full; };', 'there are two members full'],
    ['struct crate { int full[BOX_MOTS]; };', 'nothing is called BOX_MOTS; BOX_MOST?'],
    ['struct crate { u23 full; };', 'there is no type u23; u32?'],
    ['#define smp_rmb(x) barrier()', 'smp_rmb() takes 0 arguments, not 1'],
    [
      '#define smp_load_acquire(x, y) READ_ONCE(*(x))',
      'smp_load_acquire() takes 1 argument, not 2',
    ],
  ])('%s', async (stubs, message) => {
    expect(await told('', stubs)).toEqual([`5: ${message}`]);
  });

  test.each([
    'void nobody_asks(void) { return box_fill(&the_box); }',
    'struct lid *nobody_asks(void) { return 0; }',
    'bool nobody_asks(struct box *b) { return b; }',
    'void nobody_asks(const char *what, ...) { }',
    '#if 1\n#define NOBODY 1\n#endif',
    '#define NOBODY (the_box.state == 1)',
    'struct crate { int full; struct { int inner; }; struct { int full; } two; struct list_head node; };',
  ])('but not %s', async (stubs) => {
    expect(await told('', stubs)).toEqual([]);
  });
});

describe('a stand-in that is another function', () => {
  test.each([
    ['void box_weigh(struct box *b) { }', 'box_weigh() returns long in box.c:12'],
    ['int box_fill(struct box *b) { return 0; }', 'box_fill() returns void in box.c:11'],
    [
      'long box_weigh(struct lid *b) { return 0; }',
      'box_weigh() takes as number 1 struct box * in box.c:12',
    ],
    [
      'long box_weigh(int b) { return 0; }',
      'box_weigh() takes as number 1 struct box * in box.c:12',
    ],
  ])('%s', async (stubs, message) => {
    expect(await told('', stubs)).toEqual([`5: ${message}`]);
    const { warnings } = await simulateFiles({
      'box.c': BOX,
      't.scenario': `${scenario('', '', '')}suppose it "is so" {\n${stubs}\n}\n`,
    });
    expect(warnings).toEqual([`t.scenario:11: ${message}`]);
  });

  test.each([
    'int box_weigh(const struct box *b) { return 0; }',
    'bool box_weigh(void *b) { return 0; }',
    'int nobody_asks(struct lid *b) { return 0; }',
  ])('but not %s', async (stubs) => {
    expect(await told('', stubs)).toEqual([]);
  });
});

describe('a line of its own', () => {
  test.each([
    ['P00 { k = 1; }', 'there is no thread P00; P0?'],
    ['P2 is me { k = 1; }', 'expected "{" with P2, or "as" and an object'],
    ['P2 as the_box.own { k = 1; }', 'expected "{" with P2'],
    ['P2: { k = 1; }', 'the "{" stands right behind "P2", without a ":"'],
    ['remark box_weigh smp_rmb 2 of 1: "so"', 'there is no number 2 of 1'],
    ['suppose it "is so" { #define BOX_MOTS 3\n}', 'there is no BOX_MOTS to replace; BOX_MOST?'],
    [
      'never it "is so": (sizeof(the_box) = 4)',
      'sizeof(the_box) is nothing that a formula can ask for: assign it to a variable',
    ],
  ])('%s', async (line, message) => {
    const text = `${scenario('', '', '')}${line}\n`;
    const { warnings } = await simulateFiles({ 'box.c': BOX, 't.scenario': text });
    expect(warnings).toEqual([`t.scenario:10: ${message}`]);
  });
});

describe('the state', () => {
  test.each([
    ['int row[-1];', 'an array has no negative length'],
    ['more;', 'there is no type before more'],
    [
      'struct box b = { .state = BOX_FULL .weight = 1 };',
      '".weight" behind BOX_FULL, which is a constant',
    ],
    ['struct box b = { .rows = { 1, 2, 3, 4, 5 } };', 'a first value for [4] of an array of 4'],
    ['struct box b = { .most = { 1, 2, 3, 4, 5 } };', 'a first value for [4] of an array of 4'],
    ['struct box b = { .own = { 1, 2 } };', 'struct lid has no member number 2'],
    ['struct box b = { .label = "crate" };', '"crate" has 5 characters, and the array 4'],
    ['struct box b = { .was = "full" };', 'a value of type char * does not fit enum box_state'],
    ['struct box b = { .state = BOX_full };', 'nothing is called BOX_full; BOX_FULL?'],
    [
      'struct box_ops ops = { .weigh = box_fill };',
      'box_fill() returns void, and is to return long',
    ],
    ['struct box b = { .test = 5 };', '5 is no pointer to a function'],
    [
      'struct box b = { .test = &the_lid };',
      'a value of type struct lid * is no pointer to a function',
    ],
    ['struct box b = { .state = box_weigh };', 'box_weigh is a function, and does not fit int'],
    ['LIST_HEAD(row); struct list_head *first = &rows;', 'nothing is called rows; row?'],
    ['int row[BOX_MOTS];', 'nothing is called BOX_MOTS; BOX_MOST?'],
    ['struct crate { int a; }; struct crate { int b; };', 'struct crate is defined twice'],
    ['struct box b = { .kind = 8 };', '8 does not fit unsigned:3'],
    ['struct box b = { .rows = 1 };', '.rows is an array: its first values stand in braces'],
    ['struct box b = { .own = 1 };', '1 does not fit struct lid'],
    ['struct lid l = 1;', '1 does not fit struct lid'],
    ['struct lid *l = the_lid;', 'a value of type struct lid does not fit struct lid *'],
    ['int BOX_FULL = 1;', 'BOX_FULL is an object here, and a constant elsewhere'],
    ['int BOX_MOST = 1;', 'BOX_MOST is an object here, and a constant elsewhere'],
    ['BOX_FULL = 1;', 'this is a statement, which stands in setup { ... }'],
    ['int x; x = 3;', 'this is a statement, which stands in setup { ... }'],
    ['the_box.rows[1] = 3;', 'this is a statement, which stands in setup { ... }'],
    ['box_fill(&the_box);', 'this is a statement, which stands in setup { ... }'],
    ['void nobody_asks(void) { }', 'nobody_asks() is a function, which stands in stubs { ... }'],
    ['void nobody_asks(void);', 'nobody_asks() is a function, which stands in stubs { ... }'],
    ['enum { ONE }; enum { ONE = 3 };', 'ONE is defined twice'],
    [
      'struct { int sealed; int h; } s = { .seald = 1 };',
      'no member seald of this struct; sealed?',
    ],
    ['int x = 08;', '08 is no number: it begins with 0, and 8 is no octal digit'],
    ['int row[2] = { 07, -019L };', '019L is no number: it begins with 0, and 9 is no octal digit'],
    [
      'union box_word w = { .whole = 1, .parts = { 2 } };',
      '.parts and .whole lie in one union, which has one first value',
    ],
    [
      'struct crate { int a; union { int b; struct { int c, d; }; }; } c = { .a = 1, .b = 2, .d = 3 };',
      '.d and .b lie in one union, which has one first value',
    ],
  ])('%s', async (state, message) => {
    expect(await told('', '', state)).toEqual([`3: ${message}`]);
  });

  test.each([
    'struct box b = { .label = "box!", .most = { 1, 2, 3, 4 }, .own = { 1 } };',
    'struct box_ops ops = { .weigh = box_weigh, .fill = NULL }; struct box b = { .ops = &ops };',
    'DEFINE_SPINLOCK(bolt); static DEFINE_MUTEX(door); LIST_HEAD(row); __u8 few;',
    'typeof(the_box) other; struct crate { int (*open)(int); } c; int (*open)(struct box *) = box_weigh;',
    'struct { int n; int m; struct { int k; } in; } s = { .n = 1, .in.k = 2 }; struct lid h;',
    'int x = 0, y = 017, z = 0x19; long w = 0L;',
    'struct crate { int a; union { int b; struct { int c, d; }; }; } c = { .a = 1, .c = 2, .d = 3 };',
    'long rows[2] = { 1, (2) }, *row = &rows[1]; /* x = 3; */ // x = 3;\n',
  ])('but not %s', async (state) => {
    expect(await told('', '', state)).toEqual([]);
  });

  test('members of a struct that has no name', async () => {
    const state = 'struct { int n; int m; int sealed; struct { int k; } in; } s;';
    expect(await told('k = s.n; k = s.m; s.in.k = 1; (&s)->n = 2;', '', state)).toEqual([]);
    expect(await told('k = s.seald;', '', state)).toEqual([
      '8: no member seald of this struct; sealed?',
    ]);
  });

  test('a struct that the stubs define, too', async () => {
    expect(await told('', 'struct crate { int a; };', 'struct crate { int  a; } c;')).toEqual([]);
    expect(await told('', 'struct crate { int a; };', 'struct crate { int b; } c;')).toEqual([
      '3: struct crate is defined here, and otherwise in the stubs',
    ]);
  });
});
