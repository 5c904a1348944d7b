/** `unpaired-barrier`: fires where the other side accesses the same fields with nothing between, and only there. */

import { test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

test('a writer whose reader has no read barrier', () =>
  checkDiagnostics(`
    //- /writer.c
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* See the smp_rmb() in consume(). */
            smp_wmb();
          //^^^^^^^^^ warning: unpaired-barrier: nothing in consume() pairs with it: consume() sees the new box.flag and then the old box.data
            WRITE_ONCE(b->flag, 1);
    }
    //- /reader.c
    struct box { int data; int flag; };
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            return READ_ONCE(b->data);
    }
  `));

test('a reader whose writer has no write barrier', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* See the smp_wmb() in publish(). */
            smp_rmb();
          //^^^^^^^^^ warning: unpaired-barrier: nothing in publish() pairs with it: consume() sees the new box.flag and then the old box.data
            return READ_ONCE(b->data);
    }
  `));

test('an acquire on the other side is an order', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with the acquire in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!smp_load_acquire(&b->flag))
                    return -1;
            return READ_ONCE(b->data);
    }
  `));

test('a lock between the two accesses may be the order', () =>
  checkDiagnostics(`
    struct box { int data; int flag; spinlock_t lock; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with the lock in consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            int data = 0;
            if (!READ_ONCE(b->flag))
                    return -1;
            spin_lock(&b->lock);
            data = b->data;
            spin_unlock(&b->lock);
            return data;
    }
  `));

test('a device barrier has its partner in the device', () =>
  checkDiagnostics(`
    struct ring { int descriptor; int doorbell; };
    void kick(struct ring *r)
    {
            r->descriptor = 1;
            /* The device, see poll(). */
            dma_wmb();
            WRITE_ONCE(r->doorbell, 1);
    }
    void start(struct ring *r)
    {
            r->descriptor = 1;
            /* The device, see poll(). */
            wmb();
            WRITE_ONCE(r->doorbell, 1);
    }
    int poll(struct ring *r)
    {
            return READ_ONCE(r->doorbell) + READ_ONCE(r->descriptor);
    }
  `));

test('code that the parser cannot follow is not judged', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with consume(). */
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (READ_ONCE(b->flag) {
            return READ_ONCE(b->data);
    }
  `));
