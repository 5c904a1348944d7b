/** The plain form of a lowered program: it says the same, in words that plain litmus has. */

import { describe, expect, test } from 'vitest';
import { flatten } from '../../server/src/herd-export/flatten.ts';
import { printWithGaps } from '../../server/src/litmus/print.ts';
import type { Expression, Program, Statement } from '../../server/src/program/program.ts';
import { expressionsOf } from '../../server/src/program/walk.ts';
import { check } from '../../server/src/search/check.ts';
import {
  allStatements,
  type Final,
  lowerScene,
  programOf,
  type Scene,
} from '../lowering/support/lower-c.ts';

const LIST = `struct item { int value; struct list_head node; };
struct queue { struct list_head items; } queue;
void put(struct item *i) { WRITE_ONCE(i->value, 7); ADD(&i->node, &queue.items); }
int get(void)
{
        struct item *i = list_first_or_null_rcu(&queue.items, struct item, node);

        return i ? READ_ONCE(i->value) : -1;
}
void drop(struct item *i) { list_del_rcu(&i->node); synchronize_rcu(); WRITE_ONCE(i->value, 9); }
int get_locked(void) { int v; rcu_read_lock(); v = get(); rcu_read_unlock(); return v; }
int walk(void)
{
        struct item *i;
        int s = 0;

        list_for_each_entry_rcu(i, &queue.items, node)
                s += READ_ONCE(i->value);
        return s;
}`;

const queue = (add: string, ...threads: string[]): Scene => ({
  source: LIST.replace('ADD', add),
  state:
    'struct queue queue = { .items = LIST_HEAD_INIT(queue.items) }; struct item a, b = { .value = 1 };',
  threads,
});

const full = (...threads: string[]): Scene => ({
  ...queue('list_add_rcu', ...threads),
  setup: 'list_add(&b.node, &queue.items);',
});

const CASES: readonly (readonly [string, Scene, Final])[] = [
  ['publishing', queue('list_add_rcu', 'put(&a);', 'v = get();'), { '1:v': 0 }],
  ['publishing', queue('list_add_rcu', 'put(&a);', 'v = get();'), { '1:v': 7 }],
  ['not publishing', queue('list_add', 'put(&a);', 'v = get();'), { '1:v': 0 }],
  ['two on the list', full('put(&a);', 'v = get();'), { '1:v': 0 }],
  ['two on the list', full('put(&a);', 'v = get();'), { '1:v': 1 }],
  ['a walk', full('put(&a);', 'v = walk();'), { '1:v': 8 }],
  ['a walk', full('put(&a);', 'v = walk();'), { '1:v': 1 }],
  ['a walk that sees no value', full('put(&a);', 'v = walk();'), { '1:v': 0 }],
  ['removal after a grace period', full('drop(&b);', 'v = get_locked();'), { '1:v': 9 }],
  ['removal without readers', full('drop(&b);', 'v = get();'), { '1:v': 9 }],
  [
    'addresses in the condition',
    queue('list_add_rcu', 'put(&a);'),
    { 'queue.items.next': '&a.node' },
  ],
];

const halting = (check: string): Scene => ({
  source: `int x, y, z; int f(void) { int r = READ_ONCE(x); ${check} WRITE_ONCE(y, 1); return r; }`,
  state: 'int x, y, z;',
  threads: ['v = f();', 'w = READ_ONCE(y); smp_mb(); WRITE_ONCE(x, 1);'],
});

const ENDINGS: typeof CASES = [
  ['a thread that ends', halting('BUG_ON(!r);'), { '0:v': 1, '1:w': 1 }],
  ['a thread that ends', halting('BUG_ON(!r);'), { y: 0 }],
  ['a register without a value', halting('BUG_ON(!r);'), { '0:v': 0 }],
  ['an end in an if', halting('if (!z) { BUG_ON(!r); z = 1; }'), { '0:v': 1, '1:w': 1 }],
  ['an end in an if', halting('if (!z) { BUG_ON(!r); z = 1; }'), { y: 0, x: 1 }],
  ['what nothing decides', halting('r = any(3, 4);'), { '0:v': 4, '1:w': 1 }],
  ['what nothing decides', halting('if (!cond_resched()) return 7;'), { '0:v': 7, y: 0 }],
  ['what nothing decides', halting('if (!cond_resched()) return 7;'), { '0:v': 7, y: 1 }],
];

const TYPES = `typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32;
typedef unsigned long long u64;
struct ring { u16 head; u16 tail; u32 count; u64 flags; u8 byte; int slots[3]; int signed_one; };
struct ring the_ring;
int used(void) { return (u16)(READ_ONCE(the_ring.head) - READ_ONCE(the_ring.tail)); }
int is_full(u32 most) { return READ_ONCE(the_ring.count) - 1 >= most; }
int slot(int at) { return READ_ONCE(the_ring.slots[at % 3]); }
int byte(void) { u8 b = READ_ONCE(the_ring.byte) + 250; return b; }
int half(void) { return READ_ONCE(the_ring.signed_one) >> 1; }
int has_high(void) { return (READ_ONCE(the_ring.flags) & (1ULL << 40)) != 0; }
int flip(int bit) { return READ_ONCE(the_ring.signed_one) << bit; }
int at(int *p, int by) { return READ_ONCE(p[by]); }`;

const ring = (state: string, ...threads: string[]): Scene => ({
  source: TYPES,
  state: `struct ring the_ring = { ${state} };`,
  threads,
});

const MINUS = ring('.tail = 65535', 'WRITE_ONCE(the_ring.head, 1);', 'v = used();');
const INDEX = ring(
  '.slots = { 5, 6, 7 }',
  'WRITE_ONCE(the_ring.head, 4);',
  'v = slot(READ_ONCE(the_ring.head));',
);

