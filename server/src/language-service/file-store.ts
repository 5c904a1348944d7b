/** The files of a host: their texts in the editor and on disk, and the tree of facts and pairings over them. */

import type { FileFacts } from '../facts/file-facts.ts';
import type { Engine } from './engine.ts';
import { type LostPartner, lostPartners, type Saved } from './lost-partners.ts';
import { refKey, type Tree, treeOf } from './tree.ts';
import type { Version } from './version.ts';

/** The buffer is what the editor shows, where it has the file open; else the disk counts. */
export interface FileState {
  readonly buffer?: Version;
  readonly disk?: Version;
}

/** What the files are at one moment. */
export interface FilesNow {
  readonly entries: () => readonly (readonly [string, FileState])[];
  readonly tree: () => Tree;
  /** What edits took away from others: unsaved ones, and saved ones until comment or code say otherwise. */
  readonly lost: () => readonly LostPartner[];
  /** The files with unsaved edits, as they were saved. */
  readonly saved: () => readonly (readonly [string, Saved])[];
}

export interface FileStore extends FilesNow {
  readonly get: (path: string) => FileState | undefined;
  /** Replaces what is known of a file; a state without any text forgets it. `isSaved` where the user saved it. */
  readonly set: (path: string, state: FileState, isSaved?: boolean) => void;
  /** The files as they would be with other buffers; they stay as they are. */
  readonly supposing: (buffers: ReadonlyMap<string, Version>) => FilesNow;
  /** The saved trees anew, with the partners that have been read in the meantime. */
  readonly renewSaved: () => void;
}

/** No files yet. */
export function createFileStore(engine: Engine): FileStore {
  const files = new Map<string, FileState>();
  const index = engine.createIndex();
  /** For each file with unsaved edits, what it was with the saved text. */
  const saved = new Map<string, Saved>();
  /** For each file that was saved without a partner of others, the first state that still had it. */
  const lacking = new Map<string, Saved>();
  const facts = new Map<string, FileFacts>();
  let tree: Tree | undefined;

  const currentTree = (): Tree => {
    tree ??= treeOf(new Map(facts), index.result());
    return tree;
  };

  const keepSaved = (
    path: string,
    before: FileState | undefined,
    after: FileState,
    isSaved: boolean,
  ) => {
    if (!isDirty(after)) {
      if (isSaved) keepLacking(path);
      saved.delete(path);
      return;
    }
    const text = presentOf(before)?.text;
    if (before === undefined || text === undefined || isDirty(before)) return;
    saved.set(path, { tree: currentTree(), text });
  };

  const keepLacking = (path: string) => {
    for (const then of [lacking.get(path), saved.get(path)]) {
      if (then === undefined) continue;
      const isLacking = lostPartners(path, then, currentTree()).length > 0;
      if (isLacking) lacking.set(path, then);
      else if (lacking.get(path) === then) lacking.delete(path);
      if (isLacking) return;
    }
  };

  const lostIn = (now: Tree): readonly LostPartner[] => {
    const all = [...lacking, ...saved].flatMap(([path, then]) => lostPartners(path, then, now));
    const told = all.map(
      (each) => [`${refKeyOf(each.left)}\n${refKeyOf(each.gone)}`, each] as const,
    );
    return [...new Map(told).values()];
  };

  const setFacts = (path: string, present: FileFacts | undefined) => {
    if (present === undefined) {
      facts.delete(path);
      index.drop(path);
    } else {
      facts.set(path, present);
      index.put(present);
    }
    tree = undefined;
  };

  return {
    get: (path) => files.get(path),
    set(path, state, isSaved = false) {
      const before = files.get(path);
      keepSaved(path, before, state, isSaved);
      if (presentOf(state) === undefined) files.delete(path);
      else files.set(path, state);
      const present = presentOf(state)?.facts;
      if (present !== presentOf(before)?.facts) setFacts(path, present);
    },
    entries: () => [...files],
    tree: currentTree,
    lost: () => lostIn(currentTree()),
    saved: () => [...saved],
    supposing(buffers) {
      const before = currentTree();
      for (const [path, { facts: supposed }] of buffers) setFacts(path, supposed);
      const then = currentTree();
      for (const path of buffers.keys()) setFacts(path, presentOf(files.get(path))?.facts);
      tree = before;
      const entries = new Map(files);
      for (const [path, buffer] of buffers) entries.set(path, { ...files.get(path), buffer });
      const [present, lost] = [() => [...entries], () => lostIn(then)];
      return { entries: present, tree: () => then, lost, saved: () => [...saved] };
    },
    renewSaved() {
      for (const path of saved.keys()) {
        const { buffer, disk } = files.get(path) ?? {};
        if (disk?.facts === undefined || buffer?.facts === undefined) continue;
        setFacts(path, disk.facts);
        saved.set(path, { tree: currentTree(), text: disk.text });
        setFacts(path, buffer.facts);
      }
    },
  };
}

function refKeyOf({ file, site: { id } }: LostPartner['left']): string {
  return refKey({ file, id });
}

/** The text that counts. */
export function presentOf(state: FileState | undefined): Version | undefined {
  return state?.buffer ?? state?.disk;
}

function isDirty({ buffer, disk }: FileState): boolean {
  return buffer !== undefined && disk !== undefined && buffer.text !== disk.text;
}
