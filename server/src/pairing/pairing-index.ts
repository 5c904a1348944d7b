/** The pairing of a set of files that change one by one: only what a change can touch is done again. */

import { storedIn } from '../facts/by-member.ts';
import type { FileFacts, Site } from '../facts/file-facts.ts';
import { combine } from './combine.ts';
import {
  callersNote,
  createFunctionIndex,
  folderNote,
  membersNote,
  recording,
} from './function-index.ts';
import { createMeetings } from './meetings.ts';
import { createNotes, type Notes } from './notes.ts';
import type { PairingResult, ResolvedClaim } from './pairing.ts';
import { holdsOrder, isAboutOrder, isIdle, resolveClaim } from './resolve.ts';
import type { Sides } from './seeker.ts';
import { GENERAL_USE, type Side, sideOf } from './side.ts';

/** A pairing made incrementally: files are put (or replaced) and dropped; the result is of those present. */
export interface PairingIndex {
  readonly put: (facts: FileFacts) => void;
  readonly drop: (file: string) => void;
  /** The pairing of the files at hand, as an immutable value; the same one until something changes. */
  readonly result: () => PairingResult;
}

/** The pairing of a set of files. */
export function pairUp(files: readonly FileFacts[]): PairingResult {
  const index = createPairingIndex();
  for (const facts of files) index.put(facts);
  return index.result();
}

export function createPairingIndex(): PairingIndex {
  const state = emptyState();
  let last: PairingResult | undefined;
  return {
    put(facts) {
      replace(state, facts.file, facts);
      last = undefined;
    },
    drop(file) {
      replace(state, file, undefined);
      last = undefined;
    },
    result() {
      last ??= refresh(state);
      return last;
    },
  };
}

/** What is known, per file, and what has to be done again. */
interface State {
  readonly files: Map<string, FileFacts>;
  readonly functions: ReturnType<typeof createFunctionIndex>;
  readonly meetings: ReturnType<typeof createMeetings>;
  readonly sides: Map<string, FileSides>;
  readonly claims: Map<string, readonly ResolvedClaim[]>;
  /** The names that each side, and the claims of each file, were looked up by. */
  readonly sideNotes: Notes<Side>;
  readonly claimNotes: Notes<string>;
  /** Since the last result: files put or dropped, and the names (and folders) that changed with them. */
  readonly changed: Set<string>;
  readonly changedNames: Set<string>;
}

interface FileSides {
  readonly all: readonly Side[];
  readonly completed: ReadonlyMap<string, Site>;
  readonly byId: ReadonlyMap<string, Side>;
  readonly byFunction: ReadonlyMap<string, readonly Side[]>;
}

function emptyState(): State {
  return {
    files: new Map(),
    functions: createFunctionIndex(),
    meetings: createMeetings(),
    sides: new Map(),
    claims: new Map(),
    sideNotes: createNotes(),
    claimNotes: createNotes(),
    changed: new Set(),
    changedNames: new Set(),
  };
}

/** Puts `facts` in place of what was known of the file, and notes the names by which others may have
 *  found something in it. */
function replace(state: State, file: string, facts: FileFacts | undefined): void {
  const known = state.files.get(file);
  const versions = [known, facts].filter((version) => version !== undefined);
  const called = new Set(
    versions.flatMap(({ functions }) => functions.flatMap(({ calls }) => calls)),
  );
  const counts = new Map([...called].map((name) => [name, state.functions.callerCount(name)]));
  if (known !== undefined) state.functions.drop(known);
  if (facts !== undefined) state.functions.put(facts);
  if (facts === undefined) state.files.delete(file);
  else state.files.set(file, facts);
  state.changed.add(file);
  state.changedNames.add(folderNote(file));
  for (const version of versions) {
    const { functions, sites } = version;
    for (const { name } of functions) state.changedNames.add(name);
    // The table of a struct counts as a whole.
    for (const { struct } of storedIn(version)) state.changedNames.add(membersNote(struct));
    for (const { labels } of sites) for (const label of labels) state.changedNames.add(label);
  }
  for (const [name, before] of counts)
    noteCalls(state, name, before, state.functions.callerCount(name));
}

