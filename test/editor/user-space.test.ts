/** User space code that borrows the kernel's names stays untouched, also beside kernel code. */

import { expect } from 'vitest';
import { flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';
import { workspaceOf } from './workspace.ts';

const KERNEL = `#include <linux/compiler.h>
#include <asm/barrier.h>

struct box { int data; int flag; };

void publish(struct box *box)
{
	WRITE_ONCE(box->data, 1);
	/* Pairs with the smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(box->flag, 1);
}

int consume(struct box *box)
{
	if (!READ_ONCE(box->flag))
		return 0;
	/* Pairs with the smp_wmb() in publish(). */
	smp_rmb();
	return READ_ONCE(box->data);
}
`;

const USER_SPACE = `#include <stdio.h>
#include <urcu/arch.h>

int data, flag;

void publish(void)
{
	WRITE_ONCE(data, 1);
	smp_wmb();
	WRITE_ONCE(flag, 1);
	printf("published\\n");
}
`;

const project = () => workspaceOf({ 'kernel.c': KERNEL, 'user.c': USER_SPACE });

flow('user space code with the names of the kernel', project, async ({ window, picture }) => {
  await window.open('kernel.c');
  await window
    .lens(/pairs with/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await picture('kernel');
  await window.open('user.c');
  await window.goto(9);
  await window.open('kernel.c');
  await window
    .lens(/pairs with/)
    .first()
    .waitFor({ timeout: ANALYSIS });
  await window.open('user.c');
  await picture('user space');
  expect(await window.lens(/./).count()).toBe(0);
  for (const severity of ['error', 'warning', 'info', 'hint'] as const)
    expect(await window.squiggles(severity).count()).toBe(0);
});
