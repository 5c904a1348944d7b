/** Finds the name that a misspelt one was meant to be. */

/** How many letters may be wrong. */
const MOST_EDITS = 2;

/** Names shorter than this are alike by chance. */
const SHORTEST = 6;

/** The known name nearest to `name`: at most two letters added, lost, exchanged or swapped. */
export function similarName(name: string, known: Iterable<string>): string | undefined {
  return name.length < SHORTEST ? undefined : nearest(name, known, MOST_EDITS);
}

/** The known name nearest to one that is known to be wrong: of a short name one letter may differ, of a
 *  longer one every third, up to `most`. */
export function nearestName(name: string, known: Iterable<string>, most = 3): string | undefined {
  return nearest(name, known, Math.min(most, Math.max(1, Math.floor(name.length / 3))));
}

function nearest(name: string, known: Iterable<string>, mostEdits: number): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const other of known) {
    if (other === name || Math.abs(other.length - name.length) > mostEdits) continue;
    const isSame = other.toLowerCase() === name.toLowerCase();
    const edits = isSame ? 0 : editsBetween(name, other, mostEdits);
    if (edits < (best?.edits ?? Infinity)) best = { name: other, edits };
  }
  return best?.name;
}

/** The Damerau-Levenshtein distance (optimal string alignment) of two words; Infinity where it is more than `most`. */
function editsBetween(a: string, b: string, most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchange = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(exchange, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    if (Math.min(...row) > most) return Infinity; // no later row has less: a swap comes from two rows up, and costs one
    beforeLast = last;
    last = row;
  }
  const edits = last[b.length]!;
  return edits > most ? Infinity : edits;
}
