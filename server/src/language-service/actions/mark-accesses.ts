/** Marks the plain accesses that a proven pair orders by READ_ONCE() and WRITE_ONCE(): the proof takes them as marked, the compiler does not. */

import type { Pairing, PlacedAccess } from '../../pairing/pairing.ts';
import type { FileMoment } from '../moment.ts';
import { decisive, isProven } from '../verdict.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer } from './fix.ts';
import { assigned, isPlace } from './written-access.ts';

/** For each pair that a barrier in the range is of, and that is proven for the present text. */
export const markAccesses: FixOffer = (moment, range) => {
  const ids = new Set(
    moment.facts.sites
      .filter(
        ({ explicit, span }) => explicit && span.start <= range.end && range.start <= span.end,
      )
      .map(({ id }) => id),
  );
  return moment.tree
    .everyPairingIn(moment.file)
    .filter(({ sites }) => sites.some(({ file, id }) => file === moment.file && ids.has(id)))
    .flatMap((pairing) => fixOf(moment, pairing) ?? []);
};

function fixOf(moment: FileMoment, pairing: Pairing): Fix | undefined {
  const shown = moment.verdictOf(pairing);
  if (shown?.currency !== 'current' || !isProven(shown)) return undefined;
  const accesses = decisive(shown.answer!)?.order.accesses.flat() ?? [];
  const plain = accesses.filter(({ marking }) => marking === 'plain');
  const marked = plain.flatMap((access) => markedIn(moment, access) ?? []);
  const sides = pairing.sites.map((ref) => moment.tree.site(ref));
  const [one, other] = sides.map(
    (each) => each && { file: each.file, function: each.site.function },
  );
  if (one === undefined || other === undefined || marked.length === 0) return undefined;
  if (marked.length < plain.length) return undefined;
  const by = [...new Set(marked.map((each) => `${each.by}()`))].sort().join(' and ');
  return {
    title: `Mark what this pair orders by ${by}`,
    ways: [marked.map(({ edit }) => edit)],
    mends: [],
    between: [[one, other]],
    isOnRequest: true,
  };
}

interface Marked {
  readonly by: 'READ_ONCE' | 'WRITE_ONCE';
  readonly edit: TextEdit;
}

/** Nothing where the access stands elsewhere, is written in another way, or is none of a scalar as far as its words tell. */
function markedIn({ textOf }: FileMoment, access: PlacedAccess): Marked | undefined {
  const { file, span, effect, via, caller } = access;
  const text = textOf(file);
  if (text === undefined || via.length > 0 || caller !== undefined) return undefined;
  const written = text.slice(span.start, span.end);
  if (effect === 'read' && isPlace(written)) {
    const by = 'READ_ONCE';
    return { by, edit: { file, span, text: `${by}(${written})` } };
  }
  const store = effect === 'write' ? assigned(text, span) : undefined;
  if (store === undefined) return undefined;
  const by = 'WRITE_ONCE';
  const marked = `${by}(${store.place}, ${store.value})`;
  return { by, edit: { file, span: store.span, text: marked } };
}
