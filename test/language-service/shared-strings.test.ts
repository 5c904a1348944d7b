/** Equal strings of data from elsewhere: the data are the same, and take less memory. */

import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { sharingStrings } from '../../server/src/language-service/shared-strings.ts';

/** Facts of a file, as they come from the disk: `count` accesses of two fields. */
function fromDisk(count: number) {
  const accesses = Array.from({ length: count }, (_, at) => ({
    field: { struct: 'sk_buff', name: at % 2 === 0 ? 'transport_header' : 'network_header' },
    effect: 'read',
    via: ['skb_reset'],
    caller: undefined,
    line: at,
  }));
  return deserialize(serialize({ file: '/a.c', accesses, comment: 'x'.repeat(1000), none: null }));
}

test('the data stay as they are', () => {
  const shared = sharingStrings();
  expect(shared(fromDisk(10))).toEqual(fromDisk(10));
  expect(shared(fromDisk(20))).toEqual(fromDisk(20));
  expect(shared(undefined)).toBeUndefined();
  expect(shared('text')).toBe('text');
});
