/** The answers of scenarios as plain litmus tests, for herd7 and for whoever does not take our word. */

import { printLitmus } from '../litmus/print.ts';
import type { Expression, Program, Statement, Traced } from '../litmus/program.ts';
import type { Scenario } from '../livepatch/scenario.ts';
import type { SourceTree } from '../livepatch/scenario-request.ts';
import { flatten } from '../lowering/flatten.ts';
import type { OrderingSite } from '../lowering/lowering.ts';
import { check } from '../memory-model/check.ts';
import { rewriteProgram } from './rewrite-program.ts';
import { runScenario } from './scenario-run.ts';
import type { SolutionCache } from './scenario-solution.ts';
import { solveScenario } from './scenario-solution.ts';

/** A litmus test, or why there is none. */
export interface ExportedTest {
  /** A file name without folder: `klp-disable+I1-before-the-switch.litmus`. */
  readonly file: string;
  readonly text?: string;
  readonly problem?: string;
}

/** One test for each initial case and invariant of a scenario; and for each barrier that an invariant needs,
 *  or that gives an order together with others, one without these. Each says in its `Result:` line what
 *  it comes to. Orders that only a dependency gives cannot be left out of a litmus test. */
export function exportScenario(
  scenario: Scenario,
  tree: SourceTree,
  cache: SolutionCache,
): readonly ExportedTest[] {
  const run = runScenario(scenario, tree);
  if (run.problems.length > 0 || run.notModelled.length > 0) return [];
  const { solutions } = solveScenario(run, cache);
  return run.invariants.flatMap(({ invariant, programs }, at) => {
    const name = `${scenario.name}+${invariant.name}`;
    const cases = programs.map(({ program }, start) =>
      exported(caseName(name, start, programs.length), program),
    );
    const solution = solutions[at]!;
    if (solution.kind !== 'holds') return cases;
    const removals = solution.needs.flatMap(({ group, others, violation }) => {
      const { program } = programs[violation.start]!;
      const groups = [group, ...(others[0] ?? [])];
      const sites = groups.flatMap((each) => each.sites);
      const weaker = withoutSites(program, sites);
      return weaker === undefined ? [] : exported(`${name}+without+${siteNames(sites)}`, weaker);
    });
    return [...cases, ...new Map(removals.map((each) => [each.file, each])).values()];
  });
}

function caseName(name: string, start: number, cases: number): string {
  return cases === 1 ? name : `${name}+case${start + 1}`;
}

function siteNames(sites: readonly OrderingSite[]): string {
  const names = sites.map(
    ({ function: name, primitive, ordinal }) => `${name}-${primitive}-${ordinal}`,
  );
  return [...names].sort().join('+');
}

function exported(name: string, program: Program): ExportedTest {
  const file = `${name}.litmus`;
  const { program: plain, problems } = flatten({ ...program, name });
  if (plain === undefined) return { file, problem: problems[0]?.message ?? 'it cannot be said' };
  const { observation } = check(program);
  const description = `${program.description}\n\nResult: ${observation ?? 'unknown'}`;
  return { file, text: printLitmus({ ...plain, name, description: comment(description) }) };
}

function comment(text: string): string {
  return `(*\n${text
    .split('\n')
    .map((line) => ` * ${line}`.trimEnd())
    .join('\n')}\n *)`;
}

/** The program without what the sites order; undefined where a dependency or a lock is among them. */
export function withoutSites(
  program: Program,
  sites: readonly OrderingSite[],
): Program | undefined {
  if (sites.some(({ device }) => device === 'dependency' || device === 'lock')) return undefined;
  const names = new Set(sites.map(({ site }) => site));
  const isTaken = ({ origin }: Traced) => origin !== undefined && names.has(origin.site);
  return rewriteProgram(program, {
    statement: (statement) => (isTaken(statement) ? unordered(statement) : statement),
    expression: (expression) => weaken(expression, isTaken),
  });
}

/** The statement without the order that it gives: nothing is left of a fence. */
function unordered(statement: Statement): Statement | undefined {
  if (statement.kind === 'fence' || statement.kind === 'rcu') return undefined;
  if (statement.kind !== 'store') return statement;
  const { then: _, ...plain } = statement;
  return { ...plain, order: 'once' };
}

function weaken(expression: Expression, isTaken: (access: Traced) => boolean): Expression {
  switch (expression.kind) {
    case 'load':
    case 'rmw':
    case 'cmpxchg':
    case 'add-unless':
      if (!isTaken(expression) || expression.order === 'noreturn') return expression;
      return { ...expression, order: 'once' };
    default:
      return expression;
  }
}
