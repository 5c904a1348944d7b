/** What the simulated scenarios say of a tree of files, and whether that still speaks of the present texts. */

import type { Assumption } from '../lowering/lowering.ts';
import type { Place } from '../text/span.ts';
import type { NeedRow } from './verdict.ts';

/** A row as it was found: whether it is current depends on the moment that it is shown in. */
export type FoundNeed = Omit<NeedRow, 'currency'>;

/** One step of a told execution. */
export interface ViolationStep extends Place {
  /** Counted from 1. */
  readonly line: number;
  /** `P0`: the number of the scenario's thread. */
  readonly thread: number;
  readonly function: string;
  /** `writes klp_func.transition = 1`. */
  readonly message: string;
}

/** An invariant of a scenario that can be violated. */
export interface Violation {
  /** The scenario's name. */
  readonly scenario: string;
  readonly path: string;
  readonly invariant: string;
  /** What a violation means, in the scenario's words; may be empty. */
  readonly words: string;
  /** Where the order is missing: a barrier that is too weak, or an access without one; else the first write. */
  readonly at: Place;
  /** The order that is missing there; several where it takes all of them, none where no barrier is enough. */
  readonly missing: readonly { readonly before: string; readonly after: string }[];
  /** Where no barrier is enough: what is, in words. */
  readonly instead?: string;
  /** The scenario's choices of the initial state, in which it comes about. */
  readonly start: readonly string[];
  /** Who the scenario's threads are, by their numbers. */
  readonly actors: Readonly<Record<number, string>>;
  readonly steps: readonly ViolationStep[];
  readonly assumptions: readonly Pick<Assumption, 'kind' | 'message'>[];
  /** Why the scenario accepts it in the code as it is. */
  readonly accepted?: string;
}

/** The answer of all scenarios that speak of one tree. Files are absolute paths. */
export interface NeedTable {
  /** What it was found for: the texts of the scenarios' files. */
  readonly texts: ReadonlyMap<string, string>;
  readonly rows: readonly FoundNeed[];
  readonly violations: readonly Violation[];
  /** What is wrong in scenarios, and what is not known of their invariants. */
  readonly unanswered: readonly Unanswered[];
  /** Some rows say no more than that it is not known any more: see `withLostRows()`. */
  readonly hasLostRows?: true;
}

export interface Unanswered {
  /** The files of the scenarios that have no answer for it. */
  readonly scenarios: readonly string[];
  /** Where a function is gone that it needs: the file of the tree that names the protocol. */
  readonly protocol?: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A table in which what the last one said, and nobody can tell any more, is not known: a scenario that had an answer has
 *  none for these texts, as while a statement is half typed. */
export function withLostRows(table: NeedTable, last: NeedTable | undefined): NeedTable {
  if (last === undefined || table.unanswered.length === 0) return table;
  const known = new Set(last.unanswered.flatMap(({ scenarios }) => scenarios));
  const first = table.unanswered.find(
    ({ scenarios }) => !scenarios.every((each) => known.has(each)),
  );
  if (first === undefined && last.hasLostRows !== true) return table;
  const { file, line, message } = first ?? table.unanswered[0]!;
  const open = { file, line, message };
  const told = new Set(table.rows.map(rowKey));
  const lost = last.rows.filter((row) => !told.has(rowKey(row)));
  return {
    ...table,
    hasLostRows: true,
    rows: [
      ...table.rows.map((row) => (row.verdict === 'unknown' ? { ...row, open } : row)),
      ...lost.map((row) => ({ ...row, verdict: 'unknown', by: [], open }) as const),
    ],
  };
}

function rowKey({ barrier, path, invariant }: FoundNeed): string {
  const { file, function: name, primitive, ordinal } = barrier;
  return [file, name, primitive, ordinal, path, invariant].join('\n');
}

/** The absolute path of every text that the answers for a tree rest on. */
export function textsIn({
  root,
  texts,
  said,
}: {
  readonly root: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly said?: ReadonlyMap<string, string>;
}): NeedTable['texts'] {
  const below = [...texts].map(([path, text]) => [`${root}/${path}`, text] as const);
  return new Map([...below, ...(said ?? [])]);
}

/** Whether every file of the table still has the text that the table speaks of. A file that the host does
 *  not know is as it was read. */
export function isCurrent(
  { texts }: NeedTable,
  textOf: (file: string) => string | undefined,
): boolean {
  return [...texts].every(([file, text]) => (textOf(file) ?? text) === text);
}

/** The rows of all tables, each with its currency. */
export function shownNeeds(
  tables: readonly NeedTable[],
  textOf: (file: string) => string | undefined,
): readonly NeedRow[] {
  return tables.flatMap((table) => {
    const currency = isCurrent(table, textOf) ? 'current' : 'stale';
    return table.rows.map((row) => ({ ...row, currency }) as const);
  });
}

/** The violations that speak of the present texts: of an earlier text nobody knows the places. */
export function currentViolations(
  tables: readonly NeedTable[],
  textOf: (file: string) => string | undefined,
): readonly Violation[] {
  return tables.filter((table) => isCurrent(table, textOf)).flatMap(({ violations }) => violations);
}
