/** `barrier-without-atomic`: a barrier that only strengthens an atomic read-modify-write stands beside none. */

import { type Site, shownField } from '../../facts/file-facts.ts';
import { besideNoAtomic, sideOfAtomic } from '../../facts/void-barrier.ts';
import type { Finding } from '../diagnostic.ts';
import type { Tree } from '../tree.ts';
import type { CheckedKind } from './check.ts';

export const barrierWithoutAtomic: CheckedKind = {
  code: 'barrier-without-atomic',
  meaning:
    'smp_mb__before_atomic() and smp_mb__after_atomic() complete an atomic read-modify-write beside them to a full barrier, and are nothing by themselves (atomic_t.txt, ORDERING): on x86 they are but compiler barriers. atomic_set(), atomic_read(), set_bit()-like stores without an atomic operation and marked accesses are no read-modify-writes.',
  fires:
    'On such a barrier where the nearest access on its side is marked and no read-modify-write, and on no path through it there is one, in the function or, where it is no farther than that access, in what it calls or in its callers. Not where a function is called there that is not known.',
  fix: 'Use smp_mb(), or the release or acquire that is meant.',
  check: ({ facts, tree, file }) =>
    facts.sites
      .filter(({ primitive, uncertain }) => sideOfAtomic(primitive) !== undefined && !uncertain)
      .flatMap((site) => finding(tree.completed({ file, site }), tree)),
};

function finding(site: Site, { functions }: Tree): readonly Finding[] {
  const beside = besideNoAtomic(site, functions);
  if (beside === undefined) return [];
  return [
    {
      partnerOf: site.id,
      span: site.span,
      message: `${site.primitive}() orders nothing: the ${beside.effect} of ${shownField(beside.field)} beside it is no atomic read-modify-write`,
      brief: 'orders nothing: no atomic operation beside it',
      related: [],
    },
  ];
}
