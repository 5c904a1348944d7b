/** What herd7 has answered to exported tests is what we answer, for a sample that is exported anew in each run. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exportsOf,
  HOW_TO_ASK,
  isAnswerTo,
  isOf,
  ownAnswer,
  readAnswers,
  testsOf,
} from '../support/herd-answers.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { SEED } from '../support/seed.ts';

/** Scenarios are taken until there are as many tests. */
const ENOUGH = 100;

const linux = linuxSource();
const newer = linuxSource('6.12');

describe.skipIf(linux === undefined || newer === undefined)(
  `the answers of herd7 (${WITHOUT_LINUX}; ${WITHOUT_LINUX_6_12})`,
  () => {
    const stored = readAnswers();
    const all =
      linux === undefined || newer === undefined ? [] : exportsOf({ '6.1': linux, '6.12': newer });
    const idsOf = (each: (typeof all)[number]) => [...stored.keys()].filter((id) => isOf(each, id));

    test('are there for every scenario', () => {
      const missing = all.filter((each) => idsOf(each).length === 0);
      expect(
        missing.map(({ scenario }) => scenario.name),
        HOW_TO_ASK,
      ).toEqual([]);
    });

    test(`are ours, for a sample (BARRIERLENS_SEED=${SEED})`, () => {
      const order = fc.shuffledSubarray([...all], { minLength: all.length });
      let tried = 0;
      for (const each of fc.sample(order, { seed: SEED, numRuns: 1 })[0]!) {
        if (tried >= ENOUGH) break;
        const tests = testsOf(each);
        expect([...tests.keys()].sort(), HOW_TO_ASK).toEqual(idsOf(each));
        for (const [id, text] of tests) {
          expect(isAnswerTo(stored.get(id), text), `${id} has another text. ${HOW_TO_ASK}`).toBe(
            true,
          );
          expect(ownAnswer(text), id).toBe(stored.get(id));
        }
        tried += tests.size;
      }
      expect(tried).toBeGreaterThanOrEqual(ENOUGH);
    });
  },
);
