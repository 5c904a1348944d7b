/** Which other files a pairing's two functions are asked with. */

import { expect, test } from 'vitest';
import { calledFiles } from '../../server/src/proof/called-files.ts';
import { factsIn } from '../pairing/support/pairs.ts';

/** The files that `publish()` and `look()` lead to. */
async function filesBehind(text: string): Promise<readonly string[]> {
  const facts = await factsIn(text);
  const roots = ['publish', 'look'].map((name) => ({ file: 'box.c', function: name }));
  const [first, second] = ['data', 'flag'].map((name) => ({ struct: 'box', name }));
  const asked = {
    roots: [roots[0]!, roots[1]!],
    order: { first: first!, second: second! },
  } as const;
  return calledFiles(asked, {
    facts: (file) => facts.find((each) => each.file === file),
    functions: (name) =>
      facts.flatMap(({ file, functions }) =>
        functions.filter((fact) => fact.name === name).map((fact) => ({ file, fact })),
      ),
  });
}

const BEHIND = `
//- /begin.c
void begin(void) { prepare(); }
//- /prepare.c
void prepare(void) { settle(); }
//- /settle.c
void settle(void) { order(); }
//- /order.c
void order(void) { smp_wmb(); }
//- /other.c
void other(void) { ready = 1; }
`;

function publishing(body: string): string {
  return `//- /box.c
struct box { int data, flag; };
void publish(struct box *b) { b->data = 1; ${body} WRITE_ONCE(b->flag, 1); }
int look(struct box *b) { return READ_ONCE(b->flag) ? b->data : 0; }
${BEHIND}`;
}

test('those on the way to what orders, three calls deep', async () => {
  expect(await filesBehind(publishing('other(); prepare();'))).toEqual([
    'order.c',
    'settle.c',
    'prepare.c',
  ]);
  expect(await filesBehind(publishing('begin();'))).toEqual([]);
});

test('whatever else is called before', async () => {
  const found = [...(await filesBehind(publishing('begin(); settle();')))].sort();
  expect(found).toEqual(['order.c', 'settle.c']);
  expect([...(await filesBehind(publishing('settle(); begin();')))].sort()).toEqual(found);
});
