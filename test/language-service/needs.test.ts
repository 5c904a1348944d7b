/** The rows of simulated scenarios on the barriers that they are about. */

import { expect, test } from 'vitest';
import { plain } from '../../server/src/language-service/render.ts';
import type { NeedRow } from '../../server/src/language-service/verdict.ts';
import { hostOf } from './support/check.ts';
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

function row(ordinal: number, verdict: NeedRow['verdict'], path: string): NeedRow {
  return {
    barrier: { file: '/writer.c', function: 'publish', primitive: 'smp_wmb', ordinal },
    path,
    invariant: 'I1',
    orders: [{ before: 'box.data', after: 'box.flag' }],
    verdict,
    by: verdict === 'redundant' ? ['the release of rcu_assign_pointer()'] : [],
  };
}

test('lens and hover of the barrier that a row is about, and of no other', () => {
  const host = hostOf(FILES);
  const rows = [row(1, 'needed', 'enable'), row(1, 'redundant', 'disable')];
  host.apply([{ kind: 'needs', rows }]);
  const snapshot = host.snapshot();
  const [first, second] = snapshot.lenses('/writer.c').map(({ title }) => title);
  expect(first).toMatch(/ · needed on enable$/);
  expect(second).not.toContain('enable');
  const at = FILES[0]!.text.indexOf('smp_wmb();');
  const text = snapshot.hover(
    '/writer.c',
    at,
    plain((file) => file),
  )!.text;
  expect(text).toContain('enable: box.data → box.flag needed (I1)');
  expect(text).toContain(
    'disable: box.data → box.flag redundant, also ordered by the release of rcu_assign_pointer() (I1)',
  );
});

test('new rows replace the old ones', () => {
  const host = hostOf(FILES);
  host.apply([{ kind: 'needs', rows: [row(1, 'needed', 'enable')] }]);
  host.apply([{ kind: 'needs', rows: [] }]);
  expect(host.snapshot().lenses('/writer.c')[0]!.title).not.toContain('enable');
});
