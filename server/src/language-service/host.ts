/**
 * The one mutable thing of the language service: takes changes of files and settings, keeps facts,
 * pairing and verdicts up to date, and hands out immutable snapshots to ask questions of.
 */

import type { FileFacts } from '../facts/file-facts.ts';
import type { Pairing } from '../pairing/pairing.ts';
import { LineIndex } from '../text/line-index.ts';
import { edited, type TextEdit } from './actions/action.ts';
import { DEFAULT_SETTINGS, type Settings } from './config.ts';
import type { Engine, FileTexts, Proved } from './engine.ts';
import { createFileStore, type FileStore, type FilesNow, presentOf } from './file-store.ts';
import { createHeaders, type Header, type Headers } from './headers.ts';
import type { Coverage } from './moment.ts';
import { currentViolations, type NeedTable, shownNeeds } from './need-table.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import { takenBarriers } from './taken-barriers.ts';
import { toldVerdict } from './told-verdict.ts';
import { createVerdicts, type ProofPass, type Verdicts, type WaitingProof } from './verdicts.ts';
import { type KnownOfText, readVersion, type Version } from './version.ts';

/** Something that happened to a file. Paths are absolute, with `/`. */
export type FileChange =
  /** The editor's text of a file: on opening and after every edit. */
  | { readonly kind: 'buffer'; readonly path: string; readonly text: string }
  /** The editor closed the file: its text is again what is on disk. */
  | { readonly kind: 'closed'; readonly path: string }
  /** The text of a file on disk: read by the index, saved, or changed by somebody else. */
  | {
      readonly kind: 'disk';
      readonly path: string;
      readonly text: string;
      /** The headers that it is read with; without more said those that are known when it is applied. */
      readonly headers?: readonly Header[];
      /** Its facts, where another thread has found them with the same headers. */
      readonly facts?: FileFacts;
      /** The user saved what the editor shows. */
      readonly isSaved?: true;
    }
  | { readonly kind: 'deleted'; readonly path: string }
  /** Headers that a file includes were put into the host's `headers`. */
  | { readonly kind: 'headers'; readonly path: string };

/** Something that happened outside. */
export type Change =
  | FileChange
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'coverage'; readonly coverage: Coverage }
  /** What the simulated scenarios say, all of it anew, and what they said before. */
  | {
      readonly kind: 'needs';
      readonly tables: readonly NeedTable[];
      readonly earlier?: readonly NeedTable[];
    };

export interface HostOptions {
  readonly engine: Engine;
  /** Whether a file lies in a kernel tree, where every C file counts as kernel C. */
  readonly inKernelTree?: (path: string) => boolean;
  /** The texts of editors are what a patch makes of the saved ones: what it takes away is told. */
  readonly isOfPatch?: boolean;
}

export interface Host {
  /** The headers that are known; whoever reads files puts them here before the files that include them. */
  readonly headers: Headers;
  readonly apply: (changes: readonly Change[]) => void;
  readonly snapshot: () => Snapshot;
  /** The heavy work that waits for the files in `focus`, one proof at a time: it may be done in another thread. */
  readonly nextProof: (focus: ReadonlySet<string>, pass?: ProofPass) => WaitingProof | undefined;
  /** How many proofs wait behind the last one that was given out. */
  readonly proofsLeft: () => number;
  /** Takes the proof, for the texts that it was asked for; returns the files whose answers changed. */
  readonly proved: (waiting: WaitingProof, answer: Proved) => ReadonlySet<string>;
  /** Does one such proof at once. Returns the files whose answers changed, or undefined where none waits. */
  readonly work: (focus: ReadonlySet<string>) => ReadonlySet<string> | undefined;
  /** The heavy work for these pairings, as far as it was not done. */
  readonly waiting: (pairings: readonly Pairing[]) => readonly WaitingProof[];
  /** Does the heavy work for these pairings at once. */
  readonly solve: (pairings: readonly Pairing[]) => void;
  /** What would be after the edits, which are not made; `tablesFor` says what scenarios are known to say of other texts. */
  readonly supposing: (edits: readonly TextEdit[], tablesFor?: TablesFor) => Supposition;
}

