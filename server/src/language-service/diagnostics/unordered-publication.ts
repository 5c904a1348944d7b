/** `unordered-publication`: a pointer, or a flag, can be found before the fields that it leads to. */

import { fieldName, shownField } from '../../facts/file-facts.ts';
import { refKey } from '../../pairing/orient.ts';
import type { Pairing, SharedOrder } from '../../pairing/pairing.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { decisive } from '../verdict.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const unorderedPublication: CheckedKind = {
  code: 'unordered-publication',
  meaning:
    'A function fills an object and stores a pointer to it where another function finds it without a lock, or it fills fields and sets a flag. The store of the pointer or flag orders nothing, or a field is stored only after it: the other function can follow the pointer, or see the flag, and read the field as it was before.',
  fires:
    'Where the pointer is stored by a plain or marked store in a critical section, by the function that fills the object or one that it gives it to or gets it from, or the object is added to a list by what leaves it to the lock (list_add(), hlist_add_head()) and others walk the list by an RCU form, or the pointer is stored by an atomic operation that orders nothing before it (cmpxchg_relaxed(), xchg_acquire()), or a field of a new object is stored behind it, or behind its addition to an RCU list, a list without a lock (llist_add()), an XArray or an IDR (of one that the function is given where it gets its number there, by idr_alloc() or xa_alloc()), in the function or in one that it is given to, or behind the call that lets a function run which is given the object (work, a tasklet, an interrupt handler, a thread), or a field of what others wait for behind complete(), and a function that takes no lock follows the pointer, which it reads or takes out by xchg(), to that field, itself or in what it calls; or where every function that stores a field (but for the reader) stores it and then a marked or atomic flag (or, under a lock, a pointer) of the same object, or of the one of which it is an entry or a part, and a function tests the flag by a marked read (the pointer by any) or an atomic operation that returns a value and then reads the field, the stores, looks and reads be they in helpers, one of the two takes no lock, neither has a barrier, and the first function does not make the object, as where others count the flag or mark their stores to what it stores plainly; or where a flag is tested without a lock and again under one, be it in functions that are called, and behind the second look fields of the same object, or variables beside it, and then the flag are stored, and who looked without the lock reads them; and the simulation of both as they are (and as they are called, where all callers take a lock) shows the outcome; the execution is attached.',
  fix: 'Store the pointer or flag by smp_store_release() or rcu_assign_pointer(), add to the list by list_add_rcu(), after all fields; let the reader use smp_load_acquire(), READ_ONCE() or rcu_dereference().',
  asks: (tree) => tree.idioms().filter(({ idiom }) => idiom === 'publication'),
  check: (moment) =>
    moment.tree
      .idiomsIn(moment.file)
      .filter(({ idiom, sites: [{ file }] }) => idiom === 'publication' && file === moment.file)
      .flatMap((pairing) => finding(moment, pairing)),
};

function finding(moment: FileMoment, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const { order, bad } = decisive(answer)!;
  if (isToldOfBarrier(moment, pairing, order)) return [];
  const [first, last] = order.accesses[0];
  const [field, pointer] = [shownField(order.first), shownField(order.second)];
  const how = order.isFlag === true ? 'it is announced' : 'the object is found';
  const late =
    order.start === undefined
      ? `${pointer}, by which others go already`
      : `${order.start.by}(), which lets ${order.start.runs}() run`;
  const message =
    order.misplaced !== undefined
      ? `${field} is stored after ${late}: ${bad}`
      : `nothing orders the store to ${field} before ${pointer}, by which ${how}: ${bad}`;
  // What a helper stores both of is told there.
  const isBelow =
    first.via.at(-1) === last.via.at(-1) && (last.innerFile ?? last.file) === moment.file;
  const span = isBelow ? (last.inner ?? last.span) : last.span;
  return [{ span, message, related: stepsOf(moment, answer) }];
}

/** Whether a reader's barrier is known to miss the order of the same store: `unpaired-barrier` tells it. */
function isToldOfBarrier(
  { tree, verdictOf }: FileMoment,
  { sites: [writer] }: Pairing,
  { second }: SharedOrder,
): boolean {
  const pointer = fieldName(second);
  return tree
    .idiomsIn(writer.file)
    .some(
      (other) =>
        other.idiom === 'one-sided' &&
        refKey(other.sites[1]) === refKey(writer) &&
        other.orders.some((order) => fieldName(order.first) === pointer) &&
        verdictOf(other)?.answer?.verdict.kind === 'broken',
    );
}
