/** Sites: which uses of primitives are one, how they are named, and which comment is theirs. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsOf, siteName } from './support/orders.ts';

test('a site has a stable id, a number, a line and a column', async () => {
  const { sites } = await factsOf(`void f(int *p)
{
        smp_mb();
        smp_wmb(); smp_mb();
}
void g(void) { smp_mb(); }`);
  expect(sites.map(({ id, line, column }) => `${id} ${line}:${column}`)).toEqual([
    'f:smp_mb:1 3:9',
    'f:smp_wmb:1 4:9',
    'f:smp_mb:2 4:20',
    'g:smp_mb:1 6:16',
  ]);
});

test('an edit elsewhere changes no id', async () => {
  const one = await factsOf('void f(void) { smp_mb(); }');
  const two = await factsOf(
    'int x;\nvoid e(void) { smp_mb(); }\nvoid f(void) { x = 1; smp_mb(); }',
  );
  expect(two.sites.map(({ id }) => id)).toContain(one.sites[0]?.id);
});

test('both definitions of a function that #if offers are read, with different ids', async () => {
  const { sites } = await factsOf(`
#ifdef CONFIG_SMP
static void f(void) { smp_mb(); }
#else
static void f(void) { smp_mb(); }
#endif`);
  expect(sites.map(({ id }) => id)).toEqual(['f:smp_mb:1', 'f:smp_mb:2']);
});

test('explicit barriers are told from what orders by the way', async () => {
  const { sites } = await factsOf(`struct s { unsigned long a; spinlock_t l; struct s *p; };
void f(struct s *s)
{
        smp_mb(); smp_store_release(&s->a, 1); spin_lock(&s->l); test_and_set_bit(0, &s->a);
        rcu_assign_pointer(s->p, s); set_bit(0, &s->a); WRITE_ONCE(s->a, 1); rcu_read_lock();
}`);
  expect(
    sites.map((site) => `${site.primitive} ${site.explicit ? 'explicit' : 'implied'}`),
  ).toEqual([
    'smp_mb explicit',
    'smp_store_release explicit',
    'spin_lock implied',
    'test_and_set_bit implied',
    'rcu_assign_pointer implied',
  ]);
});

test('a barrier in the body of a macro is told, though not what it orders', async () => {
  const { sites, functions } = await factsOf(`
#define wait_until(w, condition)                \\
        do {                                    \\
                /* not smp_rmb() */             \\
                set_current_state(TASK_IDLE);   \\
                if (condition) break;           \\
                smp_mb(); /* pairs with f() */  \\
        } while (0)
#define BOX_SIZE sizeof(smp_mb())`);
  expect(sites.map(({ id, line, uncertain }) => [id, line, uncertain])).toEqual([
    ['wait_until:set_current_state:1', 5, true],
    ['wait_until:smp_mb:1', 7, true],
  ]);
  expect(sites[1]?.claims).toMatchObject([{ functions: ['f'] }]);
  expect(functions.map(({ name }) => name)).toEqual(['wait_until']);
});

test('its own access', async () => {
  const { sites } = await factsOf(
    'struct s { int a; };\nvoid f(struct s *s) { smp_store_release(&s->a, 1); }',
  );
  expect(sites[0]?.own).toMatchObject({
    field: { struct: 's', name: 'a' },
    effect: 'write',
    marking: 'release',
    distance: 0,
  });
});

describe('comments', () => {
  const one = (before: string, statement: string) =>
    factsOf(`struct s { unsigned long a, b; };
void f(struct s *s)
{
        s->a = 1;
        ${before}
        ${statement}
}`);

  test('the comment above, with its claim', async () => {
    const { sites } = await one('/* Pairs with smp_rmb() in g(). */', 'smp_wmb();');
    expect(sites[0]?.comment?.text).toBe('/* Pairs with smp_rmb() in g(). */');
    expect(sites[0]?.claims).toMatchObject([{ functions: ['g'], primitive: 'smp_rmb' }]);
  });

  test('the comment behind', async () => {
    const { sites } = await one('', 'smp_wmb(); /* pairs with g() */');
    expect(sites[0]?.claims).toMatchObject([{ functions: ['g'], attach: 'trailing' }]);
  });

  test('no comment', async () => {
    const { sites } = await one('', 'smp_wmb();');
    expect(sites[0]).not.toHaveProperty('comment');
    expect(sites[0]?.claims).toEqual([]);
  });

  test('an operation that serves as a barrier by its comment, and not the access behind it', async () => {
    const { sites } = await one(
      '/* test_and_clear_bit() also serves as a barrier. The corresponding write barrier is in g(). */',
      'if (test_and_clear_bit(0, &s->a))\n                s->b = READ_ONCE(s->a);',
    );
    expect(sites.map((site) => [siteName(site), site.claims.length])).toEqual([
      ['f test_and_clear_bit', 1],
      ['f READ_ONCE', 0],
    ]);
  });
});

describe('what cannot be followed', () => {
  test('a site beside an error is uncertain, one further away is not', async () => {
    const { sites, problems } = await factsOf(`void f(struct s *s)
{
        s->a = 1;
        smp_wmb();
        s->b = 1;
        if (s->c) {
                s->d = 1;
        }
        s->e = ) 1 (;
        smp_mb();
}`);
    expect(sites.map((site) => `${site.primitive} ${site.uncertain}`)).toEqual([
      'smp_wmb false',
      'smp_mb true',
    ]);
    expect(problems[0]?.message).toMatch(/^f\(\) was read only in part/);
  });

  test('half-typed code gives the facts of what is there', async () => {
    const { sites } = await factsOf(`struct s { int a, b; };
void f(struct s *s)
{
        s->a = 1;
        smp_wmb();
        s->b = 1;
}
void g(struct s *s)
{
        if (s->`);
    expect(sites[0]?.orders[0]?.before[0]?.field).toEqual({ struct: 's', name: 'a' });
  });

  test('any text gives facts', async () => {
    const pieces = fc.constantFrom(
      'void f(struct s *s) {',
      '}',
      's->a = 1;',
      'smp_wmb();',
      'if (',
      ')',
      '/* Pairs with',
      'f() */',
      '#if X\n',
      '#endif\n',
      'list_for_each_entry(a, b, c)',
      'READ_ONCE(',
      'do {',
      'while (1);',
      '"',
      'case 1:',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async (parts) => {
        const text = parts.join(' ');
        const { sites } = await factsOf(text);
        for (const { span } of sites) expect(span.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 200, verbose: true },
    );
  });

  test('facts are plain data', async () => {
    const facts = await factsOf(
      'struct s { int a; };\nvoid f(struct s *s) { s->a = 1; smp_mb(); }',
    );
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });
});
