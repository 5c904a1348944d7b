/** The need table at a glance: a row for each barrier, a cell for each path, put together of all scenarios. */

import type { BarrierName, Giver } from './scenario-rows.ts';
import type { TableRow } from './transition-table.ts';

export interface BarrierRow {
  readonly barrier: BarrierName;
  /** By path; a path on which no invariant rests on the barrier has no cell. */
  readonly cells: ReadonlyMap<string, BarrierCell>;
}

/** What a barrier is for on a path. */
export interface BarrierCell {
  /** The invariants that it is needed for, in one of the path's scenarios at least. */
  readonly needed: readonly string[];
  /** The invariants that are violated although it is there, each with what is missing. */
  readonly broken: readonly { readonly invariant: string; readonly lacks: string }[];
  /** Where it is not needed: who gives the orders; of each entry anyone does, and all entries together do. */
  readonly givers: readonly (readonly Giver[])[];
  readonly isUnknown: boolean;
}

/** The rows in the order of files and lines. */
export function barrierTable(rows: readonly TableRow[]): readonly BarrierRow[] {
  const byBarrier = new Map<string, TableRow[]>();
  for (const row of rows) {
    const key = keyOfBarrier(row.barrier);
    byBarrier.set(key, [...(byBarrier.get(key) ?? []), row]);
  }
  return [...byBarrier.values()].map(barrierRow).sort(inOrderOfLines);
}

/** What tells barriers apart. */
export function keyOfBarrier({ file, function: name, primitive, ordinal }: BarrierName): string {
  return [file, name, primitive, ordinal].join(' ');
}

function barrierRow(rows: readonly TableRow[]): BarrierRow {
  const paths = new Set(rows.map(({ path }) => path));
  const cellOn = (of: string) => cell(rows.filter(({ path }) => path === of));
  return {
    barrier: rows[0]!.barrier,
    cells: new Map([...paths].map((path) => [path, cellOn(path)])),
  };
}

function cell(rows: readonly TableRow[]): BarrierCell {
  const of = (kind: TableRow['verdict']) => rows.filter(({ verdict }) => verdict === kind);
  const needed = of('needed').map(({ invariant }) => invariant);
  return {
    needed: [...new Set(needed)],
    broken: of('broken').map(({ invariant, lacks = '' }) => ({ invariant, lacks })),
    givers: smallest(of('redundant').flatMap(({ givers }) => givers)),
    isUnknown: of('unknown').length > 0,
  };
}

/** Each entry once, and without those that another one implies. */
function smallest(entries: readonly (readonly Giver[])[]): readonly (readonly Giver[])[] {
  const keys = new Map(
    entries.map((entry) => {
      const givers = new Set(entry.map((giver) => JSON.stringify(giver)));
      return [[...givers].sort().join(), { entry, givers }];
    }),
  );
  const all = [...keys.values()];
  return all
    .filter(({ givers }) =>
      all.every((other) => other.givers === givers || !isWithin(other.givers, givers)),
    )
    .map(({ entry }) => entry);
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((each) => whole.has(each));
}

function inOrderOfLines({ barrier: one }: BarrierRow, { barrier: other }: BarrierRow): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line;
}
