/** Assembler without instructions: what it is by its text. */

import { expect, test } from 'vitest';
import { emptyAsm } from '../../server/src/syntax/compiler-barrier.ts';
import { lowerScene } from '../lowering/support/lower-c.ts';

test.each([
  ['asm volatile("" ::: "memory")', 'barrier'],
  ['__asm__ __volatile__("": : :"memory")', 'barrier'],
  ['asm volatile("" "" : : : "cc", "memory")', 'barrier'],
  ['asm inline volatile ("":::"memory")', 'barrier'],
  ['asm volatile("")', 'nothing'],
  ['asm volatile("" ::: "cc")', 'nothing'],
  ['asm volatile("nop" ::: "memory")', undefined],
  ['asm volatile("" : "+r" (x) : : "memory")', undefined],
  ['asm volatile("" : : "r" (p) : "memory")', undefined],
  ['asm goto("" : : : "memory" : out)', undefined],
  ['asm volatile(FENCE ::: "memory")', undefined],
  ['asm volatile( ::: "memory")', undefined],
  ['asm volatile', undefined],
  ['', undefined],
])('%s', (text, is) => expect(emptyAsm(text)).toBe(is));

test.each([
  ['asm volatile("" ::: "memory");', ['fence', 'assign'], []],
  ['asm volatile("nop" ::: "memory");', ['assign'], ['assembler']],
])('%s in a function', (statement, kinds, reasons) => {
  const source = `int x; int f(void) { ${statement} return READ_ONCE(x); }`;
  const { threads, notModelled } = lowerScene({
    source,
    threads: ['r = f();', 'WRITE_ONCE(x, 1);'],
  });
  expect(threads[0]?.body.map(({ kind }) => kind).slice(0, kinds.length)).toEqual(kinds);
  expect(notModelled.map(({ message }) => message)).toEqual(reasons);
});
