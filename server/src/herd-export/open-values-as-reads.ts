/**
 * Values that nothing decides, as reads: at the start of its thread each is read from a location of its own
 * to which another thread writes the alternatives one after the other. Nothing stands before such a read,
 * so that no order can lead through it.
 */

import type { InitialValue, OpenValue, Program, Statement, Thread } from '../program/program.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import { outermostExpressions, partsOf } from '../program/walk.ts';

/** The program without open values. */
export function withoutOpenValues(program: Program): Program {
  const found = program.threads.flatMap(({ body, index }) =>
    outermostExpressions(body)
      .flatMap(partsOf)
      .flatMap((part) => (part.kind === 'open' ? [{ thread: index, open: part }] : [])),
  );
  if (found.length === 0) return program;
  const reads = new Map(
    [...new Map(found.map((each) => [each.open, each])).values()].map(
      ({ thread, open }, at) => [open, readOf(open, thread, `open${at + 1}`)] as const,
    ),
  );
  const plain = rewriteProgram(program, {
    statement: (statement) => statement,
    expression: (expression) =>
      expression.kind === 'open' ? reads.get(expression)!.register : expression,
  });
  const all = [...reads.values()];
  const threads = plain.threads.map((thread) => ({
    ...thread,
    body: [
      ...all.flatMap(({ of, statement }) => (of === thread.index ? [statement] : [])),
      ...thread.body,
    ],
  }));
  const writers = all.map(({ writer }, at) => writer(threads.length + at));
  return {
    ...plain,
    initial: [...plain.initial, ...all.map(({ initial }) => initial)],
    threads: [...threads, ...writers],
  };
}

/** What stands for one open value. */
function readOf({ alternatives, span }: OpenValue, of: number, name: string) {
  const location = { kind: 'value', value: { kind: 'address', of: name }, span } as const;
  const register = { kind: 'register', name: `r_${name}`, span } as const;
  const [first, ...others] = alternatives;
  const statement: Statement = {
    kind: 'assign',
    register: register.name,
    value: { kind: 'load', order: 'once', address: location, span },
    span,
  };
  const initial: InitialValue = {
    target: { kind: 'location', name },
    value: first!,
    type: '',
    span,
  };
  const writer = (index: number): Thread => ({
    index,
    parameters: [],
    body: others.map((value) => ({
      kind: 'store',
      order: 'once',
      address: location,
      value: { kind: 'value', value, span },
      span,
    })),
    span,
  });
  return { of, register, statement, initial, writer };
}
