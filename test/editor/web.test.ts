/** The same package as a web extension: the server is a worker of the browser, and the folder a virtual one, which the editor reads. */

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { drawn, isDrawn } from '../support/drawn.ts';
import { KERNELS } from '../support/linux-source.ts';
import { flow, recordedProcesses } from './flow.ts';
import { requiredLinux } from './livepatch-sources.ts';
import { throughLivepatch } from './livepatch-steps.ts';
import { SAMPLE, throughPairings } from './pairings-steps.ts';
import { throughPutBack } from './put-back-steps.ts';
import { type RecordedEditor, startRecordedEditor } from './recorded-editor.ts';
import { throughTable } from './table-steps.ts';
import { FILES, ONE_OF_EACH, throughUndo, UNDO_TIMEOUT } from './undo-steps.ts';
import { ANALYSIS } from './workbench.ts';
import { copyOf, livepatchWorkspace, workspaceOf } from './workspace.ts';
import { MP, throughLitmusTest } from './written-steps.ts';

let browsers: RecordedEditor;

beforeAll(async () => {
  browsers = await startRecordedEditor(inject('extension'), {
    'remote.extensionKind': { 'barrierlens.barrierlens': ['web'] },
  });
});

afterAll(async () => {
  await browsers.stop();
  rmSync(browsers.data, { recursive: true, force: true });
});

const editor = () => browsers;

for (const { kernel } of drawn(KERNELS, 2))
  flow(
    `livepatch of Linux ${kernel} as a web extension`,
    () => livepatchWorkspace(requiredLinux(kernel)),
    async (step) => {
      await throughLivepatch(step, kernel);
      const processes = recordedProcesses(browsers.connections);
      expect(processes).not.toEqual([]);
      expect(processes.filter((line) => /\bserver\.cjs\b/.test(line))).toEqual([]);
    },
    { editor },
  );

const BOX = `#include <linux/compiler.h>
#include <asm/barrier.h>

struct box { int data; int flag; };
`;

/** A writer without its barrier, a reader with it, and what somebody wants to stay true of both. */
const BOXES = {
  'lib/writer.c': `${BOX}
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	WRITE_ONCE(b->flag, 1);
}
`,
  'lib/reader.c': `${BOX}
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return 1;
	smp_rmb();
	return READ_ONCE(b->data);
}
`,
  'tests/box.scenario': `C box
source: lib/writer.c lib/reader.c
{ struct box the_box = { }; }
P0 { publish(&the_box); }
P1 { seen = consume(&the_box); }
never half "half a box is seen": (P1:seen = 0)
`,
};

flow(
  'a scenario of the folder in a web extension',
  () => workspaceOf(BOXES),
  async ({ window }) => {
    await window.open('writer.c');
    await window.showProblems('half in box');
    await window.finding([8], 'half in box').first().waitFor({ timeout: ANALYSIS });
    await window.open('writer.c');
    await window.goto(9);
    await window.page.keyboard.type('smp_wmb();');
    await window
      .finding([8, 9], 'half in box')
      .first()
      .waitFor({ state: 'detached', timeout: ANALYSIS });
  },
  { editor },
);

// These are driven on the desktop, too: a slow machine does not start the editor's worker for each of them in time.
if (!isDrawn) {
  flow(
    'a litmus test in a web extension',
    () => workspaceOf({ 'mp.litmus': MP }),
    throughLitmusTest,
    {
      editor,
    },
  );
  flow('the tree of pairings in a web extension', () => copyOf(SAMPLE), throughPairings, {
    editor,
  });
  for (const { kernel } of KERNELS)
    flow(
      `the table of livepatch of Linux ${kernel} in a web extension`,
      () => livepatchWorkspace(requiredLinux(kernel)),
      throughTable,
      { editor },
    );
  flow('a lost barrier put back in a web extension', () => copyOf(SAMPLE), throughPutBack, {
    editor,
  });
  flow(
    'changes of the lamp undone in a web extension',
    () => workspaceOf(FILES),
    (step) => throughUndo(step, ONE_OF_EACH),
    { editor, timeout: UNDO_TIMEOUT },
  );
}

flow(
  'the sample as a web extension',
  () => workspaceOf({ 'notes.txt': 'nothing here' }),
  async ({ window, picture }) => {
    const { page } = window;
    await window.open('notes.txt');
    await window.command('BarrierLens: Open the Livepatch Sample');
    await window
      .lens(/✓ needed on disable/)
      .first()
      .waitFor({ timeout: ANALYSIS });
    await window.clickInHover(/Show the execution/, 'Show the execution');
    const view = page.frameLocator('iframe.webview').frameLocator('iframe');
    await view.locator('svg').waitFor({ timeout: ANALYSIS });
    await view.locator('#player').focus();
    await page.keyboard.press('ArrowRight');
    await view.locator('#count', { hasText: 'Step 2 of' }).waitFor({ timeout: ANALYSIS });
    await picture('execution');
  },
  { editor },
);
