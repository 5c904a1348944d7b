/** The state that the threads start from: objects as they are declared, then what the setup does. */

import { rootOf } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { runActor } from './actor.ts';
import { isLocal, SETUP } from './context.ts';
import type { GlobalObject } from './file-index.ts';
import { firstValuesOf } from './initial.ts';
import type { LoweringRequest } from './lowering.ts';
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
    memory: memoryOf(firstRound([], storage), declared),
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
  const end = setup && runActor(threadLowering(setting, setup), setup).end;
  const made = new Map<LocationName, Known>();
  for (const [location, value] of end?.variables ?? [])
    if (value.kind === 'known' && !isLocal(location)) made.set(location, value.value);
  return { initial: (location) => made.get(location) ?? declared(location), report: () => report };
}

function spanOf(object: GlobalObject): Span {
  return object.kind === 'declared' ? object.declarator.nameSpan : object.by.span;
}
