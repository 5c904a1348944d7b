/** `unresolved-claim`: a comment that names a partner which is not there. */

import { describe, test } from 'vitest';
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

const HELPED = (helper: string, claim: string) => `
  struct box { int data; int flag; };
  void ${helper}(struct box *b)
  {
          WRITE_ONCE(b->data, 1);
          smp_wmb();
          WRITE_ONCE(b->flag, 1);
  }
  void publish(struct box *b)
  {
          ${helper}(b);
  }
  int consume(struct box *b)
  {
          if (!READ_ONCE(b->flag))
                  return -1;
          /* Pairs with smp_wmb() in publish(). */
${claim}
          smp_rmb();
          return READ_ONCE(b->data);
  }
`;

test('the operation has moved into a helper of another name', () => {
  checkDiagnostics(
    HELPED(
      'fill_box',
      '           //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unresolved-claim: the comment of smp_rmb() names publish() as its partner, which has no smp_wmb(): the smp_wmb() of fill_box(), which it calls, may be meant',
    ),
  );
  checkDiagnostics(HELPED('__publish', ''));
});

test('something else than the operation that is named orders', () =>
  checkDiagnostics(`
    struct box { int data; unsigned long flag; };
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            if (test_and_set_bit(READY, &b->flag))
                    reset(b);
    }
    int consume(struct box *b)
    {
            if (!test_bit(READY, &b->flag))
                    return -1;
            /* Pairs with smp_wmb() in publish(). */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unresolved-claim: the comment of smp_rmb() names publish() as its partner, which has no smp_wmb(): its test_and_set_bit() may be meant
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

test('a name that stands for several is not looked for', () =>
  checkDiagnostics(`
    struct box { int data; int flag; };
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in publish_box_*(). */
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

test('what orders stands further down, behind a macro', () =>
  checkDiagnostics(`
    #define set_or(p, mask) ({ int old = *(p); do { } while (!try_cmpxchg(p, &old, old | (mask))); old; })
    struct box { int flags; int polling; };
    static int set_flag(struct box *b) { return set_or(&b->flags, 1); }
    void kick(struct box *b)
    {
            if (!set_flag(b))
                    send(b);
    }
    int idle(struct box *b)
    {
            WRITE_ONCE(b->polling, 0);
            /* paired with kick() */
            smp_mb();
            return READ_ONCE(b->flags);
    }
  `));

test('a call through a pointer may order', () =>
  checkDiagnostics(`
    struct box;
    struct ops { void (*fill)(struct box *b); };
    struct box { int data; int flag; const struct ops *ops; };
    void fill(struct box *b)
    {
            b->ops->fill(b);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with smp_wmb() in fill(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

test('a lock is no barrier that is named; where the comment is vague it may be meant', () =>
  checkDiagnostics(`
    struct box { int data; int flag; spinlock_t lock; };
    static void locked(struct box *b)
    {
            spin_lock(&b->lock);
            b->data = 1;
            spin_unlock(&b->lock);
    }
    void reset(struct box *b)
    {
            locked(b);
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
    int other(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            /* Pairs with reset(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

test('a barrier of the same side is no partner', () =>
  checkDiagnostics(`
    struct box { int data; int flag; int other; };
    void reset(struct box *b)
    {
            b->data = 0;
            smp_wmb();
            b->other = 0;
    }
    void publish(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* Pairs with the barrier in reset(). */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_wmb() names reset() as its partner, whose smp_wmb() cannot pair with it
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
  `));

const MOVED = `
  struct room { int used; int size; };
  struct box { struct room *room; const struct ops *ops; };
  struct ops { void (*flush)(struct box *b); };
  void commit(struct room *r)
  {
          smp_store_release(&r->used, r->size);
  }
  void push(struct room *r)
  {
          commit(r);
  }
  void flush(struct box *b)
  {
          mutex_lock(&b->lock);
          b->room = NULL;
          CALL
          mutex_unlock(&b->lock);
  }
  int take(struct room *r)
  {
          /* Paired w/ release in flush() */
           //^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_load_acquire() names flush() as its partner, which never writes room.used; commit() does
          return smp_load_acquire(&r->used);
  }
`;

test('the function has nothing to do with what the acquire is on, and another one has', () => {
  checkDiagnostics(MOVED.replace('CALL', ''));
  checkDiagnostics(MOVED.replace('CALL', 'b->ops->flush(b);'));
});

test('what is written in a callee is written', () =>
  checkDiagnostics(
    MOVED.replace('CALL', 'commit(b->room);')
      .split('\n')
      .filter((line) => !line.includes('^'))
      .join('\n'),
  ));

test('a name that has changed is found by its words, or by the object of the barrier', () =>
  checkDiagnostics(`
    struct box { int done; int data; int state; };
    int box_do_poll(struct box *b)
    {
            return smp_load_acquire(&b->done);
    }
    void box_coupled_set_waiting(struct box *b)
    {
            b->data = 1;
            atomic_inc_return(&b->state);
    }
    void finish(struct box *b)
    {
            /* order with poll_complete() checking ->done */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_store_release() names poll_complete() as its partner, and there is no such function; did you mean box_do_poll()?
            smp_store_release(&b->done, 1);
    }
    int ready(struct box *b)
    {
            int state = b->state;
            /* Matches the write barriers box_set_state_waiting. */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_rmb() names box_set_state_waiting() as its partner, and there is no such function; did you mean box_coupled_set_waiting()?
            smp_rmb();
            return state + b->data;
    }
  `));

test('words of order may name a function of this side', () =>
  checkDiagnostics(`
    struct box { int data; int cpu; };
    static int cpu_of(struct box *b) { return b->cpu; }
    int install(struct box *b)
    {
            WRITE_ONCE(b->data, 1);
            /* orders the store with the load of cpu_of() */
            smp_mb();
            return cpu_of(b);
    }
  `));

test('a comment that is nothing but "see f()" sends to a side without an order', () =>
  checkDiagnostics(`
    struct ring { int head; int slot; };
    static int head_of(struct ring *r)
    {
            return r->slot;
    }
    void update(struct ring *r)
    {
            WRITE_ONCE(r->slot, 1);
            smp_wmb(); /* see head_of() */
                        //^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_wmb() names head_of() as its partner, which has no barrier
            r->head = 1;
    }
  `));

test('the named function has lost its barrier, and one that it calls has another', () =>
  checkDiagnostics(`
    struct box { int data, ready, head; };
    static void fill(struct box *b)
    {
            b->data = 1;
            smp_wmb();
            WRITE_ONCE(b->ready, 1);
    }
    void publish(struct box *b)
    {
            fill(b);
            WRITE_ONCE(b->head, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->head))
                    return -1;
            /* Pairs with the smp_wmb() in publish(). */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_rmb() names publish() as its partner, which has no smp_wmb() of its own: the one in fill(), which it calls, pairs with the smp_rmb() in line 22
            smp_rmb();
            if (!READ_ONCE(b->ready))
                    return -1;
            /* Pairs with the smp_wmb() in fill(). */
            smp_rmb();
            return READ_ONCE(b->data);
    }
  `));

test('what comes of the barrier that is missing', () =>
  checkDiagnostics(`
    struct box { int data, flag; };
    void publish(struct box *b)
    {
            b->data = 1;
            /* Pairs with smp_rmb() in consume(). */
             //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of smp_wmb() names consume() as its partner, which has no barrier: consume() sees the new box.flag and then the old box.data
            smp_wmb();
            WRITE_ONCE(b->flag, 1);
    }
    int consume(struct box *b)
    {
            if (!READ_ONCE(b->flag))
                    return -1;
            return b->data;
    }
  `));

test('nothing is missing where a dependency gives the order', () =>
  checkDiagnostics(`
    struct box { int data; };
    static struct box *the_box;
    void publish(struct box *b)
    {
            b->data = 1;
            /* Pairs with consume(). */
            smp_store_release(&the_box, b);
    }
    int consume(void)
    {
            struct box *b = READ_ONCE(the_box);
            return b ? b->data : -1;
    }
  `));

test('an acquire that is a read with dependents is no lost partner', () =>
  checkDiagnostics(
    `
    struct cpu { int features; };
    struct vm { struct cpu *cpus[4]; };
    void create(struct vm *vm, struct cpu *cpu, int i)
    {
            cpu->features = 3;
            /* Pairs with the acquire in load(). */
            smp_store_release(&vm->cpus[i], cpu);
    }
    int load(struct vm *vm, int i)
    {
            struct cpu *cpu = READ_ONCE(vm->cpus[i]);
            return cpu ? cpu->features : 0;
    }`,
    { inKernel: true },
  ));

test('what comes of an operation that is not there is told in its place', () =>
  checkDiagnostics(
    `
    struct job { int done; struct task_struct *waiter; };
    void job_done(struct job *j)
    {
            struct task_struct *t;
            WRITE_ONCE(j->done, 1);
            /* Pairs with the barrier in set_current_state() in job_wait(). */
            smp_mb();
          //^^^^^^^^ warning: unpaired-barrier: nothing in job_wait() pairs with it: job_done() misses the new job.waiter while job_wait() misses the new job.done
            t = READ_ONCE(j->waiter);
            if (t)
                    wake_up_process(t);
    }
    void job_wait(struct job *j)
    {
            WRITE_ONCE(j->waiter, current);
            for (;;) {
                    __set_current_state(TASK_UNINTERRUPTIBLE);
                    if (READ_ONCE(j->done))
                      //^^^^^^^^^^^^^^^^^^ warning: lost-wake-up: nothing orders the state before this test of job.done: job_wait() can see it as it was while job_done() still finds it running and wakes nobody
                            break;
                    schedule();
            }
            __set_current_state(TASK_RUNNING);
    }`,
    { inKernel: true },
  ));

describe('a full barrier that names a full one which is not there', () => {
  const pass = (own: string, there: string, mark = '') => `
    struct gate { spinlock_t lock; int closed; int inside; };
    void close(struct gate *g)
    {
            WRITE_ONCE(g->closed, 1);
            /* Pairs with smp_mb__after_spinlock() in enter(). */
            ${mark}
            ${own}
            while (READ_ONCE(g->inside))
                    cpu_relax();
    }
    bool enter(struct gate *g)
    {
            spin_lock(&g->lock);
            ${there}
            return !smp_load_acquire(&g->closed);
    }`;

  test('an acquire does not do its work', () =>
    checkDiagnostics(
      pass(
        'smp_mb();',
        '',
        ` //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: unresolved-claim: the comment of smp_mb() names enter() as its partner, which has no smp_mb__after_spinlock(): its smp_load_acquire() may be meant`,
      ),
      { inKernel: true },
    ));

  test.each(['smp_mb__after_spinlock();', 'smp_mb();'])('silent where there is %s', (there) =>
    checkDiagnostics(pass('smp_mb();', there), { inKernel: true }),
  );

  test('silent where a lesser one says so', () =>
    checkDiagnostics(pass('smp_wmb();', ''), { inKernel: true }));
});

