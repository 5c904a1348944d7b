/** The C lowering: functions of the tree and a scenario's state in, a program out. */

import { rootOf } from '../program/address.ts';
import { carriedRegisters } from '../program/carried-registers.ts';
import { withoutDeadCode } from '../program/dead-code.ts';
import type { InitialValue, LocationName, Thread } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';
import { type Answered, aboutOf, listening, untouchedAnswers } from './asked.ts';
import type { Condition } from './configuration.ts';
import { type Lowering, SETUP, scopeOfFile } from './context.ts';
import { withoutIdleSides } from './idle-sides.ts';
import { isKnownByName } from './known-by-name.ts';
import { type KnownLowering, type KnownLowerings, loweredBefore } from './known-lowerings.ts';
import { type KnownRuns, type RunResult, runThread } from './known-runs.ts';
import { libraryTexts } from './library.ts';
import type { Assumption, Lowered, LoweringRequest } from './lowering.ts';
import { firstRound, locationsInMemory, type Memory, memoryOf, type NextRound } from './memory.ts';
import { type Observed, observedCells, observedParts } from './observed.ts';
import {
  type Made,
  NO_CONTROL,
  NO_DEPENDENCY,
  type StartValue,
  sharedField,
  sharedInitial,
  type Unfollowed,
} from './open-world.ts';
import { declaredType, typeOfPlace } from './place-type.ts';
import { type CollectedReport, collectReport } from './report.ts';
import { isSide } from './rw-lock.ts';
import { type StartingState, startingState } from './starting-state.ts';
import { emptyStorage, type Storage } from './storage.ts';
import { type Symbols, symbolsOf } from './symbols.ts';
import { type Setting, threadLowering } from './thread.ts';

/** After so many rounds without an end no answer is given. */
const MOST_ROUNDS = 40;
/** The same where there is more of a thread than is followed: each round takes seconds then. */
const MOST_ROUNDS_CUT_OFF = 4;
const NOWHERE = { start: 0, end: 0 };
const ZERO = { kind: 'integer', value: 0 } as const;

/**
 * Lowers the threads of `request`. Total: what is not modelled is in the answer, with its place.
 *
 * The threads are lowered again and again until what is known of memory no longer changes (see
 * memory.ts); the last round is the answer. What `known` has for the same is not made again.
 */
export function lower(request: LoweringRequest, known?: KnownLowerings): Lowered {
  const symbols = symbolsOf(request, libraryTexts(request));
  const anew = (runs: KnownRuns, last?: KnownLowering): KnownLowering => {
    const before = last && untouchedAnswers(last.asked, last.about, request);
    const heard = listening(symbols, before);
    const lowered = lowerWith(request, heard.symbols, runs);
    return { about: aboutOf(request), lowered, asked: heard.asked() };
  };
  const { lowered, asked } =
    known === undefined
      ? anew({ ofThread: new Map(), areKept: false })
      : loweredBefore(known, request, symbols, anew);
  return withConditions(lowered, conditionsOf(asked, symbols), request.open !== undefined);
}

/** The names that are looked up while `request` is lowered and that nothing defines, structs with their keyword, but for those
 *  of which the kernel's tables say what they are. */
export function missingNames(request: LoweringRequest): readonly string[] {
  const heard = listening(symbolsOf(request, libraryTexts(request)));
  lowerWith(request, heard.symbols, { ofThread: new Map(), areKept: false });
  const missing = heard.asked().flatMap(({ name, answer }) => (isMissing(answer) ? name : []));
  return [...new Set(missing)].filter((name) => !isKnownByName(name));
}

/** A struct without members is only declared. */
function isMissing(answer: Answered['answer']): boolean {
  return answer === undefined || ('fields' in answer && answer.fields.length === 0);
}

/** Answers that rest on nothing of the configuration: so they do as long as nobody has to ask again. */
const unconditional = new WeakSet<Answered>();

/** What of the configuration the answers to all questions rest on, each thing once. */
function conditionsOf(asked: readonly Answered[], symbols: Symbols): readonly Condition[] {
  const all = asked.flatMap((each) => {
    if (unconditional.has(each)) return [];
    const conditions = symbols.conditions(each.kind, each.name, each.from);
    if (conditions.length === 0) unconditional.add(each);
    return conditions;
  });
  const keyOf = ({ message, place: { file, span } }: Condition) =>
    `${message} ${file} ${span.start}`;
  return [...new Map(all.map((condition) => [keyOf(condition), condition])).values()];
}

