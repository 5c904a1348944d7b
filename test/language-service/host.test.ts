/** The host under whatever an editor and a disk do to it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../server/src/language-service/config.ts';
import { type Change, createHost } from '../../server/src/language-service/host.ts';
import { plain } from '../../server/src/language-service/markup.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';

const engine = await createEngine();

const WRITER = `#include "box.h"
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
`;
const READER = `#include "box.h"
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`;

function everythingAsked(host: ReturnType<typeof createHost>, path: string, offset: number) {
  const snapshot = host.snapshot();
  return [
    snapshot.diagnostics(path),
    snapshot.hover(
      path,
      offset,
      plain((file) => file),
    ),
    snapshot.lenses(path),
    snapshot.definition(path, offset),
    snapshot.references(path, offset),
    snapshot.actions(path, { start: offset, end: offset + 10 }),
    snapshot.explanations(path),
  ];
}

/** Two sides that claim each other give two reasons of equal weight, in no order. */
function inAnyOrder(answers: unknown): unknown {
  return JSON.parse(JSON.stringify(answers), (key, value) =>
    key === 'reasons' ? value.sort() : value,
  );
}

const path = fc.constantFrom('/d/writer.c', '/d/reader.c');

/** A cut out of a text, or a piece of another put in: half-typed code. */
const damaged = fc
  .record({
    text: fc.constantFrom(WRITER, READER, WRITER + READER),
    from: fc.nat(400),
    length: fc.nat(60),
    insert: fc.constantFrom(
      '',
      '{',
      '}',
      '(',
      ')',
      '/*',
      '*/',
      '"',
      '\\',
      '#if 0\n',
      '\0',
      'smp_mb();',
      '\u{1f512}',
    ),
  })
  .map(
    ({ text, from, length, insert }) => text.slice(0, from) + insert + text.slice(from + length),
  );

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('buffer' as const), path, text: damaged }),
  fc.record({ kind: fc.constant('disk' as const), path, text: damaged }),
  fc.record({ kind: fc.constant('closed' as const), path }),
  fc.record({ kind: fc.constant('deleted' as const), path }),
  fc.record({ kind: fc.constant('headers' as const), path }),
);

test('any sequence of half-typed texts, saves and closings is answered', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.nat(500), (changes, offset) => {
      const host = createHost({ engine });
      host.apply(changes);
      while (host.work(new Set(['/d/writer.c', '/d/reader.c'])) !== undefined);
      for (const file of ['/d/writer.c', '/d/reader.c', '/d/nowhere.c'])
        everythingAsked(host, file, offset);
    }),
    { numRuns: 60 },
  );
});

test('the same texts give the same answers, by whatever way they came', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
      const [straight, detour] = [createHost({ engine }), createHost({ engine })];
      detour.apply(changes);
      for (const host of [straight, detour])
        host.apply([
          { kind: 'closed', path: '/d/writer.c' },
          { kind: 'closed', path: '/d/reader.c' },
          { kind: 'disk', path: '/d/writer.c', text: WRITER },
          { kind: 'disk', path: '/d/reader.c', text: READER },
        ]);
      const focus = new Set(['/d/writer.c', '/d/reader.c']);
      for (const host of [straight, detour]) while (host.work(focus) !== undefined);
      const at = WRITER.indexOf('smp_wmb');
      expect(inAnyOrder(everythingAsked(detour, '/d/writer.c', at))).toEqual(
        inAnyOrder(everythingAsked(straight, '/d/writer.c', at)),
      );
    }),
    { numRuns: 30 },
  );
});

test('a structure that a header declares is known once the header is', () => {
  const host = createHost({ engine });
  const text = `#include "box.h"
void f(struct shelf *s) { WRITE_ONCE(s->box->data, 1); smp_wmb(); WRITE_ONCE(s->box->flag, 1); }
`;
  host.apply([{ kind: 'buffer', path: '/d/a.c', text }]);
  const said = () => host.snapshot().details('/d/a.c', text.indexOf('smp_wmb'), plain(String))!;
  expect(said()).not.toContain('box.data');
  host.headers.put(
    '/d/box.h',
    'struct box { int data, flag; };\nstruct shelf { struct box *box; };\n',
  );
  host.apply([{ kind: 'headers', path: '/d/a.c' }]);
  expect(said()).toMatch(/box\.data[\s\S]*box\.flag/);
  host.apply([
    {
      kind: 'buffer',
      path: '/d/box.h',
      text: 'struct tin { int data, flag; };\nstruct shelf { struct tin *box; };\n',
    },
  ]);
  expect(said()).toMatch(/tin\.data[\s\S]*tin\.flag/);
});

