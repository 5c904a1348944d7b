/** All control paths of the threads of a program, each with its events, relations and assumptions. */

import type { Program, Thread } from '../litmus/program.ts';
import { eventsOf, type PathRelations, pathRelations } from './dependencies.ts';
import type { ThreadEvent } from './instruction-graph.ts';
import { executeAll } from './instruction-semantics.ts';
import { type Constraint, type Decision, type Stop, startPath } from './path-state.ts';
import { type AddressSpace, addressOf, constant, runtimeValue, type Term } from './value.ts';

/** One way through a thread. Its reads are named by their index in `events`. */
export interface ThreadPath {
  readonly thread: number;
  readonly events: readonly ThreadEvent[];
  readonly relations: PathRelations;
  readonly constraints: readonly Constraint[];
  /** What each register holds at the end. */
  readonly registers: ReadonlyMap<string, Term>;
  /** Set where the path was cut: its executions do not count, but make a "never" unknown. */
  readonly stop: Stop | undefined;
}

/**
 * The paths of one thread, at most `limit` of them; `complete` is false where there are more.
 * A branch whose condition is known at once is no choice. Paths that end in a `discard` are left out.
 */
export function threadPaths(
  program: Program,
  thread: Thread,
  space: AddressSpace,
  unroll: number,
  limit: number,
): { readonly paths: readonly ThreadPath[]; readonly complete: boolean } {
  const registers = initialRegisters(program, thread, space);
  const paths: ThreadPath[] = [];
  const decisions: Decision[] = [];
  do {
    const state = startPath(space, thread, unroll, registers, decisions);
    executeAll(state, thread.body);
    if (state.stop?.why !== 'discard')
      paths.push({
        thread: thread.index,
        events: eventsOf(state.graph),
        relations: pathRelations(state.graph),
        constraints: state.constraints,
        registers: new Map([...state.registers].map(([name, { value }]) => [name, value])),
        stop: state.stop,
      });
    if (paths.length > limit) return { paths, complete: false };
  } while (advance(decisions));
  return { paths, complete: true };
}

/** Parameters hold addresses; the initial state may give other registers a value. */
function initialRegisters(
  program: Program,
  thread: Thread,
  space: AddressSpace,
): ReadonlyMap<string, Term> {
  const registers = new Map<string, Term>();
  for (const { target, value } of program.initial)
    if (target.kind === 'register' && target.thread === thread.index)
      registers.set(target.name, constant(runtimeValue(space, value)));
  for (const { name } of thread.parameters) registers.set(name, constant(addressOf(space, name)));
  return registers;
}

/** Moves to the next combination of decisions; false after the last one. */
function advance(decisions: Decision[]): boolean {
  while (decisions.length > 0) {
    const last = decisions.at(-1)!;
    if (++last.taken < last.of) return true;
    decisions.pop();
  }
  return false;
}
