/** `racy-reread`: a pointer that is tested by one load and followed by another. Expectations follow the C of the samples: the
 *  second load can return what was stored in between (as rcu_dereference.rst has it of a compiler that reloads). */

import { describe, test } from 'vitest';
import { checkDiagnostics } from '../support/check.ts';

const IN_KERNEL = { inKernel: true };

const receive = (code: string, clear = 'RCU_INIT_POINTER(port->handler, NULL);', more = '') => `
    struct handler { int (*rx)(struct handler *h, void *packet); int packets; };
    struct port { struct handler __rcu *handler; struct mutex lock; };
    void attach(struct port *port, struct handler *h)
    {
            mutex_lock(&port->lock);
            rcu_assign_pointer(port->handler, h);
            mutex_unlock(&port->lock);
    }
    void detach(struct port *port)
    {
            mutex_lock(&port->lock);
            ${clear}
            mutex_unlock(&port->lock);
            synchronize_rcu();
    }
    ${more}
    int receive(struct port *port, void *packet)
    {
            struct handler *h;
            int ret = -ENODEV;
            rcu_read_lock();
${code}
            rcu_read_unlock();
            return ret;
    }`;

const AGAIN =
  'information: racy-reread: port.handler is read again after it was tested: detach() can clear it in between, and receive() follows a null pointer';

test('followed by a second rcu_dereference()', () =>
  checkDiagnostics(
    receive(`            if (rcu_dereference(port->handler))
                    ret = rcu_dereference(port->handler)->packets;
                        //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${AGAIN}`),
    IN_KERNEL,
  ));

test('by a variable that nothing tests, behind rcu_access_pointer()', () =>
  checkDiagnostics(
    receive(`            if (!rcu_access_pointer(port->handler))
                    goto out;
            h = rcu_dereference(port->handler);
              //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ${AGAIN}
            ret = h->packets;
    out:`),
    IN_KERNEL,
  ));

test('plainly', () =>
  checkDiagnostics(
    receive(
      `            if (READ_ONCE(port->handler) != NULL)
                    ret = port->handler->packets;
                        //^^^^^^^^^^^^^ ${AGAIN}`,
      'WRITE_ONCE(port->handler, NULL);',
    ),
    IN_KERNEL,
  ));

test.each([
  ['read once', 'h = rcu_dereference(port->handler); if (h) ret = h->packets;'],
  [
    'tested again',
    'if (rcu_access_pointer(port->handler)) { h = rcu_dereference(port->handler); if (h) ret = h->packets; }',
  ],
  [
    'read again under the lock that keeps stores away',
    'if (rcu_access_pointer(port->handler)) { mutex_lock(&port->lock); ret = rcu_dereference_protected(port->handler, 1)->packets; mutex_unlock(&port->lock); }',
  ],
  [
    'of another object then',
    'if (rcu_dereference(port->handler)) { port = next_of(port); ret = rcu_dereference(port->handler)->packets; }',
  ],
  [
    'only compared',
    'if (rcu_access_pointer(port->handler)) ret = rcu_access_pointer(port->handler) == h;',
  ],
])('silent where it is %s', (_, code) =>
  checkDiagnostics(receive(`            ${code}`), IN_KERNEL),
);

const TWICE =
  '            if (rcu_dereference(port->handler)) ret = rcu_dereference(port->handler)->packets;';

test('silent where nobody clears it, or only of an object that nobody knows yet', async () => {
  await checkDiagnostics(receive(TWICE, 'port_is_gone(port);'), IN_KERNEL);
  const make = `struct port *make(void)
    {
            struct port *port = kzalloc(sizeof(*port), GFP_KERNEL);
            if (port)
                    RCU_INIT_POINTER(port->handler, NULL);
            return port;
    }`;
  await checkDiagnostics(receive(TWICE, 'port_is_gone(port);', make), IN_KERNEL);
});

test('silent where a lock is taken around both', () =>
  checkDiagnostics(
    receive(`            mutex_lock(&port->lock);
${TWICE}
            mutex_unlock(&port->lock);`),
    IN_KERNEL,
  ));

/** A pointer that is made when it is first asked for, by whoever comes first. */
const context = (code: string) => `
    struct context { int leases; };
    struct inode { struct context *context; };
    struct context *context_of(struct inode *inode)
    {
            struct context *new;
            ${code}
    }`;

const made = `new = kmem_cache_alloc(contexts, GFP_KERNEL);
            if (!new)
                    return NULL;
            spin_lock_init(&new->lock);
            if (cmpxchg(&inode->context, NULL, new))
                    kmem_cache_free(contexts, new);`;

