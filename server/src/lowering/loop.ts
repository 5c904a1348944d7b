/** Loops: unrolled as long as their condition is known, then as often as the request allows. */

import { GUARD_MACROS } from '../kernel/guards.ts';
import type { Expression as CExpression, Statement as CStatement } from '../syntax/ast.ts';
import { everyStatement } from '../syntax/walk.ts';
import type { Loop } from './assigned-first.ts';
import { takeGuard } from './cleanup.ts';
import {
  type Decision,
  innerScope,
  joiningAt,
  type Lowering,
  placeOfTrace,
  type Scope,
  visiblePlace,
} from './context.ts';
import { decide } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { join, NORMAL, type State } from './machine.ts';
import { afterLoop, executeOnce, forgetCount, isOverUnknown } from './open-loop.ts';
import { stop } from './settle.ts';
import { endThread } from './thread-end.ts';
import { traceOf } from './trace.ts';
import { endWait, isWaiting, type RoundStart, roundStart } from './waiting.ts';

/** No loop whose rounds are known goes on longer than this. */
const MOST_ROUNDS = 256;

/** In an open request a loop that rounds may leave before their count is up, as one that polls for so long, goes on for so
 *  many of them. */
const MOST_LEFT_ROUNDS = 4;

/** So many are counted behind those; of a longer loop it is not known where its count ends. */
const MOST_COUNTED = 1000;

/** Every path on which a loop is left. A round that may or may not be taken counts against the bound, but for
 *  those in which the thread only waits (waiting.ts). */
export function executeLoop(
  lowering: Lowering,
  loop: Loop,
  state: State,
  scope: Scope,
): readonly State[] {
  if (isOverUnknown(lowering, loop, state, scope)) return executeOnce(lowering, loop, state, scope);
  const root = state.block;
  const trace = traceOf(scope, loop.span);
  const joining = joiningAt(lowering, () => trace);
  const isDo = loop.kind === 'do';
  const jumpsIn = state.exit.kind === 'goto'; // to a label in the body
  let inside = jumpsIn ? [state] : enter(lowering, loop, state, scope);
  let left: readonly State[] = [];
  let start: RoundStart | undefined;
  let openRounds = 0;
  const goingOn = (paths: readonly State[], out: readonly State[]) =>
    withoutWaits(lowering, loop, start, paths, out, scope);
  for (let round = 0; inside.length > 0; round++) {
    const isUntested = round === 0 && (isDo || jumpsIn);
    if (!isDo) start = isUntested ? undefined : startOf(inside);
    const test = isUntested ? undefined : loop.condition;
    const asked = round === 0 ? scope : { ...scope, round };
    const { yes: tested, no } = partAll(lowering, test, inside, asked);
    left = [...left, ...no.map((path): State => ({ ...path, exit: { kind: 'break' } }))];
    const yes = isDo && !isUntested ? goingOn(tested, left) : tested;
    let isOpen = no.length > 0;
    if (isDo) start = isUntested && jumpsIn ? undefined : startOf(yes);
    const isSpent = openRounds >= lowering.request.unroll;
    const isBeyond = isSpent && (isOpen || isEndless(loop));
    if (isSpent && !isBeyond && round >= MOST_LEFT_ROUNDS && lowering.request.open !== undefined) {
      left = [...left, ...countedOut(lowering, loop, yes, round, scope)];
      inside = [];
    } else if (isBeyond || round > MOST_ROUNDS) {
      for (const path of yes) stop(lowering, path, moreRounds(round), trace);
      inside = [];
    } else {
      const after = yes.flatMap((path) => execute(lowering, loop.body, path, scope));
      const leaves = after.filter(({ exit }) => !staysInside(exit));
      left = [...left, ...leaves];
      inside = after
        .filter(({ exit }) => staysInside(exit))
        .map((path) => ({ ...path, exit: NORMAL }));
      isOpen ||= leaves.length > 0;
      update(lowering, loop, inside, scope);
      if (!isDo) inside = goingOn(inside, left);
    }
    if (isOpen && inside.length > 0) openRounds++;
    const live = join([...left, ...inside], root, joining);
    left = live.filter(({ exit }) => exit.kind !== 'normal');
    inside = live.filter(({ exit }) => exit.kind === 'normal');
  }
  return left.map((path) => (path.exit.kind === 'break' ? { ...path, exit: NORMAL } : path));
}

function moreRounds(rounds: number): string {
  return `a loop of more than ${rounds === 1 ? 'one round' : `${rounds} rounds`}`;
}

/** Whether a bound is that on the rounds of a loop. */
export function isOfRounds(bound: string): boolean {
  return /^a loop of more than (?:one round|\d+ rounds)$/.test(bound);
}

