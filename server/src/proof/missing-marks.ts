/** Accesses of a scenario that race as they are written: each needs READ_ONCE() or WRITE_ONCE(). */

import type { Budget } from '../memory-model/outcome.ts';
import type { Expression, Origin, Program, Statement } from '../program/program.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { runScenario } from '../scenario/scenario-run.ts';
import { check } from '../search/check.ts';
import type { Place } from '../text/span.ts';

export interface MissingMark {
  readonly function: string;
  readonly place: Place;
  readonly mark: 'READ_ONCE' | 'WRITE_ONCE';
  /** Why it is not known whether the mark is missing, where no scenario shows a race and one could not be
   *  searched to the end. */
  readonly unknown?: string;
}

/** What checking one access may cost. */
const BUDGET: Partial<Budget> = { steps: 50_000 };

/** The plain accesses of the sources that are in a data race of one of the scenarios even when all others
 *  are marked, each once, and those of which that is not known. */
export function missingMarks(
  scenarios: readonly Scenario[],
  tree: SourceTree,
  budget: Partial<Budget> = BUDGET,
): readonly MissingMark[] {
  const known = new Map<string, MissingMark>();
  for (const scenario of scenarios) {
    const run = runScenario(scenario, tree, [], 'as-written');
    const programs = run.invariants[0]?.programs.map(({ program }) => program) ?? [];
    const isOwn = ({ file }: Place) => run.sources.some((source) => source.file === file);
    for (const program of programs)
      for (const access of plainAccesses(program)) {
        const key = keyOf(access);
        const before = known.get(key);
        if (!isOwn(access.origin) || (before !== undefined && before.unknown === undefined))
          continue;
        const found = markOf(program, access, budget) ?? before;
        if (found !== undefined) known.set(key, found);
      }
  }
  return [...known.values()];
}

/** The access as one that lacks its mark, or may lack it; undefined where it does not race. */
function markOf(
  program: Program,
  { origin, mark }: PlainAccess,
  budget: Partial<Budget>,
): MissingMark | undefined {
  const { flags, unknown } = check(onlyPlain(program, origin), { budget });
  const found = { function: origin.function, place: origin, mark };
  if (flags.includes('data-race')) return found;
  return unknown && { ...found, unknown: unknown.reason };
}

interface PlainAccess {
  readonly origin: Origin;
  readonly mark: MissingMark['mark'];
}

function keyOf({ origin: { file, span }, mark }: PlainAccess): string {
  return `${file}:${span.start} ${mark}`;
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
