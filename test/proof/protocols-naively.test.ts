/** What is said of protocols whose tests herd7 does not read or finish, held against the naive enumeration. */

import { describe, expect, test } from 'vitest';
import { bundledProtocols, readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { runScenario } from '../../server/src/scenario/scenario-run.ts';
import { check } from '../../server/src/search/check.ts';
import { naiveCheck } from '../../server/src/search/naive-check.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { NEEDED } from '../support/protocols.ts';
import { type Edit, treeBelow } from '../support/scenario-tree.ts';

const PROTOCOLS = ['osq-lock', 'qspinlock', 'rcuwait', 'stream-wait', 'wait-queue-active'];

const EDITED = NEEDED.filter(({ protocol }) => PROTOCOLS.includes(protocol));

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  const invariantsOf = (protocol: string, ...edits: readonly Edit[]) => {
    const tree = treeBelow(linux!, edits);
    const [file] = bundledProtocols(protocol);
    const { scenario } = loadScenario(file!, readText, tree);
    const { invariants } = runScenario(scenario!, tree);
    expect(invariants.length).toBeGreaterThan(0);
    return invariants.map(({ invariant, programs }) => ({
      name: invariant.name,
      programs: programs.map(({ program }) => program),
    }));
  };

  test.skipIf(linux === undefined).each(PROTOCOLS)('%s', (protocol) => {
    for (const program of invariantsOf(protocol).flatMap(({ programs }) => programs)) {
      const found = check(program);
      expect(found.observation).toBeDefined();
      expect(naiveCheck(program)).toEqual(found);
    }
  });

  test.skipIf(linux === undefined).each(EDITED)(
    '$protocol without $from',
    ({ protocol, violated, ...edit }) => {
      const invariants = invariantsOf(protocol, edit);
      const { programs } = invariants.find(({ name }) => name === violated)!;
      const observations = programs.map((program) => naiveCheck(program).observation);
      expect(observations).toContain('Sometimes');
    },
  );
});
