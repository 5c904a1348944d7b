/** The barriers of the open files and of their partners' files, as the client lists them. */

import type { ListedPartner } from '../language-service/barrier-list.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import { rangeOf } from './convert.ts';
import type { PairingsEntry, PairingsView } from './protocol.ts';
import { uriOf } from './uri.ts';

/** The list; files in the order of their names. `part` is what is only read in part. */
export function pairingsView(
  snapshot: Snapshot,
  open: Iterable<string>,
  warnings: number,
  part: string | undefined,
): PairingsView {
  const files = new Set([...open].flatMap((path) => [...snapshot.neighbours(path)]));
  const barriers = [...files].sort().flatMap((path) => snapshot.barriers(path));
  const entry = ({ name, told, file, span }: ListedPartner): PairingsEntry => ({
    name,
    told,
    uri: uriOf(file),
    range: rangeOf(snapshot, { file, span }),
  });
  return {
    warnings,
    ...(part !== undefined && { part }),
    barriers: barriers.map((each) => ({
      ...entry(each),
      group: each.group,
      paths: each.paths,
      partners: each.partners.map(entry),
    })),
  };
}
