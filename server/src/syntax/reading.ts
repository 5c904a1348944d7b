/** What the builders of the AST share: the tree they read, the text behind it and where its spans belong. */

import type { Span } from '../text/span.ts';
import type { Expression, Statement, StructDefinition } from './ast.ts';
import type { FlatTree } from './flat-tree.ts';
import type { OwnOperations } from './own-operation.ts';

/** One tree being turned into AST. */
export interface Reading {
  readonly tree: FlatTree;
  /** The text as written, of the same length as the one that was parsed. */
  readonly source: string;
  /** The span that a range of `source` stands for in the user's file. */
  readonly place: (start: number, end: number) => Span;
  /** The statements of a `compound_statement`; here so that expressions can contain them. */
  readonly statements: (reading: Reading, block: number, depth: number) => readonly Statement[];
  /** An expression, here so that the lengths of arrays can be such. */
  readonly expression: (reading: Reading, node: number) => Expression;
  /** The struct that a specifier without a name defines, here so that types can define one. */
  readonly struct: (reading: Reading, specifier: number) => StructDefinition | undefined;
  /** Calls that stand for others. */
  readonly own: OwnOperations;
}

/** Nesting beyond this becomes `unknown`: nobody's code is so deep, and the call stack is finite. */
export const DEEPEST = 400;

/** The span of a node in the user's file. */
export function spanOf(reading: Reading, node: number): Span {
  return reading.place(reading.tree.start[node]!, reading.tree.end[node]!);
}

/** The text of a node as written. */
export function textOf(reading: Reading, node: number): string {
  return reading.source.slice(reading.tree.start[node]!, reading.tree.end[node]!);
}

/** The word as written where the node begins; the pre-pass may have shortened what was parsed. */
export function wordAt(reading: Reading, node: number): string {
  const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
  word.lastIndex = reading.tree.start[node]!;
  return word.exec(reading.source)?.[0] ?? textOf(reading, node);
}

/** The span of `wordAt`. */
export function wordSpan(reading: Reading, node: number): Span {
  const start = reading.tree.start[node]!;
  return reading.place(start, start + wordAt(reading, node).length);
}
