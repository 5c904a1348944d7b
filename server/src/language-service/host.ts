/**
 * The one mutable thing of the language service: takes changes of files and settings, keeps facts,
 * pairing and verdicts up to date, and hands out immutable snapshots to ask questions of.
 */

import type { FileFacts } from '../facts/file-facts.ts';
import { LineIndex } from '../text/line-index.ts';
import { DEFAULT_SETTINGS, type Settings } from './config.ts';
import type { Engine } from './engine.ts';
import { isBinary, isKernelText } from './kernel-text.ts';
import { type LostPartner, lostPartners } from './lost-partners.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import { type Tree, treeOf } from './tree.ts';
import type { NeedRow } from './verdict.ts';
import { createVerdicts } from './verdicts.ts';

/** Something that happened outside. Paths are absolute, with `/`. */
export type Change =
  /** The editor's text of a file: on opening and after every edit. */
  | { readonly kind: 'buffer'; readonly path: string; readonly text: string }
  /** The editor closed the file: its text is again what is on disk. */
  | { readonly kind: 'closed'; readonly path: string }
  /** The text of a file on disk: read by the index, saved, or changed by somebody else. */
  | { readonly kind: 'disk'; readonly path: string; readonly text: string }
  | { readonly kind: 'deleted'; readonly path: string }
  | { readonly kind: 'settings'; readonly settings: Settings }
  /** Whether all files that a partner can be in have been read. */
  | { readonly kind: 'complete'; readonly complete: boolean }
  /** The rows of simulated scenarios, all of them anew. */
  | { readonly kind: 'needs'; readonly rows: readonly NeedRow[] };

export interface HostOptions {
  readonly engine: Engine;
  /** Whether a file lies in a kernel tree, where every C file counts as kernel C. */
  readonly inKernelTree?: (path: string) => boolean;
}

export interface Host {
  readonly apply: (changes: readonly Change[]) => void;
  readonly snapshot: () => Snapshot;
  /** Does one slice of the heavy work that is waiting for the files in `focus`: one verdict. Returns the
   *  files whose answers changed, or undefined where nothing is waiting. */
  readonly work: (focus: ReadonlySet<string>) => ReadonlySet<string> | undefined;
}

/** One text of a file with what was made of it. */
interface Version {
  readonly text: string;
  /** Absent where the text is no kernel C with barriers, or too large, or binary: nothing is said about it. */
  readonly facts?: FileFacts;
  readonly problem?: string;
}

interface FileState {
  readonly buffer?: Version;
  readonly disk?: Version;
}

