/** The livepatch transition of Linux 6.1: each barrier lists the fields that its comment speaks of. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extendAcrossFiles } from '../../server/src/facts/extend.ts';
import {
  type Access,
  type FileFacts,
  fieldName,
  type Site,
} from '../../server/src/facts/file-facts.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { factsOf } from './support/orders.ts';

const linux = linuxSource();
const FILES = ['core.c', 'patch.c', 'transition.c'];

describe.skipIf(linux === undefined)(`kernel/livepatch (${WITHOUT_LINUX})`, () => {
  const folder = join(linux ?? '', 'kernel/livepatch');
  const alone = Promise.all(
    FILES.map((file) => factsOf(readFileSync(join(folder, file), 'utf8'), file)),
  );
  const across = alone.then(extendAcrossFiles);

  test('the five explicit barriers, and no more', async () => {
    const sites = (await alone).flatMap(({ sites }) => sites.filter(({ explicit }) => explicit));
    expect(sites.map(({ id }) => id).sort()).toEqual([
      '__klp_disable_patch:smp_wmb:1',
      '__klp_enable_patch:smp_wmb:1',
      'klp_ftrace_handler:smp_rmb:1',
      'klp_ftrace_handler:smp_rmb:2',
      'klp_init_transition:smp_wmb:1',
    ]);
  });

  test('all functions are read in full', async () => {
    expect((await alone).flatMap(({ problems }) => problems)).toEqual([]);
    expect(
      (await alone).flatMap(({ sites }) => sites.filter(({ uncertain }) => uncertain)),
    ).toEqual([]);
  });

  test('klp_init_transition: target and task states before the transition flags', async () => {
    const site = find(await alone, 'klp_init_transition:smp_wmb:1');
    expect(names(before(site))).toEqual(
      expect.arrayContaining(['task_struct.patch_state', 'klp_target_state']),
    );
    expect(names(ownFunction(after(site)))).toEqual(['klp_func.transition']);
  });

  test('klp_init_transition: also before the flags that its callers let be set', async () => {
    const site = find(await across, 'klp_init_transition:smp_wmb:1');
    expect(names(after(site))).toContain('TIF_PATCH_PENDING');
  });

  test('__klp_enable_patch: transition, set in another file, before func_stack in a third', async () => {
    const site = find(await across, '__klp_enable_patch:smp_wmb:1');
    expect(fieldName(before(site)[0]!.field)).toBe('klp_func.transition');
    expect(before(site)[0]).toMatchObject({
      via: ['klp_init_transition'],
      innerFile: 'transition.c',
    });
    expect(after(site).find(({ field }) => field.name === 'func_stack')).toMatchObject({
      field: { struct: 'klp_ops' },
      marking: 'release',
      via: ['klp_patch_object', 'klp_patch_func'],
      innerFile: 'patch.c',
    });
  });

  test('__klp_disable_patch: transition before the pending flags', async () => {
    const site = find(await across, '__klp_disable_patch:smp_wmb:1');
    expect(fieldName(before(site)[0]!.field)).toBe('klp_func.transition');
    expect(names(after(site))).toContain('TIF_PATCH_PENDING');
  });

  test('klp_ftrace_handler: func_stack before transition before patch_state', async () => {
    const facts = await alone;
    const first = find(facts, 'klp_ftrace_handler:smp_rmb:1');
    const second = find(facts, 'klp_ftrace_handler:smp_rmb:2');
    expect(names(before(first))).toEqual(['klp_ops.func_stack']);
    expect(fieldName(after(first)[0]!.field)).toBe('klp_func.transition');
    expect(fieldName(before(second)[0]!.field)).toBe('klp_func.transition');
    expect(fieldName(after(second)[0]!.field)).toBe('task_struct.patch_state');
  });

  test('klp_update_patch_state: the flag before the target state, with its comment', async () => {
    const site = find(await alone, 'klp_update_patch_state:test_and_clear_tsk_thread_flag:1');
    const own = site.orders.find((order) => names(order.before).join() === 'TIF_PATCH_PENDING');
    expect(names(own?.after ?? [])).toContain('klp_target_state');
    expect(site.comment?.text).toMatch(/serves as a read\s+\* barrier/);
    expect(site.claims.map(({ functions }) => functions[0])).toContain('klp_init_transition');
  });

  test('each barrier has its comment', async () => {
    const sites = (await alone).flatMap(({ sites }) => sites.filter(({ explicit }) => explicit));
    expect(sites.filter(({ comment }) => comment === undefined)).toEqual([]);
  });
});

function find(facts: readonly FileFacts[], id: string): Site {
  const found = facts.flatMap(({ sites }) => sites).find((site) => site.id === id);
  if (found === undefined) throw new Error(`no site ${id}`);
  return found;
}

function before(site: Site): readonly Access[] {
  return site.orders[0]?.before ?? [];
}

function after(site: Site): readonly Access[] {
  return site.orders[0]?.after ?? [];
}

function ownFunction(accesses: readonly Access[]): readonly Access[] {
  return accesses.filter(({ via, caller }) => via.length === 0 && caller === undefined);
}

function names(accesses: readonly Access[]): readonly string[] {
  return accesses.map(({ field }) => fieldName(field));
}
