/** The bundled protocols on Linux as it is: what holds, and that it does not without what it rests on. */

import { describe, expect, test } from 'vitest';
import { type TransitionTable, transitionTable } from '../../server/src/proof/transition-table.ts';
import {
  bundledProtocols,
  bundledScenarios,
  readText,
} from '../../server/src/scenario/load-library.ts';
import { KERNELS, linuxSource } from '../support/linux-source.ts';
import { NEEDED } from '../support/protocols.ts';
import { type Edit, treeBelow } from '../support/scenario-tree.ts';

/** What the memory model allows and the code does not promise: docs/protocols.md says what of it. */
const VIOLATED = ['kfifo overwritten', 'kfifo-empty stale', 'osq-lock stale'];

describe.each(KERNELS)('Linux $kernel ($without)', ({ kernel }) => {
  const linux = linuxSource(kernel);
  const skipped = linux === undefined;
  const answersOf = (files: readonly string[], ...edits: readonly Edit[]) =>
    transitionTable(files, readText, treeBelow(linux!, edits), new Map());

  test.skipIf(skipped)('every protocol has an answer, and none is unknown', () => {
    const files = bundledScenarios('protocols');
    const table = answersOf(files);
    expect(table.problems).toEqual([]);
    expect([...table.leftOut.values()]).toEqual([]);
    expect(table.answers.flatMap(({ notModelled }) => notModelled)).toEqual([]);
    expect(table.rows.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
    expect([...violatedIn(table)].sort()).toEqual(VIOLATED);
  });

  test.skipIf(skipped).each(NEEDED)(
    '$protocol rests on $from',
    ({ protocol, violated, ...edit }) => {
      const table = answersOf(bundledProtocols(protocol), edit);
      expect(violatedIn(table)).toContain(`${protocol} ${violated}`);
    },
  );
});

function violatedIn({ answers }: TransitionTable): readonly string[] {
  return answers.flatMap(({ scenario, invariants }) =>
    invariants
      .filter(({ observation }) => observation !== 'Never')
      .map(({ name }) => `${scenario.name} ${name}`),
  );
}
