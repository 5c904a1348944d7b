/**
 * Rounds of a loop after which everything is as it was before: the thread waits. What it has read meanwhile
 * decides nothing, so that a loop which ends in a later round does what it would have done in this one: in
 * any execution of the LKMM reads and fences that nothing depends on can be left out. Executions in
 * which it never ends are left out, too.
 */

import { rootOf } from '../program/address.ts';
import { everyStatement } from '../syntax/walk.ts';
import { isAssignedFirst, type Loop } from './assigned-first.ts';
import { isLocal, type Lowering, lookUp, type Scope } from './context.ts';
import { emit, type State, type Trace } from './machine.ts';
import { isSilentSince, type Progress } from './progress.ts';
import { reportWait } from './thread-end.ts';
import { sameValue, type Value } from './value.ts';

/** What a round started from. */
export interface RoundStart {
  readonly variables: ReadonlyMap<string, Value>;
  readonly progress: Progress;
}

export function roundStart({ variables, progress }: State): RoundStart {
  return { variables: new Map(variables), progress };
}

/** Whether the next round of a loop would start as this one did. */
export function isWaiting(
  lowering: Lowering,
  loop: Loop,
  start: RoundStart,
  path: State,
  scope: Scope,
): boolean {
  if (!isSilentSince(start.progress, path.progress, path.registers)) return false;
  const names = new Set([...start.variables.keys(), ...path.variables.keys()]);
  return [...names].every((name) => {
    const [before, now] = [start.variables.get(name), path.variables.get(name)];
    if (before === now) return true;
    if (before !== undefined && now !== undefined && sameValue(before, now)) return true;
    return isOfRound(lowering, loop, rootOf(name), scope);
  });
}

/** Whether what a variable holds is not seen by later rounds. */
function isOfRound(lowering: Lowering, loop: Loop, variable: string, scope: Scope): boolean {
  const { prefix } = scope.frame;
  if (!isLocal(variable) || lowering.pointedTo.has(variable) || !variable.startsWith(prefix))
    return false;
  const name = variable.slice(prefix.length).replace(/'\d+$/, '');
  const binding = lookUp(scope, name);
  return binding?.kind === 'local' && binding.variable === variable
    ? isAssignedFirst(loop, name)
    : /^temporary\d+$/.test(name) || declaredIn(loop).has(name);
}

const declared = new WeakMap<Loop, ReadonlySet<string>>();

/** The names of the variables that a round declares anew. */
function declaredIn(loop: Loop): ReadonlySet<string> {
  const known = declared.get(loop) ?? new Set(everyStatement([loop]).flatMap(namesDeclared));
  declared.set(loop, known);
  return known;
}

function namesDeclared(statement: ReturnType<typeof everyStatement>[number]): readonly string[] {
  if (statement.kind !== 'declaration') return [];
  return statement.declarators.flatMap(({ name, isStatic }) => (isStatic ? [] : [name]));
}

/** Leaves out the executions in which a thread waits for ever. */
export function endWait(lowering: Lowering, path: State, trace: Trace): void {
  emit(path, { kind: 'stop', why: 'wait', reason: 'a wait that goes on', ...trace });
  path.dead = true;
  reportWait(lowering, trace);
}
