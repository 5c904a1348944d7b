/** What gives the order that is missing is offered where a simulation says so: samples with one mistake each. */

import { expect, test } from 'vitest';
import { isReadWhole } from '../../../server/src/facts/file-facts.ts';
import type { Host } from '../../../server/src/language-service/host.ts';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const FILES = ['/writer.c', '/reader.c'];

interface Sample {
  readonly writer: string;
  readonly reader: string;
}

/** Message passing and store buffering as they should be, a function each in several shapes of code; `@` is what the
 *  barrier of the function is written by. */
const MESSAGE: readonly Sample[] = [
  {
    writer: 'WRITE_ONCE(b->data, 1);\n@smp_wmb();\n\tWRITE_ONCE(b->flag, 1);',
    reader: 'if (!READ_ONCE(b->flag))\n\t\treturn -1;\n@smp_rmb();\n\treturn READ_ONCE(b->data);',
  },
  {
    writer:
      'if (!b->count) {\n\t\tb->data = 1;\n\t\tb->count++;\n\t}\n\n@smp_wmb();\n\t/* Now it is there. */\n\tb->flag = 1;\n\twake(b);',
    reader:
      'int data;\n\n\tdo {\n\t\tcpu_relax();\n\t} while (!READ_ONCE(b->flag));\n@smp_rmb();\n\tdata = b->data;\n\treturn data;',
  },
];
const BUFFERING: readonly Sample[] = [
  {
    writer: 'WRITE_ONCE(b->data, 1);\n@smp_mb();\n\tif (READ_ONCE(b->flag))\n\t\twake(b);',
    reader: 'WRITE_ONCE(b->flag, 1);\n@smp_mb();\n\treturn READ_ONCE(b->data);',
  },
];

/** The two functions, each with the comment of its barrier, which names that of `right` in the other one. */
function fixture({ writer, reader }: Sample, right: Sample): string {
  const body = (code: string, partner: string, theirs: string) => {
    const [name] = /smp_\w+/.exec(theirs)!;
    return code.replace('@', `\t/* Pairs with ${name}() in ${partner}(). */\n\t`);
  };
  const struct = 'struct box { int data; int flag; int count; };';
  return `
//- /writer.c
${struct}
void publish(struct box *b)
{
	${body(writer, 'consume', right.reader)}
}
//- /reader.c
${struct}
int consume(struct box *b)
{
	${body(reader, 'publish', right.writer)}
}
`;
}

const BARRIER = /(?<=\n)@smp_\w+\(\);\n/;

/** The mistakes, in the code of one function. */
const MISTAKES: Readonly<Record<string, (code: string) => string>> = {
  'before both accesses': (code) => {
    const line = BARRIER.exec(code)![0];
    const [declared = ''] = /^int \w+;\n\n\t/.exec(code) ?? [];
    return `${declared}${line.trim()}\n\t${code.slice(declared.length).replace(line, '')}`;
  },
  'of the wrong kind': (code) =>
    code.replace(/smp_[rw]?mb/, (name) => (name === 'smp_wmb' ? 'smp_rmb' : 'smp_wmb')),
  'not there': (code) => code.replace(BARRIER, ''),
};

const CODES = /^(?:broken-pairing|unresolved-claim|missing-partner-barrier)$/;

function findings(host: Host) {
  return FILES.flatMap((path) =>
    host
      .snapshot()
      .diagnostics(path)
      .filter(({ code }) => CODES.test(code))
      .map((finding) => ({ path, ...finding })),
  );
}

for (const [mistake, make_] of Object.entries(MISTAKES))
  test(`a barrier that is ${mistake}`, async () => {
    for (const sample of [...MESSAGE, ...BUFFERING])
      for (const side of ['writer', 'reader'] as const) {
        const files = readFixture(fixture({ ...sample, [side]: make_(sample[side]) }, sample));
        const broken = hostOf(files, { inKernel: true });
        const [found] = findings(broken);
        expect(found, `${mistake} in the ${side}: ${sample[side]}`).toBeDefined();
        const offered = await fixesIn(broken, found!.path, found!.span);
        expect(offered, `${mistake} in the ${side}: ${sample[side]}`).not.toEqual([]);
        for (const fix of offered) {
          const host = hostOf(files, { inKernel: true });
          make(host, fix);
          expect(fix.title).toMatch(/: forbidden after this$/);
          expect(findings(host), fix.title).toEqual([]);
          expectWhole(host);
          expectProven(host);
        }
      }
  });

