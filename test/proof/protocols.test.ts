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

/** What goes wrong besides, in a protocol of which something is accepted. */
const WORSE: readonly (Edit & { readonly protocol: string; readonly what: string })[] = [
  {
    protocol: 'kfifo-empty',
    what: 'the barrier of the writer',
    file: 'lib/kfifo.c',
    from: /smp_wmb\(\);(?=\n\}\n\nunsigned int __kfifo_in\()/,
    to: '',
  },
  {
    protocol: 'kfifo',
    what: 'the barrier of the reader',
    file: 'lib/kfifo.c',
    from: /smp_wmb\(\);(?=\n\}\n\nunsigned int __kfifo_out_peek\()/,
    to: '',
  },
  {
    protocol: 'osq-lock',
    what: 'the release of who unlocks',
    file: 'kernel/locking/osq_lock.c',
    from: 'atomic_cmpxchg_release(&lock->tail',
    to: 'atomic_cmpxchg_relaxed(&lock->tail',
  },
];

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

  test.skipIf(skipped)('who is woken by a wait queue is known', () => {
    const { assumptions } = answersOf(bundledProtocols('wait-queue'));
    const messages = assumptions.map(({ message }) => message);
    expect(messages.filter((message) => message.includes('pointer to no'))).toEqual([]);
  });

  test.skipIf(skipped)('what it allows is accepted as it is', () => {
    const files = [...new Set(WORSE.map(({ protocol }) => protocol))].flatMap(bundledProtocols);
    expect(newsIn(answersOf(files))).toEqual([]);
  });

  test.skipIf(skipped).each(WORSE)(
    'of $protocol nothing is accepted without $what',
    ({ protocol, what: _, ...edit }) => {
      expect(newsIn(answersOf(bundledProtocols(protocol), edit))).not.toEqual([]);
    },
  );
});

/** What can be violated and is not accepted. */
function newsIn({ answers }: TransitionTable): readonly string[] {
  return answers.flatMap(({ scenario, invariants }) =>
    invariants
      .filter(({ observation, accepted }) => observation !== 'Never' && accepted === undefined)
      .map(({ name }) => `${scenario.name} ${name}`),
  );
}

function violatedIn({ answers }: TransitionTable): readonly string[] {
  return answers.flatMap(({ scenario, invariants }) =>
    invariants
      .filter(({ observation }) => observation !== 'Never')
      .map(({ name }) => `${scenario.name} ${name}`),
  );
}
