/**
 * Results of open values, taken for open themselves: where what is computed from a value that may be anything decides,
 * it may come out either way. That adds executions and takes none away.
 */

import { carriedRegisters } from './carried-registers.ts';
import { type IntegerType, isComparison } from './integer.ts';
import { openUses, rangeOf } from './open-values.ts';
import type { Expression, Program, Statement, Traced } from './program.ts';
import { registersThatRead, restsOn } from './read-registers.ts';
import { isPure, registersOf, withOperands, withParts } from './walk.ts';

/** A program in which nothing that can be open is computed from open values. */
export interface FreeResults {
  readonly program: Program;
  /** Where a result no longer depends on what was read. */
  readonly cut: readonly Cut[];
}

export interface Cut {
  readonly at: Traced;
  readonly thread: number;
  /** The registers that it was computed from. */
  readonly of: readonly string[];
  /** Whether all that the result can do is to decide where control goes. */
  readonly onlyDecides: boolean;
}

/** Lets results be open as long as that makes others open that are computed from them. */
export function withFreeResults(given: Program): FreeResults {
  let program = given;
  const cut: Cut[] = [];
  for (;;) {
    const results = openUses(program, [])?.results;
    if (results === undefined || ![...results].some(isFreed)) return { program, cut };
    const threads = program.threads.map((thread) => {
      const read = registersThatRead(thread.body);
      const carried = carriedRegisters(thread.body);
      const { index } = thread;
      return {
        ...thread,
        body: freed(thread.body, { results, read, carried, cut, thread: index }),
      };
    });
    program = { ...program, threads };
  }
}

interface Freeing {
  readonly results: ReadonlySet<Expression>;
  /** The registers that hold what was read, or something computed from it. */
  readonly read: ReadonlySet<string>;
  readonly carried: ReadonlySet<string>;
  readonly cut: Cut[];
  readonly thread: number;
}

function freed(body: readonly Statement[], freeing: Freeing): readonly Statement[] {
  return body.map((statement) =>
    withParts(
      statement,
      (expression) =>
        freedExpression(expression, statement, freeing, isCarriedBy(statement, freeing)),
      (inner) => freed(inner, freeing),
    ),
  );
}

/** Whether a statement carries the value of its expression on. */
function isCarriedBy(statement: Statement, { carried }: Freeing): boolean {
  if (statement.kind === 'assign') return carried.has(statement.register);
  return statement.kind !== 'if' && statement.kind !== 'while';
}

/** Whether a result can be let open by itself: nothing else happens in it, or all that happens is that it is written. */
function isFreed(result: Expression): boolean {
  return (
    isPure(result) || (result.kind === 'rmw' && isPure(result.address) && isPure(result.operand))
  );
}

function freedExpression(
  expression: Expression,
  at: Statement,
  freeing: Freeing,
  isCarried: boolean,
): Expression {
  if (!freeing.results.has(expression) || !isFreed(expression))
    return withOperands(expression, (operand) =>
      freedExpression(operand, at, freeing, isCarried || 'address' in expression),
    );
  const { span } = expression;
  const { cut, thread } = freeing;
  const of = registersOf(expression);
  const onlyDecides = !isCarried && expression.kind !== 'rmw';
  if (expression.kind === 'rmw') {
    if (restsOn(expression.operand, freeing.read)) cut.push({ at, thread, of, onlyDecides });
    const { keeps: _, ...update } = expression;
    return { ...update, apply: 'set', operand: anyOf(expression.type ?? INT, span) };
  }
  if (restsOn(expression, freeing.read)) cut.push({ at, thread, of, onlyDecides });
  if (expression.kind === 'binary' && isComparison(expression.operator))
    return { kind: 'open', alternatives: TRUTHS, span };
  return anyOf(typeOf(expression), span);
}

function anyOf(type: IntegerType, span: Expression['span']): Expression {
  return { kind: 'open', alternatives: [], range: rangeOf(type), span };
}

const TRUTHS = [0, 1].map((value) => ({ kind: 'integer', value }) as const);
const INT: IntegerType = { bits: 32, signed: true };

function typeOf(expression: Expression): IntegerType {
  if (expression.kind === 'convert') return expression.to;
  return (expression.kind === 'binary' ? expression.type : undefined) ?? INT;
}
