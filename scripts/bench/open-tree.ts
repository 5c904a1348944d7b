/** A whole kernel tree in the editor, from nothing: when the first verdicts of the open file are there, how long a hover takes while the tree is
 *  read, and the memory when it is read: `npm run bench -- open-tree`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linuxSource, WITHOUT_LINUX } from '../../test/support/linux-source.ts';
import { median, type Row, runSection } from '../bench-section.ts';
import { type Server, startServer } from '../measured-server.ts';

/** Files with proven barriers, of several folders. */
const FILES = ['kernel/livepatch/transition.c', 'kernel/printk/printk.c', 'net/core/dev.c'];

/** A verdict in a lens, whichever it is. */
const VERDICT = /^[✓✗]/;

/** The pause between two looks. */
const LOOK_MS = 20;
/** The pause between two hovers: a mouse that does not rest. */
const HOVER_MS = 100;
/** A first verdict that takes longer does not come. */
const LONGEST_MS = 60_000;
/** So long the reading is looked at; it takes longer. */
const READING_MS = 240_000;

await runSection({ name: 'open-tree', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  if (linux === undefined) return WITHOUT_LINUX;
  const rows: Row[] = [];
  for (const file of FILES) {
    const start = performance.now();
    const server = await startServer(linux);
    const text = readFileSync(join(linux, file), 'utf8');
    server.open(file, text);
    // As an editor does: asked for when the server says so.
    let asked = 0;
    await untilTrue(
      async () => {
        if (server.refreshes() === asked) return false;
        asked = server.refreshes();
        return (await server.lenses(file)).some((title) => VERDICT.test(title));
      },
      LOOK_MS,
      LONGEST_MS,
    );
    rows.push({
      what: `${file}: the first verdict`,
      value: performance.now() - start,
      unit: 'ms',
      bar: { atMost: 3000 },
      note: `from the start of the server; ${server.cpuSeconds().toFixed(1)} s of CPU`,
    });
    if (file === FILES.at(-1)) rows.push(...(await whileRead(server, file, text)));
    server.stop();
  }
  return rows;
}

/** Hovers over the barriers of a file, one after the other, until the tree is read. */
async function whileRead(server: Server, file: string, text: string): Promise<readonly Row[]> {
  const barriers = text.split('\n').flatMap((words, line) => {
    const character = words.search(/\bsmp_\w*mb\(\)/);
    return character === -1 ? [] : [{ line, character }];
  });
  const start = performance.now();
  const times: number[] = [];
  const isRead = await untilTrue(
    async () => {
      const { line, character } = barriers[times.length % barriers.length]!;
      const asked = performance.now();
      await server.hover(file, line, character);
      times.push(performance.now() - asked);
      return !server.status().text.startsWith('reading');
    },
    HOVER_MS,
    READING_MS,
  );
  const sorted = times.toSorted((one, other) => one - other);
  const { now, most } = server.memory();
  return [
    {
      what: 'a hover while the tree is read: 95 of 100',
      value: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
      unit: 'ms',
      bar: { atMost: 200 },
      note: `${times.length} hovers, median ${median(times).toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(0)} ms`,
    },
    {
      what: 'reading the tree',
      value: (performance.now() - start) / 1000,
      unit: 's',
      note: isRead ? 'all of it' : server.status().text,
    },
    { what: 'memory then', value: now, unit: 'MB', bar: { atMost: 1200 } },
    { what: '… the most until then', value: most, unit: 'MB' },
  ];
}

/** Whether it came to be within so much time. */
async function untilTrue(
  look: () => Promise<boolean>,
  pause: number,
  longest: number,
): Promise<boolean> {
  for (const end = performance.now() + longest; !(await look()); ) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return true;
}
