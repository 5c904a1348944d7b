/** The answers of simulated scenarios on the barriers and accesses that they are about. */

import { expect, test } from 'vitest';
import { plain } from '../../server/src/language-service/markup.ts';
import type { FoundNeed, NeedTable } from '../../server/src/language-service/need-table.ts';
import { edit, hostOf } from './support/check.ts';
import { readFixture } from './support/fixture.ts';

const FILES = readFixture(`
  //- /writer.c
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          smp_wmb();
          WRITE_ONCE(b->flag, 1);
          smp_wmb();
          WRITE_ONCE(b->data, 2);
  }
`);

const PLAIN = plain((file) => file);

function row(ordinal: number, verdict: FoundNeed['verdict'], path: string): FoundNeed {
  return {
    barrier: { file: '/writer.c', function: 'publish', primitive: 'smp_wmb', ordinal },
    path,
    invariant: 'I1',
    words: '',
    orders: [{ before: 'box.data', after: 'box.flag' }],
    verdict,
    by: verdict === 'redundant' ? ['the release of rcu_assign_pointer()'] : [],
  };
}

/** Found for the files as they are in the fixture. */
function table(...rows: readonly FoundNeed[]): NeedTable {
  return {
    texts: new Map(FILES.map(({ path, text }) => [path, text])),
    rows,
    violations: [],
    unanswered: [],
  };
}

test('of a barrier that is needed in no scenario the lens says where, and not that it is redundant', () => {
  const host = hostOf(FILES);
  host.apply([{ kind: 'needs', tables: [table(row(1, 'redundant', 'disable'))] }]);
  const [first] = host.snapshot().lenses('/writer.c');
  expect(first?.title).toMatch(/^○ not needed on disable/);
});

test('lens and hover of the barrier that a row is about, and of no other', () => {
  const host = hostOf(FILES);
  const rows = [row(1, 'needed', 'enable'), row(1, 'redundant', 'disable')];
  host.apply([{ kind: 'needs', tables: [table(...rows)] }]);
  const snapshot = host.snapshot();
  const [first, second] = snapshot.lenses('/writer.c').map(({ title }) => title);
  expect(first).toMatch(/^✓ needed on enable/);
  expect(second).not.toContain('enable');
  const at = FILES[0]!.text.indexOf('smp_wmb();');
  const text = snapshot.details('/writer.c', at, PLAIN);
  expect(text).toContain('enable: box.data → box.flag needed (I1)');
  expect(text).toContain(
    'disable: box.data → box.flag redundant, also ordered by the release of rcu_assign_pointer() (I1)',
  );
});

const WAITER = readFixture(`
  //- /waiter.c
  struct item { struct list_head node; int live; };
  static void wait_for_all(void) { schedule_on_each_cpu(nothing); }
  void add(struct item *item, struct list_head *head)
  {
          list_add_rcu(&item->node, head);
  }
  void complete(struct item *item)
  {
          wait_for_all();
          WRITE_ONCE(item->live, 0);
          wait_for_all();
  }
`);

/** A row of `waiter.c` that is about one operation. */
function waiterTable(caller: string, primitive: string, ordinal: number): NeedTable {
  const barrier = { file: '/waiter.c', function: caller, primitive, ordinal };
  const needed = { ...row(1, 'needed', 'disable'), barrier };
  return { ...table(needed), texts: new Map(WAITER.map(({ path, text }) => [path, text])) };
}

test.each([
  ['add', 'list_add_rcu', 1, 5],
  ['complete', 'wait_for_all', 1, 9],
  ['complete', 'wait_for_all', 2, 11],
])('%s(): a row on %s() number %i has its lens and hover there', (caller, name, ordinal, line) => {
  const host = hostOf(WAITER);
  expect(host.snapshot().lenses('/waiter.c')).toEqual([]);
  host.apply([{ kind: 'needs', tables: [waiterTable(caller, name, ordinal)] }]);
  const snapshot = host.snapshot();
  const text = WAITER[0]!.text;
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const shown = snapshot.lenses('/waiter.c');
  expect(shown.map(({ span, title }) => [lineOf(span.start), title])).toEqual([
    [line, `✓ needed on disable · ${name}()`],
  ]);
  const hover = snapshot.hover('/waiter.c', shown[0]!.span.start, PLAIN)!.text;
  expect(hover).toContain(`${name}() in ${caller}()`);
  expect(hover.split('\n')).toEqual([
    expect.stringMatching(/^✓ needed on disable: /),
    expect.stringContaining('box.data → box.flag'),
    'It keeps box.data before box.flag; without that I1 can be violated.',
  ]);
  const details = snapshot.details('/waiter.c', shown[0]!.span.start, PLAIN);
  expect(details).toContain('disable: box.data → box.flag needed (I1)');
});