const WAITS_FOR_EVER = 'a loop that nothing ends';

/** Whether a thread ends because it waits in a loop for what never comes. */
export function waitsForEver(reason: string): boolean {
  return reason === WAITS_FOR_EVER;
}

/** Whether a loop is written so that it may end: `for (;;) ;` is not. */
function hasWayOut(loop: Loop): boolean {
  const LEAVES: readonly string[] = ['break', 'return', 'goto'];
  return !isEndless(loop) || everyStatement([loop.body]).some(({ kind }) => LEAVES.includes(kind));
}

/** The paths that leave a loop when its count is up: what the rounds up to there do is left out. */
function countedOut(
  lowering: Lowering,
  loop: Loop,
  paths: readonly State[],
  rounds: number,
  scope: Scope,
): readonly State[] {
  const trace = traceOf(scope, loop.span);
  lowering.report.assume('bound', moreRounds(rounds), placeOfTrace(trace));
  const left: State[] = [];
  let inside = paths;
  for (let round = rounds; inside.length > 0 && round < MOST_COUNTED; round++) {
    update(lowering, loop, inside, scope);
    const { yes, no } = partAll(lowering, loop.condition, inside, { ...scope, round });
    left.push(...no);
    inside = yes;
  }
  for (const path of inside) forgetCount(lowering, loop, path, scope);
  const { yes, no } = partAll(lowering, loop.condition, inside, scope);
  for (const path of yes) stop(lowering, path, moreRounds(rounds), trace);
  return [...left, ...no].map((path): State => ({ ...path, exit: { kind: 'break' } }));
}

/** What a round starts from, where that is one path. */
function startOf([path, ...others]: readonly State[]): RoundStart | undefined {
  return path !== undefined && others.length === 0 ? roundStart(path) : undefined;
}

/** The paths that go on with another round: those that only wait are ended. Where there is no way out of the
 *  loop, the thread ends with what it has done. */
export function withoutWaits(
  lowering: Lowering,
  loop: Loop,
  start: RoundStart | undefined,
  paths: readonly State[],
  out: readonly State[],
  scope: Scope,
): readonly State[] {
  if (start === undefined) return paths;
  const trace = traceOf(scope, loop.span);
  const waiting = paths.filter((path) => isWaiting(lowering, loop, start, path, scope));
  const isEndless = out.length === 0 && waiting.length === paths.length;
  for (const path of waiting)
    if (isEndless)
      endThread(lowering, path, hasWayOut(loop) ? WAITS_FOR_EVER : 'a loop without an end', trace);
    else endWait(lowering, path, trace);
  return paths.filter(({ dead }) => !dead);
}

function enter(lowering: Lowering, loop: Loop, state: State, scope: Scope): readonly State[] {
  return loop.kind === 'for' && loop.initial !== undefined
    ? execute(lowering, loop.initial, state, scope)
    : [state];
}

/** Whether a loop is left by jumps only. */
function isEndless({ condition }: Loop): boolean {
  return condition === undefined || condition.kind === 'number';
}

function partAll(
  lowering: Lowering,
  condition: CExpression | undefined,
  states: readonly State[],
  scope: Scope,
): Decision {
  if (condition === undefined) return { yes: states, no: [] };
  const decisions = states.map((state) => decide(lowering, condition, state, scope));
  return { yes: decisions.flatMap(({ yes }) => yes), no: decisions.flatMap(({ no }) => no) };
}

function staysInside({ kind }: State['exit']): boolean {
  return kind === 'normal' || kind === 'continue';
}

function update(lowering: Lowering, loop: Loop, states: readonly State[], scope: Scope): void {
  if (loop.kind !== 'for' || loop.update === undefined) return;
  for (const state of states) evaluate(lowering, loop.update, state, scope);
}

/** A loop that a macro makes: `scoped_guard(class, lock)`, whose body is done once, or one that is defined nowhere. */
export function executeMacroLoop(
  lowering: Lowering,
  loop: CStatement & { readonly kind: 'macro-loop' },
  state: State,
  outer: Scope,
): readonly State[] {
  const { macro, macroSpan, arguments: given, body } = loop;
  const scope = innerScope(outer);
  const [of, ...locks] = given;
  if (GUARD_MACROS.has(macro) && of !== undefined) {
    takeGuard(lowering, { of, given: locks, span: macroSpan }, state, scope);
    return execute(lowering, body, state, scope).map(afterLoop);
  }
  if (lowering.request.open !== undefined) return executeOnce(lowering, loop, state, scope);
  const message = `${macro}(), a loop whose macro is defined nowhere`;
  lowering.report.notModelled(message, visiblePlace(scope, macroSpan));
  return [state];
}
