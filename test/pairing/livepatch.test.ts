/** The livepatch transition: every claim of its comments leads to the right barrier. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../server/src/facts/facts.ts';
import type { FileFacts } from '../../server/src/facts/file-facts.ts';
import { fieldName } from '../../server/src/facts/file-facts.ts';
import type { SiteRef } from '../../server/src/pairing/pairing.ts';
import { pairUp } from '../../server/src/pairing/pairing-index.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { testParser } from '../support/parser.ts';

const RFC = fileURLToPath(new URL('../livepatch/rfc-v2', import.meta.url));
const tree = linuxSource();

async function factsBelow(folder: string): Promise<readonly FileFacts[]> {
  const parser = await testParser();
  return readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return fileFacts(file, parseKernelC(parser, text), text);
    });
}

/** The claims that say in so many words who the partner is: `site -> status sites`. */
async function claimsBelow(folder: string): Promise<readonly string[]> {
  const { claims } = pairUp(await factsBelow(folder));
  return claims
    .filter(({ claim }) => claim.style === 'pairs' || claim.style === 'corresponds')
    .map(({ from, status, targets }) => `${from.id} -> ${status} ${targets.map(id).join(', ')}`)
    .sort();
}

function id(ref: SiteRef): string {
  return ref.id;
}

test('the sample as of RFC v2', async () => {
  expect(await claimsBelow(RFC)).toEqual([
    'klp_ftrace_handler:smp_rmb:1 -> resolved klp_init_transition:smp_wmb:2',
    'klp_ftrace_handler:smp_rmb:2 -> resolved klp_init_transition:smp_wmb:1',
    'klp_init_transition:smp_wmb:1 -> resolved klp_ftrace_handler:smp_rmb:2',
    'klp_init_transition:smp_wmb:2 -> resolved klp_ftrace_handler:smp_rmb:1',
    'klp_init_transition:smp_wmb:2 -> resolved klp_patch_task:smp_rmb:1',
    'klp_patch_task:smp_rmb:1 -> resolved klp_init_transition:smp_wmb:2',
    'klp_patch_task:smp_rmb:1 -> resolved klp_reverse_transition:smp_wmb:1',
    'klp_reverse_transition:smp_wmb:1 -> resolved klp_patch_task:smp_rmb:1',
  ]);
});

describe.skipIf(tree === undefined)(`Linux 6.1 (${WITHOUT_LINUX})`, () => {
  const folder = join(tree ?? '', 'kernel/livepatch');

  test('the claims', async () => {
    expect(await claimsBelow(folder)).toEqual([
      'klp_ftrace_handler:smp_rmb:1 -> resolved __klp_enable_patch:smp_wmb:1',
      'klp_ftrace_handler:smp_rmb:2 -> resolved klp_init_transition:smp_wmb:1',
      'klp_update_patch_state:test_and_clear_tsk_thread_flag:1 -> resolved klp_init_transition:smp_wmb:1',
    ]);
  });

  test('no claim is left over', async () => {
    const { claims } = pairUp(await factsBelow(folder));
    expect(claims.filter(({ status }) => status !== 'resolved')).toEqual([]);
  });

  test('the pairs and their fields, from the fields alone', async () => {
    const facts = (await factsBelow(folder)).map((file) => ({
      ...file,
      sites: file.sites.map((site) => ({ ...site, claims: [], labels: [] })),
    }));
    const { pairings } = pairUp(facts);
    const orders = (first: string, second: string) =>
      pairings
        .find(({ sites }) => sites[0].id === first && sites[1].id === second)
        ?.orders.map(
          ({ shape, first: a, second: b }) => `${shape} ${fieldName(a)}, ${fieldName(b)}`,
        );
    expect(orders('__klp_enable_patch:smp_wmb:1', 'klp_ftrace_handler:smp_rmb:1')).toContain(
      'MP klp_func.transition, klp_ops.func_stack',
    );
    expect(orders('klp_init_transition:smp_wmb:1', 'klp_ftrace_handler:smp_rmb:2')).toContain(
      'MP task_struct.patch_state, klp_func.transition',
    );
    expect(
      orders(
        'klp_init_transition:smp_wmb:1',
        'klp_update_patch_state:test_and_clear_tsk_thread_flag:1',
      ),
    ).toContain('MP klp_target_state, TIF_PATCH_PENDING');
  });
});
