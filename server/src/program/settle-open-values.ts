/**
 * Open values that stand for a whole range of integers, with alternatives enough for all: values that compare alike
 * with everything that they are ever compared with make the same executions.
 */

import { canonical, type Integer } from './integer.ts';
import { type OpenUses, openUses } from './open-values.ts';
import type { IntegerRange, OpenValue, Program, Proposition, Traced } from './program.ts';
import { rewriteProgram } from './rewrite-program.ts';
import { outermostExpressions, partsOf } from './walk.ts';

/** A program whose open values have all the alternatives that they need. */
export interface Settled {
  readonly program: Program;
  /** Where more than a comparison is made with a value of a range: no answer holds for all of them. */
  readonly unsettled: readonly { readonly message: string; readonly at: Traced }[];
}

/** More alternatives than this are not tried. */
const MOST = 16;

/** The program with as many alternatives for each range as `propositions`, asked of its final states, and
 *  the program itself can tell apart. */
export function settleOpenValues(program: Program, propositions: readonly Proposition[]): Settled {
  const uses = openUses(program, propositions);
  if (uses === undefined) return { program, unsettled: [] };
  const open = program.threads.flatMap(({ body }) =>
    outermostExpressions(body)
      .flatMap(partsOf)
      .flatMap((part) => (part.kind === 'open' && part.range !== undefined ? [part] : [])),
  );
  const unsettled = [
    ...[...uses.computed].map((at) => ({
      message: 'a value that may be anything is computed with',
      at,
    })),
    ...(uses.isVaryinglyAsked ? open : []).map((at) => ({
      message: 'a value that may be anything is compared with one that varies',
      at,
    })),
    ...open
      .filter((value) => alternativesOf(value, uses).length > MOST)
      .map((at) => ({ message: `a value with more than ${MOST} alternatives that matter`, at })),
  ];
  const settled = rewriteProgram(program, {
    statement: (statement) => statement,
    expression: (expression) =>
      expression.kind === 'open' && expression.range !== undefined
        ? withAlternatives(expression, alternativesOf(expression, uses).slice(0, MOST))
        : expression,
  });
  return { program: settled, unsettled };
}

function withAlternatives(open: OpenValue, alternatives: readonly Integer[]): OpenValue {
  const { range: _, ...rest } = open;
  return { ...rest, alternatives: alternatives.map((value) => ({ kind: 'integer', value })) };
}

/** One value of each class that the comparisons tell apart, the smallest where they are tried; of those that are
 *  compared with each other as many as can be different. */
function alternativesOf(open: OpenValue, { comparisons }: OpenUses): readonly Integer[] {
  const { range } = open;
  const known = comparisons.get(open);
  if (range === undefined || known === undefined) return [];
  const { integers: compared, isOrdered, peers } = known;
  const first = compared.size === 0 ? UNLIKE_STARTS : [];
  const tried = [0, ...compared].flatMap((value) => neighbours(value, peers));
  const classes = new Map<string, Set<Integer>>();
  for (const value of [...first, ...tried, range.least, range.most]) {
    const key = classOf(value, compared, isOrdered);
    const alike = classes.get(key) ?? new Set();
    if (isWithin(value, range) && alike.size < peers) classes.set(key, alike.add(value));
  }
  return [...classes.values()].flatMap((alike) => [...alike]);
}

/** Where any value does, one that is told from what memory mostly holds at the start. */
const UNLIKE_STARTS: readonly Integer[] = [2];

/** A value, so many above it and one below: more are never needed beside the values compared. */
function neighbours(value: Integer, above: number): readonly Integer[] {
  const at = (by: number) => canonical(BigInt(value) + BigInt(by));
  return [value, ...Array.from({ length: above }, (_, index) => at(index + 1)), at(-1)];
}

function isWithin(value: Integer, { least, most }: IntegerRange): boolean {
  return value >= least && value <= most;
}

/** Equal for values that compare alike. */
function classOf(value: Integer, compared: ReadonlySet<Integer>, isOrdered: boolean): string {
  if (compared.has(value)) return `${value}`;
  if (!isOrdered) return 'other';
  return `above ${[...compared].filter((other) => other < value).length}`;
}
