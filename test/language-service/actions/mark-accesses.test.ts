/** Plain accesses of a proven pair are marked on both sides, where a simulation with the marks proves it again. */

import { expect, test } from 'vitest';
import { fixesIn, hostOf, make } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

/** The two functions after the marks that are offered at the writer's barrier; undefined where none are. */
async function marked(writer: string, reader: string, fields = 'int data; int flag;') {
  const files = readFixture(`
//- /writer.c
struct box { ${fields} };
void publish(struct box *b, int value)
{
	${writer}
}
//- /reader.c
struct box { ${fields} };
int consume(struct box *b)
{
	${reader}
}
`);
  const host = hostOf(files, { inKernel: true });
  const [file] = files;
  const start = file!.text.indexOf('smp_wmb()');
  const fixes = await fixesIn(host, file!.path, { start, end: start });
  const fix = fixes.find(({ title }) => title.startsWith('Mark '));
  if (fix === undefined) return undefined;
  make(host, fix);
  const body = (path: string) =>
    /\{\n\t([^{}]*)\n\}/.exec(host.snapshot().moment.textOf(path)!)![1];
  return { title: fix.title, writer: body('/writer.c'), reader: body('/reader.c') };
}

test('of both sides, in one edit', async () => {
  expect(
    await marked(
      'b->data = value + 1;\n\tsmp_wmb();\n\tb->flag = 1;',
      'if (!b->flag)\n\t\treturn -1;\n\tsmp_rmb();\n\treturn b->data;',
    ),
  ).toEqual({
    title: 'Mark what this pair orders by READ_ONCE() and WRITE_ONCE(): forbidden after this',
    writer: 'WRITE_ONCE(b->data, value + 1);\n\tsmp_wmb();\n\tWRITE_ONCE(b->flag, 1);',
    reader: 'if (!READ_ONCE(b->flag))\n\t\treturn -1;\n\tsmp_rmb();\n\treturn READ_ONCE(b->data);',
  });
});

test('of what is not marked yet alone', async () => {
  expect(
    await marked(
      'WRITE_ONCE(b->data, value);\n\tsmp_wmb();\n\tWRITE_ONCE(b->flag, 1);',
      'if (!READ_ONCE(b->flag))\n\t\treturn -1;\n\tsmp_rmb();\n\treturn b->data;',
    ),
  ).toMatchObject({
    title: 'Mark what this pair orders by READ_ONCE(): forbidden after this',
    reader: 'if (!READ_ONCE(b->flag))\n\t\treturn -1;\n\tsmp_rmb();\n\treturn READ_ONCE(b->data);',
  });
});

test('whatever is marked already, all is afterwards, and each access once', async () => {
  const all = await marked(writer([true, true]), reader([false, true]));
  for (let bits = 1; bits < 16; bits++) {
    const isPlain = (at: number) => (bits & (1 << at)) !== 0;
    const found = await marked(
      writer([!isPlain(0), !isPlain(1)]),
      reader([!isPlain(2), !isPlain(3)]),
    );
    expect(found, `${bits}`).toMatchObject({ writer: all!.writer, reader: all!.reader });
  }
});

function writer([data, flag]: readonly [boolean, boolean]): string {
  const store = (place: string, value: string, isMarked: boolean) =>
    isMarked ? `WRITE_ONCE(${place}, ${value});` : `${place} = ${value};`;
  return `${store('b->data', 'value', data)}\n\tsmp_wmb();\n\t${store('b->flag', '1', flag)}`;
}

function reader([flag, data]: readonly [boolean, boolean]): string {
  const load = (place: string, isMarked: boolean) => (isMarked ? `READ_ONCE(${place})` : place);
  return `if (!${load('b->flag', flag)})\n\t\treturn -1;\n\tsmp_rmb();\n\treturn ${load('b->data', data)};`;
}

const READER = 'if (!b->flag)\n\t\treturn -1;\n\tsmp_rmb();\n\treturn b->data;';

test.each([
  [
    'all is marked',
    'WRITE_ONCE(b->data, value);\n\tsmp_wmb();\n\tWRITE_ONCE(b->flag, 1);',
    READER.replace('b->flag', 'READ_ONCE(b->flag)').replace(
      'return b->data',
      'return READ_ONCE(b->data)',
    ),
  ],
  ['nothing is proven', 'smp_wmb();\n\tb->data = value;\n\tb->flag = 1;', READER],
  ['it is written in a way that has no mark', 'b->data++;\n\tsmp_wmb();\n\tb->flag = 1;', READER],
])('none where %s', async (_, writer, reader) =>
  expect(await marked(writer, reader)).toBeUndefined(),
);

test('none of a bit-field, which has no address', async () =>
  expect(
    await marked(
      'b->data = value;\n\tsmp_wmb();\n\tb->flag = 1;',
      READER,
      'int data; int flag : 1;',
    ),
  ).toBeUndefined());