/** What depends on the callers of a function is stale, unless it has too many for anybody to look. */
function noteCalls(state: State, name: string, before: number, after: number): void {
  if (Math.min(before, after) <= GENERAL_USE) state.changedNames.add(callersNote(name));
  if (before > GENERAL_USE !== after > GENERAL_USE) state.changedNames.add(name);
}

/** Sides first, then what depends on them: meetings through fields, claims through names. */
function refresh(state: State): PairingResult {
  const stale = byFile(state.sideNotes.owners(state.changedNames));
  const touched = new Set([...state.changed, ...stale.keys()]);
  const names = new Set(state.changedNames);
  for (const file of touched) {
    rebuildSides(state, file, stale.get(file) ?? new Set());
    for (const name of state.sides.get(file)?.byFunction.keys() ?? []) names.add(name);
  }
  for (const file of new Set([...touched, ...state.claimNotes.owners(names)]))
    rebuildClaims(state, file);
  state.changed.clear();
  state.changedNames.clear();
  const pairings = combine(
    state.meetings.pairings(),
    [...state.claims.values()].flat(),
    ({ file, id }) => state.sides.get(file)?.byId.get(id),
  );
  const completed = new Map([...state.sides].map(([file, sides]) => [file, sides.completed]));
  return { ...pairings, completed };
}

function byFile(sides: ReadonlySet<Side>): ReadonlyMap<string, ReadonlySet<Side>> {
  const found = new Map<string, Set<Side>>();
  for (const side of sides) {
    const known = found.get(side.file);
    if (known === undefined) found.set(side.file, new Set([side]));
    else known.add(side);
  }
  return found;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The sides of a file that was put or dropped; of another only those that are stale. */
function rebuildSides(state: State, file: string, stale: ReadonlySet<Side>): void {
  const facts = state.files.get(file);
  const known = state.sides.get(file)?.all ?? [];
  const fresh =
    facts === undefined
      ? []
      : state.changed.has(file)
        ? facts.sites.map((site) => notedSide(state, file, site))
        : known.map((side) => (stale.has(side) ? notedSide(state, file, side.site) : side));
  const kept = new Set(fresh);
  for (const side of known) if (!kept.has(side)) state.sideNotes.put(side, NO_NAMES);
  state.meetings.put(file, fresh);
  if (facts === undefined) {
    state.sides.delete(file);
    state.claims.delete(file);
    state.claimNotes.put(file, NO_NAMES);
    return;
  }
  state.sides.set(file, {
    all: fresh,
    completed: new Map(fresh.map(({ site, complete }) => [site.id, complete])),
    byId: new Map(fresh.map((side) => [side.site.id, side])),
    byFunction: byFunction(fresh),
  });
}

function notedSide(state: State, file: string, site: Site): Side {
  const noted = new Set<string>();
  const side = sideOf(
    file,
    site,
    recording(state.functions, (name) => noted.add(name)),
  );
  state.sideNotes.put(side, noted);
  return side;
}

function byFunction(sides: readonly Side[]): ReadonlyMap<string, readonly Side[]> {
  const table = new Map<string, Side[]>();
  for (const side of sides) {
    const list = table.get(side.site.function);
    if (list === undefined) table.set(side.site.function, [side]);
    else list.push(side);
  }
  return table;
}

function rebuildClaims(state: State, file: string): void {
  const sides = state.sides.get(file)?.all;
  if (sides === undefined) return;
  const noted = new Set<string>();
  const functions = recording(state.functions, (name) => noted.add(name));
  const seen = sidesOf(state, (label) => noted.add(label));
  const claims = sides.flatMap((side) =>
    side.site.claims
      .filter((claim) => isAboutOrder(side.site, claim) && holdsOrder(side, functions, seen))
      .map((claim) => resolveClaim(side, claim, functions, seen))
      .filter((resolved) => !isIdle(resolved)),
  );
  state.claims.set(file, claims);
  state.claimNotes.put(file, noted);
}

function sidesOf(state: State, note: (label: string) => void): Sides {
  return {
    inFile: (file) => state.sides.get(file)?.all ?? [],
    inFunction: (file, name) => state.sides.get(file)?.byFunction.get(name) ?? [],
    labelled(label) {
      note(label);
      return [...state.sides.values()].flatMap(({ all }) =>
        all.filter(({ site }) => site.labels.includes(label)),
      );
    },
    files: () => state.files.keys(),
  };
}
