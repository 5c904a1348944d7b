/** Lowers one thread: the actor's statements, and the final values of its variables. */

import type { Statement } from '../program/program.ts';
import type { Statement as CStatement, FunctionDefinition } from '../syntax/ast.ts';
import { unreadable } from '../syntax/unreadable.ts';
import { actorVariables } from './actor-variables.ts';
import { callPlaces } from './call-places.ts';
import { cleanUp, reportCleanups } from './cleanup.ts';
import {
  declareLocal,
  type Frame,
  joiningAt,
  type Lowering,
  lookUp,
  placeOfTrace,
  type Scope,
  SETUP,
} from './context.ts';
import { executeSequence } from './execute.ts';
import type { ActorText, LoweringRequest } from './lowering.ts';
import { type Block, join, NORMAL, type State, startState, type Trace } from './machine.ts';
import { halfSection } from './progress.ts';
import { lockOfSide } from './rw-lock.ts';
import { actorPrefix, keepVariables, withoutValues } from './thread-end.ts';
import { replacedIn, traceOf } from './trace.ts';

/** A lowered thread. */
export interface LoweredActor {
  /** With what it computes for nothing, as nobody wants the statements of all rounds. */
  readonly statements: readonly Statement[];
  /** The variables of the actor's own statements: registers of that name at the end. */
  readonly variables: readonly string[];
  /** What the thread's variables hold at the end, where it gets there. */
  readonly end: State | undefined;
}

const OPENING = 'void actor(void) {';

/** Runs the statements of `actor`. Its variables are assigned to registers of their name at the end. */
export function runActor(lowering: Lowering, actor: ActorText): LoweredActor {
  const shift = actor.offset - OPENING.length;
  const text = textOf(actor);
  const definition = lowering.symbols.piece(text, actor.file);
  const body = definition?.body ?? [];
  const span = { start: OPENING.length, end: OPENING.length + actor.body.length };
  const frame: Frame = {
    name: lowering.thread === SETUP ? 'setup' : `P${lowering.thread}`,
    file: actor.file,
    shift,
    start: OPENING.length,
    calls: callPlaces(text, 0),
    replaced: replacedIn(definition),
    prefix: actorPrefix(lowering.thread),
    depth: 0,
    isActor: true,
    isRoot: false,
    isFollowed: false,
  };
  const errors = definition === undefined ? [span] : definition.errors;
  for (const error of errors) {
    const place = { start: error.start + shift, end: error.end + shift };
    lowering.report.notModelled(unreadable(text, error, 'C that cannot be read'), {
      file: actor.file,
      span: place,
    });
  }
  if (definition !== undefined)
    reportCleanups(lowering, { file: actor.file, text }, definition, shift);
  return runFrame(lowering, frame, body, span);
}

const definitions = new WeakMap<ActorText, FunctionDefinition | undefined>();

/** The statements of an actor as a function, as they are written, with its text, and what is added to its spans to make them
 *  offsets of the actor's file. */
export function actorFunction(
  { parse }: Pick<LoweringRequest, 'parse'>,
  actor: ActorText,
): {
  readonly definition: FunctionDefinition | undefined;
  readonly text: string;
  readonly shift: number;
} {
  const text = textOf(actor);
  if (!definitions.has(actor)) definitions.set(actor, parse(actor.file, text).parsed.functions[0]);
  return { definition: definitions.get(actor), text, shift: actor.offset - OPENING.length };
}

function textOf({ body }: ActorText): string {
  return `${OPENING}${body}}`;
}

/** What the statements assign on no path, and do not declare: variables all the same. */
function unassigned(
  { symbols }: Lowering,
  body: readonly CStatement[],
  scope: Scope,
): readonly string[] {
  const { file } = scope.frame;
  return [...actorVariables({ body }).atEnd.keys()].filter(
    (name) =>
      lookUp(scope, name) === undefined &&
      symbols.object(name, file) === undefined &&
      symbols.function(name, file) === undefined,
  );
}

/** Says of the locks that a thread has at its end, on whatever path, that executions are left out in which another one waits for
 *  them. */
function reportKeptLocks({ report }: Lowering, { progress }: State, trace: Trace): void {
  const sure = new Set(progress.held.map(lockOfSide));
  for (const lock of new Set(progress.kept.map(lockOfSide)))
    report.assume(
      'wait',
      `${lock} ${sure.has(lock) ? 'is' : 'may be'} kept to the end: who waits for it then is left out`,
      placeOfTrace(trace),
    );
}

/** Says of a read-side critical section of which a half is missing that it is none for the memory model. */
function reportHalfSection({ report }: Lowering, { progress }: State, trace: Trace): void {
  const half = halfSection(progress);
  if (half === undefined) return;
  const said =
    half === 'begin'
      ? 'rcu_read_lock() without rcu_read_unlock()'
      : 'rcu_read_unlock() without rcu_read_lock()';
  const message = `${said}: no grace period waits for that`;
  report.assume('wait', message, placeOfTrace(trace));
}

function runFrame(
  lowering: Lowering,
  frame: Frame,
  statements: readonly CStatement[],
  span: CStatement['span'],
): LoweredActor {
  const root: Block = { statements: [] };
  const scope = { frame, names: new Map() };
  const trace = traceOf(scope, { start: span.end, end: span.end });
  const inner = { frame, names: new Map(), outer: scope };
  const start = startState(root, lowering.request.open && lowering.free);
  const block = executeSequence(lowering, statements, start, inner);
  for (const { exit } of block)
    if (exit.kind !== 'normal' && exit.kind !== 'return')
      lowering.report.notModelled(
        `a jump to what is not found (${exit.kind})`,
        placeOfTrace(trace),
      );
  const ended = cleanUp(block, []).map((state) => ({ ...state, exit: NORMAL }));
  const [end] = join(
    ended,
    root,
    joiningAt(lowering, () => trace),
  );
  for (const name of unassigned(lowering, statements, inner)) declareLocal(lowering, scope, name);
  const variables = [...scope.names.keys(), ...inner.names.keys()];
  if (end !== undefined) {
    keepVariables(lowering, end, variables, trace);
    if (lowering.request.open === undefined) {
      reportKeptLocks(lowering, end, trace);
      reportHalfSection(lowering, end, trace);
    }
  }
  const { statements: all } = root;
  return { statements: [...withoutValues(all, variables, trace), ...all], variables, end };
}
