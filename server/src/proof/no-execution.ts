/** Scenarios in which nothing happens: "never" says nothing where no execution counts. */

import { waitsForEver } from '../lowering/loop.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import type { Program, Statement } from '../program/program.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import { everyStatement } from '../program/walk.ts';
import { check } from '../search/check.ts';

/** What looking for one execution may cost. */
const BUDGET = { events: 400, executions: 20_000, steps: 50_000 };

/** Why a "never" of these programs, one for each initial case, is no answer; undefined where one of them has an
 *  execution in which all waits and loops end, all locks are taken and all assumptions hold. Whether there is one in which
 *  threads may also go round for ever is known where executions have been enumerated. */
export function noExecution(
  programs: readonly Program[],
  isAnyAllowed?: () => boolean,
): Unknown | undefined {
  const ending = programs.map(withoutEndless);
  const dropped = ending.map(dropsIn);
  const endless = programs.flatMap(({ threads }) =>
    threads.flatMap(({ body }) => everyStatement(body).filter(isEndless)),
  );
  const first = endless[0] ?? dropped.flat()[0];
  if (first === undefined || dropped.some((stops) => stops.length === 0)) return undefined;
  const isThereOne =
    endless.length === 0 && isAnyAllowed !== undefined
      ? isAnyAllowed()
      : ending.some(({ filter: _, ...program }) => !isEmpty(program));
  if (isThereOne) return undefined;
  const { span, origin } = first;
  const reason =
    endless.length > 0
      ? 'in every execution a thread waits for ever here: nothing ends the loop'
      : 'there is no execution in which every wait ends, every lock comes free and every assumption holds';
  return { reason, span, ...(origin && { origin }) };
}

function isEndless(statement: Statement): statement is Statement & { readonly kind: 'stop' } {
  return statement.kind === 'stop' && statement.why === 'end' && waitsForEver(statement.reason);
}

/** The program without the executions in which a thread goes round for ever. */
function withoutEndless(program: Program): Program {
  return rewriteProgram(program, {
    statement: (statement) => (isEndless(statement) ? { ...statement, why: 'wait' } : statement),
    expression: (expression) => expression,
  });
}

/** Whether the filter of these programs, one for each initial case, leaves out every execution there is. */
export function isFilteredOut(programs: readonly Program[]): boolean {
  return programs.every((program) => program.filter !== undefined && isEmpty(program));
}

/** Where executions are left out: where a thread may wait for ever, and where an assumption may fail. */
function dropsIn({ threads }: Program): readonly Statement[] {
  return threads.flatMap(({ body }) => everyStatement(body).filter(isDrop));
}

function isDrop(statement: Statement): boolean {
  switch (statement.kind) {
    case 'lock':
      return statement.action === 'lock';
    case 'rcu':
    case 'srcu':
      return statement.action === 'synchronize';
    case 'stop':
      return statement.why === 'wait' || statement.why === 'discard';
    default:
      return false;
  }
}

function isEmpty(program: Program): boolean {
  const condition = {
    quantifier: 'exists',
    proposition: { kind: 'true' },
    span: program.condition.span,
  } as const;
  const { observation } = check({ ...program, condition }, { question: 'exists', budget: BUDGET });
  return observation === 'Never';
}
