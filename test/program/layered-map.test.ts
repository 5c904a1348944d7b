/** Maps that share what they do not change say what copies of them say. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extended } from '../../server/src/program/layered-map.ts';
import { SEED } from '../support/seed.ts';

const entries = fc.array(fc.tuple(fc.nat(12), fc.option(fc.nat(99), { nil: undefined })), {
  maxLength: 4,
});

test(`extended again and again, from any of them (BARRIERLENS_SEED=${SEED})`, () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), entries), { maxLength: 30 }), (steps) => {
      const copies = [new Map<number, number | undefined>()];
      const shared: ReadonlyMap<number, number | undefined>[] = [copies[0]!];
      for (const [from, added] of steps) {
        const at = from % copies.length;
        copies.push(new Map([...copies[at]!, ...added]));
        shared.push(extended(shared[at]!, added));
      }
      for (const [index, copy] of copies.entries()) {
        const map = shared[index]!;
        expect(map.size).toBe(copy.size);
        expect(new Map(map)).toEqual(copy);
        for (let key = 0; key <= 13; key++) {
          expect(map.get(key)).toBe(copy.get(key));
          expect(map.has(key)).toBe(copy.has(key));
        }
      }
    }),
    { seed: SEED },
  );
});
