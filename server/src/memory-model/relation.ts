/** Binary relations and sets over the events of one execution, as dense bit matrices. */

/** A relation over `size` events: row `i` holds the successors of event `i`, `words` words a row. */
export interface Relation {
  readonly size: number;
  readonly words: number;
  readonly bits: Uint32Array;
}

/** A set of events, one bit each. */
export type EventSet = Uint32Array;

/** How many 32-bit words hold one bit for each of `size` events. */
export function wordsFor(size: number): number {
  return Math.max(1, (size + 31) >>> 5);
}

export function emptyRelation(size: number): Relation {
  const words = wordsFor(size);
  return { size, words, bits: zeroes(size * words) };
}

/** Bits of this many words are cut from one piece of memory: getting a piece costs far more than cutting. */
const PIECE = 2048;
let piece = new ArrayBuffer(PIECE * 4);
let cut = 0;

/** `words` words of memory that nobody else uses. */
function zeroes(words: number): Uint32Array {
  if (words > PIECE / 4) return new Uint32Array(words);
  if (cut + words > PIECE) {
    piece = new ArrayBuffer(PIECE * 4);
    cut = 0;
  }
  const bits = new Uint32Array(piece, cut * 4, words);
  cut += words;
  return bits;
}

export function emptySet(size: number): EventSet {
  return new Uint32Array(wordsFor(size));
}

/** Adds an event, in place: only for a set that its maker has not handed out yet. */
export function addTo(set: EventSet, event: number): void {
  set[event >>> 5]! |= 1 << (event & 31);
}

/** The events of `0 .. size-1` that satisfy `holds`. */
export function setOf(size: number, holds: (event: number) => boolean): EventSet {
  const set = emptySet(size);
  for (let event = 0; event < size; event++) if (holds(event)) addTo(set, event);
  return set;
}

export function inSet(set: EventSet, event: number): boolean {
  return ((set[event >>> 5]! >>> (event & 31)) & 1) === 1;
}

export function unionOfSets(...sets: readonly EventSet[]): EventSet {
  const result = sets[0]!.slice();
  for (const set of sets)
    for (let word = 0; word < result.length; word++) result[word]! |= set[word]!;
  return result;
}

export function intersectSets(left: EventSet, right: EventSet): EventSet {
  return left.map((word, index) => word & right[index]!);
}

export function setDifference(left: EventSet, right: EventSet): EventSet {
  return left.map((word, index) => word & ~right[index]!);
}

/** All events that are not in `set`. */
export function complement(size: number, set: EventSet): EventSet {
  return setOf(size, (event) => !inSet(set, event));
}

export function isEmptySet(set: EventSet): boolean {
  return set.every((word) => word === 0);
}

/** Whether the pair (from, to) is in the relation. */
export function has(relation: Relation, from: number, to: number): boolean {
  return ((relation.bits[from * relation.words + (to >>> 5)]! >>> (to & 31)) & 1) === 1;
}

/** Adds a pair, in place: only for a relation that its maker has not handed out yet. */
export function addPair(relation: Relation, from: number, to: number): void {
  relation.bits[from * relation.words + (to >>> 5)]! |= 1 << (to & 31);
}

/** Adds the pairs of a smaller relation whose events stand in the larger one from `offset` on, in place: only
 *  for a relation that its maker has not handed out yet. */
export function addMoved(relation: Relation, smaller: Relation, offset: number): void {
  const { words, bits } = relation;
  const [skip, shift] = [offset >>> 5, offset & 31];
  for (let row = 0; row < smaller.size; row++)
    for (let word = 0; word < smaller.words; word++) {
      const moved = smaller.bits[row * smaller.words + word]!;
      if (moved === 0) continue;
      const target = (row + offset) * words + skip + word;
      bits[target]! |= moved << shift;
      // What is shifted out belongs to the next word; without a shift nothing is.
      const rest = shift === 0 ? 0 : moved >>> (32 - shift);
      if (rest !== 0) bits[target + 1]! |= rest;
    }
}

export function removePair(relation: Relation, from: number, to: number): void {
  relation.bits[from * relation.words + (to >>> 5)]! &= ~(1 << (to & 31));
}

export function copyOf({ size, words, bits }: Relation): Relation {
  const copy = zeroes(bits.length);
  copy.set(bits);
  return { size, words, bits: copy };
}

/** The same relation in memory of its own, to be kept for long: it keeps no other alive. */
export function keptApart({ size, words, bits }: Relation): Relation {
  return { size, words, bits: new Uint32Array(bits) };
}

