/** The search under a user's model against running the model on every candidate execution. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkEachExecution, checkWithModel } from '../../server/src/search/check-with-model.ts';
import { programOf } from '../memory-model/support/check-litmus.ts';
import { isSmall, randomLitmus } from '../memory-model/support/random-litmus.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { kernelModel, modelOf } from './support/model.ts';

const RELATIONS =
  'po po-loc rf rfe rfi co coe coi fr fre addr data ctrl rmw loc ext int id [R] [W] [M\\IW] (W*R) fencerel(Mb)';

/** An expression over relations, as deep as a model's definitions are when written out. */
const { relation } = fc.letrec<{ relation: string }>((tie) => ({
  relation: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...RELATIONS.split(' ')) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(tie('relation'), fc.constantFrom('|', '&', ';', '\\'), tie('relation'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('relation'), fc.constantFrom('+', '*', '?', '^-1'))
        .map(([operand, operator]) => `(${operand})${operator}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('~', '[domain ', '[range ', 'different-values '), tie('relation'))
        .map(([before, operand]) => `(${before}(${operand})${before.startsWith('[') ? ']' : ''})`),
    },
  ),
}));

const instruction = fc
  .tuple(
    fc.constantFrom('', '', 'flag '),
    fc.constantFrom('', '', '~'),
    fc.constantFrom('acyclic', 'irreflexive', 'empty'),
    relation,
  )
  .map(([flag, negation, test, of]) => `${flag}${negation}${test} ${of}`);

/** A recursive definition that grows, and a check of it. */
const recursion = fc
  .tuple(relation, relation, relation)
  .map(([a, b, c]) => `let rec r = ${a} | (r ; ${b}) | (s & ${c}) and s = r ; r\nirreflexive r`);

const randomModel = fc
  .tuple(fc.array(instruction, { minLength: 1, maxLength: 4 }), fc.option(recursion))
  .map(([list, recursive]) => {
    const named = list.map((line, index) => `${line} as test-${index}`);
    return `include "cos.cat"\n${recursive ?? ''}\n${named.join('\n')}\n`;
  });

const RUNS = { numRuns: 150, interruptAfterTimeLimit: 20_000 };

describe('the search finds what running the model on every execution finds', () => {
  test('under random models', () => {
    fc.assert(
      fc.property(randomModel, randomLitmus.filter(isSmall), (cat, text) => {
        const model = modelOf(cat);
        const program = programOf(text);
        expect(checkWithModel(program, model)).toEqual(checkEachExecution(program, model));
      }),
      RUNS,
    );
  });

  const linux = linuxSource();
  test.skipIf(linux === undefined)(
    `under the kernel's model (${linux === undefined ? WITHOUT_LINUX : 'Linux 6.1'})`,
    () => {
      const model = kernelModel(linux!);
      fc.assert(
        fc.property(randomLitmus.filter(isSmall), (text) => {
          const program = programOf(text);
          expect(checkWithModel(program, model)).toEqual(checkEachExecution(program, model));
        }),
        RUNS,
      );
    },
  );
});
