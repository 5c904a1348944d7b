/** What a model's text implies for every program. */

import { describe, expect, test } from 'vitest';
import { factsOf } from '../../server/src/cat/model-facts.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { kernelModel, modelOf } from './support/model.ts';

describe('coherence and atomicity', () => {
  test.each([
    ['include "cos.cat"', { isCoherent: true, isAtomic: false }],
    [
      'include "cos.cat"\nlet fr = rf^-1 ; co\nempty rmw & ((fr & ext) ; (co & ext))',
      { isCoherent: true, isAtomic: true },
    ],
    [
      'include "cos.cat"\nlet fr = rf^-1 ; co\nempty (rmw | po) & ((fr & ext) ; ((co | rf)+ & ext))',
      { isCoherent: true, isAtomic: true },
    ],
    [
      'include "cos.cat"\nlet fr = rf^-1 ; co\nempty rmw & ((fr & ext) ; (co & int))',
      { isCoherent: true, isAtomic: false },
    ],
    [
      'include "cos.cat"\nlet fr = rf^-1 ; co\nflag ~empty rmw & ((fr & ext) ; (co & ext)) as theft',
      { isCoherent: true, isAtomic: false },
    ],
    [
      'include "cross.cat"\nwith co from generate_cos(co0)\nacyclic po',
      { isCoherent: false, isAtomic: false },
    ],
    ['acyclic W', { isCoherent: false, isAtomic: false }],
  ])('%s', (cat, facts) => {
    expect(factsOf(modelOf(cat).instructions)).toEqual(facts);
  });

  const linux = linuxSource();
  test.skipIf(linux === undefined)(
    `of the kernel's model (${linux === undefined ? WITHOUT_LINUX : 'Linux 6.1'})`,
    () => {
      const { instructions } = kernelModel(linux!);
      expect(factsOf(instructions)).toEqual({ isCoherent: true, isAtomic: true });
    },
  );
});
