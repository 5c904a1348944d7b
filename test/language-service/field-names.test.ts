/** What fields are called in one answer. */

import { expect, test } from 'vitest';
import { fieldNames } from '../../server/src/language-service/field-names.ts';
import type { PlacedAccess } from '../../server/src/pairing/pairing.ts';

const TEXT = 'WRITE_ONCE(one->next, 0); other->next = one; p->box.data = 1; fill(p);';

/** An access to a field by the expression of `written`, in a function or in one that it calls. */
function accessTo(struct: string, name: string, written: string, via: string[] = []): PlacedAccess {
  const start = TEXT.indexOf(written);
  return {
    field: { struct, name },
    effect: 'write',
    marking: 'plain',
    file: '/a.c',
    span: { start, end: start + written.length },
    line: 1,
    via,
    distance: 0,
    on: 'every-path',
  };
}

const moment = { textOf: () => TEXT };
const own = accessTo('box', 'data', 'p->box.data');
const callee = accessTo('box', 'data', 'fill(p)', ['fill']);
const one = accessTo('node', 'next', 'one->next');
const other = accessTo('node', 'next', 'other->next');

test('the name that the function has, also of what a callee accesses, and in sentences, each word once', () => {
  const names = fieldNames(moment, [own, callee, own]);
  expect([own, callee].map(names.of)).toEqual(['p->box.data', 'p->box.data']);
  expect(names.within('the old box.data, not box.data2 or inbox.data')).toBe(
    'the old p->box.data, not box.data2 or inbox.data',
  );
});

test('two objects of one type keep their names, and sentences that of the type', () => {
  const names = fieldNames(moment, [one, other]);
  expect([one, other].map(names.of)).toEqual(['one->next', 'other->next']);
  expect(names.within('the old node.next')).toBe('the old node.next');
});

test('a sentence is about the object that was asked about', () => {
  const names = fieldNames(moment, [one, other], [other]);
  expect([one, other].map(names.of)).toEqual(['one->next', 'other->next']);
  expect(names.within('the old node.next')).toBe('the old other->next');
});

test.each([
  ['WRITE_ONCE((vec)->count, 1)', 'count', 'vec->count'],
  ['atomic_read(&a_longer_name_of_a_table[at].count)', 'count', 'cpupri_vec.count'],
  [
    'another_vec->a_very_long_name_of_a_field_of_it',
    'a_very_long_name_of_a_field_of_it',
    'cpupri_vec.a_very_long_name_of_a_field_of_it',
  ],
  [
    'vec->a_very_long_name_of_a_field_of_it',
    'a_very_long_name_of_a_field_of_it',
    'vec->a_very_long_name_of_a_field_of_it',
  ],
  ['READ_ONCE(vec_of(p)->in.count)', 'count', 'in.count'],
  ['READ_ONCE(vec_of(p)->count)', 'count', 'cpupri_vec.count'],
])('%s', (text, name, called) => {
  const access = { ...accessTo('cpupri_vec', name, ''), span: { start: 0, end: text.length } };
  expect(fieldNames({ textOf: () => text }, [access]).of(access)).toBe(called);
});
