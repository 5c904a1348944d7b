/** How fast the language server answers: first findings after opening, findings after an edit, a partner's file. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linuxSource, WITHOUT_LINUX } from '../../test/support/linux-source.ts';
import type { Row } from '../bench-section.ts';
import { median, runSection } from '../bench-section.ts';
import { startServer } from '../measured-server.ts';

const ROUNDS = 15;

/** Something to be found in any text: a barrier of which nobody says anything. */
const MARK = 'void barrierlens_mark(void)\n{\n\tsmp_wmb();\n}\n';

await runSection({ name: 'editor', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  if (linux === undefined) return WITHOUT_LINUX;
  const folder = join(linux, 'kernel/livepatch');
  const core = readFileSync(join(folder, 'core.c'), 'utf8');
  const lines = core.split('\n').length;
  const rows = {
    open: await measured(ROUNDS, () => openingTime(folder, core)),
    ...(await editTimes(folder, core)),
  };
  const medianOf = `median of ${ROUNDS}`;
  return [
    {
      what: `opening a file of ${lines} lines: first findings`,
      value: median(rows.open),
      unit: 'ms',
      bar: { atMost: 300 },
      note: `${medianOf}, each in a new server`,
    },
    {
      what: 'an edit in it: findings of the file',
      value: median(rows.same),
      unit: 'ms',
      bar: { atMost: 100 },
      note: medianOf,
    },
    {
      what: 'a barrier deleted in it: the finding in the partner’s file',
      value: median(rows.partner),
      unit: 'ms',
      bar: { atMost: 500 },
      note: medianOf,
    },
  ];
}

async function measured(times: number, once: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = 0; round < times; round++) values.push(await once());
  return values;
}

async function openingTime(folder: string, core: string): Promise<number> {
  const server = await startServer(folder);
  const before = performance.now();
  server.open('core.c', core + MARK);
  await server.findings('core.c', (count) => count > 0);
  const time = performance.now() - before;
  server.stop();
  return time;
}

/** Adds and removes the mark, then the barrier that the handler's first read barrier pairs with. */
async function editTimes(folder: string, core: string) {
  const server = await startServer(folder);
  const barrier = core.indexOf('smp_wmb();', core.indexOf('static int __klp_enable_patch('));
  const without = `${core.slice(0, barrier)}${core.slice(barrier + 'smp_wmb();'.length)}`;
  server.open('patch.c', readFileSync(join(folder, 'patch.c'), 'utf8'));
  server.open('core.c', core + MARK);
  await server.findings('core.c', (count) => count > 0);
  await server.idle();

  const edit = async (text: string, file: string, accept: (count: number) => boolean) => {
    const before = performance.now();
    server.change('core.c', text);
    await server.findings(file, accept);
    return performance.now() - before;
  };
  const same: number[] = [];
  const partner: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await edit(core, 'core.c', (count) => count === 0);
    same.push(await edit(core + MARK, 'core.c', (count) => count > 0));
    partner.push(await edit(without, 'patch.c', (count) => count > 0));
    await edit(core + MARK, 'patch.c', (count) => count === 0);
  }
  server.stop();
  return { same, partner };
}
