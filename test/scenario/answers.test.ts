/** What is answered for a scenario: which executions count, and where what is not known stands. */

import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { check } from '../../server/src/search/check.ts';
import { observationsIn, simulateFiles } from '../support/simulated.ts';

const LETTER = `struct letter { int sealed; int text; };
int open_letter(struct letter *l)
{
	if (!READ_ONCE(l->sealed))
		return -1;
	return READ_ONCE(l->text);
}
`;

test('executions that the filter leaves out count for nothing', async () => {
  const scenario = (filter: string) => `C coherence
source: letter.c
{ int x = 0; struct letter the_letter = { }; }
P0 { WRITE_ONCE(x, 1); }
P1 { a = READ_ONCE(x); b = READ_ONCE(x); }
${filter}
never older "the second read is older than the first": (P1:b = 0)
never newer "the second read is newer than the first": (P1:a = 0 /\\ P1:b = 1)
`;
  const without = await observationsIn({ 'letter.c': LETTER, 't.scenario': scenario('') });
  expect(without).toEqual({ older: 'Sometimes', newer: 'Sometimes' });
  const filtered = scenario('filter: (P1:a = 1)');
  const within = await observationsIn({ 'letter.c': LETTER, 't.scenario': filtered });
  expect(within).toEqual({ older: 'Never', newer: 'Never' });
});

test('what is not known is told with file and line, every reason of it', async () => {
  const writer = `void seal(struct letter *l)
{
	WRITE_ONCE(l->text, stamp_of(l));
	WRITE_ONCE(l->sealed, ink_of(l));
}
`;
  const { text, code } = await simulateFiles({
    'letter.c': LETTER,
    'seal.c': writer,
    't.scenario': `C letter
source: letter.c seal.c
{ struct letter the_letter = { }; }
P0 { seal(&the_letter); }
P1 { seen = open_letter(&the_letter); }
never half "sealed without a text": (P1:seen = 0)
`,
  });
  expect(code).toBe(1);
  expect(text).toMatch(/half +unknown: seal\.c:3: stamp_of\(\)/);
  expect(text).toMatch(/also: seal\.c:4: ink_of\(\)/);
});

test('a backslash inside of a line is not overlooked; at the end of one it joins lines', async () => {
  const scenario = `C letter
source: letter.c
{ struct letter the_letter = { .sealed = 1 }; }
P0 { WRITE_ONCE(the_letter.text, 1); }
P1 { seen = open_letter(&the_letter); }
never unread "it cannot be opened": (P1:seen = -1)
`;
  const answer = async (between: string) => {
    const letter = LETTER.replace('(l->sealed)', `(${between}l->sealed)`);
    const { text } = await simulateFiles({ 'letter.c': letter, 't.scenario': scenario });
    return /unread +(\w+)/.exec(text)?.[1];
  };
  expect(await answer('\\')).toBe('unknown');
  for (const end of ['\\\n', '\\\r\n', '\\ \t\n']) expect(await answer(end)).toBe('Never');
});