/** Where nobody can say otherwise, as in an open request, a condition that is not known is taken as not true. */
function withConditions(
  lowered: Lowered,
  conditions: readonly Condition[],
  isOpen: boolean,
): Lowered {
  if (conditions.length === 0) return lowered;
  const { assumptions, notModelled } = lowered;
  const unknown = isOpen ? [] : conditions.filter(({ kind }) => kind === 'unknown');
  const assumed = conditions.filter((condition) => !unknown.includes(condition));
  return {
    ...lowered,
    assumptions: [
      ...assumptions,
      ...assumed.map(({ message, place }) => ({ kind: 'configuration' as const, message, place })),
    ],
    notModelled: [...notModelled, ...unknown.map(({ message, place }) => ({ message, place }))],
  };
}

function lowerWith(request: LoweringRequest, symbols: Symbols, runs: KnownRuns): Lowered {
  const storage = emptyStorage();
  const made = new Map<string, Made>();
  const unfollowedOf = request.actors.map(() => new Map<string, Unfollowed>());
  const compared = new Map<string, StartValue>();
  let beginning = begin(request, symbols, storage, runs);
  for (let round = 0; ; round++) {
    const { found, start, observed } = beginning;
    const memory = memoryOf(request, found, initialIn({ request, symbols, made }, start));
    const report = collectReport();
    const threads = request.actors.map((actor, thread) => {
      const unfollowed = unfollowedOf[thread]!;
      const setting = { request, symbols, memory, report, thread, made, unfollowed, compared };
      return runThread(runs, setting, actor);
    });
    const grew = found.grew || storage.grew;
    const most = threads.some(({ isCutOff }) => isCutOff) ? MOST_ROUNDS_CUT_OFF : MOST_ROUNDS;
    if (grew && round < most) {
      if (storage.grew) beginning = begin(request, symbols, storage, runs);
      continue;
    }
    if (grew)
      report.notModelled('pointers that lead ever further', {
        file: request.state.file,
        span: NOWHERE,
      });
    const setting = { request, symbols, memory, report, made, compared };
    return answer(setting, start, observed, threads, unfollowedOf);
  }
}

/** What is known of memory and storage before the first round. */
interface Beginning {
  readonly start: StartingState;
  readonly observed: readonly Observed[];
  readonly found: NextRound;
}

/** Begins with what is known of storage: the state is made with it, and with it names are read. */
function begin(
  request: LoweringRequest,
  symbols: Symbols,
  storage: Storage,
  runs: KnownRuns,
): Beginning {
  for (;;) {
    storage.grew = false;
    const start = startingState(request, symbols, storage, runs);
    const memory = memoryOf(request, firstRound([], storage), start.initial);
    const names = (request.observed ?? []).filter((name) => isObject(symbols, name));
    const observed = observedCells(asideOf({ request, symbols, memory }), names);
    if (storage.grew) continue;
    const locations = observed.flatMap(({ cell }) => cell?.location ?? []);
    return { start, observed, found: firstRound(locations, storage) };
  }
}

/** A lowering of no thread, to look things up with. */
function asideOf(setting: Omit<Setting, 'report' | 'thread'>): Lowering {
  return threadLowering({ ...setting, report: collectReport(), thread: SETUP }, { body: '' });
}

/** What locations hold at the start; in an open request what it says of those that nobody else speaks of. */
function initialIn(
  setting: Pick<Setting, 'request' | 'symbols' | 'made'>,
  start: StartingState,
): Memory['initial'] {
  if (setting.request.open === undefined) return start.initial;
  const memory = memoryOf(setting.request, firstRound([], emptyStorage()), start.initial);
  const lowering = asideOf({ ...setting, memory });
  return (location) =>
    sharedInitial(lowering, location) ??
    (isObject(setting.symbols, location) ? start.initial(location) : ZERO);
}

function isObject(symbols: Symbols, location: LocationName): boolean {
  return symbols.object(rootOf(location), '') !== undefined;
}

