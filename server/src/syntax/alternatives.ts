/** Takes an `#if` of a tree apart: its alternatives, each with its condition as written. */

import { childIn, childrenOf } from './flat-tree.ts';
import type { Reading } from './reading.ts';

/** The alternatives of an `#if`, each with its condition as written and the nodes in it. */
export interface Alternative {
  readonly condition: string;
  readonly nodes: readonly number[];
}

/** Takes a `preproc_if`, `preproc_ifdef` apart; `#else` has the condition `else`. */
export function alternativesOf(reading: Reading, node: number): Alternative[] {
  const { tree } = reading;
  const alternatives: Alternative[] = [];
  for (let at: number | undefined = node; at !== undefined; ) {
    const alternative = childIn(tree, at, 'alternative');
    const nodes = childrenOf(tree, at).filter(
      (child) =>
        tree.field[child] === '' &&
        !/^#|^\n$|^preproc_(?:call|def|include)/.test(tree.kind[child]!),
    );
    alternatives.push({ condition: directiveText(reading, at), nodes });
    at = alternative;
  }
  return alternatives;
}

/** `ifdef CONFIG_SMP`, `if defined(A) && B`, `else`: a directive's line without `#`, as written. */
function directiveText(reading: Reading, node: number): string {
  const line = /(?:\\\r?\n|[^\n])*/y;
  line.lastIndex = reading.tree.start[node]!;
  const text = line.exec(reading.source)?.[0] ?? '';
  return text.replace(/^#\s*|\\\r?\n|\/\*.*?\*\/|\/\*.*|\/\/.*/g, '').trim();
}
