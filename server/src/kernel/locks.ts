/** Locks: acquisition is an acquire, release is a release, a failed attempt is nothing. */

import type { Primitive, RwLockAction } from './primitive.ts';
import { ACQUIRE, at, memoryBarriers, RELEASE, row } from './row.ts';

const SOURCE = memoryBarriers('LOCK ACQUISITION FUNCTIONS');

/** A family of names: what it acquires for certain, on success, and releases. `argument` is the lock. */
interface Family {
  readonly acquire: readonly string[];
  readonly attempt: readonly string[];
  readonly release: readonly string[];
  readonly argument?: number;
  /** Whom it excludes: everybody, as the LKMM's spinlock, or as a lock with readers and writers. What it
   *  does is C of the lowering's library where nothing is said. */
  readonly excludes?: 'all' | RwLockAction['side'];
}

/** The trylocks that are worth 1 on success; the interruptible ones are worth 0. */
const TRYLOCK = /trylock/;
const DOWNGRADES = /^downgrade/;

/** What takes one more argument: where flags are kept, the class of a lock to lockdep, the lock that is held around it. */
const FURTHER = /_(?:irqsave|irqrestore|nested|nest_lock)(?=_|$)/g;

type Does = Pick<Primitive, 'operation' | 'rwLock' | 'further'>;

/** Every lock operation. */
export const locks: readonly Primitive[] = [
  ...['spin', 'raw_spin'].map((name) => contextual(name, 'all')),
  contextual('read', 'read'),
  contextual('write', 'write'),
  ...otherFamilies(),
].flatMap(familyRows);

/** `spin_lock`, `spin_lock_irqsave`, `spin_trylock_bh`, `spin_unlock_irqrestore`, ... */
function contextual(name: string, excludes: Family['excludes']): Family {
  const contexts = ['', '_irq', '_irqsave', '_bh'];
  return {
    acquire: [...contexts, '_nested', '_irqsave_nested', '_nest_lock'].map(
      (context) => `${name}_lock${context}`,
    ),
    attempt: contexts.map((context) => `${name}_trylock${context}`),
    release: ['', '_irq', '_irqrestore', '_bh'].map((context) => `${name}_unlock${context}`),
    ...(excludes && { excludes }),
  };
}

function otherFamilies(): readonly Family[] {
  return [
    {
      acquire: ['mutex_lock', 'mutex_lock_nested', 'mutex_lock_nest_lock', 'mutex_lock_io'],
      attempt: [
        'mutex_trylock',
        'mutex_lock_interruptible',
        'mutex_lock_interruptible_nested',
        'mutex_lock_killable',
        'mutex_lock_killable_nested',
      ],
      release: ['mutex_unlock'],
      excludes: 'all',
    },
    {
      acquire: ['down'],
      attempt: ['down_trylock', 'down_interruptible', 'down_killable', 'down_timeout'],
      release: ['up'],
    },
    {
      acquire: ['down_read', 'down_read_nested', 'percpu_down_read'],
      attempt: [
        'down_read_trylock',
        'percpu_down_read_trylock',
        'down_read_killable',
        'down_read_interruptible',
      ],
      release: ['up_read', 'percpu_up_read'],
      excludes: 'read',
    },
    {
      acquire: ['down_write', 'down_write_nested', 'percpu_down_write'],
      attempt: ['down_write_trylock', 'down_write_killable', 'down_write_killable_nested'],
      release: ['up_write', 'percpu_up_write', 'downgrade_write'],
      excludes: 'write',
    },
    {
      acquire: ['rt_mutex_lock', 'rt_mutex_lock_nested', 'arch_spin_lock'],
      attempt: ['rt_mutex_trylock', 'rt_mutex_lock_interruptible', 'arch_spin_trylock'],
      release: ['rt_mutex_unlock', 'arch_spin_unlock'],
      excludes: 'all',
    },
    {
      acquire: ['bit_spin_lock'],
      attempt: ['bit_spin_trylock'],
      release: ['bit_spin_unlock', '__bit_spin_unlock'],
      argument: 1,
    },
    {
      acquire: ['hlist_bl_lock'],
      attempt: [],
      release: ['hlist_bl_unlock'],
    },
  ];
}

function familyRows({ acquire, attempt, release, argument = 0, excludes }: Family) {
  const does = (name: string, action: 'lock' | 'unlock' | 'trylock'): Does => {
    if (excludes === undefined) return {};
    const further = name.match(FURTHER)?.length ?? 0;
    if (excludes === 'all')
      return { operation: { kind: 'lock', action, location: argument }, further };
    return {
      further,
      rwLock: { side: excludes, action: DOWNGRADES.test(name) ? 'downgrade' : action },
    };
  };
  const access = at(argument, 'read-write');
  return [
    ...acquire.map((name) =>
      row(name, 'lock', SOURCE, { access, orders: ACQUIRE, ...does(name, 'lock') }),
    ),
    ...attempt.map((name) =>
      row(name, 'lock', SOURCE, {
        access,
        orders: ACQUIRE,
        when: 'on-success',
        ...(TRYLOCK.test(name) ? does(name, 'trylock') : {}),
      }),
    ),
    ...release.map((name) =>
      row(name, 'unlock', SOURCE, { access, orders: RELEASE, ...does(name, 'unlock') }),
    ),
  ];
}

/** Asking is no acquisition and orders nothing. */
export const lockQueries: readonly Primitive[] = [
  'spin_is_locked',
  'raw_spin_is_locked',
  'mutex_is_locked',
].map((name) =>
  row(name, 'marked-access', SOURCE, {
    access: at(0, 'read'),
    operation: { kind: 'lock', action: 'is-locked', location: 0 },
  }),
);
