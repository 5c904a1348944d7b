/** What an edit of the code changes of what the scenarios say: invariants that it restores, and barriers on which others rest. */

import { grouped } from '../facts/grouped.ts';
import type { FoundNeed, NeedTable, Violation } from './need-table.ts';

/** One change in a sentence, with the file that it is about. */
export interface TableChange {
  readonly file: string;
  readonly message: string;
}

type Barrier = FoundNeed['barrier'];

/** The changes from the tables of the code as it was to those of the code as it is; none where scenarios have no answer now.
 *  Of barriers only those are spoken of that `isThere` says are the ones that they were. That something can be violated which
 *  could not be is told here where that is accepted: else it is a finding. */
export function tableChanges(
  before: readonly NeedTable[],
  after: readonly NeedTable[],
  isThere: (barrier: Barrier) => boolean,
): readonly TableChange[] {
  if (after.some(({ unanswered }) => unanswered.length > 0)) return [];
  const [were, are] = [violationsIn(before), violationsIn(after)];
  const restored = [...were].filter(([key]) => !are.has(key)).map(([, found]) => found);
  const lost = [...are].filter(([key]) => !were.has(key)).map(([, found]) => found);
  const violated = new Set([...were.keys(), ...are.keys()]);
  return [
    ...restored.map((found) => told(found, 'holds', '; it could be violated before')),
    ...lost
      .filter(([first]) => first!.accepted !== undefined)
      .map((found) => told(found, 'can be violated', `; accepted: ${found[0]!.accepted}`)),
    ...rowChanges(before, after, violated, isThere),
  ];
}

/** By path and invariant; at least one each. */
type Violations = ReadonlyMap<string, readonly Violation[]>;

function violationsIn(tables: readonly NeedTable[]): Violations {
  return grouped(
    tables.flatMap(({ violations }) => violations),
    (each) => [keyOf(each)],
  );
}

function keyOf({ path, invariant }: { readonly path: string; readonly invariant: string }): string {
  return `${path}\n${invariant}`;
}

function told(found: readonly Violation[], what: string, more: string): TableChange {
  const { at, path, invariant, words } = found[0]!;
  const scenarios = found.map(({ scenario }) => scenario).join(', ');
  const said = words === '' ? '' : `, "${words}"`;
  const message = `on the path ${path} ${invariant} (${scenarios}${said}) ${what} with the patch${more}`;
  return { file: at.file, message };
}

/** What a barrier is for an invariant on a path, all its fields together. */
interface Need {
  readonly row: FoundNeed;
  readonly verdict: 'needed' | 'redundant';
  readonly by: readonly string[];
}

function needsIn(tables: readonly NeedTable[]): ReadonlyMap<string, Need> {
  const rows = tables.flatMap((table) => table.rows);
  const groups = grouped(rows, ({ barrier, ...row }) => [`${nameOf(barrier)}\n${keyOf(row)}`]);
  const needs = [...groups].flatMap(([key, all]): (readonly [string, Need])[] => {
    const [row] = all;
    const isNeeded = all.some(({ verdict }) => verdict === 'needed');
    const given = all.filter(({ verdict }) => verdict === 'redundant');
    if (!isNeeded && given.length === 0) return [];
    const by = [...new Set(given.flatMap((each) => each.by))];
    return [[key, { row: row!, verdict: isNeeded ? 'needed' : 'redundant', by }]];
  });
  return new Map(needs);
}

function nameOf({ file, function: name, primitive, ordinal }: Barrier): string {
  return [file, name, primitive, ordinal].join('\n');
}

/** Invariants that hold before and after, and rest on other barriers: for each barrier and path in one sentence. */
function rowChanges(
  before: readonly NeedTable[],
  after: readonly NeedTable[],
  violated: ReadonlySet<string>,
  isThere: (barrier: Barrier) => boolean,
): readonly TableChange[] {
  const [were, are] = [needsIn(before), needsIn(after)];
  const changes = [...new Set([...were.keys(), ...are.keys()])].flatMap((key) => {
    const [was, is] = [were.get(key), are.get(key)];
    const { row } = (is ?? was)!;
    const what = changeOf(was, is);
    if (what === undefined || violated.has(keyOf(row)) || !isThere(row.barrier)) return [];
    return [{ row, what }];
  });
  const groups = grouped(changes, ({ row, what: { verb, more } }) => [
    [nameOf(row.barrier), row.path, verb, more].join('\n'),
  ]);
  return [...groups.values()].map((all) => {
    const { row, what } = all[0]!;
    const { file, function: name, primitive } = row.barrier;
    const invariants = [...new Set(all.map((each) => each.row.invariant))].join(', ');
    const barrier = `${primitive}() of ${name}()`;
    return {
      file,
      message: `on the path ${row.path} ${barrier} ${what.verb} ${invariants} with the patch${what.more}`,
    };
  });
}

/** What is said of a barrier for which not all is as it was. */
function changeOf(
  was: Need | undefined,
  is: Need | undefined,
): { readonly verb: string; readonly more: string } | undefined {
  if (was?.verdict === is?.verdict) return undefined;
  if (is?.verdict === 'needed') {
    const more = was === undefined ? '' : `; before, ${was.by.join(' and ')} gave the order, too`;
    return { verb: 'is needed for', more };
  }
  if (was?.verdict !== 'needed') return undefined;
  const more = is === undefined ? '' : `: the order is also given by ${is.by.join(' and ')}`;
  return { verb: 'is no longer needed for', more };
}
