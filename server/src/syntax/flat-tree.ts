/**
 * A syntax tree as flat arrays: nodes in pre-order, copied out of the parser's memory so that it can be
 * freed at once, and walked without crossing into it.
 */

/** Nodes are numbers, from 0 (the root); the subtree of `n` is `n ... next[n] - 1`. */
export interface FlatTree {
  /** The grammar's name of the node, `ERROR` for text that fits nowhere. */
  readonly kind: readonly string[];
  /** The field of its parent it fills, or the empty string. */
  readonly field: readonly string[];
  readonly start: readonly number[];
  readonly end: readonly number[];
  /** The first node after the subtree. */
  readonly next: readonly number[];
  /** Nodes that the parser inserted or could not place, in text order. */
  readonly errors: readonly number[];
}

/** The children of a node, in text order. */
export function childrenOf(tree: FlatTree, node: number): number[] {
  const children: number[] = [];
  const end = tree.next[node]!;
  for (let child = node + 1; child < end; child = tree.next[child]!) children.push(child);
  return children;
}

/** The first child that fills `field`. */
export function childIn(tree: FlatTree, node: number, field: string): number | undefined {
  const end = tree.next[node]!;
  for (let child = node + 1; child < end; child = tree.next[child]!)
    if (tree.field[child] === field) return child;
  return undefined;
}

/** The first child of that kind. */
export function childOfKind(tree: FlatTree, node: number, kind: string): number | undefined {
  const end = tree.next[node]!;
  for (let child = node + 1; child < end; child = tree.next[child]!)
    if (tree.kind[child] === kind) return child;
  return undefined;
}

/** The first child, whatever it is. */
export function firstChild(tree: FlatTree, node: number): number | undefined {
  return node + 1 < tree.next[node]! ? node + 1 : undefined;
}
