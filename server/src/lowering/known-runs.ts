/**
 * Runs of one thread in one round, kept for when the same would run again: after an edit that another
 * thread feels, and in a round that brought this thread nothing new.
 *
 * A run follows from what it asks of the texts and from what it finds in memory; it leaves statements, a
 * report, and additions to what is known of memory.
 */

import type { Candidates } from '../program/candidates.ts';
import { keyOf } from '../program/evaluate.ts';
import { type LoweredActor, runActor } from './actor.ts';
import { type Answered, askAgain, listening } from './asked.ts';
import type { ActorText } from './lowering.ts';
import {
  type Knowledge,
  knowledgeOf,
  type Memory,
  type MemoryNotes,
  recordForced,
  recordRead,
  recordStatic,
  recordWrite,
  touchBit,
  touchRange,
  touchWhole,
  withNotes,
} from './memory.ts';
import { together, withMovedSpans } from './moved-spans.ts';
import { type CollectedReport, collectReport, type Said, sayAll } from './report.ts';
import { type Setting, threadLowering } from './thread.ts';

/** What of a lowered thread is kept. */
export type RunResult = Pick<LoweredActor, 'statements' | 'variables'>;

interface KnownRun {
  readonly asked: readonly Answered[];
  readonly notes: MemoryNotes;
  readonly left: { readonly result: RunResult; readonly said: Said };
}

/** The runs of each thread, the newest first. They may not outlive the request, sources aside. */
export type KnownRuns = Map<number, readonly KnownRun[]>;

/** So many runs of one thread are kept: as many as it takes rounds, for some versions of the sources. */
const MOST_OF_THREAD = 24;

/** Runs a thread, or lets a known run have happened again. */
export function runThread(
  known: KnownRuns,
  setting: Setting & { readonly report: CollectedReport },
  actor: ActorText,
): RunResult {
  const before = known.get(setting.thread) ?? [];
  const { found, now } = recalledRun(before, setting) ?? {
    found: undefined,
    now: runAnew(setting, actor),
  };
  const others = before.filter((each) => each !== found);
  known.set(setting.thread, [now, ...others].slice(0, MOST_OF_THREAD));
  sayAll(setting.report, now.left.said);
  return now.left.result;
}

function runAnew(setting: Setting, actor: ActorText): KnownRun {
  const heard = listening(setting.symbols);
  const memory = withNotes(setting.memory);
  const report = collectReport();
  const noted = { ...setting, symbols: heard.symbols, memory, report };
  const { statements, variables } = runActor(threadLowering(noted, actor), actor);
  const left = { result: { statements, variables }, said: report.said() };
  return { asked: heard.asked(), notes: memory.notes, left };
}

interface RecalledRun {
  readonly found: KnownRun;
  /** It, where the code stands now. */
  readonly now: KnownRun;
}

function recalledRun(
  before: readonly KnownRun[],
  { symbols, memory, thread }: Setting,
): RecalledRun | undefined {
  for (const found of before) {
    const { asked, notes, left } = found;
    if (!findsTheSame(notes, memory)) continue;
    const again = askAgain(asked, symbols);
    if (again === undefined || !startsTheSame(notes, memory)) continue;
    addAll(notes, memory, thread);
    const spans = together(again.map(({ paired }) => paired));
    const moved = withMovedSpans(left, spans);
    return { found, now: { asked: again.map(({ now }) => now), notes, left: moved } };
  }
  return undefined;
}

function findsTheSame({ found }: MemoryNotes, memory: Memory): boolean {
  return [...found].every(([location, before]) => isSame(before, knowledgeOf(memory, location)));
}

function isSame(before: Knowledge, now: Knowledge): boolean {
  return (
    before.isInMemory === now.isInMemory &&
    before.shape === now.shape &&
    before.writers.join() === now.writers.join() &&
    haveSameValues(before.contents, now.contents)
  );
}

/** In the same order too: registers are called after the first place that a pointer may lead to. */
function haveSameValues(before: Candidates | undefined, now: Candidates | undefined): boolean {
  if (before === now) return true;
  if (before === undefined || now === undefined || before === 'any' || now === 'any') return false;
  const keys = [...now.keys()];
  return before.size === now.size && [...before.keys()].every((key, at) => key === keys[at]);
}

/** Asked last and in the order of the run, since asking can add to what the start is reported to be. */
function startsTheSame({ initial }: MemoryNotes, memory: Memory): boolean {
  for (const [location, value] of initial)
    if (keyOf(memory.initial(location)) !== keyOf(value)) return false;
  return true;
}

function addAll({ added }: MemoryNotes, memory: Memory, thread: number): void {
  for (const addition of added)
    switch (addition.kind) {
      case 'forced':
        recordForced(memory, addition.location);
        break;
      case 'read':
        recordRead(memory, thread, addition.location);
        break;
      case 'write':
        recordWrite(memory, thread, addition.location, addition.values);
        break;
      case 'static':
        recordStatic(memory, addition.location, addition.object);
        break;
      case 'whole':
        touchWhole(memory, addition.location);
        break;
      case 'range':
        touchRange(memory, addition.location, addition.range);
        break;
      case 'bit':
        touchBit(memory, addition.location, addition.key, addition.name);
        break;
    }
}
