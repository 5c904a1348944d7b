/** The sides that meet, kept up to date while the sides of files are replaced. */

import type { Field } from '../facts/file-facts.ts';
import { createFieldPostings } from './field-postings.ts';
import { type Meeting, meetingOf, takesPart } from './infer.ts';
import type { Side } from './side.ts';

export interface Meetings {
  /** Replaces the sides of a file. */
  readonly put: (file: string, sides: readonly Side[]) => void;
  readonly all: () => Iterable<Meeting>;
  readonly frequency: (field: Field) => number;
}

export function createMeetings(): Meetings {
  const postings = createFieldPostings();
  const bySide = new Map<Side, Map<Side, Meeting>>();
  const sidesOf = new Map<string, readonly Side[]>();

  const forget = (side: Side) => {
    for (const other of bySide.get(side)?.keys() ?? []) bySide.get(other)?.delete(side);
    bySide.delete(side);
  };
  const meet = (side: Side) => {
    for (const other of postings.candidates(side)) {
      if (bySide.get(side)?.has(other) === true) continue;
      const meeting = meetingOf(side, other);
      if (meeting === undefined) continue;
      note(bySide, side, other, meeting);
      note(bySide, other, side, meeting);
    }
  };

  return {
    put(file, sides) {
      for (const side of sidesOf.get(file) ?? []) forget(side);
      const present = sides.filter(takesPart);
      sidesOf.set(file, present);
      const uncovered = postings.put(file, present);
      for (const side of new Set([...present, ...uncovered])) meet(side);
    },
    *all() {
      for (const [side, others] of bySide)
        for (const meeting of others.values()) if (meeting.sides[0] === side) yield meeting;
    },
    frequency: postings.frequency,
  };
}

function note(
  bySide: Map<Side, Map<Side, Meeting>>,
  side: Side,
  other: Side,
  meeting: Meeting,
): void {
  const others = bySide.get(side);
  if (others === undefined) bySide.set(side, new Map([[other, meeting]]));
  else others.set(other, meeting);
}