test('a member that its struct has not is told where it stands, and is worth nothing', async () => {
  const { text, code } = await simulateFiles({
    'letter.c': LETTER.replace('l->sealed', 'l->seald'),
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { .sealed = 1 }; }
P0 { WRITE_ONCE(the_letter.text, 1); }
P1 { seen = open_letter(&the_letter); }
never closed "it is closed": (P1:seen = -1)
`,
  });
  expect(code).toBe(1);
  expect(text).toMatch(
    /closed +unknown: letter\.c:4: .*seald, which is no member of struct letter/,
  );
});

const PARCEL = `int open_parcel(struct parcel *p)
{
	if (!READ_ONCE(p->sealed))
		return -1;
	smp_rmb();
	return READ_ONCE(p->weight);
}
void seal_parcel(struct parcel *p)
{
	WRITE_ONCE(p->weight, 1);
	smp_wmb();
	WRITE_ONCE(p->sealed, 1);
}
`;

async function simulateParcel(code: string, state: string) {
  return await simulateFiles({
    'parcel.c': code,
    't.scenario': `C parcel
source: parcel.c
{ struct parcel the_parcel = { ${state} }; }
P0 { seal_parcel(&the_parcel); }
P1 { seen = open_parcel(&the_parcel); }
never light "sealed without a weight": (P1:seen = 0)
`,
  });
}

test('a struct that no file defines has the members that the scenario names', async () => {
  const { text, code } = await simulateParcel(PARCEL, '.weight = 0, .sealed = 0');
  expect(code).toBe(0);
  expect(text).toMatch(/light +Never/);
});

test.each([
  ['read', PARCEL.replace('(p->weight)', '(p->wieght)'), 6],
  ['looked at', PARCEL.replace('(p->sealed)', '(p->seald)'), 3],
  ['written', PARCEL.replace('(p->weight, 1)', '(p->wieght, 1)'), 10],
  ['added to', PARCEL.replace('WRITE_ONCE(p->weight, 1)', 'p->wieght++'), 10],
])('any other member of it is not 0 where it is %s, but not known', async (_, changed, line) => {
  const { text, code } = await simulateParcel(changed, '.weight = 0, .sealed = 0');
  expect(code).toBe(1);
  expect(text).toMatch(
    new RegExp(`light +unknown: parcel\\.c:${line}: .*(?:wieght|seald) of struct parcel`),
  );
  expect(text).toContain('add its header to source:, or say .');
});

test('a first value of all members says nothing of those of a struct that no file defines', async () => {
  const { text } = await simulateParcel(PARCEL, '');
  expect(text).toMatch(/light +unknown: parcel\.c:\d+: .* of struct parcel/);
});

test('what a violated invariant lacks is said with the lines of both accesses', async () => {
  const { text } = await simulateFiles({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; }
P0 {
	WRITE_ONCE(the_letter.text, 1);
	WRITE_ONCE(the_letter.sealed, 1);
}
P1 { seen = open_letter(&the_letter); }
never half "sealed without a text": (P1:seen = 0)
`,
  });
  // Both sides lack a barrier: neither is enough alone.
  expect(text).toContain('what is missing, and it takes all of these:');
  expect(text).toMatch(
    /nothing keeps letter\.text \(\S*t\.scenario:5\) before letter\.sealed \(\S*t\.scenario:6\) in P0/,
  );
  expect(text).toMatch(
    /nothing keeps letter\.sealed \(letter\.c:4\) before letter\.text \(letter\.c:6\) in P1/,
  );
});

test('a position that is called next keeps its name, a link goes by the name of its head', async () => {
  const { text } = await simulateFiles({
    'ring.c': `struct list_head { struct list_head *next, *prev; };
struct lpos { unsigned long begin, next; };
struct ring { struct lpos text; struct list_head rings; };
void end(struct ring *r)
{
	WRITE_ONCE(r->text.next, 1);
	WRITE_ONCE(r->rings.next, 0);
}
`,
    't.scenario': `C ring
source: ring.c
{ struct ring r = { .rings = { &r.rings, &r.rings } }; }
P0 { end(&r); }
P1 { link = READ_ONCE(r.rings.next); at = READ_ONCE(r.text.next); }
never early "the link is gone and the position is not there": (P1:link = NULL /\\ P1:at = 0)
`,
  });
  expect(text).toContain('writes ring.text.next = 1');
  expect(text).toContain('writes ring.rings = ');
});

