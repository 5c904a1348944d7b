/** `misplaced-access`: a read before the acquire that announces it, a store or a read behind the release that announces it or gives
 *  it back, or a read under a counter that is not looked at again. */

import { shownField } from '../../facts/file-facts.ts';
import type { Pairing } from '../../pairing/pairing.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { decisive } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';

export const misplacedAccess: CheckedKind = {
  code: 'misplaced-access',
  meaning:
    'One side stores a field and then announces it by a release, the other side looks at the announcement by an acquire before it uses the field. An access on the wrong side of its own half is ordered by neither: a value that is read before the acquire and used behind it may be the one from before, and a field that is stored only behind the release may not be there yet (memory-barriers.txt, "ACQUIRE operations" and "RELEASE operations").',
  fires:
    'On a read before an acquire, or a marked look before a read barrier, whose value decides, where the function that releases the same word stores the field before, and on a store behind a release (or behind a marked store that stands behind a barrier for stores), where a function behind an acquire (or read barrier) of the same word reads the field and no other function stores it but to announce it behind that, or to copy it out; the simulation of both functions shows the outcome, and the execution is attached. The value read must be kept in a variable that is used behind the acquire, be given to the function that has it, or be stored into another object that the caller gave. Also on a read behind a release by which the object is given back, where who takes it by an acquire stores to the field; on a read behind a counter that its writer moves on before and behind the store, as a sequence count, where the counter decides and is not looked at again; and on a second read of a length or an index behind the acquire of it, where that value says how far the field is read. Not where the early read is the pointer that leads to the word, nor where the function makes the access on the right side, too, takes a lock, or has just made the object.',
  fix: 'Read behind the acquire, store before the release, and give back when all is read; look at a counter again behind what is read; keep what the acquire returned.',
  asks: (tree) => tree.idioms().filter(isMisplaced),
  check: (moment) => {
    const found = moment.tree
      .idiomsIn(moment.file)
      .filter((pairing) => isMisplaced(pairing) && pairing.sites[1].file === moment.file)
      .flatMap((pairing) => finding(moment, pairing));
    return [...new Map(found.map((each) => [each.span.start, each])).values()];
  },
};

function isMisplaced({ idiom }: Pairing): boolean {
  return idiom === 'misplaced';
}

function finding(moment: FileMoment, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const placed = moment.tree.site(pairing.sites[0]);
  const told = decisive(answer);
  if (placed === undefined || told === undefined) return [];
  const [one, other] = told.order.accesses[1];
  const { misplaced: how } = told.order;
  const [access, announcement] = how === 'early-read' ? [other, one] : [one, other];
  const [field, announced] = [shownField(access.field), shownField(announcement.field)];
  const what = {
    'late-store': `${field} is stored only behind ${announced}, by which it is announced`,
    'early-read': `${field} is read before ${announced}, by which it is announced, and used behind it`,
    'second-read': `${field} is read again behind its acquire, by a read that orders nothing before ${announced}`,
    'late-read': `${field} is read only behind ${announced}, by which it is given back`,
    'unchecked-read': `${field} is read behind ${announced}, which is not looked at again behind it`,
  }[how!];
  const barrier = {
    file: placed.file,
    span: placed.site.span,
    line: placed.site.line,
    message: `${siteTitle(placed.site)} orders the two on the other side`,
  };
  const related = [barrier, ...stepsOf(moment, answer)];
  return [{ span: access.span, message: `${what}: ${told.bad}`, related }];
}
