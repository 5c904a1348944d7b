/** Makes a tape of decisions shorter and its numbers smaller, as long as what was found with it is still found. */

type Decisions = readonly number[];

/** So many smaller tapes are tried together. */
const TOGETHER = 40;

/** A tape that is as small as can be; `holds` says of each tape whether it still shows what is looked for. */
export function smallest(
  tape: Decisions,
  holds: (tapes: readonly Decisions[]) => readonly boolean[],
): Decisions {
  for (let best = tape; ; ) {
    const next = firstSmaller(best, holds);
    if (next === undefined) return best;
    best = next;
  }
}

function firstSmaller(
  tape: Decisions,
  holds: (tapes: readonly Decisions[]) => readonly boolean[],
): Decisions | undefined {
  const candidates = smallerThan(tape);
  for (let from = 0; from < candidates.length; from += TOGETHER) {
    const some = candidates.slice(from, from + TOGETHER);
    const found = holds(some).indexOf(true);
    if (found >= 0) return some[found];
  }
  return undefined;
}

/** What is left when a part is cut out, then with a part of it 0, then with one number halved. */
function smallerThan(tape: Decisions): readonly Decisions[] {
  const cut: Decisions[] = [];
  const zeroed: Decisions[] = [];
  for (let size = tape.length; size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at + size <= tape.length; at += size) {
      cut.push([...tape.slice(0, at), ...tape.slice(at + size)]);
      if (tape.slice(at, at + size).some((number) => number !== 0))
        zeroed.push(tape.map((number, index) => (index >= at && index < at + size ? 0 : number)));
    }
  const halved = tape.flatMap((number, at) =>
    number < 2 ? [] : [Math.floor(number / 2), number - 1].map((less) => tape.with(at, less)),
  );
  return [...cut, ...zeroed, ...halved];
}