export function isEmpty(relation: Relation): boolean {
  const { bits } = relation;
  for (let index = 0; index < bits.length; index++) if (bits[index] !== 0) return false;
  return true;
}

/** The pairs that satisfy `holds`. */
export function relationOf(size: number, holds: (from: number, to: number) => boolean): Relation {
  const result = emptyRelation(size);
  for (let from = 0; from < size; from++)
    for (let to = 0; to < size; to++) if (holds(from, to)) addPair(result, from, to);
  return result;
}

/** The relation whose rows are the sets that `rowOf` gives. */
export function relationOfRows(
  size: number,
  rowOf: (event: number) => EventSet | undefined,
): Relation {
  const result = emptyRelation(size);
  for (let row = 0; row < size; row++) {
    const set = rowOf(row);
    if (set !== undefined) result.bits.set(set, row * result.words);
  }
  return result;
}

/** `a | b | ...` */
export function union(first: Relation, ...rest: readonly Relation[]): Relation {
  const result = copyOf(first);
  const { bits } = result;
  for (const { bits: other } of rest)
    for (let index = 0; index < bits.length; index++) bits[index]! |= other[index]!;
  return result;
}

/** `a & b` */
export function intersection(left: Relation, right: Relation): Relation {
  const result = copyOf(left);
  const { bits } = result;
  const other = right.bits;
  for (let index = 0; index < bits.length; index++) bits[index]! &= other[index]!;
  return result;
}

/** `a \ b` */
export function difference(left: Relation, right: Relation): Relation {
  const result = copyOf(left);
  const { bits } = result;
  const other = right.bits;
  for (let index = 0; index < bits.length; index++) bits[index]! &= ~other[index]!;
  return result;
}

/** `a ; b` */
export function sequence(left: Relation, right: Relation): Relation {
  if (isEmpty(left)) return left;
  const { size, words } = left;
  const result = emptyRelation(size);
  const from = left.bits;
  const through = right.bits;
  const into = result.bits;
  for (let row = 0, base = 0; row < size; row++, base += words)
    for (let word = 0; word < words; word++) {
      let pending = from[base + word]!;
      while (pending !== 0) {
        const bit = 31 - Math.clz32(pending);
        pending &= ~(1 << bit);
        const source = ((word << 5) + bit) * words;
        for (let k = 0; k < words; k++) into[base + k]! |= through[source + k]!;
      }
    }
  return result;
}

/** `a ; b ; c ; ...` */
export function chain(first: Relation, ...rest: readonly Relation[]): Relation {
  return rest.reduce(sequence, first);
}

/** Whether a set holds all of `size` events. */
function isFull(set: EventSet, size: number): boolean {
  const last = set.length - 1;
  for (let word = 0; word < last; word++) if (set[word] !== 0xffffffff) return false;
  const rest = size & 31;
  return set[last] === (rest === 0 ? 0xffffffff : 2 ** rest - 1);
}

/** `[S] ; r` */
export function from(set: EventSet, relation: Relation): Relation {
  if (isFull(set, relation.size) || isEmpty(relation)) return relation;
  const result = emptyRelation(relation.size);
  const { size, words, bits } = result;
  for (let row = 0, base = 0; row < size; row++, base += words)
    if (inSet(set, row))
      for (let word = base; word < base + words; word++) bits[word] = relation.bits[word]!;
  return result;
}

/** `[{e}] ; r` for one event. */
export function fromEvent(event: number, relation: Relation): Relation {
  const result = emptyRelation(relation.size);
  const { words, bits } = result;
  const base = event * words;
  for (let word = base; word < base + words; word++) bits[word] = relation.bits[word]!;
  return result;
}

/** `r ; [S]` */
export function into(relation: Relation, set: EventSet): Relation {
  if (isFull(set, relation.size) || isEmpty(relation)) return relation;
  const result = copyOf(relation);
  const { size, words, bits } = result;
  for (let row = 0; row < size; row++)
    for (let word = 0; word < words; word++) bits[row * words + word]! &= set[word]!;
  return result;
}

/** `[S] ; r ; [T]` */
export function between(before: EventSet, relation: Relation, after: EventSet): Relation {
  return into(from(before, relation), after);
}

