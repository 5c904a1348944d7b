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
