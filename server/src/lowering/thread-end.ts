/** How a thread ends: its variables become registers of their names, where it gets to its end or in its midst. */

import type { Statement } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';
import { load } from './access.ts';
import { LOCAL_MARK, type Lowering, placeOfTrace, SETUP } from './context.ts';
import { keepVariable } from './kept-variable.ts';
import { emit, type State, type Trace } from './machine.ts';
import { addressOf } from './value.ts';

/** What the variables of an actor's own statements begin with. */
export function actorPrefix(thread: number): string {
  return `P${thread}${LOCAL_MARK}`;
}

/** Ends the thread on a path on which it halts (`BUG()`): what it has done stays, others go on. */
export function endThread(lowering: Lowering, state: State, reason: string, trace: Trace): void {
  if (state.dead) return;
  const prefix = actorPrefix(lowering.thread);
  const names = [...state.variables.keys()].flatMap((variable) =>
    variable.startsWith(prefix) && /^\w+$/.test(variable.slice(prefix.length))
      ? variable.slice(prefix.length)
      : [],
  );
  keepVariables(lowering, state, names, trace);
  emit(state, { kind: 'stop', why: 'end', reason, ...trace });
  state.dead = true;
}

/** Says that executions are left out in which a thread waits for ever. */
export function reportWait({ report }: Lowering, trace: Trace): void {
  report.assume('wait', 'a wait, taken to end', placeOfTrace(trace));
}

/** Assigns what variables of the actor hold at the end of a path to registers of their names. */
export function keepVariables(
  lowering: Lowering,
  state: State,
  names: readonly string[],
  trace: Trace,
): void {
  if (lowering.thread === SETUP) return;
  const prefix = actorPrefix(lowering.thread);
  for (const name of names) {
    const value = load(lowering, state, addressOf(prefix + name), 'plain', trace);
    keepVariable(lowering, state, name, value, trace);
  }
}

/** What a register is worth that its thread did not come to assign: an address that no value equals. */
const NO_VALUE = 'no value';

/** Where a thread may end in its midst, the statements that give its registers no value to begin with. */
export function withoutValues(
  statements: readonly Statement[],
  names: readonly string[],
  trace: Trace,
): readonly Statement[] {
  const mayEnd = everyStatement(statements).some(
    (statement) => statement.kind === 'stop' && statement.why === 'end',
  );
  if (!mayEnd) return [];
  const value = {
    kind: 'value',
    value: { kind: 'address', of: NO_VALUE },
    span: trace.span,
  } as const;
  return names.map((register) => ({ kind: 'assign', register, value, ...trace }));
}