function answer(
  setting: Omit<Setting, 'report' | 'thread'> & { readonly report: CollectedReport },
  start: StartingState,
  observed: readonly Observed[],
  actors: readonly RunResult[],
  unfollowedOf: UnfollowedOf,
): Lowered {
  const { request, memory, report } = setting;
  const lowering = asideOf(setting);
  const threads = withoutIdleSides(actors.map((actor, index) => thread(request, actor, index)));
  const left = new Set(
    threads.flatMap(({ body }) => everyStatement(body).flatMap(({ origin }) => origin?.site ?? [])),
  );
  const locations = locationsInMemory(memory.next)
    .filter((location) => !isSide(location))
    .sort();
  const { parts, unknown } = observedParts(lowering, observed);
  for (const name of unknown)
    report.notModelled(`${name}, a part of what may hold too many values`, {
      file: request.state.file,
      span: NOWHERE,
    });
  for (const thread of threads)
    for (const { place, isTruth, of } of unfollowedIn(thread, unfollowedOf[thread.index]!))
      report.assume('no-dependency', isTruth ? NO_CONTROL : NO_DEPENDENCY, place, {
        thread: thread.index,
        of,
      });
  for (const { message, place } of ofOwnCpus(request, report))
    if (place) report.notModelled(`${message}, and each function accesses that of its own`, place);
  const said = start.report();
  return {
    initial: initialValues(lowering, locations),
    fields: fieldsOf(lowering, locations),
    compared: [...(setting.compared?.values() ?? [])],
    threads,
    locations,
    parts,
    bits: new Map([...memory.next.storage.words].map(([word, { names }]) => [word, names])),
    variables: actors.map(({ variables }) => variables),
    sites: report.sites().filter(({ device, site }) => device !== 'lock' || left.has(site)),
    assumptions: [...said.assumptions(), ...report.assumptions()],
    notModelled: [...said.unmodelled(), ...report.unmodelled()],
  };
}

/** Per-CPU variables that the functions of an open request access on their own CPUs only: each may have another. */
function ofOwnCpus({ open }: LoweringRequest, report: CollectedReport): readonly Assumption[] {
  const said = open === undefined ? [] : report.assumptions();
  const ofAny = new Set(said.flatMap(({ kind, message }) => (kind === 'any-cpu' ? message : [])));
  return said.filter(({ kind, message }) => kind === 'own-cpu' && !ofAny.has(message));
}

/** By thread: where the values in its registers come from that depend on what was read in a way that is not followed. */
type UnfollowedOf = readonly Lowering['unfollowed'][];

/** Where values of a thread come from that matter, and that depend on what was read in a way that is not followed. */
function unfollowedIn({ body }: Thread, unfollowed: Lowering['unfollowed']): readonly Unfollowed[] {
  if (unfollowed.size === 0) return [];
  const carried = carriedRegisters(body);
  return everyStatement(body).flatMap((statement) => {
    if (statement.kind !== 'assign' || statement.value.kind !== 'open') return [];
    const { register } = statement;
    const found = unfollowed.get(register);
    return found === undefined
      ? []
      : { ...found, isTruth: found.isTruth || !carried.has(register) };
  });
}

/** The fields that locations are. */
function fieldsOf(
  lowering: Lowering,
  locations: readonly LocationName[],
): ReadonlyMap<LocationName, string> {
  return new Map(
    locations.flatMap((location) => {
      const field = sharedField(lowering, location);
      return field === undefined ? [] : [[location, field] as const];
    }),
  );
}

function initialValues(
  lowering: Lowering,
  locations: readonly LocationName[],
): readonly InitialValue[] {
  const scope = scopeOfFile(lowering.request.state.file);
  return locations.map((name) => ({
    target: { kind: 'location', name },
    value: lowering.memory.initial(name),
    type: declaredType(typeOfPlace(lowering, name, scope)),
    span: NOWHERE,
  }));
}

function thread(request: LoweringRequest, actor: RunResult, index: number): Thread {
  const { offset, body: text } = request.actors[index]!;
  const body = withoutDeadCode(actor.statements, new Set(actor.variables));
  return { index, parameters: [], body, span: { start: offset, end: offset + text.length } };
}
