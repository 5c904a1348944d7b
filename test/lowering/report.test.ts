/** What a lowering says beside the program: where statements come from, what orders, what is assumed. */

import { describe, expect, test } from 'vitest';
import type { Statement } from '../../server/src/program/program.ts';
import { allStatements, lowerScene, type Scene } from './support/lower-c.ts';

const SOURCE = `struct box { int data; int flag; struct list_head node; };
struct list_head boxes;
static void add(struct box *b)
{
        WRITE_ONCE(b->data, 1);
        smp_wmb();
        list_add_rcu(&b->node, &boxes);
        smp_wmb();
        b->flag = 1;
}
int look(struct box *b)
{
        if (smp_load_acquire(&b->flag))
                return b->data;
        return !list_empty(&boxes);
}`;

const SCENE: Scene = {
  source: SOURCE,
  state: 'struct list_head boxes = LIST_HEAD_INIT(boxes); struct box a, b;',
  threads: ['add(&a); add(&b);', 'v = look(&a);'],
};

function textOf({ origin }: Statement): string {
  return origin === undefined ? '' : SOURCE.slice(origin.span.start, origin.span.end);
}

describe('origins', () => {
  const { threads, sites } = lowerScene(SCENE);
  const statements = threads.flatMap(({ body }) => allStatements(body));
  const inSource = statements.filter(({ origin }) => origin?.file === 'source.c');

  test('every statement says what in which function it does', () => {
    expect(statements.every(({ origin }) => origin !== undefined)).toBe(true);
    const stores = inSource.filter(({ kind }) => kind === 'store');
    expect(new Set(stores.map(textOf))).toEqual(
      new Set(['WRITE_ONCE(b->data, 1)', 'list_add_rcu(&b->node, &boxes)', 'b->flag = 1']),
    );
    expect(new Set(inSource.map(({ origin }) => origin?.function))).toEqual(
      new Set(['add', 'look']),
    );
  });

  test('what the library does is traced to its call', () => {
    const published = inSource.find((one) => one.kind === 'store' && one.order === 'release');
    expect(published?.origin).toMatchObject({
      function: 'add',
      primitive: 'list_add_rcu',
      site: 'source.c:add:list_add_rcu:1',
    });
  });

  test('all copies of an inlined statement are one site; two uses in the text are two', () => {
    const fences = inSource.filter(({ kind }) => kind === 'fence');
    expect(fences.map(({ origin }) => origin?.site)).toEqual([
      'source.c:add:smp_wmb:1',
      'source.c:add:smp_wmb:2',
      'source.c:add:smp_wmb:1',
      'source.c:add:smp_wmb:2',
    ]);
  });

  test('among the arguments of a macro a use stands where it is written, also with a macro in it', () => {
    const scene = lowerScene({
      source: `#define HELD 1
#define twice(a) (!!(a) + !!(a))
int take(int *l) { return likely(xchg_acquire(l, HELD)); }
int both(int *l) { return twice(xchg_acquire(l, HELD)); }`,
      state: 'int l;',
      threads: ['a = take(&l);', 'b = both(&l);'],
    });
    expect(scene.sites.map(({ site }) => site)).toEqual([
      'source.c:take:xchg_acquire:1',
      'source.c:both:xchg_acquire:1',
    ]);
  });

  test('a site of a plain access moves with its function', () => {
    const moved = lowerScene({ ...SCENE, source: `int unrelated;\n${SOURCE}` });
    const sitesOf = (scene: typeof threads) =>
      scene.flatMap(({ body }) => allStatements(body)).map(({ origin }) => origin?.site);
    expect(sitesOf(moved.threads)).toEqual(sitesOf(threads));
  });

  test('what orders accesses is listed once for each use in the text', () => {
    expect(sites.map(({ site, device, ordinal }) => `${site} ${device} ${ordinal}`).sort()).toEqual(
      [
        'source.c:add:list_add_rcu:1 release 1',
        'source.c:add:smp_wmb:1 fence 1',
        'source.c:add:smp_wmb:2 fence 2',
        'source.c:look:smp_load_acquire:1 acquire 1',
      ],
    );
  });
});

/** What is said about one place: the kind of an assumption or `not modelled`, and the text there. */
function saidOf(scene: Scene): readonly string[] {
  const { assumptions, notModelled } = lowerScene(scene);
  const text = (place: { span: { start: number; end: number } } | undefined) =>
    scene.source?.slice(place?.span.start, place?.span.end);
  return [
    ...assumptions.map(({ kind, place }) => `${kind}: ${text(place)}`),
    ...notModelled.map(({ place }) => `not modelled: ${text(place)}`),
  ];
}