test('a stub is listed with the reason that stands above it', async () => {
  const { text } = await simulateFiles({
    'letter.c': LETTER.replace(
      'return READ_ONCE',
      'look(l);\n\twait(l);\n\thold(l);\n\treturn READ_ONCE',
    ),
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; }
stubs {
	/* Looking
	 * orders nothing. */
	void look(struct letter *l) { }

	// Who waits
	// has time.
	void wait(struct letter *l) { }
	/* Of something else. */

	void hold(struct letter *l) { }
}
P0 { WRITE_ONCE(the_letter.sealed, 1); }
P1 { seen = open_letter(&the_letter); }
never two "something else is seen": (P1:seen = 2)
`,
  });
  expect(text).toMatch(/:7: look\(\) is the scenario's: Looking orders nothing\.$/m);
  expect(text).toMatch(/:11: wait\(\) is the scenario's: Who waits has time\.$/m);
  expect(text).toMatch(/:14: hold\(\) is the scenario's$/m);
});

test.each([
  ['a macro', '#undef smp_rmb\n#define smp_rmb() barrier()\n', 'Sometimes'],
  ['a macro that orders', '#define smp_rmb() smp_mb()\n', 'Never'],
  ['a function', 'static inline void smp_rmb(void) { barrier(); }\n', 'Sometimes'],
])('what a file calls %s by the name of a primitive is what it means', async (_, own, expected) => {
  const reader = LETTER.replace('\treturn READ', '\tsmp_rmb();\n\treturn READ');
  const found = await observationsIn({
    'letter.c': reader.replace('int open', `${own}int open`),
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; }
P0 { WRITE_ONCE(the_letter.text, 1); smp_wmb(); WRITE_ONCE(the_letter.sealed, 1); }
P1 { seen = open_letter(&the_letter); }
never half "sealed without a text": (P1:seen = 0)
`,
  });
  expect(found).toEqual({ half: expected });
});

test('a lock that is taken is told once', async () => {
  const { text } = await simulateFiles({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; spinlock_t l; }
P0 { WRITE_ONCE(the_letter.text, 1); spin_lock(&l); WRITE_ONCE(the_letter.sealed, 1); spin_unlock(&l); }
P1 { got = spin_trylock(&l); seen = READ_ONCE(the_letter.sealed); }
never both "sealed, and nobody has the lock": (P1:got = 0 /\\ P1:seen = 1)
`,
  });
  expect(text.match(/ takes l$/gm)).toHaveLength(1);
  expect(text.match(/ does not get l$/gm)).toHaveLength(1);
});

test('what one invariant asks for is not known to the ones before it either', async () => {
  const found = await observationsIn({
    'letter.c': `${LETTER}int never_set(void) { int n; return n; }`,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; int x = 0; }
P0 { seen = open_letter(&the_letter); n = never_set(); }
never first "asks for nothing of it": (x = 1)
never second "it is 0": (P0:n = 0)
never third "it is not": (P0:n != 0)
`,
  });
  expect(found).toMatchObject({ second: 'unknown', third: 'unknown' });
});

test('a thread that halts has no value where it did not come to it', async () => {
  const found = await observationsIn({
    'letter.c': `${LETTER}
int keen(struct letter *l) { int n = open_letter(l); BUG_ON(n != 7); return n; }`,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { .sealed = 1 }; }
P0 { WRITE_ONCE(the_letter.text, 7); }
P1 { before = 1; n = keen(&the_letter); }
never none "it is 0": (P1:n = 0)
never seven "it is 7": (P1:n = 7)
never other "it is not 7": (P1:before = 1 /\\ P1:n != 7)
`,
  });
  expect(found).toEqual({ none: 'Never', seven: 'Sometimes', other: 'Sometimes' });
});

test('where no execution comes to its end, "never" is no answer', async () => {
  const scenario = (first: number, second: number) => `C letter
source: letter.c
{ struct letter the_letter = { }; }
P0 { WRITE_ONCE(the_letter.sealed, 1); WRITE_ONCE(the_letter.sealed, 2); }
P1 {
	while (READ_ONCE(the_letter.sealed) != ${first}) ;
	while (READ_ONCE(the_letter.sealed) != ${second}) ;
	done = 1;
}
never done "it waits for one after the other": (P1:done = 2)
`;
  const answer = (text: string) => observationsIn({ 'letter.c': LETTER, 't.scenario': text });
  expect(await answer(scenario(1, 2))).toEqual({ done: 'Never' });
  expect(await answer(scenario(2, 1))).toEqual({ done: 'unknown' }); // coherence forbids it
});

test.each([
  ['takes a lock that it holds', 'spin_lock(&l); spin_lock(&l); spin_unlock(&l);'],
  ['waits for itself', 'rcu_read_lock(); synchronize_rcu(); rcu_read_unlock();'],
])('nor where a thread %s', async (_, statements) => {
  const found = await observationsIn({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; spinlock_t l; }
P0 { ${statements} WRITE_ONCE(the_letter.sealed, 1); }
P1 { seen = READ_ONCE(the_letter.sealed); }
never two "something else is seen": (P1:seen = 2)
`,
  });
  expect(found).toEqual({ two: 'unknown' });
});