/** Two threads that count one up without a lock, so that no number is known to be the last. */
function counting(field: string, start: number | string): Scene {
  const count = `WRITE_ONCE(the_ring.${field}, READ_ONCE(the_ring.${field}) + 1);`;
  return ring(`.${field} = ${start}`, count, `${count} v = READ_ONCE(the_ring.${field});`);
}

/** What C says of each: whether the register can have that value at the end. */
const TYPED: readonly (readonly [string, Scene, Final, string])[] = [
  ['narrow and unsigned', MINUS, { '1:v': 2 }, 'Sometimes'],
  ['narrow and unsigned, before the write', MINUS, { '1:v': 1 }, 'Sometimes'],
  ['narrow and unsigned, no other value', MINUS, { '1:v': 65537 }, 'Never'],
  [
    'an unsigned number below 0',
    ring('', 'WRITE_ONCE(the_ring.count, 3);', 'v = is_full(4);'),
    { '1:v': 1 },
    'Sometimes',
  ],
  [
    'an unsigned number above 0',
    ring('.count = 2', 'WRITE_ONCE(the_ring.count, 3);', 'v = is_full(4);'),
    { '1:v': 1 },
    'Never',
  ],
  ['a remainder as an index', INDEX, { '1:v': 6 }, 'Sometimes'],
  ['a remainder as an index, no other element', INDEX, { '1:v': 7 }, 'Never'],
  [
    'a byte that wraps',
    ring('', 'WRITE_ONCE(the_ring.byte, 9);', 'v = byte();'),
    { '1:v': 3 },
    'Sometimes',
  ],
  [
    'a negative number shifted to the right',
    ring('', 'WRITE_ONCE(the_ring.signed_one, -3);', 'v = half();'),
    { '1:v': -2 },
    'Sometimes',
  ],
  [
    'a bit above the 32nd',
    ring('', 'WRITE_ONCE(the_ring.flags, 1ULL << 40);', 'v = has_high();'),
    { '1:v': 1 },
    'Sometimes',
  ],
  [
    'no bit above the 32nd',
    ring('', 'WRITE_ONCE(the_ring.flags, 1);', 'v = has_high();'),
    { '1:v': 1 },
    'Never',
  ],
  [
    'a shift by a value that varies',
    ring('', 'WRITE_ONCE(the_ring.signed_one, 3);', 'v = flip(READ_ONCE(the_ring.signed_one));'),
    { '1:v': 24 },
    'Sometimes',
  ],
  [
    'a pointer and an index',
    ring(
      '.slots = { 5, 6, 7 }',
      'WRITE_ONCE(the_ring.count, 2);',
      'v = at(the_ring.slots, READ_ONCE(the_ring.count));',
    ),
    { '1:v': 7 },
    'Sometimes',
  ],
  ['a counter of many values', counting('count', 3), { '1:v': 4 }, 'Sometimes'],
  [
    'a counter of many values that is full',
    counting('count', '4294967294u'),
    { '1:v': 0 },
    'Sometimes',
  ],
  [
    'a narrow counter of many values that is full',
    counting('tail', 65534),
    { '1:v': 0 },
    'Sometimes',
  ],
  ['a wide counter of many values', counting('flags', 3), { '1:v': 5 }, 'Sometimes'],
];

describe('types that herd does not have say the same in the types that it has', () => {
  test.each(TYPED)('%s', (_, scene, final, observation) => {
    const lowered = lowerScene(scene);
    expect(lowered.notModelled).toEqual([]);
    const program = programOf(lowered, final);
    const flat = plain(program);
    expect(check(program).observation).toBe(observation);
    expect(check(flat).observation).toBe(observation);
    expect(printWithGaps(flat).lacking).toEqual([]);
    const numbers = printWithGaps(flat).text.match(/-?\d{6,}/g) ?? [];
    expect(numbers.filter((each) => Math.abs(Number(each)) >= 2 ** 31)).toEqual([]);
  });
});

function plain(program: Program): Program {
  const { program: flat, problems } = flatten(program);
  expect(problems).toEqual([]);
  return flat!;
}

describe('the plain form has the same answer', () => {
  test.each([...CASES, ...ENDINGS])('%s', (_, scene, final) => {
    const observed = Object.keys(final).filter((name) => !name.includes(':'));
    const lowered = lowerScene({ ...scene, observed });
    expect(lowered.notModelled).toEqual([]);
    const program = programOf(lowered, final);
    expect(check(plain(program)).observation).toBe(check(program).observation);
  });

  test('the dependency on an address is kept', () => {
    const [, scene, final] = CASES[0]!;
    expect(check(plain(programOf(lowerScene(scene), final))).observation).toBe('Never');
  });
});

function kindsOf(expression: Expression): readonly string[] {
  const operands = Object.values(expression).filter(
    (part): part is Expression => typeof part === 'object' && part !== null && 'kind' in part,
  );
  return [expression.kind, ...operands.flatMap((operand) => kindsOf(operand))];
}

test('the plain form has no pointers, only names that C has, and words for all of it', () => {
  const [, scene, final] = CASES[5]!;
  const flat = plain(programOf(lowerScene(scene), final));
  const statements = flat.threads.flatMap(({ body }): readonly Statement[] => allStatements(body));
  const kinds = new Set(statements.flatMap(expressionsOf).flatMap(kindsOf));
  expect(kinds.has('member') || kinds.has('container') || kinds.has('not')).toBe(false);
  expect(printWithGaps(flat).lacking).toEqual([]);
  for (const { target } of flat.initial) expect(target.name).toMatch(/^[A-Za-z_]\w*$/);
  for (const { value } of flat.initial) expect(value.kind).toBe('integer');
});
