/** Files that come while a tree is read: in groups, so that questions between two groups find everything made. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Change, Host } from '../../server/src/language-service/host.ts';
import { inGroups } from '../../server/src/lsp/groups.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A host that notes what is applied together; to find everything again takes `took` milliseconds. */
function reading(took: number) {
  const applied: string[][] = [];
  const host = {
    headers: {},
    apply: (changes: readonly Change[]) =>
      applied.push(changes.map((change) => ('path' in change ? change.path : change.kind))),
    snapshot: () => applied.flat(),
  };
  const groups = inGroups(host as unknown as Host, () => vi.advanceTimersByTime(took));
  const came = (path: string) => groups.apply([{ kind: 'disk', path, text: '' }]);
  return { applied, groups, came };
}

test('files that come soon after one another are one group, in their order', () => {
  const { applied, came } = reading(1);
  for (const path of ['/a.c', '/b.c', '/c.c']) came(path);
  expect(applied).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(applied).toEqual([['/a.c', '/b.c', '/c.c']]);
});

test('the longer a group takes, the longer the next one waits: at most a twentieth of the time goes into groups', () => {
  for (const took of [10, 100, 1000]) {
    const { applied, came } = reading(took);
    const start = performance.now();
    for (let at = 0; performance.now() - start < 100 * took; at++) {
      came(`/${at}.c`);
      vi.advanceTimersByTime(5);
    }
    const share = (applied.length * took) / (performance.now() - start);
    expect(applied.length).toBeGreaterThan(1);
    expect(share).toBeLessThan(0.06);
  }
});

test('who reads on has all that was read', () => {
  const { groups, came } = reading(1);
  came('/a.c');
  came('/b.c');
  expect(groups.snapshot()).toEqual(['/a.c', '/b.c']);
});
