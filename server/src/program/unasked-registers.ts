/** What a thread leaves without a value matters to those conditions only that ask for it. */

import { withoutDeadCode } from './dead-code.ts';
import { assignedIn, observedIn } from './plain-access.ts';
import type { Program, Statement } from './program.ts';
import { everyStatement, withParts } from './walk.ts';

/** The program, in which only registers that a condition asks for end an execution by having no value: its
 *  own, or that of one of the programs that it is asked together with. */
export function withoutUnasked(
  program: Program,
  together: readonly Program[] = [program],
): Program {
  const observed = together.map(observedIn);
  const threads = program.threads.map((thread) => {
    if (!everyStatement(thread.body).some(isOfRegister)) return thread;
    const asked = new Set(observed.flatMap(({ registers }) => [...registers(thread.index)]));
    const body = kept(thread.body, asked);
    return { ...thread, body: withoutDeadCode(body, new Set(assignedIn(body))) };
  });
  return threads.every((thread, at) => thread === program.threads[at])
    ? program
    : { ...program, threads };
}

/** The registers whose lack of a value ends executions of a program; programs of one lowering in which they are
 *  the same have the same threads. */
export function endingRegisters({ threads }: Program): readonly string[] {
  return threads.flatMap(({ index, body }) =>
    everyStatement(body).flatMap((statement) =>
      statement.kind === 'stop' && statement.register !== undefined
        ? `${index}:${statement.register}`
        : [],
    ),
  );
}

function isOfRegister(statement: Statement): boolean {
  return statement.kind === 'stop' && statement.register !== undefined;
}

function kept(body: readonly Statement[], asked: ReadonlySet<string>): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    if (statement.kind === 'stop' && statement.register !== undefined)
      return asked.has(statement.register) ? [statement] : [];
    return [
      withParts(
        statement,
        (expression) => expression,
        (inner) => kept(inner, asked),
      ),
    ];
  });
}