test('the hover names the invariants of the order that it tells, not those of others', () => {
  const host = hostOf(WAITER);
  const one = waiterTable('complete', 'wait_for_all', 1);
  const other = { ...one.rows[0]!, invariant: 'I2', orders: [{ before: 'a', after: 'b' }] };
  host.apply([{ kind: 'needs', tables: [{ ...one, rows: [...one.rows, other] }] }]);
  const [lens] = host.snapshot().lenses('/waiter.c');
  expect(host.snapshot().hover('/waiter.c', lens!.span.start, PLAIN)!.text).toContain(
    'It keeps box.data before box.flag; without that I1 can be violated.',
  );
});

test('a call keeps its row, marked stale, while lines before it are typed', () => {
  const host = hostOf(WAITER);
  host.apply([{ kind: 'needs', tables: [waiterTable('complete', 'wait_for_all', 2)] }]);
  edit(host, '/waiter.c', 'WRITE_ONCE(item->live, 0);', 'WRITE_ONCE(item->live, 0);\n\n');
  const [lens] = host.snapshot().lenses('/waiter.c');
  expect(lens!.title).toBe('↻ stale, was needed on disable · wait_for_all()');
});

test('what gives the order instead: alternatives are told from what does so together', () => {
  const host = hostOf(FILES);
  const redundant = { ...row(1, 'redundant', 'enable'), by: ['a() or b()', 'c()'] };
  host.apply([{ kind: 'needs', tables: [table(redundant)] }]);
  const at = FILES[0]!.text.indexOf('smp_wmb();');
  expect(host.snapshot().details('/writer.c', at, PLAIN)).toContain(
    'redundant, also ordered by (a() or b()) together with c() (I1)',
  );
});

test('new tables replace the old ones', () => {
  const host = hostOf(FILES);
  host.apply([{ kind: 'needs', tables: [table(row(1, 'needed', 'enable'))] }]);
  host.apply([{ kind: 'needs', tables: [] }]);
  expect(host.snapshot().lenses('/writer.c')[0]!.title).not.toContain('enable');
});

test('an edit makes the rows look stale at once, undoing it makes them current', () => {
  const host = hostOf(FILES);
  host.apply([{ kind: 'needs', tables: [table(row(1, 'needed', 'enable'))] }]);
  const lens = () => host.snapshot().lenses('/writer.c')[0]!.title;
  const hover = () => {
    const snapshot = host.snapshot();
    const at = snapshot.moment.textOf('/writer.c')!.indexOf('smp_wmb();');
    return snapshot.details('/writer.c', at, PLAIN);
  };
  edit(host, '/writer.c', 'b->flag, 1', 'b->flag, 2');
  expect(lens()).toMatch(/^↻ stale, was needed on enable/);
  expect(hover()).toContain('enable: box.data → box.flag needed (stale) (I1)');
  edit(host, '/writer.c', 'b->flag, 2', 'b->flag, 1');
  expect(lens()).toMatch(/^✓ needed on enable/);
  expect(hover()).toContain('enable: box.data → box.flag needed (I1)');
});

test('the hover says in the words of the scenario what can happen without the order', () => {
  const host = hostOf(WAITER);
  const one = waiterTable('complete', 'wait_for_all', 1);
  const first = { ...one.rows[0]!, words: 'a reader gets a box without data' };
  const second = { ...one.rows[0]!, invariant: 'I2' };
  host.apply([{ kind: 'needs', tables: [{ ...one, rows: [first, second] }] }]);
  const [lens] = host.snapshot().lenses('/waiter.c');
  expect(host.snapshot().hover('/waiter.c', lens!.span.start, PLAIN)!.text).toContain(
    'without that a reader gets a box without data (I1); I2 can be violated, too.',
  );
});

test('paths with long names are counted above the barrier, so that its partner has room; the hover names them', () => {
  const host = hostOf(FILES);
  const paths = ['publication-of-a-box', 'republication-of-a-box'];
  host.apply([{ kind: 'needs', tables: [table(...paths.map((path) => row(1, 'needed', path)))] }]);
  const snapshot = host.snapshot();
  const [lens] = snapshot.lenses('/writer.c');
  expect(lens!.title).toMatch(/^✓ needed on 2 paths( |$)/);
  expect(snapshot.hover('/writer.c', lens!.span.start, PLAIN)!.text).toContain(
    '✓ needed on publication-of-a-box, republication-of-a-box: ',
  );
});
