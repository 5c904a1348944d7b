/**
 * Runs of one thread in one round, kept for when the same would run again: after an edit that another
 * thread feels, and in a round that brought this thread nothing new.
 *
 * A run follows from what it asks of the texts and from what it finds in memory; it leaves statements, a
 * report, and additions to what is known of memory.
 */

import { keyOf } from '../program/evaluate.ts';
import type { LocationName } from '../program/program.ts';
import { type LoweredActor, runActor } from './actor.ts';
import {
  type Answered,
  type AskedAbout,
  aboutOf,
  askAgain,
  listening,
  noteAsked,
} from './asked.ts';
import type { Lowering } from './context.ts';
import type { ActorText } from './lowering.ts';
import {
  type Memory,
  type MemoryNotes,
  recordForced,
  recordRead,
  recordStatic,
  recordWrite,
  tellsTheSame,
  touchBit,
  touchRange,
  touchWhole,
  withNotes,
} from './memory.ts';
import { together, withMovedSpans } from './moved-spans.ts';
import { type CollectedReport, collectReport, type Said, sayAll } from './report.ts';
import type { Storage } from './storage.ts';
import { isCutOff, type Setting, threadLowering } from './thread.ts';
import type { Known } from './value.ts';

/** What of a lowered thread is kept. */
export interface RunResult extends Pick<LoweredActor, 'statements' | 'variables'> {
  /** Of the setup: what it leaves in memory. */
  readonly made?: ReadonlyMap<LocationName, Known>;
  /** There is more of the thread than was followed. */
  readonly isCutOff?: true;
}

/** Lowers a thread. */
type Run = (lowering: Lowering, actor: ActorText) => RunResult;

interface KnownRun {
  /** That of its lowering, in which all questions have the same answers. */
  readonly storage: Storage;
  readonly about: AskedAbout;
  /** What it asked of the texts, where it is kept for other lowerings. */
  readonly asked: readonly Answered[];
  readonly notes: MemoryNotes;
  readonly left: { readonly result: RunResult; readonly said: Said };
  /** What was known beside memory before it, where threads share that: a run that adds to it is not found again. */
  readonly besides: string;
}

/** Runs of threads. They may not outlive the request, sources aside. */
export interface KnownRuns {
  /** By thread, the newest first. */
  readonly ofThread: Map<number, readonly KnownRun[]>;
  /** Whether they are kept for other sources too. */
  readonly areKept: boolean;
}

/** So many runs of one thread are kept: as many as it takes rounds, for some versions of the sources. */
const MOST_OF_THREAD = 24;

/** Runs a thread, or lets a known run have happened again. */
export function runThread(
  { ofThread, areKept }: KnownRuns,
  setting: Setting & { readonly report: CollectedReport },
  actor: ActorText,
  run: Run = runActor,
): RunResult {
  const before = ofThread.get(setting.thread) ?? [];
  const besides = besidesMemory(setting);
  const { found, now } = recalledRun(before, setting, besides) ?? {
    found: undefined,
    now: { ...runAnew(setting, actor, run, areKept), besides },
  };
  const others = before.filter((each) => each !== found);
  ofThread.set(setting.thread, [now, ...others].slice(0, MOST_OF_THREAD));
  sayAll(setting.report, now.left.said);
  return now.left.result;
}

/** In an open request, how many objects were made, and what of the thread is not followed. */
function besidesMemory({ request, made, unfollowed }: Setting): string {
  return request.open === undefined ? '' : JSON.stringify([made?.size, [...(unfollowed ?? [])]]);
}

function runAnew(
  setting: Setting,
  actor: ActorText,
  run: Run,
  isKept: boolean,
): Omit<KnownRun, 'besides'> {
  const heard = isKept ? listening(setting.symbols) : { symbols: setting.symbols, asked: () => [] };
  const memory = withNotes(setting.memory);
  const report = collectReport();
  const noted = { ...setting, symbols: heard.symbols, memory, report };
  const lowering = threadLowering(noted, actor);
  const { statements, variables, made } = run(lowering, actor);
  const result: RunResult = {
    statements,
    variables,
    ...(made && { made }),
    ...(isCutOff(lowering) && { isCutOff: true }),
  };
  const left = { result, said: report.said() };
  const { storage } = memory.next;
  return {
    storage,
    about: aboutOf(setting.request),
    asked: heard.asked(),
    notes: memory.notes,
    left,
  };
}

interface RecalledRun {
  readonly found: KnownRun;
  /** It, where the code stands now. */
  readonly now: KnownRun;
}

function recalledRun(
  before: readonly KnownRun[],
  setting: Setting,
  besides: string,
): RecalledRun | undefined {
  const { memory, thread } = setting;
  // What an earlier one left beside memory may have been replaced since.
  for (const found of setting.request.open === undefined ? before : before.slice(0, 1)) {
    const { notes } = found;
    if (found.besides !== besides) continue;
    if (!tellsTheSame(notes, memory, thread)) continue;
    const { storage } = memory.next;
    const now = found.storage === storage ? found : askedAgain(found, setting);
    if (now === undefined || !startsTheSame(notes, memory)) continue;
    noteAsked(setting.symbols, now.asked);
    addAll(notes, memory, thread);
    return { found, now };
  }
  return undefined;
}

/** A run where the code stands now; undefined where that says something else. */
function askedAgain(
  { about, asked, notes, left, besides }: KnownRun,
  setting: Setting,
): KnownRun | undefined {
  const now = aboutOf(setting.request);
  const again = askAgain(asked, about, now, setting.symbols);
  if (again === undefined) return undefined;
  const spans = together(again.map(({ paired }) => paired));
  return {
    storage: setting.memory.next.storage,
    about: now,
    asked: again.map((each) => each.now),
    notes,
    left: withMovedSpans(left, spans),
    besides,
  };
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
        recordForced(memory, thread, addition.location);
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
