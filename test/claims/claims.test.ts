/** What a comment says about the partner of a barrier. */

import { describe, expect, test } from 'vitest';
import type { Claim } from '../../server/src/claims/claim.ts';
import { claimsFor, MOST_CLAIMS, readComment } from '../../server/src/claims/claims.ts';
import { matchesPattern } from '../../server/src/claims/name-pattern.ts';

/** A claim in one line: style, functions, operation, ordinal, label, direction, file. */
function shown({ style, functions, primitive, ordinal, label, direction, file }: Claim): string {
  const parts = [
    style,
    functions.join('|'),
    primitive,
    ordinal === undefined ? undefined : `#${ordinal}`,
    label === undefined ? undefined : `(${label})`,
    direction,
    file,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** What the comment claims for a site of `own()`. */
function claimsOf(comment: string, own = 'own'): readonly Claim[] {
  return claimsFor(readComment(comment, 0), own, 'preceding');
}

function checkClaims(comment: string, ...expected: readonly string[]): void {
  expect(claimsOf(comment).map(shown), comment).toEqual(expected);
}

describe('phrasings', () => {
  test.each([
    ['/* Pairs with smp_rmb() in reader(). */', 'pairs reader smp_rmb'],
    ['/* paired with the barrier in box_read() */', 'pairs box_read barrier'],
    ['/* Paired w/ acquire in flush_box(); ensures they see all. */', 'pairs flush_box acquire'],
    ['// Pairs with smp_store_release in box_open.', 'pairs box_open smp_store_release'],
    ['/* read pair of barrier in box_freeze(), we need to order x */', 'pairs box_freeze'],
    ['/* matches smp_wmb() in box_set() */', 'matches box_set smp_wmb'],
    ['/* coupled with smp_wmb() in box_set() */', 'coupled box_set smp_wmb'],
    ["/* it's the counterpart rmb of the wmb in box_wake() */", 'matches box_wake wmb'],
    [
      '/* The corresponding write barrier is in box_init(). */',
      'corresponds box_init write barrier',
    ],
    ['/* Synchronizes with READ_ONCE in box_load. */', 'synchronizes box_load READ_ONCE'],
    ['/* ordered against box_stop() */', 'ordered-against box_stop'],
    ['/* Order wrt setting b->file in box_configure(). */', 'ordered-against box_configure'],
    ['/* See box_complete() */', 'see box_complete'],
    ['/* See the comment in box_complete() and elsewhere */', 'see box_complete'],
    ['/* against box_read() */', 'ordered-against box_read'],
    ['/* vs box_read */', 'ordered-against box_read'],
    ['/* Barrier versus box_read(). */', 'ordered-against box_read'],
    ['/* Synchronize with the acquire in box_read() */', 'synchronizes box_read acquire'],
    ['/* Paired with set_current_state in the waiter */', 'pairs set_current_state'],
    ['/* Matches smp_wmb() when setting the mode */', 'matches smp_wmb'],
    ['/* Pairs with smp_rmb(). */', 'pairs smp_rmb'],
    ['/* This guards against box_read() seeing old data */', 'mention box_read'],
    ['/* so that box_read() will see the flag */', 'mention box_read'],
    ['/* we will see the new data in box_read() */', 'mention box_read'],
    ['/* Avoid a race with box_stop(). */', 'mention box_stop'],
    ['/* Sync with the restart in `box_poll()` */', 'mention box_poll'],
    ["/* Ensure box_read() doesn't see a half-made box */", 'mention box_read'],
    ['/* Make the index visible to box_xmit() before the check */', 'mention box_xmit'],
  ])('%s', (comment, expected) => checkClaims(comment, expected));

  test('several functions, each a claim of its own', () => {
    checkClaims(
      '/* The corresponding write barriers are in f() and g(). */',
      'corresponds f write barrier',
      'corresponds g write barrier',
    );
    checkClaims(
      '/* Pairs with READ_ONCE() in f(), g() and h(). */',
      'pairs f READ_ONCE',
      'pairs g READ_ONCE',
      'pairs h READ_ONCE',
    );
    checkClaims(
      '/* Matches smp_rmb() in f() for shared boxes, and g(). */',
      'matches f smp_rmb',
      'matches g smp_rmb',
    );
    checkClaims(
      '/* pairs with smp_mb__before_atomic in box_inc/box_set and with the full barrier implied by\n' +
        ' * atomic_xchg in box_read_reset */',
      'pairs box_inc smp_mb__before_atomic',
      'pairs box_set smp_mb__before_atomic',
      'pairs box_read_reset atomic_xchg',
    );
  });

  test('the 1st and the 2nd barrier of a function', () => {
    checkClaims(
      '/*\n * See the comment for the 2nd smp_wmb() in box_init() for\n * an explanation.\n */',
      'see box_init smp_wmb #2',
    );
    checkClaims('/* Pairs with the first smp_wmb() in f() */', 'pairs f smp_wmb #1');
  });

  test('in the same function: above, below, at its end', () => {
    checkClaims('/* pairs with smp_store_release() below */', 'relative smp_store_release below');
    checkClaims(
      '/* Pairs with the READ_ONCE() above and in the slow path. */',
      'relative READ_ONCE above',
    );
    checkClaims(
      '/* paired with smp_mb() at the end of the function to x */',
      'relative smp_mb below',
    );
    checkClaims('/* Paired with acquire at the top of this function. */', 'relative acquire above');
    checkClaims('/* Paired with the mb() above in box_fun() */', 'pairs box_fun mb');
  });

  test('labels', () => {
    checkClaims('/* A matches D */', 'label (D)');
    checkClaims('/* B, matches C */', 'label (C)');
    checkClaims('/* Pairs with (B) in box_wake() */', 'pairs box_wake (B)');
    checkClaims('/* This pairs with box_commit:B. */', 'label box_commit (box_commit:B)');
    checkClaims('/* see BOX_BARRIER_1 for purpose/pairing */', 'label (BOX_BARRIER_1)');
    checkClaims(
      '/* Pairs with set_current_state() barrier (A) in box_wait_event(). */',
      'pairs box_wait_event set_current_state (A)',
    );
  });

  test('a label behind the operation that bears it', () => {
    checkClaims('/* This smp_mb() also pairs with smp_mb() C. */', 'label smp_mb (C)');
    checkClaims('/* Pairs with smp_mb() as A says. */', 'pairs smp_mb');
  });

  test('a macro in capitals, where somebody is said to call it', () => {
    checkClaims(
      '/* Synchronize with BOX_UNUSED called from box_xmit. */',
      'synchronizes BOX_UNUSED',
    );
    checkClaims('/* Pairs with BOX_UNUSED in box_xmit(). */', 'pairs box_xmit');
  });

  test('a label of the own function', () => {
    checkClaims('/* LMM(own:A) This pairs with own:D. */', 'label own (own:D)');
  });

  test('files', () => {
    checkClaims(
      '/* Pairs with the smp_wmb() in box_set() in drivers/box.c */',
      'pairs box_set smp_wmb drivers/box.c',
    );
    checkClaims('/* pairs with the smp_rmb() in kernel/box.c */', 'pairs smp_rmb kernel/box.c');
  });
});

describe('what is in the way', () => {
  test('patterns that stand for several names', () => {
    checkClaims(
      '/* see smp_load_acquire() in box_(open|close)_slow() */',
      'see box_open_slow|box_close_slow smp_load_acquire',
    );
    checkClaims('/* matches {set,clear}_box() */', 'matches set_box|clear_box');
    checkClaims(
      '/* see smp_load_acquire() in box_[timeout|done] */',
      'see box_timeout|box_done smp_load_acquire',
    );
    checkClaims(
      '/* matching smp_wmb() in _box_v3/4_connect */',
      'matches _box_v3_connect|_box_v4_connect smp_wmb',
    );
    checkClaims('/* Pairs with smp_mb() in *_copy_from_box() */', 'pairs *_copy_from_box smp_mb');
    checkClaims('/* Pairs with the smp_mb_*() in box_enter() */', 'pairs box_enter smp_mb_*');
    checkClaims('/* Paired with WRITE_ONCE() + smp_mb...() in f() */', 'pairs f smp_mb*');
  });

  test('the owner of a barrier', () => {
    checkClaims("/* Pairs with box_set()'s smp_wmb(). */", 'pairs box_set smp_wmb');
    checkClaims(
      "/* pair with the smp_store_release()'s in f() and g() */",
      'pairs f smp_store_release',
      'pairs g smp_store_release',
    );
  });

  test('callers are not the partner', () => {
    checkClaims(
      '/* pairs with smp_store_release() in box_ring called by box_xmit. */',
      'pairs box_ring smp_store_release',
    );
    checkClaims(
      '/* Pairs with smp_store_release() called from box_update() */',
      'pairs box_update smp_store_release',
    );
    checkClaims('/* Pairs with a barrier in box_end()->box_mark(). */', 'pairs box_mark barrier');
    checkClaims('/* Pairs with path from f() through g() to h() */', 'pairs h');
  });

  test('what stands before the partner: an object, an operation, an implied barrier', () => {
    checkClaims(
      '/* The barrier matches the box_target update in box_push(). */',
      'matches box_push',
    );
    checkClaims(
      '/* Pairs with task_work_add() in box_queue(). */',
      'pairs box_queue task_work_add',
    );
    checkClaims(
      '/* Paired with the closing smp_mb() implied by a successful cmpxchg() in box_get(): either */',
      'pairs box_get cmpxchg',
    );
    checkClaims(
      '/* Pairs with the smp_mb() after setting b->mode in box_enter() to ensure that the kick is seen */',
      'pairs box_enter smp_mb',
    );
  });

  test('the partner before the verb, where the words point back here', () => {
    checkClaims('/* The smp_wmb() in f() pairs with this one. */', 'pairs f smp_wmb');
    checkClaims('/* f() has the barrier that matches ours */', 'matches f');
    const both = '/* The smp_wmb() in f() pairs with the smp_rmb() in g(). */';
    expect(claimsOf(both, 'f').map(shown)).toEqual(['pairs g smp_rmb']);
    expect(claimsOf(both, 'g').map(shown)).toEqual(['pairs f smp_wmb']);
  });

  test('misspelt primitives', () => {
    checkClaims('/* Pairs with the smb_wmb() in f() */', 'pairs f smp_wmb');
    checkClaims('/* pairs with smp_load_aquire() in f() */', 'pairs f smp_load_acquire');
  });

  test('what says nothing about a partner', () => {
    for (const comment of [
      '/* Take the lock and see if it matched the request. */',
      '/* If that fails, owner might point to free()d memory; if it still matches, rcu_read_lock() helps. */',
      '/* order the stores */',
      '/* Works in combination with smp_mb(). */',
      '/* order x against the smp_wmb() */',
      '/* See smp_wmb(). */',
      '/* Matches the smp_wmb() in BOX_SETUP */',
      '/* A pairs with D, and B pairs with C, as in ring.h */',
    ])
      checkClaims(comment);
  });
});

test('the span of a claim covers its words, in offsets of the file', () => {
  const comment = '/* Order the two.\n * Pairs with smp_rmb() in reader(). */';
  const [claim] = readComment(comment, 100).said;
  expect(comment.slice(claim!.span.start - 100, claim!.span.end - 100)).toBe(
    'Pairs with smp_rmb() in reader()',
  );
});

test('any text is read without an error', () => {
  for (const comment of [
    '',
    '/*',
    '*/',
    '// ',
    '/* pairs with',
    '/* pairs with {a,b',
    '/* see ((((',
  ]) {
    expect(() => readComment(comment, 0)).not.toThrow();
  }
});

describe('what is long without an end', () => {
  const many = (text: string, count: number) => text.repeat(count);

  test('a comment of many claims is read up to a bound, and says so', () => {
    const { said, isCut } = readComment(
      `/* ${many('Pairs with smp_rmb() in f().\n * ', 5_000)} */`,
      0,
    );
    expect(said).toHaveLength(MOST_CLAIMS);
    expect(isCut).toBe(true);
  });

  test('choices are written out as long as they are few; then they match anything', () => {
    checkClaims('/* Pairs with f{a,b}{a,b}() */', 'pairs faa|fab|fba|fbb');
    const [claim] = claimsOf(`/* Pairs with f${many('{a,b}', 30)}() */`);
    expect(claim?.functions).toHaveLength(16);
    const name = `f${many('ab', 15)}`;
    expect(claim?.functions.some((pattern) => matchesPattern(pattern, name))).toBe(true);
  });

  test('stars match by one search each', () => {
    expect(matchesPattern('*a*b', 'xxabxb')).toBe(true);
    expect(matchesPattern('a*a', 'a')).toBe(false);
    expect(matchesPattern('*_x_*', 'a_x_b')).toBe(true);
    expect(matchesPattern(`${many('*a', 50)}b`, many('a', 100))).toBe(false);
  });

  test.each([
    ['stars', `/*${many('*', 300_000)} pairs with f() */`, ['pairs f']],
    ['digits', `/* matches ${many('1', 100_000)}/${many('2', 100_000)} */`, []],
    ['brackets', `/* matches ${many('{a,', 100_000)} */`, []],
    ['calls', `/* pairs with ${many('f(', 100_000)} */`, []],
    ['verbs', `/* ${many('matches ', 100_000)} */`, []],
    ['members', `/* pairs with ${many('a.', 100_000)} */`, []],
  ])('%s', (_, comment, expected) => checkClaims(comment, ...expected));
});

test.each([
  ['/* A matches D */', ['A']],
  ['/* B, matches C */', ['B']],
  ['/* (A) */', ['A']],
  ['/* E */', ['E']],
  ['/* LMM(box_read:B) */', ['box_read:B']],
  ['/* Implicit barrier (A) pairs with (B) in wake(). */', ['A']],
  ['/* See BOX_BARRIER_1 for purpose/pairing */', ['BOX_BARRIER_1']],
  ['/* implied by box_trylock() on success -- D matches A */', ['D']],
  ['/* Where A pairs with D, and B pairs with C. */', []],
  ['/* Pairs with set_current_state() barrier (A) in f(). */', []],
  ['/* A long story */', []],
])('the labels in %s', (comment, labels) => expect(readComment(comment, 0).labels).toEqual(labels));
