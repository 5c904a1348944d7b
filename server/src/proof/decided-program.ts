/** The program behind one of its executions: what nothing in it decides is as it was there. */

import { isAddress, locationOf, type RuntimeValue } from '../memory-model/value.ts';
import { evaluateExpression, isTrue, SPELT } from '../program/evaluate.ts';
import type {
  Expression,
  OpenValue,
  Program,
  Statement,
  Thread,
  Value,
} from '../program/program.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import { everyStatement, withParts } from '../program/walk.ts';
import type { Violation } from './violations.ts';

type Decided = Pick<Violation, 'scope' | 'execution'>;

/** `program` with each open value that goes into a register of its own, or has no other, as the execution had it, and without the
 *  branches that nothing but these decides; others stay open. */
export function decidedAs(program: Program, execution: Decided): Program {
  const threads = program.threads.flatMap((thread) => {
    const values = decidedRegisters(thread, execution);
    const body = withoutDecidedBranches(thread.body, values);
    return rewriteProgram(
      { ...program, threads: [{ ...thread, body }] },
      {
        statement: (statement) =>
          statement.kind === 'assign' && values.has(statement.register) ? undefined : statement,
        expression: (expression): Expression => {
          const value =
            expression.kind === 'open' ? onlyOne(expression) : heldBy(expression, values);
          return value === undefined ? expression : { kind: 'value', value, span: expression.span };
        },
      },
    ).threads;
  });
  return { ...program, threads };
}

function onlyOne({ alternatives }: OpenValue): Value | undefined {
  return alternatives.length === 1 ? alternatives[0] : undefined;
}

function heldBy(expression: Expression, values: ReadonlyMap<string, Value>): Value | undefined {
  return expression.kind === 'register' ? values.get(expression.name) : undefined;
}

function withoutDecidedBranches(
  body: readonly Statement[],
  values: ReadonlyMap<string, Value>,
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    if (statement.kind === 'if') {
      const { condition, then, otherwise } = statement;
      const known = evaluateExpression(SPELT, condition, (name) => values.get(name));
      if (known !== undefined)
        return withoutDecidedBranches(isTrue(known) ? then : otherwise, values);
    }
    const inner = (part: readonly Statement[]) => withoutDecidedBranches(part, values);
    return [withParts(statement, (expression) => expression, inner)];
  });
}

/** The registers of a thread that hold an open value and nothing else, with what that was. */
function decidedRegisters(
  { index, body }: Thread,
  { scope, execution }: Decided,
): ReadonlyMap<string, Value> {
  const path = execution.structure.paths.find(({ thread }) => thread === index);
  const assigned = everyStatement(body).flatMap((statement) =>
    statement.kind === 'assign' ? [statement] : [],
  );
  const others = new Set(
    assigned.flatMap(({ register, value }) => (value.kind === 'open' ? [] : [register])),
  );
  return new Map(
    assigned.flatMap(({ register }) => {
      const last = others.has(register) ? undefined : path?.registers.get(register);
      return last?.kind === 'constant'
        ? [[register, writtenValue(last.value, scope.space.names)] as const]
        : [];
    }),
  );
}

function writtenValue(value: RuntimeValue, names: readonly string[]): Value {
  return isAddress(value)
    ? { kind: 'address', of: names[locationOf(value)]! }
    : { kind: 'integer', value };
}