test('a macro of the sources is given types and members of the scenario', async () => {
  const found = await observationsIn({
    'entry.h': '#define letter_entry(p, type, member) container_of(p, type, member)\n',
    't.scenario': `C letter
source: entry.h
{ struct sent { int text; int seal; }; struct sent it = { .text = 3 }; }
P0 { p = &it.seal; t = letter_entry(p, struct sent, seal)->text; }
never three "its text": (P0:t != 3)
`,
  });
  expect(found).toEqual({ three: 'Never' });
});

test('a wait that nobody ends halts its thread, and what it did before counts', async () => {
  const found = await observationsIn({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; int read = 0; }
P0 { WRITE_ONCE(read, 1); while (!READ_ONCE(the_letter.sealed)) ; done = 1; }
P1 { seen = READ_ONCE(read); }
never done "it comes to an end": (P0:done = 1)
never seen "it is seen": (P1:seen = 1)
`,
  });
  expect(found).toEqual({ done: 'unknown', seen: 'Sometimes' });
});

test('a filter that lets nothing through makes no "never"', async () => {
  const { text, code } = await simulateFiles({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; }
P0 { WRITE_ONCE(the_letter.sealed, 1); }
P1 { seen = open_letter(&the_letter); }
filter: (P1:seen = 7)
never half "sealed without a text": (P1:seen = 0)
`,
  });
  expect(code).toBe(1);
  expect(text).toMatch(
    /half +unknown: \S*t\.scenario:6: there is no execution that ends as the filter says/,
  );
});

test('what is bounded is bounded in work: the answer is the same however slow the machine is', () => {
  const { program } = parseLitmus(`C counting
{}
P0(int *x) { int a; int b; a = READ_ONCE(*x); WRITE_ONCE(*x, 1); b = READ_ONCE(*x); }
P1(int *x) { int a; int b; a = READ_ONCE(*x); WRITE_ONCE(*x, 2); b = READ_ONCE(*x); }
exists (0:a=7)
`);
  const { observation, unknown } = check(program!, { budget: { steps: 1 } });
  expect(observation).toBeUndefined();
  expect(unknown?.reason).toBe('more than 1 steps of the search');
  expect(check(program!, { budget: { steps: 100_000 } }).observation).toBe('Never');
});

test('where a thread waits for ever whatever happens, "never" is no answer, and says so', async () => {
  const files = (wakes: string) => ({
    'letter.c': `${LETTER}
int wait_for(struct letter *l)
{
	while (!READ_ONCE(l->sealed))
		cpu_relax();
	return READ_ONCE(l->text);
}`,
    't.scenario': `C letter
source: letter.c
{ struct letter the_letter = { }; int x; }
P0 { WRITE_ONCE(x, 1); ${wakes} }
P1 { seen = wait_for(&the_letter); }
never late "it is read": (P1:seen = 7)
never written "what others do is seen all the same": (x = 1)
`,
  });
  expect(await observationsIn(files(''))).toEqual({ late: 'unknown', written: 'Sometimes' });
  const { text } = await simulateFiles(files(''));
  expect(text).toMatch(
    /late +unknown: letter\.c:\d+: in every execution a thread waits for ever here: nothing ends the loop/,
  );
  const halted = files('for (;;) ;'); // as it is written
  const { 't.scenario': scenario, 'letter.c': source } = halted;
  const reader = scenario.replace('wait_for(', 'open_letter(');
  expect(await observationsIn({ 'letter.c': source, 't.scenario': reader })).toEqual({
    late: 'Never',
    written: 'Sometimes',
  });
  const woken = files('WRITE_ONCE(the_letter.sealed, 1);');
  expect(await observationsIn(woken)).toEqual({ late: 'Never', written: 'Sometimes' });
});

