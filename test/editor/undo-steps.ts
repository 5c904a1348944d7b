/** The way of every change of the lamp, in one file or two: undoing it by the keyboard gives every file its bytes back. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { drawn } from '../support/drawn.ts';
import type { Flow } from './flow.ts';
import { ANALYSIS } from './workbench.ts';

const HEADERS = '#include <linux/compiler.h>\n#include <asm/barrier.h>\n\n';

/** Two files with a pair that no comment tells, and a file for each finding that has a fix; white space as people leave it. */
export const FILES: Readonly<Record<string, string>> = {
  'writer.c': `${HEADERS}struct box { int data; int flag; };  
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}`,
  'reader.c': `${HEADERS}struct box { int data; int flag; };

int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
  'misplaced.c': `${HEADERS}struct ring { int slot; int head; };

void fill(struct ring *r)
{
	/* Pairs with smp_rmb() in drain(). */
	smp_wmb();
	WRITE_ONCE(r->slot, 1);
	WRITE_ONCE(r->head, 1);
}

int drain(struct ring *r)
{
	if (!READ_ONCE(r->head))
		return -1;
	/* Pairs with smp_wmb() in fill(). */
	smp_rmb();
	return READ_ONCE(r->slot);
}
`,
  'renamed.c': `${HEADERS}struct log { int text; int tail; };

void append(struct log *l)
{
	WRITE_ONCE(l->text, 1);
	/* Pairs with smp_rmb() in look(). */
	smp_wmb();
	WRITE_ONCE(l->tail, 1);
}

int look_at(struct log *l)
{
	if (!READ_ONCE(l->tail))
		return -1;
	/* Pairs with smp_wmb() in append(). */
	smp_rmb();
	return READ_ONCE(l->text);
}
`,
  'waker.c': `${HEADERS}#include <linux/wait.h>

struct job { wait_queue_head_t wait; int done; };

void await(struct job *j)
{
	wait_event(j->wait, READ_ONCE(j->done));
}

void finish(struct job *j)
{
	WRITE_ONCE(j->done, 1);
	if (waitqueue_active(&j->wait))
		wake_up(&j->wait);
}
`,
};

/** What is picked at the first line with `at`. */
interface Fix {
  readonly file: string;
  readonly at: string;
  readonly title: RegExp;
}

const BOTH_SIDES: Fix = { file: 'reader.c', at: 'smp_rmb();', title: /Document both sides/ };
const OTHER_LOOK: Fix = {
  file: 'waker.c',
  at: 'waitqueue_active',
  title: /Use wq_has_sleeper\(\)/,
};

const FIXES: readonly Fix[] = [
  { file: 'writer.c', at: 'smp_wmb();', title: /Document this smp_wmb\(\)/ },
  BOTH_SIDES,
  { file: 'misplaced.c', at: 'smp_wmb();', title: /forbidden after this/ },
  { file: 'misplaced.c', at: 'smp_wmb();', title: /Accept .* here, for a reason/ },
  { file: 'renamed.c', at: 'smp_wmb();', title: /Correct the comment/ },
  OTHER_LOOK,
];

/** Of two files and of one: the editor's undo is the same wherever it runs. */
export const ONE_OF_EACH = [BOTH_SIDES, OTHER_LOOK];

/** The lamp is asked so often while the answer is still being found. */
const MOST_LOOKS = 12;

/** Long enough for all of them. */
export const UNDO_TIMEOUT = 1_800_000;

export async function throughUndo(step: Flow, fixes = drawn(FIXES, 2)): Promise<void> {
  for (const fix of fixes) await changedAndUndone(step, fix);
}

async function changedAndUndone(
  { window, folder, picture }: Flow,
  { file, at, title }: Fix,
): Promise<void> {
  const { page } = window;
  const saved = async () => {
    await window.command('File: Save All');
    await page.locator('.tab.dirty').first().waitFor({ state: 'detached', timeout: ANALYSIS });
    return textsIn(folder);
  };
  const lines = FILES[file]!.split('\n');
  await window.open(file);
  await window.goto(lines.findIndex((line) => line.includes(at)) + 1);

  const offers = page.locator('.action-widget .monaco-list-row.action');
  const wanted = offers.filter({ hasText: title });
  for (let looks = 0; !(await isShown(wanted.first(), 5_000)); looks++) {
    expect(looks, `${title} is offered`).toBeLessThan(MOST_LOOKS);
    await window.press('Escape');
    await window.press('Control+.');
  }
  const focused = page.locator('.action-widget .monaco-list-row.focused');
  for (let left = await offers.count(); !title.test((await focused.textContent()) ?? ''); left--) {
    expect(left, `${title} is reached by the arrow keys`).toBeGreaterThan(0);
    await window.press('ArrowDown');
  }
  await window.press('Enter');
  await page.locator('.tab.dirty').first().waitFor({ timeout: ANALYSIS });
  await picture(`${file} ${title.source}`);
  expect(await saved()).not.toEqual(FILES);

  await window.press('Control+Z');
  if (await isShown(page.locator('.monaco-dialog-box'), 1_000)) await window.press('Enter');
  await page.locator('.tab.dirty').first().waitFor({ timeout: ANALYSIS });
  expect(await saved()).toEqual(FILES);
}

/** Whether it is seen before so much time is over. */
function isShown(what: Locator, timeout: number): Promise<boolean> {
  return what.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

function textsIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
