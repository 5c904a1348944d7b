/** The livepatch code of Linux 6.1 and 6.12, unmodified and, of 6.1, with each of its barriers deleted in the buffer. */

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../server/src/disk/node-file-system.ts';
import { createHost, type Host } from '../../server/src/language-service/host.ts';
import { indexTree } from '../../server/src/language-service/index-tree.ts';
import { createEngine } from '../../server/src/language-service/node-engine.ts';
import { lensTitle } from '../../server/src/language-service/render-lens.ts';
import { orderPhrase } from '../../server/src/language-service/words.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { solveAll } from './support/check.ts';

const linux = linuxSource();
const later = linuxSource('6.12');

/** What the comments in the code and its review say: each barrier, one pair of fields that it orders, and
 *  functions that it pairs with. `nth` counts the barriers of the function from 1. */
const BARRIERS = [
  {
    file: 'core.c',
    in: '__klp_disable_patch',
    primitive: 'smp_wmb',
    nth: 1,
    orders: 'klp_func.transition → TIF_PATCH_PENDING',
    partners: ['klp_update_patch_state'],
  },
  {
    file: 'core.c',
    in: '__klp_enable_patch',
    primitive: 'smp_wmb',
    nth: 1,
    orders: 'klp_func.transition → klp_ops.func_stack',
    partners: ['klp_ftrace_handler'],
  },
  {
    file: 'patch.c',
    in: 'klp_ftrace_handler',
    primitive: 'smp_rmb',
    nth: 1,
    orders: 'klp_ops.func_stack → klp_func.transition',
    partners: ['__klp_enable_patch'],
  },
  {
    file: 'patch.c',
    in: 'klp_ftrace_handler',
    primitive: 'smp_rmb',
    nth: 2,
    orders: 'klp_func.transition → task_struct.patch_state',
    partners: ['klp_init_transition'],
  },
  {
    file: 'transition.c',
    in: 'klp_update_patch_state',
    primitive: 'test_and_clear_tsk_thread_flag',
    nth: 1,
    orders: 'TIF_PATCH_PENDING → klp_target_state',
    partners: ['klp_init_transition', '__klp_disable_patch'],
  },
  {
    file: 'transition.c',
    in: 'klp_init_transition',
    primitive: 'smp_wmb',
    nth: 1,
    orders: 'task_struct.patch_state → klp_func.transition',
    partners: ['klp_ftrace_handler', 'klp_update_patch_state'],
  },
] as const;

/** A folder with its surroundings, all its pairings proved. */
async function solved(folder: string): Promise<Host> {
  const host = createHost({ engine: await createEngine(), inKernelTree: () => true });
  await indexTree({
    host,
    files: nodeFileSystem,
    roots: [folder],
    surroundings: true,
    maxFiles: 1000,
    maxFileSize: 1_000_000,
    cancelled: () => false,
    foundKernel: () => undefined,
    progress: () => undefined,
  });
  solveAll(host);
  return host;
}

describe.skipIf(later === undefined)(`Linux 6.12 (${WITHOUT_LINUX_6_12})`, () => {
  test('nothing is warned', async () => {
    const folder = join(later ?? '', 'kernel/livepatch');
    const host = await solved(folder);
    const told = ['core.c', 'patch.c', 'transition.c'].flatMap((name) =>
      host.snapshot().diagnostics(join(folder, name)),
    );
    expect(told.filter(({ severity }) => severity !== 'hint')).toEqual([]);
  });
});

describe.skipIf(linux === undefined)(`Linux 6.1 (${WITHOUT_LINUX})`, () => {
  const folder = join(linux ?? '', 'kernel/livepatch');
  const files = ['core.c', 'patch.c', 'transition.c'].map((name) => join(folder, name));
  let host: Host;

  beforeAll(async () => {
    host = await solved(folder);
  });

  const explanations = () => files.flatMap((file) => host.snapshot().explanations(file));
  const warnings = () =>
    files.flatMap((file) =>
      host
        .snapshot()
        .diagnostics(file)
        .filter(({ severity }) => severity !== 'hint')
        .map(({ code, message }) => `${code}: ${message}`),
    );

  test('nothing is warned, and no barrier lacks its comment', () => {
    const codes = files.flatMap((file) => host.snapshot().diagnostics(file));
    expect(codes).toEqual([]);
  });

  test('exactly these barriers are shown', () => {
    const shown = explanations().map(({ site }) => `${site.primitive} in ${site.function}`);
    expect(shown).toEqual(BARRIERS.map((barrier) => `${barrier.primitive} in ${barrier.in}`));
  });

  test.each(BARRIERS)('$primitive $nth in $in', (barrier) => {
    const found = explanations().find(
      ({ site }) =>
        site.function === barrier.in &&
        site.primitive === barrier.primitive &&
        site.ordinal === barrier.nth,
    )!;
    expect(lensTitle(found).length).toBeLessThanOrEqual(60);
    expect(found.telling.map(orderPhrase)).toContain(barrier.orders);
    const names = found.partners.map(({ partner }) => partner.site.function);
    for (const partner of barrier.partners) expect(names).toContain(partner);
    expect(found.partners.some(({ sources }) => sources.includes('claimed'))).toBe(true);
    const kinds = found.partners.map(({ verdict }) => verdict?.answer?.verdict.kind);
    expect(kinds).not.toContain('broken');
  });

  test.each(BARRIERS.filter(({ primitive }) => primitive.startsWith('smp_')))(
    'without $primitive $nth in $in its partner is warned, until it is undone',
    (barrier) => {
      const path = join(folder, barrier.file);
      const text = host.snapshot().moment.textOf(path)!;
      const call = `${barrier.primitive}();`;
      let at = text.search(new RegExp(`\\b${barrier.in}\\([^;{]*\\)\\s*\\{`));
      for (let nth = 0; nth < barrier.nth; nth++) at = text.indexOf(call, at + 1);
      host.apply([
        { kind: 'buffer', path, text: text.slice(0, at) + text.slice(at + call.length) },
      ]);
      expect(warnings()).toEqual(
        expect.arrayContaining([
          expect.stringContaining(`lost its partner ${barrier.primitive}() in ${barrier.in}()`),
        ]),
      );
      host.apply([{ kind: 'buffer', path, text }]);
      solveAll(host);
      expect(warnings()).toEqual([]);
    },
  );
});
