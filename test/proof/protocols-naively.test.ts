/** What is said of protocols whose tests herd7 does not read or finish, held against the naive enumeration. */

import { describe, expect, test } from 'vitest';
import { bundledProtocols, readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { runScenario } from '../../server/src/scenario/scenario-run.ts';
import { check } from '../../server/src/search/check.ts';
import { naiveCheck } from '../../server/src/search/naive-check.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { treeBelow } from '../support/scenario-tree.ts';

const PROTOCOLS = ['osq-lock', 'qspinlock', 'rcuwait', 'wait-queue-active'];

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  test.skipIf(linux === undefined).each(PROTOCOLS)('%s', (protocol) => {
    const tree = treeBelow(linux!);
    const [file] = bundledProtocols(protocol);
    const { scenario } = loadScenario(file!, readText, tree);
    const run = runScenario(scenario!, tree);
    const programs = run.invariants.flatMap(({ programs: cases }) => cases);
    expect(programs.length).toBeGreaterThan(0);
    for (const { program } of programs) {
      const found = check(program);
      expect(found.observation).toBeDefined();
      expect(naiveCheck(program)).toEqual(found);
    }
  });
});