/** What was simulated for the texts. */
export type TablesFor = (textOf: FileTexts['textOf']) => readonly NeedTable[];

/** A host in which edits were made that nobody made. */
export type Supposition = Pick<Host, 'snapshot' | 'waiting' | 'proved'>;

/** What a host knows beside its files. */
interface Circumstances {
  readonly settings: Settings;
  readonly coverage: Coverage;
  readonly tables: readonly NeedTable[];
  readonly earlier: readonly NeedTable[];
  readonly isOfPatch: boolean;
}

const READING: Coverage = { extent: 'reading', elsewhere: new Set() };

/** A host without files. `options.engine` does the analyses. */
export function createHost({
  engine,
  inKernelTree = () => false,
  isOfPatch = false,
}: HostOptions): Host {
  const headers = createHeaders(engine.types);
  const store = createFileStore(engine);
  const verdicts = createVerdicts(engine);
  let known: Circumstances = {
    settings: DEFAULT_SETTINGS,
    coverage: READING,
    tables: [],
    earlier: [],
    isOfPatch,
  };
  let snapshot: Snapshot | undefined;

  const read: ReadText = (path, text, given) => {
    const { enable: enabled, index } = known.settings;
    const reading = { engine, headers, enabled, maxFileSize: index.maxFileSize, inKernelTree };
    const state = store.get(path);
    return readVersion(reading, path, text, [state?.buffer, state?.disk], given);
  };

  /** Every file is read again where other operations are known. */
  const agreeOn = ({ operations: { path, text } }: Settings) => {
    if (!headers.agree(path, text)) return;
    for (const [file] of [...store.entries()]) renew(store, read, file);
  };

  const applyOne = (change: Change) => {
    switch (change.kind) {
      case 'settings':
        known = { ...known, settings: change.settings };
        agreeOn(change.settings);
        return;
      case 'coverage':
        known = { ...known, coverage: change.coverage };
        store.renewSaved();
        return;
      case 'needs':
        known = {
          ...known,
          ...(change.earlier && { earlier: change.earlier }),
          tables: change.tables,
        };
        return;
      default:
        changeFile(store, headers, read, change);
    }
  };

  const nextProof: Host['nextProof'] = (focus, pass) =>
    known.settings.validation.enable
      ? verdicts.next(store.tree(), focus, presentTexts(store), pass)
      : undefined;

  const proved: Host['proved'] = (waiting, answer) => {
    snapshot = undefined;
    return verdicts.answered(waiting, answer);
  };

  return {
    headers,
    apply(changes) {
      changes.forEach(applyOne);
      snapshot = undefined;
    },
    snapshot() {
      snapshot ??= makeSnapshot(store, verdicts, known);
      return snapshot;
    },
    nextProof,
    proofsLeft: verdicts.left,
    proved,
    work(focus) {
      const waiting = nextProof(focus);
      return waiting && proved(waiting, engine.verdict(waiting.question, waiting.sources));
    },
    waiting: (pairings) => verdicts.waiting(pairings, store.tree(), presentTexts(store)),
    solve(pairings) {
      verdicts.solve(pairings, store.tree(), presentTexts(store));
      snapshot = undefined;
    },
    supposing(edits, tablesFor = () => []) {
      const changed = new Set(edits.map(({ file }) => file));
      const buffers = new Map(
        [...changed].map((file) => {
          const text = presentOf(store.get(file))?.text ?? '';
          const own = edits.filter((each) => each.file === file);
          return [file, read(file, edited(text, own))];
        }),
      );
      const textOf = (path: string) => (buffers.get(path) ?? presentOf(store.get(path)))?.text;
      const circumstances = { ...known, tables: tablesFor(textOf) };
      return supposition(store.supposing(buffers), verdicts.copy(), circumstances);
    },
  };
}

