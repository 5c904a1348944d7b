/** A verdict speaks of the text that it was found for: which edits make it stale, and where its places are after others. */

import { describe, expect, test } from 'vitest';
import { createHost, type Host } from '../../server/src/language-service/host.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';
import { edit, solveAll } from './support/check.ts';

const FILES = {
  '/k/box.c': `#include "box.h"
static int unrelated(int x)
{
	return x + 1;
}
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
`,
  '/k/reader.c': `#include "box.h"
#define SEEN(x) ((x) + 1)
static int third(int flag)
{
	return SEEN(flag);
}
static int second(int flag)
{
	return third(flag);
}
static int first(int flag)
{
	return second(flag);
}
int consume(struct box *b)
{
	int flag = READ_ONCE(b->flag);

	first(flag);
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
};

const HEADER = `struct box { int data; int flag; };
static inline int in_header(struct box *b) { return 0; }
`;

const engine = await createEngine();

function solvedHost(): Host {
  const host = createHost({ engine, inKernelTree: () => true });
  host.headers.put('/k/box.h', HEADER);
  host.apply(Object.entries(FILES).map(([path, text]) => ({ kind: 'disk', path, text })));
  solveAll(host);
  return host;
}

/** The currency of the verdict on the writer's barrier. */
function currency(host: Host): string {
  const { tree, verdictOf } = host.snapshot().moment;
  const site = tree.facts('/k/box.c')!.sites.find(({ primitive }) => primitive === 'smp_wmb')!;
  const [best] = tree.partnerships('/k/box.c', site.id);
  const shown = verdictOf(best!.pairing)!;
  return `${shown.answer?.verdict.kind} ${shown.currency}`;
}

test('as it was found', () => expect(currency(solvedHost())).toBe('needed current'));

test('as it was found where a header is a file of its own, which includes what the question does not', () => {
  const host = createHost({ engine, inKernelTree: () => true });
  const types = '#include <linux/compiler.h>\ntypedef int number;\n';
  host.headers.put('/k/box.h', `#include <linux/types.h>\n${HEADER}`);
  host.headers.put('/k/include/linux/types.h', types);
  host.headers.put('/k/include/linux/compiler.h', '#define likely(x) (x)\n');
  const files = { ...FILES, '/k/include/linux/types.h': types };
  host.apply(Object.entries(files).map(([path, text]) => ({ kind: 'disk', path, text })));
  solveAll(host);
  expect(currency(host)).toBe('needed current');
});

describe('stale at once', () => {
  test.each([
    [
      'a helper in another file, three calls deep',
      '/k/reader.c',
      'return SEEN',
      'smp_mb();\n\treturn SEEN',
    ],
    ['a macro on the way', '/k/reader.c', '((x) + 1)', '((x) + 2)'],
    ['who calls the function', '/k/box.c', 'return x + 1;', 'publish(0);\n\treturn x + 1;'],
    ['the function itself', '/k/box.c', 'WRITE_ONCE(b->flag, 1)', 'WRITE_ONCE(b->flag, 2)'],
  ])('%s', (_, file, old, text) => {
    const host = solvedHost();
    edit(host, file, old, text);
    expect(currency(host)).toMatch(/ stale$/);
    solveAll(host);
    expect(currency(host)).toMatch(/ current$/);
  });

  test('that it was not known before the edit is not told', () => {
    const host = solvedHost();
    edit(host, '/k/reader.c', 'return READ_ONCE(b->data)', 'return flag');
    solveAll(host);
    const lens = () => host.snapshot().lenses('/k/box.c')[0]?.title;
    expect(lens()).toMatch(/^\? not known/);
    edit(host, '/k/reader.c', 'first(flag)', 'second(flag)');
    expect(lens()).toMatch(/^… being proved/);
  });

  test('a header', () => {
    const host = solvedHost();
    const path = '/k/box.h';
    host.apply([{ kind: 'buffer', path, text: HEADER.replace('return 0', 'return 1') }]);
    host.apply([{ kind: 'headers', path: '/k/box.c' }]);
    expect(currency(host)).toBe('needed stale');
  });
});

describe('current still', () => {
  test.each([
    ['a function that is not called', '/k/box.c', 'return x + 1;', 'x++;\n\n\treturn x + 2;'],
    [
      'a comment between functions',
      '/k/reader.c',
      'static int second',
      '/* "no" code */ // here\nstatic int second',
    ],
    ['a blank line', '/k/reader.c', 'static int second', '\nstatic int second'],
  ])('after an edit of %s', (_, file, old, text) => {
    const host = solvedHost();
    edit(host, file, old, text);
    expect(currency(host)).toBe('needed current');
  });

  test('and the steps of the execution stand where the code stands now', () => {
    const host = solvedHost();
    edit(host, '/k/box.c', 'return x + 1;', 'x++;\n\n\treturn x + 2;');
    const snapshot = host.snapshot();
    const text = snapshot.moment.textOf('/k/box.c')!;
    const found = snapshot.execution('/k/box.c', text.indexOf('smp_wmb();'))!;
    const lines = text.split('\n');
    const { executions, excerpts } = found.page;
    const shown = executions[0]!.steps.flatMap(({ excerpt, line }) =>
      excerpts[excerpt!]?.file === '/k/box.c' ? [lines[line - 1]!.trim()] : [],
    );
    expect(shown).toEqual(['WRITE_ONCE(b->data, 1);', 'smp_wmb();', 'WRITE_ONCE(b->flag, 1);']);
  });

  test('and what is broken is told as before', () => {
    const host = solvedHost();
    edit(host, '/k/reader.c', '\tsmp_rmb();\n', '');
    edit(host, '/k/reader.c', '\tint flag', '\tsmp_rmb(); /* pairs with publish() */\n\tint flag');
    solveAll(host);
    const told = () =>
      host
        .snapshot()
        .diagnostics('/k/reader.c')
        .map(({ code }) => code);
    expect(told()).toContain('broken-pairing');
    edit(host, '/k/box.c', 'return x + 1;', `${'x++;\n\t'.repeat(100)}return x;`);
    expect(told()).toContain('broken-pairing');
  });
});