test('more executions than anybody can keep end in "unknown", whatever they are parts of', async () => {
  const threads = Array.from({ length: 6 }, (_, at) =>
    at % 2 === 0
      ? `P${at} { r = queue_put(&the_queue, ${at}); }`
      : `P${at} { r = queue_get(&the_queue); }`,
  );
  const { text } = await simulateFiles({
    'queue.c': `struct queue { int head; int tail; int slot[2]; };
int queue_put(struct queue *q, int v)
{
	int h = READ_ONCE(q->head);

	if (h - smp_load_acquire(&q->tail) >= 2)
		return -1;
	WRITE_ONCE(q->slot[h & 1], v);
	smp_wmb();
	WRITE_ONCE(q->head, h + 1);
	return 0;
}
int queue_get(struct queue *q)
{
	int t = READ_ONCE(q->tail);

	if (READ_ONCE(q->head) == t)
		return -1;
	smp_rmb();
	t = READ_ONCE(q->slot[t & 1]) * 0 + t;
	smp_store_release(&q->tail, t + 1);
	return 0;
}
`,
    't.scenario': `C queue
source: queue.c
{ struct queue the_queue = { .head = 1, .tail = 1 }; }
${threads.join('\n')}
never lost "it goes back": (the_queue.tail = 7)
`,
  });
  expect(text).toMatch(/lost +unknown: \S*t\.scenario:\d+: more than 50000 executions/);
});

test('executions of many events are kept as long as there is room for them', async () => {
  const threads = Array.from({ length: 58 }, (_, at) => `P${at + 2} { send(&box); }`).join('\n');
  const files = {
    'box.c': `struct box { int data; int full; };
void send(struct box *b) { WRITE_ONCE(b->data, 1); smp_wmb(); WRITE_ONCE(b->full, 1); }
int take(struct box *b) { if (!READ_ONCE(b->full)) return -1; smp_rmb(); return READ_ONCE(b->data); }
`,
    't.scenario': `C many
source: box.c
{ struct box box = { }; }
P0 { send(&box); }
P1 { seen = take(&box); }
${threads}
never unread "full, and nothing in it": (P1:seen = 0)
`,
  };
  const { text } = await simulateFiles(files);
  expect(text).toMatch(/unread +unknown: .*t\.scenario:64: more executions than there is room for/);
});

test('a text of as many letters as a file may have', async () => {
  const long = `sizeof("${'a'.repeat(500_000)}")`;
  const files = {
    'letter.c': LETTER,
    't.scenario': `C long
source: letter.c
{ struct letter the_letter = { }; }
P0 { x = ${long}; }
never other "it has another size": (P0:x != 500001)
`,
  };
  expect(await observationsIn(files)).toEqual({ other: 'Never' });
});

test('where a lock is released that is not held, "never" is no answer', async () => {
  const files = (begin: string, end: string) => ({
    'box.c': `struct box { spinlock_t lock; int first; int second; };
void fill(struct box *b)
{
	spin_lock(&b->lock);
	WRITE_ONCE(b->first, 1);
	WRITE_ONCE(b->second, 1);
	spin_unlock(&b->lock);
}
int look(struct box *b)
{
	int first, second;

	${begin}
	first = READ_ONCE(b->first);
	second = READ_ONCE(b->second);
	${end}
	return first != second;
}`,
    't.scenario': `C box
source: box.c
{ struct box the_box = { }; }
P0 { fill(&the_box); }
P1 { torn = look(&the_box); }
never torn "half of it is seen": (P1:torn = 1)
`,
  });
  const take = 'spin_lock(&b->lock);';
  const release = 'spin_unlock(&b->lock);';
  const tried = 'int got = spin_trylock(&b->lock);';
  const observed = async (begin: string, end: string) =>
    (await observationsIn(files(begin, end)))['torn'];
  expect(await observed(take, release)).toBe('Never');
  expect(await observed(`${tried} if (!got) return 0;`, release)).toBe('Never');
  expect(await observed(`${release} ${take}`, release)).toBe('unknown');
  expect(await observed(take, `${release} ${release}`)).toBe('unknown');
  expect(await observed(`${tried} if (!got) { ${release} return 0; }`, release)).toBe('unknown');
  const { text } = await simulateFiles(files(`${release} ${take}`, release));
  expect(text).toMatch(/torn +unknown: box\.c:13: a lock is released that is not held/);
});

