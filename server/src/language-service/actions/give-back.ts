/** Makes what gives a hand-made lock back a release, or puts a full barrier before it. */

import { fieldName } from '../../facts/file-facts.ts';
import type { Pairing, PlacedAccess } from '../../pairing/pairing.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { decisive } from '../verdict.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer, FunctionRef } from './fix.ts';
import { released } from './release-acquire.ts';
import { placesAround } from './statement-place.ts';
import { toldPairings } from './told-pairing.ts';

const CODE = 'unordered-unlock';

/** For each lock in the range that a store gives back which orders nothing. */
export const giveBack: FixOffer = (moment, range) =>
  toldPairings(moment, range, new Set([CODE])).flatMap(({ finding, pairing }) =>
    fixesOf(moment, finding, pairing),
  );

function fixesOf(moment: FileMoment, finding: Diagnostic, pairing: Pairing): readonly Fix[] {
  const { tree, verdictOf } = moment;
  const [, give] = decisive(verdictOf(pairing)!.answer!)!.order.accesses[0];
  const sides = pairing.sites.flatMap((ref) => tree.site(ref) ?? []);
  const [one, other] = sides.map(({ file, site }) => ({ file, function: site.function }));
  const place = one && placeOf(moment, give, one);
  if (one === undefined || other === undefined || place === undefined) return [];
  const lock = give.bit ?? fieldName(give.field);
  const fix = (title: string, edits: readonly TextEdit[]): Fix => ({
    title: `${title} in ${place.function}()`,
    fixes: CODE,
    ways: [edits],
    mends: [{ file: moment.file, code: CODE, message: finding.message }],
    between: [[one, other]],
    met: [pairing],
  });
  const { text, file, span, home } = place;
  const store = released(text, { span, via: [] }).map(({ by, edit }) =>
    fix(`Give ${lock} back by ${by}()`, [{ file, ...edit }]),
  );
  const { before } = placesAround(text, home, span);
  if (give.marking !== 'atomic' || before === undefined) return store;
  const [{ offset, indent }, barrier] = [before, 'smp_mb__before_atomic();'];
  const edit = { file, span: { start: offset, end: offset }, text: `${indent}${barrier}\n` };
  const inserted = fix('Insert smp_mb__before_atomic()', [edit]);
  return [...store, { ...inserted, isLast: true }];
}

/** The text and the function in which a store really stands. */
function placeOf({ textOf, tree }: FileMoment, give: PlacedAccess, root: FunctionRef) {
  const file = give.innerFile ?? give.file;
  const name = give.via.at(-1) ?? root.function;
  const [text, home] = [textOf(file), tree.functionIn(file, name)?.fact.span];
  const span = give.inner ?? give.span;
  return text === undefined || home === undefined
    ? undefined
    : { text, file, span, home, function: name };
}