describe('calls that nobody defines', () => {
  const scene = (call: string): Scene => ({
    source: `int x; struct box { int m; } box; void f(int unused) { struct box *b = &box; ${call} }`,
    state: 'int x; struct box box;',
    threads: ['f(1); WRITE_ONCE(x, box.m);', 'WRITE_ONCE(x, 2); box.m = 3;'],
  });

  test.each(['pr_debug("at %d", READ_ONCE(x))', 'printk("%p", b)', 'kfree(b)'])(
    '%s is left out, and that is said',
    (call) => {
      expect(saidOf(scene(`${call};`))).toContain(`no-effect: ${call}`);
      expect(lowerScene(scene(`${call};`)).notModelled).toEqual([]);
    },
  );

  test.each([
    'mysterious(b)',
    'mysterious(&b->m)',
    'mysterious(&unused)',
    'mysterious(3)',
    'mysterious()',
  ])('%s could do anything: not modelled', (call) => {
    expect(saidOf(scene(`${call};`))).toContain(`not modelled: ${call}`);
  });

  test.each(['trace_box(b)', 'device_lock(b)', 'debug_box(b)', 'kobject_fancy(b)'])(
    '%s is in no row, whatever it is called like',
    (call) => {
      expect(saidOf(scene(`${call};`))).toContain(`not modelled: ${call}`);
    },
  );

  test('a value that is used matters', () => {
    expect(saidOf(scene('if (mysterious()) WRITE_ONCE(x, 1);'))).toContain('bound: mysterious()');
  });

  test('the condition of a warning is evaluated', () => {
    const { threads } = lowerScene(scene('WARN_ON_ONCE(READ_ONCE(x) == 5);'));
    const loads = allStatements(threads[0]!.body).filter(
      (one) => one.kind === 'assign' && one.value.kind === 'load',
    );
    expect(loads.map(({ origin }) => origin?.primitive)).toContain('READ_ONCE');
  });
});

describe('what cannot be lowered is said with its place', () => {
  const scene = (statement: string): Scene => ({
    source: `int x; int *p; void f(int n) { ${statement} }`,
    state: 'int x; int *p;',
    threads: ['f(1); WRITE_ONCE(x, 1);', 'WRITE_ONCE(x, 2);'],
  });
  test.each([
    ['asm volatile("nop");', 'asm volatile("nop");'],
    ['goto nowhere;', 'f(1)'],
    ['for_each_thing(n) x = 1;', 'for_each_thing'],
    ['f(n);', 'f(n)'],
  ])('%s', (statement, place) => {
    const said = saidOf(scene(statement));
    if (place === 'f(1)') expect(said.some((one) => one.startsWith('not modelled'))).toBe(true);
    else expect(said).toContain(`not modelled: ${place}`);
  });

  test.each([
    ['int y; if (y) x = 1;', 'y'],
    ['x = undefined_name;', 'undefined_name'],
    ['p = 0; *p = 1;', '*p = 1'],
  ])('where a value is missing, the path ends: %s', (statement, place) => {
    expect(saidOf(scene(statement))).toContain(`bound: ${place}`);
  });
});

describe('plain accesses to shared locations', () => {
  const scene: Scene = {
    source: 'int x; void set(void) { x = 1; }',
    state: 'int x;',
    threads: ['set();', 'v = READ_ONCE(x);'],
  };
  const orderOf = (accesses: 'marked' | 'as-written') =>
    lowerScene({ ...scene, accesses })
      .threads[0]!.body.filter((one) => one.kind === 'store')
      .map((one) => one.order);

  test('are taken as marked, and said to be', () => {
    expect(orderOf('marked')).toEqual(['once']);
    expect(saidOf(scene)).toEqual(['taken-as-marked: x = 1']);
  });

  test('or stay plain', () => {
    expect(orderOf('as-written')).toEqual(['plain']);
    expect(saidOf({ ...scene, accesses: 'as-written' })).toEqual([]);
  });
});

