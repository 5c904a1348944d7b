/** `missing-partner-barrier`: an edit of one file is reported in the other, without saving, and taken back on undo. */

import { expect, test } from 'vitest';
import { annotatedFindings, checkDiagnostics, edit, hostOf } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const PAIR = `
  //- /writer.c
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          /* Pairs with smp_rmb() in consume(). */
          smp_wmb();
          WRITE_ONCE(b->flag, 1);
  }
  //- /reader.c
  struct box { int data; int flag; };
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* Pairs with smp_wmb() in publish(). */
          smp_rmb();
          return READ_ONCE(b->data);
  }
`;

test('a pair as it should be', () => checkDiagnostics(PAIR));

test('the write barrier is deleted in the buffer', () =>
  checkDiagnostics(
    `
      //- /writer.c
      struct box { int data; int flag; };
      void publish(struct box *b)
      {
              WRITE_ONCE(b->data, 1);
              /* Pairs with smp_rmb() in consume(). */
              smp_wmb();
              WRITE_ONCE(b->flag, 1);
      }
      //- /reader.c
      struct box { int data; int flag; };
      int consume(struct box *b)
      {
              if (!READ_ONCE(b->flag))
                      return -1;
              /* Pairs with smp_wmb() in publish(). */
              smp_rmb();
            //^^^^^^^^^ warning: missing-partner-barrier: smp_rmb() has lost its partner smp_wmb() in publish(): nothing orders box.data → box.flag there
              return READ_ONCE(b->data);
      }
    `,
    { edits: [{ file: '/writer.c', old: '        smp_wmb();\n', text: '' }] },
  ));

test('undoing the edit takes the finding back', () => {
  const host = hostOf(readFixture(PAIR));
  const clean = annotatedFindings(host.snapshot(), '/writer.c', false);
  edit(host, '/reader.c', '        smp_rmb();\n', '');
  expect(annotatedFindings(host.snapshot(), '/writer.c', false)).toContain(
    'smp_wmb() has lost its partner smp_rmb() in consume()',
  );
  edit(host, '/reader.c', 'return READ_ONCE', 'smp_rmb();\n        return READ_ONCE');
  expect(annotatedFindings(host.snapshot(), '/writer.c', false)).toBe(clean);
});

test('a barrier that was replaced by a stronger one is not missed', () => {
  const host = hostOf(readFixture(PAIR));
  edit(host, '/reader.c', 'smp_rmb();\n', 'smp_mb();\n');
  expect(annotatedFindings(host.snapshot(), '/writer.c', false)).not.toContain('warning');
});

test('an older snapshot keeps its answers', () => {
  const host = hostOf(readFixture(PAIR));
  const before = host.snapshot();
  edit(host, '/reader.c', '        smp_rmb();\n', '');
  expect(before.diagnostics('/writer.c').filter(({ severity }) => severity === 'warning')).toEqual(
    [],
  );
  expect(before.moment.textOf('/reader.c')).toContain('smp_rmb();\n');
});

test('a function that is half typed is not judged', () => {
  const host = hostOf(readFixture(PAIR));
  edit(host, '/reader.c', 'smp_rmb();\n', 'if (b->flag {\n');
  expect(annotatedFindings(host.snapshot(), '/writer.c', false)).not.toContain(
    'missing-partner-barrier',
  );
});

/** The messages in reader.c after `then`, where the write barrier was deleted and that was saved. */
function afterSaving(then: (host: ReturnType<typeof hostOf>) => void): readonly string[] {
  const host = hostOf(readFixture(PAIR));
  edit(host, '/writer.c', '        smp_wmb();\n', '');
  save(host, '/writer.c');
  then(host);
  const found = host.snapshot().diagnostics('/reader.c');
  return found
    .filter(({ code }) => code === 'missing-partner-barrier')
    .map(({ message }) => message);
}

function save(host: ReturnType<typeof hostOf>, path: string): void {
  const text = host.snapshot().moment.textOf(path)!;
  host.apply([{ kind: 'disk', path, text, isSaved: true }]);
}

test('a lost partner stays reported when the edit was saved, also when the file is closed', () => {
  const lost = [expect.stringContaining('has lost its partner smp_wmb() in publish()')];
  expect(afterSaving(() => undefined)).toEqual(lost);
  expect(afterSaving((host) => host.apply([{ kind: 'closed', path: '/writer.c' }]))).toEqual(lost);
  expect(
    afterSaving((host) => {
      edit(host, '/writer.c', 'b->data, 1', 'b->data, 2');
      save(host, '/writer.c');
    }),
  ).toEqual(lost);
});

test('until the barrier is back, or the comment says otherwise', () => {
  expect(
    afterSaving((host) => {
      edit(
        host,
        '/writer.c',
        '        WRITE_ONCE(b->flag',
        '        smp_wmb();\n        WRITE_ONCE(b->flag',
      );
      save(host, '/writer.c');
    }),
  ).toEqual([]);
  expect(
    afterSaving((host) =>
      edit(host, '/reader.c', 'Pairs with smp_wmb() in publish().', 'Orders flag before data.'),
    ),
  ).toEqual([]);
});

test('a text that comes from outside is what its author stands by', () => {
  const host = hostOf(readFixture(PAIR));
  edit(host, '/writer.c', '        smp_wmb();\n', '');
  const text = host.snapshot().moment.textOf('/writer.c')!;
  host.apply([{ kind: 'disk', path: '/writer.c', text }]);
  const codes = host
    .snapshot()
    .diagnostics('/reader.c')
    .map(({ code }) => code);
  expect(codes).not.toContain('missing-partner-barrier');
});