test('tested and returned by plain reads, where cmpxchg() stores it', () =>
  checkDiagnostics(
    context(`if (likely(inode->context))
                    goto out;
            ${made}
    out:
            return inode->context;
                 //^^^^^^^^^^^^^^ information: racy-reread: inode.context is tested and read again by plain reads, while another CPU stores it in context_of(): the compiler may make this read first, and find the null pointer that the test was to keep out`),
    IN_KERNEL,
  ));

test.each([
  `struct context *known = READ_ONCE(inode->context); if (known) return known; ${made} return READ_ONCE(inode->context);`,
  `spin_lock(&inodes); if (inode->context) goto out; ${made} out: new = inode->context; spin_unlock(&inodes); return new;`,
  'if (inode->context) return inode->context; return NULL;',
])('silent: %s', (code) => checkDiagnostics(context(code), IN_KERNEL));

/** A pointer that one function makes known by an exchange, and others ask for by one that gives it to them. */
const keyring = (getter: string, store = 'cmpxchg_release(&user->keys, NULL, keys)') => `
    //- /keys.h
    struct keys { int count; };
    struct user { struct keys *keys; spinlock_t lock; };
    static inline struct keys *keys_of(const struct user *user)
    {
            ${getter}
    }
    //- /install.c
    #include "keys.h"
    void install(struct user *user, struct keys *keys)
    {
            if (${store} != NULL)
                    kmem_cache_free(keyrings, keys);
    }
    //- /count.c
    #include "keys.h"
    int count(struct user *user)
    {
            struct keys *keys = keys_of(user);
            return keys ? keys->count : 0;
    }`;

describe('plain reads of a pointer that another function exchanges', () => {
  const mark =
    'information: racy-reread: user.keys is tested and read again by plain reads, while another CPU stores it in install(): the compiler may make this read first, and find the null pointer that the test was to keep out';

  test('tested and returned', () =>
    checkDiagnostics(
      keyring(`if (!user->keys)
                    return NULL;
            return user->keys;
                 //^^^^^^^^^^ ${mark}`),
      IN_KERNEL,
    ));

  test('tested and followed', () =>
    checkDiagnostics(
      keyring(`if (user->keys && user->keys->count > 0)
                            //^^^^^^^^^^ ${mark}
                    return READ_ONCE(user->keys);
            return NULL;`),
      IN_KERNEL,
    ));

  test.each([
    ['acquired once', 'return smp_load_acquire(&user->keys);'],
    ['read once', 'struct keys *keys = READ_ONCE(user->keys); return keys;'],
    [
      'read under a lock',
      'struct keys *keys = NULL; spin_lock(&user->lock); if (user->keys) keys = user->keys; spin_unlock(&user->lock); return keys;',
    ],
  ])('silent where it is %s', (_, getter) => checkDiagnostics(keyring(getter), IN_KERNEL));

  test('silent where the other function stores it by no exchange', () =>
    checkDiagnostics(
      keyring(
        'if (!user->keys) return NULL; return user->keys;',
        'spin_trylock(&user->lock) ? (user->keys = keys) : NULL',
      ),
      IN_KERNEL,
    ));
});

/** An entry whose port is tested, and given to a function. */
const forward = (follow: string, given = 'READ_ONCE(f->port)') => `
    struct port { int number; };
    struct entry { struct port *port; spinlock_t lock; };
    int send(struct port *p) { ${follow} }
    int forward(struct entry *f)
    {
            if (!READ_ONCE(f->port))
                    return -ENODEV;
            return send(${given});
                      MARK
    }
    void leave(struct entry *f)
    {
            spin_lock(&f->lock);
            WRITE_ONCE(f->port, NULL);
            spin_unlock(&f->lock);
    }`;

describe('given to a function by a second read', () => {
  test('that follows it', () =>
    checkDiagnostics(
      forward('return transmit(p->number);').replace(
        'MARK',
        '//^^^^^^^^^^^^^^^^^^ information: racy-reread: entry.port is read again after it was tested: leave() can clear it in between, and send() follows a null pointer',
      ),
      IN_KERNEL,
    ));
  test.each([
    ['that tests it', 'if (!p) return 0; return transmit(p->number);'],
    ['that only compares it', 'return p == home_port();'],
  ])('silent: %s', (_, follow) => checkDiagnostics(forward(follow).replace('MARK', ''), IN_KERNEL));
});