function expectWhole(host: Host): void {
  for (const path of FILES)
    for (const fact of host.snapshot().facts(path)!.functions)
      expect(isReadWhole(fact), fact.name).toBe(true);
}

function expectProven(host: Host): void {
  const { tree, verdictOf } = host.snapshot().moment;
  const kinds = tree.pairing.pairings.map((pairing) => verdictOf(pairing)?.answer?.verdict.kind);
  expect(kinds).toContain('needed');
  expect(kinds).not.toContain('broken');
}

/** The titles of what is offered anywhere in a file, and its text after the first one. */
async function offeredIn(fixture: string, path: string) {
  const host = hostOf(readFixture(fixture), { inKernel: true });
  const text = host.snapshot().moment.textOf(path)!;
  const fixes = await fixesIn(host, path, { start: 0, end: text.length });
  if (fixes[0] !== undefined) make(host, fixes[0]);
  return { titles: fixes.map(({ title }) => title), text: host.snapshot().moment.textOf(path)! };
}

const users = (between: string) => `
//- /request.h
struct request { atomic_t users; atomic_t dying; wait_queue_head_t queue; };
//- /drop.c
#include "request.h"
void drop(struct request *r)
{
	atomic_dec(&r->users);
	if (atomic_read(&r->dying))
		wake_up(&r->queue);
}
//- /kill.c
#include "request.h"
void kill(struct request *r)
{
	atomic_inc(&r->dying);
${between}	wait_event(r->queue, atomic_read(&r->users) == 0);
}`;

test('a full barrier that one side lacks, beside an atomic operation without a value', async () => {
  const { titles, text } = await offeredIn(users('\tsmp_mb__after_atomic();\n'), '/drop.c');
  expect(titles).toEqual([
    'Insert smp_mb__after_atomic() in drop() before r->dying: forbidden after this',
  ]);
  expect(text).toContain(
    '\tatomic_dec(&r->users);\n\t/* Pairs with smp_mb__after_atomic() in kill(). */\n\tsmp_mb__after_atomic();\n\tif',
  );
});

test('a full barrier that both sides lack: one alone forbids nothing', async () => {
  const { titles, text } = await offeredIn(users(''), '/kill.c');
  expect(titles).toEqual([
    'Insert smp_mb__after_atomic() in kill() before r->users, and insert smp_mb__after_atomic() in drop() before r->dying: forbidden after this',
  ]);
  expect(text).toContain('/* Pairs with smp_mb__after_atomic() in drop(). */');
});

test('a pointer that is published before its object', async () => {
  const { titles, text } = await offeredIn(
    `
    struct entry { int size; void *data; };
    struct table { struct mutex lock; struct entry *slots[8]; };
    void put(struct table *t, int i, struct entry *e)
    {
            mutex_lock(&t->lock);
            e->size = 8;
            t->slots[i] = e;
            mutex_unlock(&t->lock);
    }
    int find(struct table *t, int i)
    {
            struct entry *e = READ_ONCE(t->slots[i]);
            return e ? e->size : 0;
    }`,
    '/main.c',
  );
  expect(titles).toEqual([
    'Insert smp_wmb() in put() before t->slots: forbidden after this',
    'Store t->slots[i] in put() by smp_store_release(): forbidden after this',
  ]);
  expect(text).toContain('smp_wmb();\n        t->slots[i] = e;');
});

