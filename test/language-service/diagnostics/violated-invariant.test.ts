/** `violated-invariant`: a scenario of the code can end in a state that it must never be in. */

import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../server/src/language-service/config.ts';
import type { NeedTable, Violation } from '../../../server/src/language-service/need-table.ts';
import { edit, hostOf } from '../support/check.ts';
import { readFixture } from '../support/fixture.ts';

const FILES = readFixture(`
  //- /writer.c
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          WRITE_ONCE(b->flag, 1);
  }
  //- /reader.c
  struct box { int data; int flag; };
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* The write barrier of the other side is missing. */
          smp_rmb();
          return READ_ONCE(b->data);
  }
`);

function place(file: string, text: string) {
  const start = FILES.find(({ path }) => path === file)!.text.indexOf(text);
  expect(start).toBeGreaterThan(-1);
  return { file, span: { start, end: start + text.length } };
}

const VIOLATION: Violation = {
  scenario: 'box-in-use',
  path: 'use',
  invariant: 'I1-whole',
  words: 'a reader sees half a box',
  at: place('/writer.c', 'WRITE_ONCE(b->data, 1)'),
  missing: [{ before: 'box.data', after: 'box.flag' }],
  start: [],
  actors: {},
  steps: [
    {
      ...place('/writer.c', 'WRITE_ONCE(b->flag, 1)'),
      line: 5,
      thread: 0,
      function: 'publish',
      message: 'writes box.flag = 1',
    },
    {
      ...place('/reader.c', 'READ_ONCE(b->flag)'),
      line: 4,
      thread: 1,
      function: 'consume',
      message: 'reads box.flag = 1, from P0',
    },
  ],
  assumptions: [
    { kind: 'taken-as-marked', message: 'a plain access, taken as READ_ONCE() or WRITE_ONCE()' },
    { kind: 'stub', message: 'one() is the scenario’s' },
    { kind: 'stub', message: 'other() is the scenario’s' },
  ],
};

function hostWith(...violations: readonly Violation[]) {
  const host = hostOf(FILES);
  const texts = new Map(FILES.map(({ path, text }) => [path, text]));
  const table: NeedTable = { texts, rows: [], violations, unanswered: [] };
  host.apply([{ kind: 'needs', tables: [table] }]);
  return host;
}

function found(host: ReturnType<typeof hostOf>, file = '/writer.c') {
  return host
    .snapshot()
    .diagnostics(file)
    .filter(({ code }) => code === 'violated-invariant');
}

test('it stands where the order is missing, names the invariant and what it assumes', () => {
  const host = hostWith(VIOLATION);
  expect(found(host)).toMatchObject([
    {
      severity: 'warning',
      span: VIOLATION.at.span,
      message:
        'on the path use nothing keeps box.data before box.flag: a reader sees half a box (I1-whole in box-in-use); assuming plain accesses as marked ones, 2 functions outside as in the scenario',
    },
  ]);
  expect(found(host, '/reader.c')).toEqual([]);
});

test('the steps of the execution are attached in their order', () => {
  const [finding] = found(hostWith(VIOLATION));
  expect(finding!.related.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
    '/writer.c:5 P0: publish() writes box.flag = 1',
    '/reader.c:4 P1: consume() reads box.flag = 1, from P0',
  ]);
});

test('what several scenarios say of one place is told once', () => {
  const other = { ...VIOLATION, scenario: 'box-in-use-twice' };
  const messages = found(hostWith(VIOLATION, other)).map(({ message }) => message);
  expect(messages).toEqual([expect.stringContaining('in box-in-use, box-in-use-twice)')]);
});

test('after an edit of any of the files it is gone until it is found again; undone, it is back', () => {
  const host = hostWith(VIOLATION);
  edit(host, '/reader.c', 'return -1', 'return -2');
  expect(found(host)).toEqual([]);
  edit(host, '/reader.c', 'return -2', 'return -1');
  expect(found(host)).toHaveLength(1);
});

test('switched off, it says nothing', () => {
  const host = hostWith(VIOLATION);
  const diagnostics = { ...DEFAULT_SETTINGS.diagnostics, 'violated-invariant': 'off' } as const;
  host.apply([{ kind: 'settings', settings: { ...DEFAULT_SETTINGS, diagnostics } }]);
  expect(found(host)).toEqual([]);
});

test('what the scenario accepts is information, with the reason, whatever the level', () => {
  const accepted = 'another lock orders it';
  const host = hostWith({ ...VIOLATION, accepted });
  const severities = (['error', 'warning', 'hint'] as const).map((level) => {
    const diagnostics = { ...DEFAULT_SETTINGS.diagnostics, 'violated-invariant': level };
    host.apply([{ kind: 'settings', settings: { ...DEFAULT_SETTINGS, diagnostics } }]);
    return found(host).map(({ severity }) => severity);
  });
  expect(severities).toEqual([['information'], ['information'], ['hint']]);
  expect(found(host)[0]!.message).toMatch(/; accepted: another lock orders it$/);
});