function supposition(files: FilesNow, verdicts: Verdicts, known: Circumstances): Supposition {
  return {
    snapshot: () => makeSnapshot(files, verdicts, known),
    waiting: (pairings) => verdicts.waiting(pairings, files.tree(), presentTexts(files)),
    proved: verdicts.answered,
  };
}

/** The texts as they are now, whatever changes later. */
function presentTexts(files: FilesNow): FileTexts {
  const present = new Map(files.entries().map(([path, state]) => [path, presentOf(state)]));
  return textsOf((path) => present.get(path));
}

/** The texts of files and of the headers that these were read with. */
function textsOf(presentIn: (path: string) => Version | undefined): FileTexts {
  return {
    textOf: (path) => presentIn(path)?.text,
    headersOf: (path) => presentIn(path)?.headers ?? [],
  };
}

type ReadText = (path: string, text: string, known?: KnownOfText) => Version;

function changeFile(store: FileStore, headers: Headers, read: ReadText, change: FileChange): void {
  const { path } = change;
  const state = store.get(path);
  switch (change.kind) {
    case 'buffer':
      store.set(path, { ...state, buffer: read(path, change.text) });
      changeHeader(store, headers, read, path, change.text);
      return;
    case 'disk':
      store.set(path, { ...state, disk: read(path, change.text, change) }, change.isSaved === true);
      return;
    case 'closed':
      store.set(path, state?.disk === undefined ? {} : { disk: state.disk });
      return;
    case 'deleted':
      store.set(path, state?.buffer === undefined ? {} : { buffer: state.buffer });
      return;
    case 'headers':
      renew(store, read, path);
      return;
  }
}

/** A file whose headers changed or became known is read again. */
function renew(store: FileStore, read: ReadText, path: string): void {
  const { buffer, disk } = store.get(path) ?? {};
  store.set(path, {
    ...(buffer === undefined ? {} : { buffer: read(path, buffer.text) }),
    ...(disk === undefined ? {} : { disk: read(path, disk.text) }),
  });
}

/** A known header is edited: the open files that include it follow at once. */
function changeHeader(
  store: FileStore,
  headers: Headers,
  read: ReadText,
  path: string,
  text: string,
): void {
  if (!headers.has(path)) return;
  headers.put(path, text);
  for (const [file, { buffer }] of store.entries())
    if (file !== path && buffer?.headers.some((header) => header.path === path))
      renew(store, read, file);
}

/** The present state of everything, as look-ups that later changes do not reach. */
function makeSnapshot(
  files: FilesNow,
  verdicts: Verdicts,
  { settings, coverage, tables, earlier, isOfPatch }: Circumstances,
): Snapshot {
  const tree = files.tree();
  const present = new Map(files.entries().map(([path, state]) => [path, presentOf(state)]));
  const texts = textsOf((path) => present.get(path));
  const { textOf } = texts;
  const lines = new Map<string, LineIndex>();
  const linesOf = (path: string) => {
    const text = textOf(path);
    if (text !== undefined && !lines.has(path)) lines.set(path, new LineIndex(text));
    return lines.get(path);
  };
  const found = verdicts.view(tree, texts);
  const verdictOf = (pairing: Pairing) =>
    settings.validation.enable ? toldVerdict(tree, pairing, found(pairing)) : undefined;
  return createSnapshot({
    settings,
    problemOf: (path) => present.get(path)?.problem,
    moment: {
      tree,
      lost: files.lost(),
      taken: isOfPatch
        ? files.saved().flatMap(([path, then]) => takenBarriers(path, then, tree))
        : [],
      verdictOf,
      needs: shownNeeds(tables, textOf),
      violations: currentViolations(tables, textOf),
      earlier,
      coverage,
      textOf,
      linesOf,
    },
  });
}