/** A port whose state is published by its registration, which first has another function publish what it found, to others. */
const port = (order: string, comment = 'Pairs with the smp_rmb() in port_link().') => `
    struct port { int speed; int linked; int state; int owner; };
    void probe_link(struct port *p)
    {
            p->speed = read_speed(p);
            /* ${comment} */
            smp_wmb();
            WRITE_ONCE(p->linked, 1);
    }
    int port_link(struct port *p)
    {
            if (!READ_ONCE(p->linked))
                    return -1;
            /* Pairs with the smp_wmb() in probe_link(). */
            smp_rmb();
            return p->speed;
    }
    void register_port(struct port *p, int owner)
    {
            probe_link(p);
            p->owner = owner;
            ${order}
            WRITE_ONCE(p->state, 2);
    }
    int owner_of(struct port *p)
    {
            if (READ_ONCE(p->state) != 2)
                    return -1;
            /* Pairs with the smp_wmb() in register_port(). */
            smp_rmb();
          //^^^^^^^^^ warning: unpaired-barrier: nothing in register_port() pairs with it: owner_of() sees the new port.state and then the old port.owner
            return p->owner;
    }`;

test('the barrier of a function that is called has its own partner, which names it in turn', () =>
  checkDiagnostics(port('')));

test('silent where the function that is named has one', () =>
  checkDiagnostics(port('smp_wmb();').replace(/\n *\/\/\^.*/, '')));