test('an object that is added to a list which others walk without the lock', async () => {
  const { titles } = await offeredIn(
    `
    struct rule { int prio; struct list_head node; };
    struct rules { struct mutex lock; struct list_head all; };
    void insert(struct rules *r, struct rule *new, int prio)
    {
            mutex_lock(&r->lock);
            new->prio = prio;
            list_add(&new->node, &r->all);
            mutex_unlock(&r->lock);
    }
    int highest(struct rules *r)
    {
            struct rule *each;
            int prio = 0;

            rcu_read_lock();
            list_for_each_entry_rcu(each, &r->all, node)
                    prio = each->prio;
            rcu_read_unlock();
            return prio;
    }`,
    '/main.c',
  );
  expect(titles).toEqual([
    'Insert smp_wmb() in insert() before r->all: forbidden after this',
    'Store new->node in insert() by list_add_rcu(): forbidden after this',
  ]);
});

test('nothing is put where it would be no C, or belongs to a branch', async () => {
  const { titles } = await offeredIn(
    `
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with smp_rmb() in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            return READ_ONCE(b->flag) ? READ_ONCE(b->data) : -1;
    }`,
    '/main.c',
  );
  expect(titles).toEqual(['Load b->flag in consume() by smp_load_acquire(): forbidden after this']);
});

const put = (code: string) => `
struct box { int data; int flag; atomic_t ready; };
void put(struct box *b)
{
${code}
}`;

test('a reader of whom no comment speaks', async () => {
  const { titles, text } = await offeredIn(
    `${put('\tb->data = 1;\n\tsmp_wmb();\n\tWRITE_ONCE(b->flag, 1);')}
int get(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	return b->data;
}`,
    '/main.c',
  );
  expect(titles).toEqual([
    'Insert smp_rmb() in get() before b->data: forbidden after this',
    'Load b->flag in get() by smp_load_acquire(): forbidden after this',
  ]);
  expect(text).toContain(
    '\t\treturn -1;\n\t/* Pairs with smp_wmb() in put(). */\n\tsmp_rmb();\n\treturn b->data;',
  );
});

test('a writer of whom no comment speaks, by an atomic operation', async () => {
  const { titles, text } = await offeredIn(
    `${put('\tb->data = 1;\n\tatomic_set(&b->ready, 1);')}
int get(struct box *b)
{
	if (!atomic_read_acquire(&b->ready))
		return -1;
	return b->data;
}`,
    '/main.c',
  );
  expect(titles).toEqual([
    'Insert smp_wmb() in put() before b->ready: forbidden after this',
    'Store b->ready in put() by atomic_set_release(): forbidden after this',
  ]);
  expect(text).toContain('\tsmp_wmb();\n\tatomic_set(&b->ready, 1);');
});

test('a function that a comment names and that has nothing', async () => {
  const { titles } = await offeredIn(
    `${put('\tb->data = 1;\n\t/* See the smp_rmb() in get(). */\n\tsmp_wmb();\n\tWRITE_ONCE(b->flag, 1);')}
int get(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	return b->data;
}`,
    '/main.c',
  );
  expect(titles).toEqual([
    'Insert smp_rmb() in get() before b->data: forbidden after this',
    'Load b->flag in get() by smp_load_acquire(): forbidden after this',
  ]);
});

test('a bit operation that returns nothing is made the one that returns the old value, which is a full barrier', async () => {
  const code = `
    struct task { unsigned long flags; int state; int target; };
    void start(struct task *t)
    {
            WRITE_ONCE(t->target, 1);
            /* Pairs with smp_rmb() in take(). */
            smp_wmb();
            set_bit(0, &t->flags);
    }
    int take(struct task *t)
    {
            clear_bit(0, &t->flags);
            /* Pairs with smp_wmb() in start(). */
            smp_rmb();
            return READ_ONCE(t->target);
    }
    int switched(struct task *t)
    {
            int found = 0;
            if (test_bit(0, &t->flags))
                    found = take(t);
            return found;
    }`;
  const { titles } = await offeredIn(code, '/main.c');
  expect(titles).toEqual([
    'Make smp_rmb() in take() smp_mb__after_atomic(): forbidden after this',
    'Make clear_bit() test_and_clear_bit(), which is a full barrier: forbidden after this',
  ]);
});