describe('which locations are in memory', () => {
  const scene: Scene = {
    source:
      'struct s { int shared; int own; int fixed; } s; int f(void) { s.own = s.fixed; s.shared = s.own; return s.own; }',
    state: 'struct s s = { .fixed = 4 };',
    threads: ['v = f();', 'w = READ_ONCE(s.shared);'],
  };

  test('those that two threads access and one writes', () => {
    expect(lowerScene(scene).locations).toEqual(['s.shared']);
  });

  test('and those that are observed', () => {
    const { locations, initial } = lowerScene({
      ...scene,
      observed: ['s.own', 's.nothing', 'not_there'],
    });
    expect(locations).toEqual(['s.nothing', 's.own', 's.shared']);
    expect(initial.map(({ type }) => type)).toContain('int');
  });

  test('each thread that calls a function has its own locals', () => {
    const twice = {
      ...scene,
      source: 'int x; int f(int k) { int n = READ_ONCE(x); n += k; return n; }',
      state: 'int x;',
      threads: ['v = f(1);', 'w = f(2); WRITE_ONCE(x, 1);'],
    };
    expect(lowerScene(twice).locations).toEqual(['x']);
  });

  test('an atomic operation is in memory even where it is alone', () => {
    const alone = {
      ...scene,
      source: 'atomic_t a; void f(void) { atomic_inc(&a); }',
      state: 'atomic_t a;',
      threads: ['f();'],
    };
    expect(lowerScene(alone).locations).toEqual(['a']);
  });
});

test('the variables of an actor are registers of their name', () => {
  const { variables, threads } = lowerScene({
    source: 'int x;',
    state: 'int x;',
    threads: ['int a = READ_ONCE(x); b = a; if (b) { c = 1; }', 'WRITE_ONCE(x, 1);'],
  });
  expect(variables[0]).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  const assigned = allStatements(threads[0]!.body).flatMap((one) =>
    one.kind === 'assign' ? [one.register] : [],
  );
  expect(assigned).toEqual(expect.arrayContaining(['a', 'b', 'c']));
});

describe('who defines a name', () => {
  const scene = (stubs: string, source = ''): Scene => ({
    source: `int x; ${source} void f(int n) { if (n) { WARN_ON_ONCE(n); smp_wmb(); helper(&x); } }`,
    stubs,
    state: 'int x;',
    threads: ['f(1);', 'v = READ_ONCE(x);'],
  });
  const stored = (one: Scene) =>
    lowerScene(one)
      .threads[0]!.body.flatMap((statement) =>
        statement.kind === 'store' ? [statement.value] : [],
      )
      .map((value) =>
        value.kind === 'value' && value.value.kind === 'integer' ? value.value.value : NaN,
      );
  const helper = 'void helper(int *p) { WRITE_ONCE(*p, 1); }';

  test('a stub wins over the sources, the primitives and the library', () => {
    expect(stored(scene('', helper))).toEqual([1]);
    expect(stored(scene('void helper(int *p) { WRITE_ONCE(*p, 2); }', helper))).toEqual([2]);
    expect(stored(scene('void smp_wmb(void) { WRITE_ONCE(x, 3); }', helper))).toEqual([3, 1]);
    expect(
      stored(scene('int WARN_ON_ONCE(int c) { WRITE_ONCE(x, 4); return c; }', helper)),
    ).toEqual([4, 1]);
  });

  test('so does a macro of the stubs, which means the objects of the scenario', () => {
    const each = '#define for_each_one(p) for (p = &x; p; p = 0)';
    const walk = 'void walk(int x) { int *p; for_each_one(p) WRITE_ONCE(*p, 5); }';
    expect(stored({ ...scene(each, walk), threads: ['walk(9);', 'v = READ_ONCE(x);'] })).toEqual([
      5,
    ]);
  });

  test('the primitives win over headers for all and functions for all that define them', () => {
    const source = 'void smp_mb(void) { WRITE_ONCE(x, 7); } void smp_wmb(void) { smp_mb(); }';
    expect(stored(scene('', `${helper}\n${source}\n`))).toEqual([1]);
    const files = { 'include/asm/barrier.h': '#define smp_wmb() WRITE_ONCE(x, 6)\n' };
    expect(stored({ ...scene('', helper), files })).toEqual([1]);
  });

  test('but not over what a file has for itself', () => {
    const macro = '#define smp_wmb() WRITE_ONCE(x, 6)';
    expect(stored(scene('', `${helper}\n${macro}\n`))).toEqual([6, 1]);
    const function_ = 'static inline void smp_wmb(void) { WRITE_ONCE(x, 7); }';
    expect(stored(scene('', `${helper}\n${function_}\n`))).toEqual([7, 1]);
    const files = { 'box.h': `${macro}\n` };
    expect(stored({ ...scene('', helper), files })).toEqual([6, 1]);
  });
});
