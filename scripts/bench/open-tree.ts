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
const LOOK_MS = 50;
/** The pause between two hovers: a mouse that does not rest. */
const HOVER_MS = 100;
/** A tree is read in minutes. */
const LONGEST_MS = 1_800_000;

await runSection({ name: 'open-tree', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  if (linux === undefined) return WITHOUT_LINUX;
  const rows: Row[] = [];
  for (const [at, file] of FILES.entries()) {
    const start = performance.now();
    const server = await startServer(linux);
    const text = readFileSync(join(linux, file), 'utf8');
    server.open(file, text);
    await untilTrue(async () => (await server.lenses(file)).some((title) => VERDICT.test(title)));
    rows.push({
      what: `${file}: the first verdict`,
      value: performance.now() - start,
      unit: 'ms',
      bar: { atMost: 3000 },
      note: 'from the start of the server',
    });
    if (at === 0) rows.push(...(await whileRead(server, file, text)));
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
  await untilTrue(async () => {
    const { line, character } = barriers[times.length % barriers.length]!;
    const asked = performance.now();
    await server.hover(file, line, character);
    times.push(performance.now() - asked);
    return !server.status().text.startsWith('reading');
  }, HOVER_MS);
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
    { what: 'reading the tree', value: (performance.now() - start) / 1000, unit: 's' },
    { what: 'memory when it is read', value: now, unit: 'MB', bar: { atMost: 1200 } },
    { what: '… the most until then', value: most, unit: 'MB' },
  ];
}

async function untilTrue(look: () => Promise<boolean>, pause = LOOK_MS): Promise<void> {
  for (const end = performance.now() + LONGEST_MS; !(await look()); ) {
    if (performance.now() > end) throw new Error('the server did not come to an end');
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