/** `~r` */
export function complementOf(relation: Relation): Relation {
  const result = copyOf(relation);
  const { size, words, bits } = result;
  const last = words - 1;
  const rest = size & 31;
  const tail = rest === 0 ? 0xffffffff : 2 ** rest - 1;
  for (let row = 0, base = 0; row < size; row++, base += words)
    for (let word = 0; word < words; word++)
      bits[base + word] = ~bits[base + word]! & (word === last ? tail : 0xffffffff);
  return result;
}

/** `S * T` */
export function product(size: number, before: EventSet, after: EventSet): Relation {
  return relationOfRows(size, (row) => (inSet(before, row) ? after : undefined));
}

/** `r^-1` */
export function inverse(relation: Relation): Relation {
  const result = emptyRelation(relation.size);
  forEachPair(relation, (left, right) => addPair(result, right, left));
  return result;
}

/** `[S]`, the identity on a set. */
export function identityOn(size: number, set: EventSet): Relation {
  const result = emptyRelation(size);
  for (let event = 0; event < size; event++) if (inSet(set, event)) addPair(result, event, event);
  return result;
}

/** `r?` */
export function optional(relation: Relation): Relation {
  const result = copyOf(relation);
  for (let event = 0; event < result.size; event++) addPair(result, event, event);
  return result;
}

/** `r+` (Warshall's algorithm on whole rows). */
export function closure(relation: Relation): Relation {
  const result = copyOf(relation);
  const { size, words, bits } = result;
  for (let middle = 0; middle < size; middle++) {
    const word = middle >>> 5;
    const mask = 1 << (middle & 31);
    const source = middle * words;
    if (isEmptyRow(bits, source, words)) continue;
    for (let row = 0, base = 0; row < size; row++, base += words)
      if ((bits[base + word]! & mask) !== 0)
        for (let k = 0; k < words; k++) bits[base + k]! |= bits[source + k]!;
  }
  return result;
}

function isEmptyRow(bits: Uint32Array, start: number, words: number): boolean {
  for (let word = start; word < start + words; word++) if (bits[word] !== 0) return false;
  return true;
}

/** `r*` */
export function reflexiveClosure(relation: Relation): Relation {
  return optional(closure(relation));
}

/** `r+` of a relation whose pairs all go from a smaller to a larger index. */
export function forwardClosure(relation: Relation): Relation {
  const result = copyOf(relation);
  const { size, words, bits } = result;
  for (let row = size - 2; row >= 0; row--)
    for (let word = row >>> 5; word < words; word++) {
      let pending = relation.bits[row * words + word]!;
      while (pending !== 0) {
        const bit = 31 - Math.clz32(pending);
        pending &= ~(1 << bit);
        const source = ((word << 5) + bit) * words;
        for (let k = word; k < words; k++) bits[row * words + k]! |= bits[source + k]!;
      }
    }
  return result;
}

/** Whether no event is related to itself. */
export function isIrreflexive(relation: Relation): boolean {
  const { size, words, bits } = relation;
  for (let event = 0; event < size; event++)
    if (((bits[event * words + (event >>> 5)]! >>> (event & 31)) & 1) === 1) return false;
  return true;
}

export function isAcyclic(relation: Relation): boolean {
  return isIrreflexive(closure(relation));
}

export function domain(relation: Relation): EventSet {
  const { size, words, bits } = relation;
  return setOf(size, (event) => {
    for (let word = 0; word < words; word++) if (bits[event * words + word] !== 0) return true;
    return false;
  });
}

export function range(relation: Relation): EventSet {
  const { size, words, bits } = relation;
  const result = emptySet(size);
  for (let row = 0; row < size; row++)
    for (let word = 0; word < words; word++) result[word]! |= bits[row * words + word]!;
  return result;
}

export function forEachPair(relation: Relation, visit: (from: number, to: number) => void): void {
  const { size, words, bits } = relation;
  for (let row = 0; row < size; row++)
    for (let word = 0; word < words; word++) {
      let pending = bits[row * words + word]!;
      while (pending !== 0) {
        const bit = 31 - Math.clz32(pending);
        pending &= ~(1 << bit);
        visit(row, (word << 5) + bit);
      }
    }
}

/** The pairs, ordered by source and then by target. */
export function pairsOf(relation: Relation): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (let left = 0; left < relation.size; left++)
    for (let right = 0; right < relation.size; right++)
      if (has(relation, left, right)) pairs.push([left, right]);
  return pairs;
}

/** Whether two relations over the same events hold the same pairs. */
export function sameRelation(left: Relation, right: Relation): boolean {
  return left.bits.every((word, index) => word === right.bits[index]);
}
