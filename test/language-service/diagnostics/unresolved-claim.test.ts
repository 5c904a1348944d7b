/** `unresolved-claim`: a comment that names a partner which is not there. */

import { test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

test('the function named has no barrier', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void reset(struct box *b)
    {
            b->data = 0;
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in reset(). */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_rmb() names reset() as its partner, which has no barrier
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

test('there is no function of that name', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in publsih(). */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_rmb() names publsih() as its partner, and there is no such function
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

const MISSPELT = `
  struct box { int data; int flag; };
  void publish(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          /* Pairs with smp_rmb() in consume(). */
          smp_wmb();
          WRITE_ONCE(b->flag, 1);
  }
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* Pairs with smp_wmb() in publsih(). */
           //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_rmb() names publsih() as its partner, and there is no such function; did you mean publish()?
          smp_rmb();
          return READ_ONCE(b->data);
  }
`;

test('a misspelt name, also where the kernel is not at hand', () => {
  checkDiagnostics(MISSPELT);
  checkDiagnostics(MISSPELT, { extent: 'folder' });
});

test('before everything was read, a name may still turn up', () =>
  checkDiagnostics(
    MISSPELT.split('\n')
      .filter((line) => !line.includes('^'))
      .join('\n'),
    { extent: 'reading' },
  ));

test('outside of a kernel tree the function may be one of the kernel', () =>
  checkDiagnostics(
    `
      struct box { int data; int flag; };
      int consume(struct box *b)
      {
              if (!READ_ONCE(b->flag))
                      return -1;
              /* Pairs with smp_mb() in try_to_wake_up(). */
              smp_rmb();
              return READ_ONCE(b->data);
      }
    `,
    { extent: 'folder' },
  ));

test('"see f()" points at an explanation', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    void explain(struct box *b)
    {
            b->data = 0;
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* See explain(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

/** A reader with this comment, and functions that have no barrier. */
const withComment = (comment: string) => `
  struct box { int data; int flag; };
  void reset(struct box *b)
  {
          b->data = 0;
  }
  void close(struct box *b)
  {
          __close(b);
  }
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* ${comment} */
          smp_rmb();
          return READ_ONCE(b->data);
  }
`;

test('a bare name may be that of a variable', () =>
  checkDiagnostics(withComment('Synchronizes with the box_count increment in the reset code.')));

test('a barrier between two places is in neither', () =>
  checkDiagnostics(
    withComment('Pairs with the full barrier between the update of b->data and reset().'),
  ));

test('a function that only stands before another may have the barrier there', () =>
  checkDiagnostics(withComment('Pairs with smp_wmb() in close().')));
