/** Finds accesses of a litmus test through names that are neither parameters nor registers, and threads that are not there. */

import type { Expression, Program, Statement, Thread } from '../program/program.ts';
import { observablesIn } from '../program/proposition.ts';
import { everyStatement, expressionsOf, partsOf } from '../program/walk.ts';
import type { Problem } from '../text/span.ts';

/** One problem for each access through a name that its thread does not declare, assign, or get passed.
 *  Anywhere else such a name is a register that holds 0, as in herd. */
export function checkNames(program: Program): readonly Problem[] {
  return [
    ...missingThreads(program),
    ...program.threads.flatMap((thread) => undeclaredIn(program, thread)),
  ];
}

/** Registers of threads that are not there, in the initial state and behind the threads: herd's "Bad process". */
function missingThreads({ initial, observed, condition, threads }: Program): readonly Problem[] {
  const { proposition, span } = condition;
  const named = [
    ...initial.map(({ target, span: place }) => ({ target, span: place })),
    ...[...observed, ...observablesIn(proposition)].map((target) => ({ target, span })),
  ];
  const told = new Set<number>();
  return named.flatMap(({ target, span: place }): readonly Problem[] => {
    if (target.kind !== 'register' || threads.some(({ index }) => index === target.thread))
      return [];
    if (told.has(target.thread)) return [];
    told.add(target.thread);
    return [{ message: `there is no thread P${target.thread}`, span: place }];
  });
}

function undeclaredIn(program: Program, thread: Thread): readonly Problem[] {
  const known = new Set(thread.parameters.map(({ name }) => name));
  for (const { target } of program.initial)
    if (target.kind === 'register' && target.thread === thread.index) known.add(target.name);
  declaredIn(thread.body, known);
  return undeclared(thread, known);
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