test('objects that a macro of the tree makes are known by the names that it gives them', async () => {
  const found = await observationsIn({
    'letter.c': `${LETTER}#define NUMBER(name) int name##_number = 5
static HLIST_HEAD(letters);
static NUMBER(street);
`,
    't.scenario': `C letter
source: letter.c
{ int x = 0; }
P0 { none = hlist_empty(&letters); number = street_number; }
never some "there are letters": (P0:none = 0)
never other "another street": (~street_number = 5 \\/ ~P0:number = 5)
`,
  });
  expect(found).toEqual({ some: 'Never', other: 'Never' });
});

test.each([
  ['down_read(&s); got = down_read_trylock(&s); up_read(&s);', 'unknown'],
  ['down_write(&s); downgrade_write(&s); got = down_read_trylock(&s); up_read(&s);', 'unknown'],
  ['down_read(&s); got = down_write_trylock(&s); up_read(&s);', 'Never'],
  ['down_write(&s); got = down_write_trylock(&s); up_write(&s);', 'Never'],
  ['got = down_write_trylock(&s);', 'Sometimes'],
])('a lock with readers and writers that is tried for: %s', async (statements, expected) => {
  const found = await observationsIn({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ struct rw_semaphore s; }
P0 { ${statements} }
never got "it is got": (P0:got = 1)
`,
  });
  expect(found).toEqual({ got: expected });
});

test.each([
  ['down_read(&s); up_write(&s);', 'a release for writing of what is held for reading'],
  ['down_write(&s); downgrade_write(&s); up_write(&s);', 'a release for writing of what is held'],
  ['down_write(&s); up_read(&s);', 'a release for reading of what is held for writing'],
  ['up_read(&s);', 'a release of a lock that is not held'],
  ['down_read(&s); up_read(&s); up_read(&s);', 'a release of a lock that is not held'],
  ['if (x) down_write(&s); else down_read(&s); if (x) up_write(&s); else up_read(&s);', undefined],
  [
    'down_read(&s); down_read(&s); if (x) up_read(&s); if (!x) up_read(&s); up_read(&s);',
    undefined,
  ],
  ['got = down_read_trylock(&s); if (got) up_read(&s);', undefined],
  ['if (!down_write_trylock(&s)) down_write(&s); up_write(&s);', undefined],
  ['mutex_lock(&m); mutex_init(&m);', 'mutex_init() of a lock that the thread has'],
  ['down_read(&s); init_rwsem(&s);', 'init_rwsem() of a lock that the thread has'],
  ['mutex_init(&m); mutex_lock(&m); mutex_unlock(&m); mutex_init(&m);', undefined],
])(
  'a lock that one thread alone uses, and releases for what it is held: %s',
  async (calls, told) => {
    const { code, text } = await simulateFiles({
      'letter.c': LETTER,
      't.scenario': `C letter
source: letter.c
{ struct rw_semaphore s; struct mutex m; int x; }
P0 { x = 1; ${calls} }
P1 { seen = READ_ONCE(x); }
never two "it is 2": (P1:seen = 2)
`,
    });
    expect(code).toBe(told === undefined ? 0 : 1);
    if (told === undefined) expect(text).not.toContain('unknown');
    else
      expect(text).toMatch(
        new RegExp(`two +unknown: \\S*t\\.scenario:4: ${told.replace(/[()]/g, '\\$&')}`),
      );
  },
);

test.each([
  'atomic_t n = { .counter = 2 };',
  'atomic_t n = { 2 };',
  'struct count { atomic_t refs; }; struct box { int a; struct count in; } b = { .in.refs.counter = 2 }; atomic_t n = ATOMIC_INIT(2);',
])('a counter begins with the first value of its member: %s', async (state) => {
  const found = await observationsIn({
    'letter.c': LETTER,
    't.scenario': `C letter
source: letter.c
{ ${state} }
P0 { got = atomic_read(&n); ${state.includes('box') ? 'in = atomic_read(&b.in.refs);' : 'in = 2;'} }
never other "it is not 2": (P0:got != 2 \\/ P0:in != 2)
`,
  });
  expect(found).toEqual({ other: 'Never' });
});

test('a count of references that the tree defines begins with what its macros say', async () => {
  const found = await observationsIn({
    'count.h': `typedef struct refcount_struct { atomic_t refs; } refcount_t;
#define REFCOUNT_INIT(n) { .refs = ATOMIC_INIT(n), }
struct kref { refcount_t refcount; };
#define KREF_INIT(n) { .refcount = REFCOUNT_INIT(n), }
`,
    'count.c':
      '#include "count.h"\nint count(struct kref *k) { return refcount_read(&k->refcount); }\n',
    't.scenario': `C count
source: count.c
source: count.h
{ struct kref k = KREF_INIT(2); }
P0 { got = count(&k); }
never other "it is not 2": (P0:got != 2)
`,
  });
  expect(found).toEqual({ other: 'Never' });
});

const COMPLETION_H = `struct swait_queue_head;
struct completion { unsigned int done; struct swait_queue_head wait; };
#define COMPLETION_INITIALIZER(work) { 0, __SWAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define DECLARE_COMPLETION(work) struct completion work = COMPLETION_INITIALIZER(work)
void complete(struct completion *); void wait_for_completion(struct completion *);
`;
const SWAIT_H = `struct swait_queue_head { raw_spinlock_t lock; struct list_head task_list; };
#define __SWAIT_QUEUE_HEAD_INITIALIZER(name) { .lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock), .task_list = LIST_HEAD_INIT((name).task_list), }
typedef struct raw_spinlock { arch_spinlock_t raw_lock; } raw_spinlock_t;
#define __RAW_SPIN_LOCK_UNLOCKED(lockname) (raw_spinlock_t) { .raw_lock = __ARCH_SPIN_LOCK_UNLOCKED }
`;
const SEMAPHORE_H = `struct semaphore { raw_spinlock_t lock; unsigned int count; struct list_head wait_list; };
void down(struct semaphore *sem); void up(struct semaphore *sem);
`;

test.each([
  ['', 'DECLARE_COMPLETION(done);', 'complete(&done);', 'wait_for_completion(&done);'],
  ['completion.h', 'DECLARE_COMPLETION(done);', 'complete(&done);', 'wait_for_completion(&done);'],
  ['completion.h swait.h', 'DECLARE_COMPLETION(d);', 'complete(&d);', 'wait_for_completion(&d);'],
  ['', 'struct semaphore s = { .count = 0 };', 'up(&s);', 'down(&s);'],
  ['semaphore.h', 'struct semaphore s = { .count = 0 };', 'up(&s);', 'down(&s);'],
])(
  'what the library knows is known also where its header is read (%s): %s',
  async (headers, state, give, take) => {
    const found = await observationsIn({
      'letter.c': LETTER,
      'completion.h': COMPLETION_H,
      'swait.h': SWAIT_H,
      'semaphore.h': SEMAPHORE_H,
      't.scenario': `C letter
source: letter.c ${headers}
{ ${state} int x; }
P0 { x = 1; ${give} }
P1 { ${take} seen = x; }
never early "it is not there": (P1:seen = 0)
never there "it is there": (P1:seen = 1)
`,
    });
    expect(found).toEqual({ early: 'Never', there: 'Sometimes' });
  },
);

test('a lock that a thread keeps is told: no execution counts in which another waits for it', async () => {
  const files = (end: string) => ({
    'letter.c': `struct box { spinlock_t lock; struct rw_semaphore readers; int full; int late; };
void fill(struct box *b) { spin_lock(&b->lock); down_read(&b->readers); b->full = 1; ${end} }
int look(struct box *b) { int full; spin_lock(&b->lock); full = b->full; spin_unlock(&b->lock); return full; }`,
    't.scenario': `C box
source: letter.c
{ struct box the_box = { }; }
P0 { fill(&the_box); }
P1 { the_box.late = 1; seen = look(&the_box); }
never more "it is more than full": (P1:seen = 2)
`,
  });
  const { text } = await simulateFiles(files(''));
  expect(text).toContain('the_box.lock is kept to the end: who waits for it then is left out');
  expect(text).toContain('the_box.readers is kept to the end: who waits for it then is left out');
  const sometimes = await simulateFiles(
    files('up_read(&b->readers); if (READ_ONCE(b->late)) return; spin_unlock(&b->lock);'),
  );
  expect(sometimes.text).toContain('the_box.lock may be kept to the end: who waits for it then');
  const released = await simulateFiles(files('up_read(&b->readers); spin_unlock(&b->lock);'));
  expect(released.text).not.toContain('kept to the end');
});

test.each([
  ['rcu_read_lock();', 'rcu_read_lock() without rcu_read_unlock(): no grace period waits for that'],
  [
    'rcu_read_unlock();',
    'rcu_read_unlock() without rcu_read_lock(): no grace period waits for that',
  ],
  ['rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); rcu_read_unlock();', undefined],
])('a read-side critical section of one half is told: %s', async (calls, told) => {
  const { text } = await simulateFiles({
    'flag.c': 'int flag_get(int *f) { return READ_ONCE(*f); }',
    't.scenario': `C flag\nsource: flag.c\n{ int flag; }\nP0 { WRITE_ONCE(flag, 1); }\nP1 { ${calls} seen = flag_get(&flag); }\nnever wide "": (P1:seen = 2)\n`,
  });
  expect(/rcu_\w+\(\) without .*/.exec(text)?.[0]).toBe(told);
});

describe('locks and work that a scenario asks about', () => {
  const answer = () =>
    simulateFiles({
      'box.c': `struct box { struct mutex door; spinlock_t bolt; int full; struct work_struct work; };
int fill(struct box *b) { int was; mutex_lock(&b->door); was = b->full; b->full = 1; mutex_unlock(&b->door); return was; }
int busy(struct box *b) { return mutex_is_locked(&b->door); }
`,
      't.scenario': `C box
source: box.c
{ struct box the_box = { }; }
setup {
	mutex_init(&the_box.door);
	spin_lock_init(&the_box.bolt);
}
P0 { one = fill(&the_box); }
P1 { other = fill(&the_box); }
P2 { held = busy(&the_box); waits = work_pending(&the_box.work); }
never both "": (P0:one = P1:other)
never held "": (P2:held = 1)
never free "": (P2:held = 0)
never waits "": (P2:waits = 1)
never idle "": (P2:waits = 0)
`,
    });

  test('what comes out', async () => {
    const { text } = await answer();
    const found = [...text.matchAll(/^ {4}(\w+) +(\w+)$/gm)].map(([, name, said]) => [name, said]);
    expect(found).toEqual([
      ['both', 'Never'],
      ...['held', 'free', 'waits', 'idle'].map((name) => [name, 'Sometimes']),
    ]);
  });

  test('what is taken for granted of the setup has its place in the file', async () => {
    const { text } = await answer();
    expect(text).toContain('scenario:5: mutex_init(): makes a lock free');
    expect(text).toContain('scenario:6: spin_lock_init(): makes a lock free');
  });
});
