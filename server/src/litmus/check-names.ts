/** Finds accesses of a litmus test through names that are neither parameters nor registers. */

import type { Expression, Program, Statement, Thread } from '../program/program.ts';
import { everyStatement, expressionsOf, partsOf } from '../program/walk.ts';
import type { Problem } from '../text/span.ts';

/** One problem for each access through a name that its thread does not declare, assign, or get passed.
 *  Anywhere else such a name is a register that holds 0, as in herd. */
export function checkNames(program: Program): readonly Problem[] {
  return program.threads.flatMap((thread) => {
    const known = new Set(thread.parameters.map(({ name }) => name));
    for (const { target } of program.initial)
      if (target.kind === 'register' && target.thread === thread.index) known.add(target.name);
    declaredIn(thread.body, known);
    return undeclared(thread, known);
  });
}

function declaredIn(body: readonly Statement[], known: Set<string>): void {
  for (const statement of body)
    switch (statement.kind) {
      case 'declare':
      case 'assign':
        known.add(statement.register);
        break;
      case 'if':
        declaredIn(statement.then, known);
        declaredIn(statement.otherwise, known);
        break;
      case 'while':
        declaredIn(statement.body, known);
    }
}

function undeclared(thread: Thread, known: ReadonlySet<string>): readonly Problem[] {
  const problems: Problem[] = [];
  const follow = (address: Expression): void => {
    if (address.kind === 'register' && !known.has(address.name))
      problems.push({
        message: `'${address.name}' is neither a parameter nor a register of P${thread.index}`,
        span: address.span,
      });
  };
  for (const statement of everyStatement(thread.body)) {
    if ('address' in statement) follow(statement.address);
    for (const part of expressionsOf(statement).flatMap(partsOf))
      if ('address' in part) follow(part.address);
  }
  return problems;
}
