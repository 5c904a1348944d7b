/** Accesses of a scenario that race as they are written: each needs READ_ONCE() or WRITE_ONCE(). */

import type { Expression, Origin, Program, Statement } from '../litmus/program.ts';
import type { Scenario } from '../livepatch/scenario.ts';
import type { SourceTree } from '../livepatch/scenario-request.ts';
import { check } from '../memory-model/check.ts';
import type { Place } from '../text/span.ts';
import { rewriteProgram } from './rewrite-program.ts';
import { runScenario } from './scenario-run.ts';

export interface MissingMark {
  readonly function: string;
  readonly place: Place;
  readonly mark: 'READ_ONCE' | 'WRITE_ONCE';
}

/** What checking one access may cost. */
const BUDGET = { milliseconds: 5_000 };

/** The plain accesses of the sources that are in a data race even when all others are marked. An access
 *  whose check is cut short is not among them. */
export function missingMarks(scenario: Scenario, tree: SourceTree): readonly MissingMark[] {
  const run = runScenario(scenario, tree, [], 'as-written');
  const programs = run.invariants[0]?.programs.map(({ program }) => program) ?? [];
  const isOwn = ({ file }: Place) => run.sources.some((source) => source.file === file);
  const found = new Map<string, MissingMark>();
  for (const program of programs)
    for (const access of plainAccesses(program)) {
      const { origin } = access;
      const key = `${origin.file}:${origin.span.start} ${access.mark}`;
      if (found.has(key) || !isOwn(origin)) continue;
      const { flags } = check(onlyPlain(program, origin), { budget: BUDGET });
      if (flags.includes('data-race'))
        found.set(key, { function: origin.function, place: origin, mark: access.mark });
    }
  return [...found.values()];
}

interface PlainAccess {
  readonly origin: Origin;
  readonly mark: MissingMark['mark'];
}

function plainAccesses(program: Program): readonly PlainAccess[] {
  const accesses: PlainAccess[] = [];
  rewriteProgram(program, {
    statement: (statement) => {
      if (isPlainStore(statement)) accesses.push({ origin: statement.origin, mark: 'WRITE_ONCE' });
      return statement;
    },
    expression: (expression) => {
      if (isPlainLoad(expression)) accesses.push({ origin: expression.origin, mark: 'READ_ONCE' });
      return expression;
    },
  });
  return accesses;
}

function isPlainStore(
  statement: Statement,
): statement is Statement & { readonly kind: 'store'; readonly origin: Origin } {
  return (
    statement.kind === 'store' && statement.order === 'plain' && statement.origin !== undefined
  );
}

function isPlainLoad(
  expression: Expression,
): expression is Expression & { readonly kind: 'load'; readonly origin: Origin } {
  return (
    expression.kind === 'load' && expression.order === 'plain' && expression.origin !== undefined
  );
}

/** The program with all accesses marked but those that stand at one place. */
function onlyPlain(program: Program, { file, span }: Origin): Program {
  const stays = (origin: Origin) => origin.file === file && origin.span.start === span.start;
  return rewriteProgram(program, {
    statement: (statement) =>
      isPlainStore(statement) && !stays(statement.origin)
        ? { ...statement, order: 'once' }
        : statement,
    expression: (expression) =>
      isPlainLoad(expression) && !stays(expression.origin)
        ? { ...expression, order: 'once' }
        : expression,
  });
}
