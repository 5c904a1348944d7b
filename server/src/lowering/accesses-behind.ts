/** Where in a function an access that an open request is about may still come, so that what orders there can matter. */

import type { Expression, FunctionDefinition, Statement } from '../syntax/ast.ts';
import { everyExpression, everyStatement, expressionsOf } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { Matters } from './open-world.ts';

/** By their names, where a function accesses what is asked about, and what it goes round in. */
interface AccessesOf {
  /** Where the last expression with an access ends. */
  readonly last: number;
  /** The loops with an access, those that jumps make among them. */
  readonly rounds: readonly Span[];
}

const known = new WeakMap<Matters, WeakMap<FunctionDefinition, AccessesOf>>();

/** Whether in the function such an access may come behind what stands at `at`, or in it. */
export function isAccessBehind(
  matters: Matters,
  definition: FunctionDefinition,
  at: Span,
): boolean {
  const ofMatters = known.get(matters) ?? new WeakMap<FunctionDefinition, AccessesOf>();
  known.set(matters, ofMatters);
  const found = ofMatters.get(definition) ?? accessesOf(matters, definition);
  ofMatters.set(definition, found);
  return at.start < found.last || found.rounds.some((round) => isIn(at.start, round));
}

function isIn(at: number, { start, end }: Span): boolean {
  return start <= at && at < end;
}

function accessesOf({ accesses }: Matters, { body }: FunctionDefinition): AccessesOf {
  const all = everyStatement(body);
  // A call in an expression may come before all of its accesses.
  const ends = all.flatMap((statement) => {
    const isLoop = statement.kind === 'macro-loop' && accesses(statement.macro);
    const found = expressionsOf(statement).filter((each) => namesIn(each).some(accesses));
    return [...found.map(({ span }) => span.end), ...(isLoop ? [statement.span.end] : [])];
  });
  const labels = new Map(
    all.flatMap((each) => (each.kind === 'label' ? [[each.label, each.span.start] as const] : [])),
  );
  const rounds = all.flatMap((each): readonly Span[] => {
    if (LOOPS.has(each.kind)) return [each.span];
    if (each.kind !== 'goto') return [];
    const start = labels.get(each.label) ?? each.span.end;
    return start < each.span.start ? [{ start, end: each.span.end }] : [];
  });
  return {
    last: ends.reduce((a, b) => Math.max(a, b), 0),
    rounds: rounds.filter((round) => ends.some((end) => isIn(end - 1, round))),
  };
}

const LOOPS: ReadonlySet<Statement['kind']> = new Set(['while', 'do', 'for', 'macro-loop']);

/** The names in an expression, members with a point before them. */
export function namesIn(expression: Expression): readonly string[] {
  return everyExpression(expression).flatMap((each) => {
    switch (each.kind) {
      case 'identifier':
        return [each.name];
      case 'field':
        return [`.${each.name}`];
      default:
        return [];
    }
  });
}
