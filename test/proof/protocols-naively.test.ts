/** What is said of protocols whose tests herd7 does not read or finish, held against the naive enumeration. */

import { describe, expect, test } from 'vitest';
import type { OrderingSite } from '../../server/src/lowering/lowering.ts';
import { scopeOf } from '../../server/src/memory-model/scope.ts';
import { bundledProtocols, readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import { runScenario } from '../../server/src/scenario/scenario-run.ts';
import { check } from '../../server/src/search/check.ts';
import { naiveCheck } from '../../server/src/search/naive-check.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { NEEDED } from '../support/protocols.ts';
import { type Edit, treeBelow } from '../support/scenario-tree.ts';

const PROTOCOLS = [
  ...['csd-lock', 'llist', 'osq-lock', 'qspinlock', 'rcuwait', 'stream-wait', 'task-work'],
  ...['wait-queue-active', 'printk-commit', 'printk-text'],
];

/** The programs of `llist` on 6.1 have far more executions than those on 6.12, of the same kind. */
const protocolsOf = (kernel: string) =>
  PROTOCOLS.filter((protocol) => protocol !== 'llist' || kernel === '6.12');

/** What `csd-lock` rests on that has no words in plain litmus: one of both is enough. */
const EITHER = [
  { function: 'csd_lock', primitive: 'smp_wmb' },
  { function: 'csd_lock_wait', primitive: 'smp_cond_load_acquire' },
];

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  const protocols = protocolsOf(kernel);
  const edited = NEEDED.filter(({ protocol }) => protocols.includes(protocol));
  const runOf = (protocol: string, ...edits: readonly Edit[]) => {
    const tree = treeBelow(linux!, edits);
    const [file] = bundledProtocols(protocol);
    const { scenario } = loadScenario(file!, readText, tree);
    return runScenario(scenario!, tree);
  };
  const invariantsOf = (protocol: string, ...edits: readonly Edit[]) => {
    const { invariants } = runOf(protocol, ...edits);
    expect(invariants.length).toBeGreaterThan(0);
    return invariants.map(({ invariant, programs }) => ({
      name: invariant.name,
      programs: programs.map(({ program }) => program),
    }));
  };

  test.skipIf(linux === undefined).each(protocols)('%s', (protocol) => {
    for (const program of invariantsOf(protocol).flatMap(({ programs }) => programs)) {
      const found = check(program);
      expect(found.observation).toBeDefined();
      expect(naiveCheck(program)).toEqual(found);
    }
  });

  test.skipIf(linux === undefined).each(edited)(
    '$protocol without $from',
    ({ protocol, violated, ...edit }) => {
      const invariants = invariantsOf(protocol, edit);
      const { programs } = invariants.find(({ name }) => name === violated)!;
      const observations = programs.map((program) => naiveCheck(program).observation);
      expect(observations).toContain('Sometimes');
    },
  );

  test.skipIf(linux === undefined)('csd-lock rests on either barrier of csd_lock()', () => {
    const { invariants, sites } = runOf('csd-lock');
    const { programs } = invariants.find(({ invariant }) => invariant.name === 'overwritten')!;
    const either = EITHER.map(
      (named) =>
        sites.find(
          (site) => site.function === named.function && site.primitive === named.primitive,
        )!,
    );
    const without = (...taken: readonly OrderingSite[]) =>
      programs.map(({ program }) => {
        const all = scopeOf(program).space.names;
        const relaxations = taken.map(({ site }) => ({ site, before: all, after: all }));
        return naiveCheck({ ...program, relaxations }).observation;
      });
    for (const one of either) expect(without(one)).toEqual(['Never']);
    expect(without(...either)).toEqual(['Sometimes']);
  });
});
