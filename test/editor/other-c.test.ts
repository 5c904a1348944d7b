/** In a C project that is no kernel the extension stays silent and starts no process. */

import { expect } from 'vitest';
import { activations, flow, recordedProcesses } from './flow.ts';
import { workspaceOf } from './workspace.ts';

const PROJECT = {
  'main.c': `#include <stdio.h>
#include "queue.h"

int main(void)
{
	queue_push(1);
	printf("%d\\n", queue_pop());
	return 0;
}
`,
  'queue.h': `int queue_pop(void);
void queue_push(int value);
`,
};

flow(
  'a C project that is no kernel',
  () => workspaceOf(PROJECT),
  async ({ window, picture }) => {
    const processes = recordedProcesses().length;
    const activated = activations();
    await window.open('main.c');
    await expect.poll(activations, { timeout: 30_000 }).toBe(activated + 1);
    await window.open('queue.h');
    await picture('silent');
    expect(processes).toBeGreaterThan(0);
    expect(recordedProcesses().slice(processes).filter(isOurServer)).toEqual([]);
    expect(await window.status().count()).toBe(0);
  },
);

function isOurServer(process: string): boolean {
  return /\bserver\.cjs\b/.test(process);
}
