/** A pairing is proven with the types that the kernel's Makefile has the compiler take. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, run } from './support/run.ts';

const STATE = `struct box { char state; int data; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->state, 200);
}
int consume(struct box *b)
{
	if (READ_ONCE(b->state) != 200)
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(b->data);
}
`;

test.each([
  ['-fshort-wchar -funsigned-char', 'needed'],
  ['-fshort-wchar', 'unknown: the functions do not both come to box.data'],
])('a char compared with 200 under %s: %s', async (options, verdict) => {
  const tree = folderWith({
    Kbuild: '',
    Kconfig: '',
    Makefile: `VERSION = 6\nPATCHLEVEL = 2\nKBUILD_CFLAGS := -std=gnu11 ${options}\n`,
    'include/linux/types.h': '',
    'drivers/box/box.c': STATE,
  });
  try {
    const { out } = await run('prove', join(tree, 'drivers/box/box.c:6'));
    expect(/smp_rmb\(\) in consume\(\) \S+:14: (.*)/.exec(out)?.[1]).toBe(verdict);
  } finally {
    rmSync(tree, { recursive: true });
  }
});
