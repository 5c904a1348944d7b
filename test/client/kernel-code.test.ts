/** Which C documents are worth starting the server for. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mayBeKernelCode } from '../../client/src/kernel-code.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

test.each([
  ['a kernel header', '#include <linux/rcupdate.h>\n'],
  ['an indented include', '# ifdef X\n#  include <asm/barrier.h>\n'],
  ['a barrier', 'void f(void) { smp_wmb(); }'],
  ['a marked access', 'int f(int *p) { return READ_ONCE(*p); }'],
  ['a release store', 'void f(int *p) { smp_store_release(p, 1); }'],
  ['a published pointer', 'void f(void) { rcu_assign_pointer(global, p); }'],
])('%s', (_, text) => expect(mayBeKernelCode(text)).toBe(true));

test.each([
  ['nothing', ''],
  ['user space C', '#include <stdio.h>\nint main(void) { puts("smp_wmb"); }\n'],
  ['C11 atomics', '#include <stdatomic.h>\nvoid f(atomic_int *p) { atomic_store(p, 1); }'],
  ['a name that only looks like it', 'void f(void) { my_smp_mb(); MY_READ_ONCE(x); }'],
  ['a project with a linux folder', '#include "linux/thing.h"\n'],
])('not for %s', (_, text) => expect(mayBeKernelCode(text)).toBe(false));

const linux = linuxSource();

test.skipIf(linux === undefined)(`the code of livepatch (${WITHOUT_LINUX})`, () => {
  for (const file of ['core.c', 'patch.c', 'transition.c', 'shadow.c']) {
    const text = readFileSync(join(linux!, 'kernel/livepatch', file), 'utf8');
    expect(mayBeKernelCode(text), file).toBe(true);
  }
});
