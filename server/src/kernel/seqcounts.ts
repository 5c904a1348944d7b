/** Sequence counters and sequential locks: read and write barriers beside the counter's own access. */

import type { Ordering, Primitive, Source } from './primitive.ts';
import { ACQUIRE, at, RELEASE, row } from './row.ts';

const DOCUMENT = 'Documentation/locking/seqlock.rst';
const COUNTERS: Source = { document: DOCUMENT, section: 'Sequence counters (``seqcount_t``)' };
const LATCHES: Source = {
  document: DOCUMENT,
  section: 'Latch sequence counters (``seqcount_latch_t``)',
};
const LOCKS: Source = { document: DOCUMENT, section: 'Sequential locks (``seqlock_t``)' };

/** The counter is read, then a read barrier, then the data. */
const READ_BEGIN: readonly Ordering[] = [
  { before: 'own-read', after: 'reads' },
  { before: 'reads', after: 'reads' },
];
/** The data, then a read barrier, then the counter again. */
const READ_RETRY: readonly Ordering[] = [
  { before: 'reads', after: 'own-read' },
  { before: 'reads', after: 'reads' },
];
/** The counter is made odd, then a write barrier, then the data. */
const WRITE_BEGIN: readonly Ordering[] = [
  { before: 'own-write', after: 'writes' },
  { before: 'writes', after: 'writes' },
];
/** The data, then a write barrier, then the counter is made even. */
const WRITE_END: readonly Ordering[] = [
  { before: 'writes', after: 'own-write' },
  { before: 'writes', after: 'writes' },
];
/** A write barrier on both sides of the step (latch, `raw_write_seqcount_barrier`). */
const WRITE_STEP: readonly Ordering[] = [
  { before: 'writes', after: 'own-write' },
  { before: 'own-write', after: 'writes' },
  { before: 'writes', after: 'writes' },
];

/** A group of names with one meaning; the counter or lock is argument 0 of all. */
interface Group {
  readonly names: readonly string[];
  readonly source: Source;
  readonly side: 'seqcount-reader' | 'seqcount-writer' | 'lock' | 'unlock';
  readonly orders: readonly Ordering[];
}

const GROUPS: readonly Group[] = [
  {
    names: ['read_seqcount_begin', 'raw_read_seqcount_begin', 'raw_read_seqcount'],
    source: COUNTERS,
    side: 'seqcount-reader',
    orders: READ_BEGIN,
  },
  {
    names: ['raw_seqcount_begin', '__read_seqcount_begin'],
    source: COUNTERS,
    side: 'seqcount-reader',
    orders: READ_BEGIN,
  },
  {
    names: ['read_seqcount_retry'],
    source: COUNTERS,
    side: 'seqcount-reader',
    orders: READ_RETRY,
  },
  { names: ['__read_seqcount_retry'], source: COUNTERS, side: 'seqcount-reader', orders: [] },
  {
    names: ['write_seqcount_begin', 'write_seqcount_begin_nested', 'raw_write_seqcount_begin'],
    source: COUNTERS,
    side: 'seqcount-writer',
    orders: WRITE_BEGIN,
  },
  {
    names: ['write_seqcount_end', 'raw_write_seqcount_end'],
    source: COUNTERS,
    side: 'seqcount-writer',
    orders: WRITE_END,
  },
  {
    names: ['raw_write_seqcount_barrier', 'write_seqcount_invalidate'],
    source: COUNTERS,
    side: 'seqcount-writer',
    orders: WRITE_STEP,
  },
  {
    names: ['raw_write_seqcount_latch', 'write_seqcount_latch', 'write_seqcount_latch_begin'],
    source: LATCHES,
    side: 'seqcount-writer',
    orders: WRITE_STEP,
  },
  {
    names: ['raw_read_seqcount_latch', 'read_seqcount_latch'],
    source: LATCHES,
    side: 'seqcount-reader',
    orders: [{ before: 'own-read', after: 'dependent' }],
  },
  {
    names: ['read_seqcount_latch_retry', 'raw_read_seqcount_latch_retry'],
    source: LATCHES,
    side: 'seqcount-reader',
    orders: READ_RETRY,
  },
  {
    names: ['read_seqbegin', 'read_seqbegin_or_lock'],
    source: LOCKS,
    side: 'seqcount-reader',
    orders: READ_BEGIN,
  },
  {
    names: ['read_seqretry', 'need_seqretry'],
    source: LOCKS,
    side: 'seqcount-reader',
    orders: READ_RETRY,
  },
  {
    names: ['write_seqlock', 'write_seqlock_irq', 'write_seqlock_irqsave', 'write_seqlock_bh'],
    source: LOCKS,
    side: 'seqcount-writer',
    orders: [...ACQUIRE, ...WRITE_BEGIN],
  },
  {
    names: [
      'write_sequnlock',
      'write_sequnlock_irq',
      'write_sequnlock_irqrestore',
      'write_sequnlock_bh',
    ],
    source: LOCKS,
    side: 'seqcount-writer',
    orders: [...RELEASE, { before: 'writes', after: 'writes' }],
  },
  {
    names: [
      'read_seqlock_excl',
      'read_seqlock_excl_irq',
      'read_seqlock_excl_irqsave',
      'read_seqlock_excl_bh',
    ],
    source: LOCKS,
    side: 'lock',
    orders: ACQUIRE,
  },
  {
    names: [
      'read_sequnlock_excl',
      'read_sequnlock_excl_irq',
      'read_sequnlock_excl_irqrestore',
      'read_sequnlock_excl_bh',
    ],
    source: LOCKS,
    side: 'unlock',
    orders: RELEASE,
  },
];

/** Every operation on a sequence counter or lock. */
export const seqcounts: readonly Primitive[] = GROUPS.flatMap(({ names, source, side, orders }) =>
  names.map((name) =>
    row(name, side, source, {
      access: at(0, side === 'seqcount-reader' ? 'read' : 'read-write'),
      orders,
    }),
  ),
);