test('a verdict is stale from the edit on until it is solved again', () => {
  const host = createHost({ engine });
  host.apply([
    { kind: 'disk', path: '/d/writer.c', text: WRITER },
    { kind: 'disk', path: '/d/reader.c', text: READER },
  ]);
  const focus = new Set(['/d/writer.c']);
  const title = () => host.snapshot().lenses('/d/writer.c')[0]!.title;
  expect(title()).toMatch(/^… being proved · /);
  while (host.work(focus) !== undefined);
  expect(title()).toMatch(/^✓ needed · /);
  host.apply([{ kind: 'buffer', path: '/d/reader.c', text: READER.replace('-1', '-2') }]);
  expect(title()).toMatch(/^↻ stale, was needed · /);
  while (host.work(focus) !== undefined);
  expect(title()).toMatch(/^✓ needed · /);
  host.apply([
    { kind: 'buffer', path: '/d/reader.c', text: `/* elsewhere */\n${READER.replace('-1', '-2')}` },
  ]);
  expect(title()).toMatch(/^✓ needed · /);
});

test('what a lens tells is proved before what is likelier and told nowhere', () => {
  const host = createHost({ engine });
  const text = `struct item { int a; };
struct shelf { struct item *first; };
struct box { int data, flag, other; };
void put(struct shelf *s, struct item *i)
{
	i->a = 1;
	rcu_assign_pointer(s->first, i);
}
int look(struct shelf *s)
{
	return rcu_dereference(s->first)->a;
}
void publish(struct box *b)
{
	b->data = 1;
	smp_wmb();
	b->flag = 1;
}
int consume(struct box *b)
{
	int flag = b->flag;

	smp_rmb();
	return flag ? b->data : 0;
}
`;
  host.apply([{ kind: 'disk', path: '/d/a.c', text }]);
  const focus = new Set(['/d/a.c']);
  const asked: (readonly string[])[] = [];
  for (let next = host.nextProof(focus); next !== undefined; next = host.nextProof(focus)) {
    const { sites } = next.question;
    asked.push(sites.map(({ site }) => site.function).sort());
    host.proved(next, engine.verdict(next.question, next.sources));
  }
  expect(asked[0]).toEqual(['consume', 'publish']);
  expect(asked).toContainEqual(['look', 'put']);
});

test('without validation there are no verdicts and no work', () => {
  const host = createHost({ engine });
  host.apply([
    { kind: 'settings', settings: { ...DEFAULT_SETTINGS, validation: { enable: false } } },
    { kind: 'disk', path: '/d/writer.c', text: WRITER },
    { kind: 'disk', path: '/d/reader.c', text: READER },
  ]);
  expect(host.work(new Set(['/d/writer.c']))).toBe(undefined);
  expect(host.snapshot().lenses('/d/writer.c')[0]!.title).toMatch(/pairs with consume\(\)$/);
});

test('what is too large or binary says why it is not analysed', () => {
  const host = createHost({ engine });
  host.apply([
    { kind: 'disk', path: '/d/big.c', text: WRITER.repeat(20_000) },
    { kind: 'disk', path: '/d/odd.c', text: `\0${WRITER}` },
    { kind: 'disk', path: '/d/empty.c', text: '' },
  ]);
  const { problem, diagnostics } = host.snapshot();
  expect(problem('/d/big.c')).toMatch(/^not analysed: \d+ characters/);
  expect(problem('/d/odd.c')).toBe('not analysed: a binary file');
  expect(problem('/d/empty.c')).toBe(undefined);
  expect(['/d/big.c', '/d/odd.c', '/d/empty.c'].flatMap(diagnostics)).toEqual([]);
});
