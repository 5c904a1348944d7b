/** The real functions of the livepatch transition, of 6.1 as it is and of the RFC v2 sample, are lowered whole. */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Lowered } from '../../server/src/lowering/lowering.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import {
  disabling,
  earlierTree,
  enabling,
  laterTree,
  reversing,
  type Tree,
} from './support/livepatch-scenes.ts';
import { allStatements, lowerScene, type Scene } from './support/lower-c.ts';

const SAMPLE = fileURLToPath(new URL('../livepatch/rfc-v2/', import.meta.url));
const LINUX = linuxSource();

/** The functions that statements of the program stand in. */
function functionsOf({ threads }: Lowered): readonly string[] {
  const statements = threads.flatMap(({ body }) => allStatements(body));
  return [...new Set(statements.flatMap(({ origin }) => origin?.function ?? []))];
}

/** `function:primitive:ordinal` of the barriers and other devices. */
function devicesOf({ sites }: Lowered): readonly string[] {
  return sites.map(({ function: name, primitive, ordinal }) => `${name}:${primitive}:${ordinal}`);
}

/** Every origin is a place of its file where the primitive stands. */
function expectTraced(scene: Scene, { threads }: Lowered): void {
  for (const { origin } of threads.flatMap(({ body }) => allStatements(body))) {
    expect(origin).toBeDefined();
    const text = scene.files?.[origin!.file];
    if (text === undefined) continue;
    const { start, end } = origin!.span;
    expect(text.slice(start, end)).toMatch(/\w/);
    if (origin!.primitive !== undefined)
      expect(text.slice(start, end)).toContain(origin!.primitive);
  }
}

function lowerWhole(scene: Scene): Lowered {
  const lowered = lowerScene(scene);
  expect(lowered.notModelled).toEqual([]);
  expectTraced(scene, lowered);
  return lowered;
}

describe('RFC v2', () => {
  const tree: Tree = earlierTree(SAMPLE);

  test('enable', () => {
    const lowered = lowerWhole(enabling(tree));
    expect(functionsOf(lowered)).toEqual(
      expect.arrayContaining([
        'klp_init_transition',
        'klp_patch_func',
        'klp_start_transition',
        'klp_try_switch_task',
        'klp_complete_transition',
        'klp_ftrace_handler',
        'klp_patch_task',
      ]),
    );
    expect(devicesOf(lowered)).toEqual(
      expect.arrayContaining([
        'klp_init_transition:smp_wmb:1',
        'klp_init_transition:smp_wmb:2',
        'klp_patch_func:list_add_rcu:1',
        'klp_ftrace_handler:list_first_or_null_rcu:1',
        'klp_ftrace_handler:smp_rmb:1',
        'klp_ftrace_handler:smp_rmb:2',
        'klp_patch_task:smp_rmb:1',
      ]),
    );
  });

  test('disable', () => {
    const devices = devicesOf(lowerWhole(disabling(tree)));
    expect(devices).toContain('klp_try_complete_transition:synchronize_rcu:1');
    expect(devices).not.toContain('klp_patch_func:list_add_rcu:1');
  });

  test('reverse', () => {
    const devices = devicesOf(lowerWhole(reversing(tree)));
    expect(devices).toContain('klp_reverse_transition:smp_wmb:1');
  });
});

describe.skipIf(LINUX === undefined)(`6.1 (${WITHOUT_LINUX})`, () => {
  const tree = LINUX === undefined ? undefined : laterTree(LINUX);

  test('enable', () => {
    const lowered = lowerWhole(enabling(tree!));
    expect(functionsOf(lowered)).toEqual(
      expect.arrayContaining([
        '__klp_enable_patch',
        'klp_init_transition',
        'klp_patch_func',
        'klp_start_transition',
        'klp_check_and_switch_task',
        'klp_complete_transition',
        'klp_ftrace_handler',
        'klp_update_patch_state',
      ]),
    );
    expect(devicesOf(lowered)).toEqual(
      expect.arrayContaining([
        'klp_init_transition:smp_wmb:1',
        '__klp_enable_patch:smp_wmb:1',
        'klp_patch_func:list_add_rcu:1',
        'klp_ftrace_handler:smp_rmb:1',
        'klp_ftrace_handler:smp_rmb:2',
        'klp_update_patch_state:test_and_clear_tsk_thread_flag:1',
      ]),
    );
  });

  test('disable', () => {
    const lowered = lowerWhole(disabling(tree!));
    expect(devicesOf(lowered)).toContain('__klp_disable_patch:smp_wmb:1');
    expect(functionsOf(lowered)).toContain('klp_unpatch_func');
  });

  test('reverse', () => {
    const lowered = lowerWhole(reversing(tree!));
    expect(functionsOf(lowered)).toContain('klp_reverse_transition');
  });

  test('a barrier that is taken out of the text is not in the program', () => {
    const path = 'kernel/livepatch/transition.c';
    const scene = enabling(tree!);
    const text = scene.files![path]!.replace('smp_wmb();', '');
    const without = lowerWhole({ ...scene, files: { ...scene.files, [path]: text } });
    expect(devicesOf(without)).not.toContain('klp_init_transition:smp_wmb:1');
  });
});
