/** Kernel C is told from all other C by its text. */

import { expect, test } from 'vitest';
import { isBinary, isKernelText, mayPair } from '../../server/src/language-service/kernel-text.ts';

const FLAG = 'void f(struct a *a) { WRITE_ONCE(a->x, 1); smp_wmb(); WRITE_ONCE(a->y, 1); }';

test.each([
  ['a driver out of the tree', `#include <linux/module.h>\n${FLAG}`, true],
  ['a sample without includes', FLAG, true],
  ['a program with barriers of its own', `#include <stdio.h>\n${FLAG}`, false],
  ['a user of liburcu', `#include <urcu/uatomic.h>\n${FLAG}`, false],
  ['C11 atomics', '#include <stdatomic.h>\nvoid f(void) { atomic_thread_fence(5); }', false],
  ['one name by chance', 'void mb(void); void f(void) { mb(); }', false],
  ['no barrier', '#include <linux/module.h>\nint f(void) { return 0; }', false],
])('%s', (_, text, expected) => expect(isKernelText(text, false)).toBe(expected));

test('in a kernel tree all C is kernel C, but for the programs beside it', () => {
  expect(isKernelText('void f(void) { }', true)).toBe(true);
  expect(isKernelText('#include <stdio.h>\nvoid f(void) { smp_mb(); }', true)).toBe(false);
});

test('a file that only marks accesses is no side of a pairing', () => {
  expect(mayPair('void f(int *a) { WRITE_ONCE(*a, 1); }')).toBe(false);
  expect(mayPair('void f(int *a) { smp_store_release(a, 1); }')).toBe(true);
});

test('binary', () => {
  expect(isBinary('ELF\0\0')).toBe(true);
  expect(isBinary(FLAG)).toBe(false);
});
