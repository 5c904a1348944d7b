/** The sides that meet, kept up to date while the sides of files are replaced. */

import { createFieldPostings, fieldKey } from './field-postings.ts';
import { bestPairings, inferredPairing, type Meeting, meetingOf, takingPart } from './infer.ts';
import type { Pairing } from './pairing.ts';
import type { Side } from './side.ts';

export interface Meetings {
  /** Replaces the sides of a file; those that are the same values as before keep their meetings. */
  readonly put: (file: string, sides: readonly Side[]) => void;
  /** Of each side its best pairings. Only what was touched since the last call is judged again. */
  readonly pairings: () => ReadonlySet<Pairing>;
}

/** A meeting with what came of it; `pairing` is stale while `isJudged` is false. */
interface Judged {
  readonly meeting: Meeting;
  isJudged: boolean;
  pairing: Pairing | undefined;
}

interface SideEntry {
  readonly others: Map<Side, Judged>;
  best: readonly Pairing[] | undefined;
}

interface State {
  readonly postings: ReturnType<typeof createFieldPostings>;
  readonly entries: Map<Side, SideEntry>;
  /** The meetings whose score depends on how common a field is. */
  readonly byField: Map<string, Set<Judged>>;
  readonly sides: Map<string, readonly Side[]>;
}

export function createMeetings(): Meetings {
  const state: State = {
    postings: createFieldPostings(),
    entries: new Map(),
    byField: new Map(),
    sides: new Map(),
  };
  return {
    put(file, sides) {
      const present = takingPart(sides);
      const known = new Set(state.sides.get(file));
      const kept = new Set(present);
      for (const side of known) if (!kept.has(side)) forget(state, side);
      state.sides.set(file, present);
      const { fields, uncovered } = state.postings.put(file, present);
      for (const field of fields) unjudge(state, field);
      for (const side of present) if (!known.has(side)) meet(state, side);
      for (const side of uncovered) meet(state, side);
    },
    pairings() {
      const found = new Set<Pairing>();
      for (const entry of state.entries.values()) {
        entry.best ??= bestOf(state, entry);
        for (const pairing of entry.best) found.add(pairing);
      }
      return found;
    },
  };
}

function forget(state: State, side: Side): void {
  for (const [other, judged] of state.entries.get(side)?.others ?? []) {
    const entry = state.entries.get(other);
    entry?.others.delete(side);
    if (entry !== undefined) entry.best = undefined;
    for (const key of fieldsOf(judged.meeting)) state.byField.get(key)?.delete(judged);
  }
  state.entries.delete(side);
}

function meet(state: State, side: Side): void {
  for (const other of state.postings.candidates(side)) {
    if (state.entries.get(side)?.others.has(other) === true) continue;
    const meeting = meetingOf(side, other);
    if (meeting === undefined) continue;
    const judged: Judged = { meeting, isJudged: false, pairing: undefined };
    note(state, side, other, judged);
    note(state, other, side, judged);
    for (const key of fieldsOf(meeting)) {
      const set = state.byField.get(key);
      if (set === undefined) state.byField.set(key, new Set([judged]));
      else set.add(judged);
    }
  }
}

function note({ entries }: State, side: Side, other: Side, judged: Judged): void {
  const entry = entries.get(side) ?? { others: new Map<Side, Judged>(), best: undefined };
  entries.set(side, entry);
  entry.others.set(other, judged);
  entry.best = undefined;
}

/** The frequency of a field is another now. */
function unjudge({ byField, entries }: State, field: string): void {
  for (const judged of byField.get(field) ?? []) {
    judged.isJudged = false;
    for (const side of judged.meeting.sides) {
      const entry = entries.get(side);
      if (entry !== undefined) entry.best = undefined;
    }
  }
}

function bestOf({ postings }: State, { others }: SideEntry): readonly Pairing[] {
  const pairings = [...others.values()].flatMap((judged) => {
    if (!judged.isJudged) {
      judged.pairing = inferredPairing(judged.meeting, postings.frequency);
      judged.isJudged = true;
    }
    return judged.pairing ?? [];
  });
  return bestPairings(pairings);
}

function fieldsOf({ orders, crossings, sides, isFlag }: Meeting): ReadonlySet<string> {
  const fields = orders.flatMap(({ first, second }) => [fieldKey(first), fieldKey(second)]);
  for (const { field, unknown } of crossings)
    fields.push(fieldKey(field), ...(unknown === undefined ? [] : [fieldKey(unknown)]));
  if (isFlag) for (const { site } of sides) fields.push(fieldKey(site.own!.field));
  return new Set(fields);
}
