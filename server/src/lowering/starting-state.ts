/** The state that the threads start from: objects as they are declared, then what the setup does. */

import { rootOf } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { runActor } from './actor.ts';
import { isLocal, type Lowering, SETUP } from './context.ts';
import type { GlobalObject } from './file-index.ts';
import { firstValuesOf } from './initial.ts';
import { type KnownRuns, type RunResult, runThread } from './known-runs.ts';
import type { ActorText, LoweringRequest } from './lowering.ts';
import { firstRound, memoryOf } from './memory.ts';
import { type CollectedReport, collectReport } from './report.ts';
import type { Storage } from './storage.ts';
import type { Symbols } from './symbols.ts';
import { threadLowering } from './thread.ts';
import type { Known } from './value.ts';

export interface StartingState {
  /** What a location holds before any thread runs: 0 where nothing is said. */
  readonly initial: (location: LocationName) => Known;
  /** What was said while the state was made, so far. */
  readonly report: () => CollectedReport;
}

const ZERO: Known = { kind: 'integer', value: 0 };

/** First values are worked out when a location of the object is first asked for. */
export function startingState(
  request: LoweringRequest,
  symbols: Symbols,
  storage: Storage,
  runs: KnownRuns,
): StartingState {
  const report = collectReport();
  const objects = new Map<string, ReadonlyMap<LocationName, Known>>();
  const declared = (location: LocationName): Known => {
    const root = rootOf(location);
    if (!objects.has(root)) {
      objects.set(root, new Map()); // a first value may name its own object
      objects.set(root, firstValues(root));
    }
    return objects.get(root)!.get(location) ?? ZERO;
  };
  const setting = {
    request,
    symbols,
    memory: memoryOf(request, firstRound([], storage), declared),
    report,
    thread: SETUP,
  };
  const firstValues = (root: string): ReadonlyMap<LocationName, Known> => {
    const object = symbols.object(root, '');
    if (object === undefined) return new Map();
    if (object.layer === 'source')
      report.assume('initial-state', `${root} starts as its definition says`, {
        file: object.source.file,
        span: spanOf(object.definition),
      });
    return firstValuesOf(threadLowering(setting, { body: '' }), root, object);
  };
  const { setup } = request;
  const made = setup && runThread(runs, setting, setup, runSetup).made;
  return { initial: (location) => made?.get(location) ?? declared(location), report: () => report };
}

/** With what the setup leaves in memory. What it leaves there and is not known is told: it is not what was there before. */
function runSetup(lowering: Lowering, setup: ActorText): RunResult {
  const { end, statements, variables } = runActor(lowering, setup);
  const { file, offset, body } = setup;
  const place = { file, span: { start: offset, end: offset + body.length } };
  const made = new Map<LocationName, Known>();
  if (end === undefined)
    lowering.report.notModelled('a setup that does not come to its end', place);
  for (const [location, value] of end?.variables ?? []) {
    if (isLocal(location)) continue;
    if (value.kind === 'known') made.set(location, value.value);
    else lowering.report.notModelled(`${location} is not known after the setup`, place);
  }
  return { statements, variables, made };
}

function spanOf(object: GlobalObject): Span {
  return object.kind === 'declared' ? object.declarator.nameSpan : object.by.span;
}
