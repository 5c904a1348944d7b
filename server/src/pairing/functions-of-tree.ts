/**
 * The functions of a tree by what they access, whom they call and what they publish. A few files are looked through together, and
 * what was found of them holds until one of them is another: an edit costs these few, a name a look into what was found of each few.
 */

import {
  isMemberName,
  meantOf,
  type StoredFunction,
  storedIn,
  structOfMember,
} from '../facts/by-member.ts';
import { type FileFacts, fieldName } from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { once, remembering } from '../memo/once.ts';
import { folderOf, type PlacedFunction } from './function-index.ts';
import { calleeOf, type FunctionsOf } from './met-orders.ts';

/** Each list is in the order of the files, and of the text in each. */
export interface FunctionsOfTree extends FunctionsOf {
  readonly all: () => readonly PlacedFunction[];
  readonly names: () => Iterable<string>;
  readonly ofFile: (file: string) => readonly PlacedFunction[];
  /** Those that access a field themselves, by its name. */
  readonly accessing: (field: string) => readonly PlacedFunction[];
  /** Those that call one of a name. */
  readonly calling: (name: string) => readonly PlacedFunction[];
  /** The fields that the functions of a file access, themselves or in what they call. */
  readonly reached: (file: string) => ReadonlySet<string>;
  /** Those that make an object of a struct known. */
  readonly publishing: (struct: string) => readonly PlacedFunction[];
  /** Those that say which function a member of a struct runs. */
  readonly running: () => readonly PlacedFunction[];
  /** These, each once. */
  readonly inOrder: (functions: Iterable<PlacedFunction>) => readonly PlacedFunction[];
  /** The files of a folder. */
  readonly folder: (of: string) => readonly FileFacts[];
}

const NONE: readonly PlacedFunction[] = [];

/** So many files are looked through together. */
const CHUNK = 16;

/** The functions that `files` define. */
export function functionsOfTree(files: ReadonlyMap<string, FileFacts>): FunctionsOfTree {
  const facts = [...files.values()];
  const chunks: Chunk[] = [];
  for (let start = 0; start < facts.length; start += CHUNK)
    chunks.push(chunkOf(facts.slice(start, start + CHUNK)));
  const of = (part: 'named' | 'accessing' | 'calling' | 'publishing') =>
    remembering((name: string) => {
      const found: PlacedFunction[] = [];
      for (const chunk of chunks)
        for (const each of chunk[part]().get(name) ?? NONE) found.push(each);
      return found;
    });
  const ofFile = (file: string) => placedIn(files.get(file));
  const places = once(() => new Map(facts.map(({ file }, at) => [file, at])));
  const folders = once(() => grouped(facts, ({ file }) => [folderOf(file)]));
  const named = of('named');
  const functions = (name: string): readonly PlacedFunction[] =>
    isMemberName(name) ? meant(name) : named(name);
  const storedOf = remembering((struct: string) =>
    chunks.flatMap(({ storing }) => storing().get(struct) ?? []),
  );
  const meant = remembering((member: string) => {
    const stored = meantOf(storedOf(structOfMember(member)), member);
    const found = stored && calleeOf(stored.runs, stored, { functions: named });
    return found === undefined ? NONE : [found];
  });
  return {
    facts: (file) => files.get(file),
    all: once(() => facts.flatMap(placedIn)),
    names: once(() => new Set(chunks.flatMap(({ named }) => [...named().keys()]))),
    ofFile,
    functions,
    reached: remembering((file) => fieldsReached(ofFile(file), functions)),
    accessing: of('accessing'),
    calling: of('calling'),
    publishing: of('publishing'),
    running: once(() => chunks.flatMap(({ running }) => running())),
    inOrder(functions) {
      const wanted = new Set(functions);
      const homes = [...new Set([...wanted].map(({ file }) => file))];
      return homes
        .sort((a, b) => places().get(a)! - places().get(b)!)
        .flatMap((file) => ofFile(file).filter((each) => wanted.has(each)));
    },
    folder: (folder) => folders().get(folder) ?? [],
  };
}

function fieldsReached(
  own: readonly PlacedFunction[],
  functions: FunctionsOf['functions'],
): ReadonlySet<string> {
  const called = new Set(own.flatMap(({ fact }) => fact.calls));
  const all = [...own, ...[...called].flatMap(functions)];
  return new Set(all.flatMap(({ fact }) => fact.accesses.map(({ field }) => fieldName(field))));
}

/** Some files, and their functions by what is asked for. */
interface Chunk {
  readonly files: readonly FileFacts[];
  readonly named: () => Functions;
  readonly accessing: () => Functions;
  readonly calling: () => Functions;
  readonly publishing: () => Functions;
  readonly running: () => readonly PlacedFunction[];
  /** The functions that are stored in members, by the struct. */
  readonly storing: () => ReadonlyMap<string, readonly StoredFunction[]>;
}

type Functions = ReadonlyMap<string, readonly PlacedFunction[]>;

/** By their first file, which another tree has, too. */
const known = new WeakMap<FileFacts, Chunk>();

function chunkOf(files: readonly FileFacts[]): Chunk {
  const before = known.get(files[0]!);
  if (before?.files.length === files.length && files.every((each, at) => each === before.files[at]))
    return before;
  const all = files.flatMap(placedIn);
  const by = (namesOf: (of: PlacedFunction) => readonly string[]) =>
    once(() => grouped(all, namesOf));
  const chunk: Chunk = {
    files,
    named: by(({ fact }) => [fact.name]),
    accessing: by(({ fact }) => fact.accesses.map(({ field }) => fieldName(field))),
    calling: by(({ fact }) => fact.calls),
    publishing: by(({ fact }) => (fact.publications ?? []).map(({ struct }) => struct)),
    running: once(() => all.filter(({ fact }) => fact.runners !== undefined)),
    storing: once(() => grouped(files.flatMap(storedIn), ({ struct }) => [struct])),
  };
  known.set(files[0]!, chunk);
  return chunk;
}

const placed = new WeakMap<FileFacts, readonly PlacedFunction[]>();

function placedIn(facts: FileFacts | undefined): readonly PlacedFunction[] {
  if (facts === undefined) return [];
  const { file, functions } = facts;
  const found = placed.get(facts) ?? functions.map((fact) => ({ file, fact }));
  placed.set(facts, found);
  return found;
}
