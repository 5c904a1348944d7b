/** The decisions that a random program is made by: a tape of numbers, after whose end each decision is the first. */

export interface Tape {
  /** A number below `bound`. */
  readonly below: (bound: number) => number;
  /** One of the items; the simplest should be the first. */
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** True once in so many times. */
  readonly oneIn: (times: number) => boolean;
}

/** Reads decisions off `numbers`. What is cut off or made smaller there gives a simpler program. */
export function tapeOf(numbers: readonly number[]): Tape {
  let at = 0;
  const below = (bound: number): number => (numbers[at++] ?? 0) % bound;
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    oneIn: (times) => below(times) === times - 1,
  };
}
