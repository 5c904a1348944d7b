/** `unordered-unlock`: a bit or a word that is used as a lock is given back by a store that orders nothing. */

import { fieldName } from '../../facts/file-facts.ts';
import type { Pairing } from '../../pairing/pairing.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { Tree } from '../tree.ts';
import { decisive } from '../verdict.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const unorderedUnlock: CheckedKind = {
  code: 'unordered-unlock',
  meaning:
    'An atomic operation takes a bit or a word like a lock, and a store gives it back that is no release: what was stored under it can become visible after that store, and whoever takes it next reads what was there before.',
  fires:
    'Where a function takes the bit or word by an atomic operation whose outcome it tests, stores to fields, and gives it back by clear_bit(), atomic_set(), WRITE_ONCE() or a plain store, in itself or in what it calls, another function of its folder, or the same on another CPU, takes it and reads such a field, and the simulation of both as they are shows the outcome; the execution is attached.',
  fix: 'Give it back by clear_bit_unlock(), atomic_set_release() or smp_store_release(), or put smp_mb__before_atomic() before clear_bit().',
  asks: handMade,
  check: (moment) => {
    const found = handMade(moment.tree)
      .filter(({ sites: [{ file }] }) => file === moment.file)
      .flatMap((pairing) => finding(moment, pairing));
    return [...new Map(found.map((each) => [each.span.start, each])).values()];
  },
};

function handMade(tree: Tree): readonly Pairing[] {
  return tree.idioms().filter(({ idiom }) => idiom === 'hand-made-lock');
}

function finding(moment: FileMoment, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const { order, bad } = decisive(answer)!;
  const [stored, give] = order.accesses[0];
  const lock = give.bit ?? fieldName(give.field);
  const message = `${lock} is taken like a lock, and nothing orders the store to ${fieldName(stored.field)} before it is given back here: ${bad}`;
  return [{ span: give.span, message, related: stepsOf(moment, answer) }];
}