/** A host without files. `options.engine` does the analyses. */
export function createHost({ engine, inKernelTree = () => false }: HostOptions): Host {
  const files = new Map<string, FileState>();
  const index = engine.createIndex();
  const verdicts = createVerdicts(engine);
  const saved = new Map<string, Tree>();
  let facts: ReadonlyMap<string, FileFacts> = new Map();
  let settings = DEFAULT_SETTINGS;
  let complete = false;
  let needs: readonly NeedRow[] = [];
  let tree: Tree | undefined;
  let snapshot: Snapshot | undefined;

  const textOf = (path: string) => presentOf(files.get(path))?.text;

  const analyse = (path: string, text: string, state: FileState | undefined): Version => {
    for (const known of [state?.buffer, state?.disk])
      if (known?.text === text && known.facts !== undefined) return known;
    const problem = unfit(text, settings.index.maxFileSize);
    if (problem !== undefined) return { text, problem };
    if (!settings.enable || !isKernelText(text, inKernelTree(path))) return { text };
    return { text, facts: engine.facts(path, text) };
  };

  const currentTree = (): Tree => {
    tree ??= treeOf(facts, index.result());
    return tree;
  };

  const setFile = (path: string, state: FileState | undefined) => {
    const before = presentOf(files.get(path));
    keepSaved(path, files.get(path), state);
    if (state === undefined) files.delete(path);
    else files.set(path, state);
    const after = presentOf(state);
    if (before?.facts === after?.facts) return;
    const next = new Map(facts);
    if (after?.facts === undefined) {
      next.delete(path);
      index.drop(path);
    } else {
      next.set(path, after.facts);
      index.put(after.facts);
    }
    facts = next;
    tree = undefined;
  };

  /** When a buffer parts from the disk, the tree of that moment is what lost partners are told from. */
  const keepSaved = (path: string, before: FileState | undefined, after: FileState | undefined) => {
    if (!isDirty(after)) saved.delete(path);
    else if (!isDirty(before) && before !== undefined) saved.set(path, currentTree());
  };

  /** Those trees anew, with all the partners that have been read in the meantime. */
  const renewSaved = () => {
    for (const path of saved.keys()) {
      const { buffer, disk } = files.get(path) ?? {};
      if (disk?.facts === undefined || buffer?.facts === undefined) continue;
      index.put(disk.facts);
      saved.set(path, treeOf(new Map(facts).set(path, disk.facts), index.result()));
      index.put(buffer.facts);
      tree = undefined;
    }
  };

  const applyOne = (change: Change) => {
    switch (change.kind) {
      case 'buffer': {
        const state = files.get(change.path);
        setFile(change.path, { ...state, buffer: analyse(change.path, change.text, state) });
        return;
      }
      case 'disk': {
        const state = files.get(change.path);
        setFile(change.path, { ...state, disk: analyse(change.path, change.text, state) });
        return;
      }
      case 'closed': {
        const disk = files.get(change.path)?.disk;
        setFile(change.path, disk === undefined ? undefined : { disk });
        return;
      }
      case 'deleted': {
        const buffer = files.get(change.path)?.buffer;
        setFile(change.path, buffer === undefined ? undefined : { buffer });
        return;
      }
      case 'settings':
        settings = change.settings;
        return;
      case 'complete':
        complete = change.complete;
        renewSaved();
        return;
      case 'needs':
        needs = change.rows;
        return;
    }
  };

  const lost = (now: Tree): readonly LostPartner[] =>
    [...saved].flatMap(([path, then]) => lostPartners(path, then, now));

  const makeSnapshot = (): Snapshot => {
    const now = currentTree();
    const lines = new Map<string, LineIndex>();
    const texts = new Map([...files].map(([path, state]) => [path, presentOf(state)]));
    const text = (path: string) => texts.get(path)?.text;
    return createSnapshot({
      settings,
      problemOf: (path) => texts.get(path)?.problem,
      moment: {
        tree: now,
        lost: lost(now),
        verdictOf: settings.validation.enable ? verdicts.view(now, text) : () => undefined,
        needs,
        complete,
        textOf: text,
        linesOf: (path) => {
          const found = text(path);
          if (found !== undefined && !lines.has(path)) lines.set(path, new LineIndex(found));
          return lines.get(path);
        },
      },
    });
  };

  return {
    apply(changes) {
      changes.forEach(applyOne);
      snapshot = undefined;
    },
    snapshot() {
      snapshot ??= makeSnapshot();
      return snapshot;
    },
    work(focus) {
      if (!settings.validation.enable) return undefined;
      const done = verdicts.work(currentTree(), focus, textOf);
      if (done !== undefined) snapshot = undefined;
      return done;
    },
  };
}

function presentOf(state: FileState | undefined): Version | undefined {
  return state?.buffer ?? state?.disk;
}

function isDirty(state: FileState | undefined): boolean {
  return (
    state?.buffer !== undefined && state.disk !== undefined && state.buffer.text !== state.disk.text
  );
}

/** Why a text is not analysed at all, or undefined. */
function unfit(text: string, limit: number): string | undefined {
  if (isBinary(text)) return 'not analysed: a binary file';
  if (text.length > limit) return `not analysed: ${text.length} characters, the limit is ${limit}`;
  return undefined;
}