test('where nobody says which barrier is meant, that may have more partners: what is missing is told where it is missing', () =>
  checkDiagnostics(
    port('')
      .replace(/\n *\/\/\^.*/, '')
      .replace('Pairs with the smp_wmb() in register_port().', 'Pairs with register_port().')
      .replace(
        'WRITE_ONCE(p->state, 2);',
        `WRITE_ONCE(p->state, 2);
          //^^^^^^^^^^^^^^^^^^^^^^^ warning: unpaired-barrier: nothing orders port.owner before port.state in register_port(), as smp_rmb() in owner_of() does on the other side: owner_of() sees the new port.state and then the old port.owner`,
      ),
  ));

describe('a barrier that is said to stand beside an operation', () => {
  const queue = (behind: string, mark = '') => `
    struct work { unsigned long flags; void (*run)(struct work *work); };
    #define QUEUED 0
    bool queue(struct work *work)
    {
            return !test_and_set_bit(QUEUED, &work->flags);
    }
    void kick(struct work *work)
    {
            /* test_and_set_bit() in queue() is one. Pairs with the barrier behind clear_bit_unlock() in run_all(). */
${mark}
            queue(work);
    }
    static void barrier_of(struct work *work) { smp_mb(); }
    void run_all(struct work *work)
    {
            smp_mb();
            clear_bit_unlock(QUEUED, &work->flags);
            ${behind}
            work->run(work);
    }`;
  const IN_KERNEL = { inKernel: true };

  test('is missed where nothing orders there, though something does elsewhere', () =>
    checkDiagnostics(
      queue(
        '',
        '                                                   //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: unresolved-claim: the comment of queue() names run_all() as its partner, which has no barrier behind its clear_bit_unlock()',
      ),
      IN_KERNEL,
    ));

  test.each([
    'smp_mb__after_atomic();',
    'barrier_of(work);',
    'xchg(&work->flags, 2);',
    'sync_core();',
  ])('silent with %s', (behind) => checkDiagnostics(queue(behind), IN_KERNEL));
});
