/** Findings about what a bit of a map stands for, where the map is searched. */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

describe('what stands behind the bits of a map that others set', () => {
  const port = (order: string, take: string, mark = '') => `
    struct port { unsigned long pending; int slot[64]; };
    void raise(struct port *p, int nr, int value)
    {
            p->slot[nr] = value;
            ${order}
            set_bit(nr, &p->pending);
    ${mark}
    }
    int take(struct port *p)
    {
            int bit, sum = 0;
            ${take}
            return sum;
    }`;
  const looked = [
    'bit = find_first_bit(&p->pending, 64); if (bit < 64) { smp_rmb(); sum = p->slot[bit]; }',
    'for_each_set_bit(bit, &p->pending, 64) { smp_rmb(); sum += p->slot[bit]; }',
    'unsigned long pending = READ_ONCE(p->pending); smp_rmb(); for_each_set_bit(bit, &pending, 64) sum += p->slot[bit];',
    'for_each_set_bit(bit, &p->pending, 64) { smp_rmb(); sum += p->slot[bit]; clear_bit(bit, &p->pending); }',
  ];
  test.each(looked)('%s', (take) =>
    checkDiagnostics(
      port(
        '',
        take,
        '      //^^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders port.slot before port.pending in raise(), as smp_rmb() in take() does on the other side: take() sees the new port.pending and then the old port.slot',
      ),
      { inKernel: true },
    ),
  );
  test.each(looked)('silent where the two are ordered: %s', (take) =>
    checkDiagnostics(port('smp_wmb();', take), { inKernel: true }),
  );
});
