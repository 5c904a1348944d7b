/** `uncommented-barrier`: a hint on a barrier between CPUs without a comment. */

import { test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

test('barriers without a comment, but those for devices', () =>
  checkDiagnostics(
    `
      struct box { int data; int flag; };
      void publish(struct box *b)
      {
              WRITE_ONCE(b->data, 1);
              smp_wmb();
            //^^^^^^^^^ hint: uncommented-barrier: smp_wmb() has no comment that says what it orders and with whom it pairs
              WRITE_ONCE(b->flag, 1);
              wmb();
              dma_wmb();
              smp_mb(); /* against whoever reads it */
              WRITE_ONCE(b->flag, 2);
      }
    `,
    { hints: true },
  ));
