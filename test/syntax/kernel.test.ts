/** Real kernel C: the functions with ordering primitives are understood. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCoverage } from '../../scripts/parse-coverage.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { testParser } from '../support/parser.ts';

const parser = await testParser();
const linux = linuxSource();

describe.skipIf(linux === undefined)(`the kernel's own files (${WITHOUT_LINUX})`, () => {
  test.each([
    'kernel/livepatch',
    'kernel/futex',
    'kernel/rcu',
    'io_uring',
    'sound/core',
    'arch/arm64/kvm',
  ])('%s', (folder) => {
    const { functions, understood } = parseCoverage(parser, linux!, [folder]);
    expect(functions).toBeGreaterThan(3);
    expect(understood / functions).toBeGreaterThan(0.98);
  });

  test('kernel/livepatch/patch.c, with its #ifdef inside an expression', () => {
    const text = readFileSync(join(linux!, 'kernel/livepatch/patch.c'), 'utf8');
    const file = parseKernelC(parser, text);
    expect(file.functions.flatMap(({ errors }) => errors)).toEqual([]);
    expect(file.functions.map(({ name }) => name)).toEqual([
      'klp_find_ops',
      'klp_ftrace_handler',
      'klp_unpatch_func',
      'klp_patch_func',
      '__klp_unpatch_object',
      'klp_unpatch_object',
      'klp_patch_object',
      '__klp_unpatch_objects',
      'klp_unpatch_objects',
      'klp_unpatch_objects_dynamic',
    ]);
  });
});
