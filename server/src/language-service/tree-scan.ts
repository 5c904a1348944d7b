/**
 * Which files of a folder are analysed, and in which order: the folder's own files with barriers,
 * then, where the folder is a part of a kernel tree, those files around it that speak of the same
 * functions and structures. Everything is bounded, and every bound that was hit is said.
 */

import { posix } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import type { Read } from '../disk/read.ts';
import { type Walked, walk } from '../disk/walk.ts';
import { GENERAL_USE } from '../pairing/side.ts';
import { isBinary, isKernelText, mayPair } from './kernel-text.ts';
import { hasAny, type NamesByPath, nameNumber, namesIn } from './text-names.ts';

/** Where a scan may look and how much of it. */
export interface ScanRequest {
  readonly files: FileSystem;
  /** Files or folders; a file that is named is analysed whatever it contains. */
  readonly roots: readonly string[];
  readonly maxFiles: number;
  readonly maxFileSize: number;
  /** What the files that were read call and define; filled while they are read. Who looks for names later reads
   *  only those that may have one. */
  readonly names: NamesByPath;
  /** Names of operations beside the kernel's, whose files are worth reading. */
  readonly ownOperations?: readonly string[];
  /** Told of every text that is read. */
  readonly noteText?: (path: string, text: string) => void;
  /** Asked between files; true ends the scan. */
  readonly cancelled: () => boolean;
}

/** What a scan found, in the order in which it is best analysed. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'scenario'; readonly path: string }
  | { readonly kind: 'problem'; readonly path: string; readonly message: string };

const BINARY = 'not analysed: a binary file';
const SOURCE = /\.[ch]$/;
const SCENARIO = /\.scenario$/;
const SOURCE_OR_SCENARIO = /\.(?:[ch]|scenario)$/;
const SKIPPED = /^(?:\.|node_modules$)/;

/** A folder of so few files is read whole: what is wrong may be that nothing in a file orders. */
const SMALL_FOLDER = 64;

/** The files below the roots that are kernel C with ordering calls (of a small folder, all), as far as they are `wanted`; the
 *  scenarios, and what could not be read. */
export async function* scanRoots(
  request: ScanRequest,
  isWanted: (text: string) => boolean = () => true,
): AsyncGenerator<Found> {
  const budget = { files: request.maxFiles };
  const seen = new Set<string>();
  for (const root of request.roots) {
    const listed = await request.files.list(root);
    if ('value' in listed) yield* scanFolder(request, root, isWanted, budget, seen);
    else yield await readNamed(request, root);
  }
}

async function readNamed(request: ScanRequest, path: string): Promise<Found> {
  if (SCENARIO.test(path)) return { kind: 'scenario', path };
  const read = await readNoted(request, path);
  if ('problem' in read) return { kind: 'problem', path, message: read.problem };
  if (isBinary(read.value)) return { kind: 'problem', path, message: BINARY };
  return { kind: 'file', path, text: read.value };
}

/** Reads a file and notes what is in it. */
async function readNoted(
  { files, maxFileSize, names, noteText }: ScanRequest,
  path: string,
): Promise<Read<string>> {
  const read = await files.readText(path, maxFileSize);
  names.set(path, 'problem' in read ? NO_NAMES : namesIn(read.value));
  if ('value' in read) noteText?.(path, read.value);
  return read;
}

const NO_NAMES = new Uint32Array();

/** Names that are looked for: as numbers, for files whose names are known, and as a pattern for others. */
interface Wanted {
  readonly numbers: ReadonlySet<number>;
  readonly pattern: RegExp;
}

/** Reads a file that may have one of the names; undefined where it has none or cannot be read. What is read for that
 *  alone is looked at once, and nothing is kept of it. */
async function readWithName(
  { files, maxFileSize, names }: ScanRequest,
  path: string,
  { numbers, pattern }: Wanted,
): Promise<string | undefined> {
  const known = names.get(path);
  if (known !== undefined && !hasAny(known, numbers)) return undefined;
  const read = await files.readText(path, maxFileSize);
  if ('problem' in read) return undefined;
  return known !== undefined || pattern.test(read.value) ? read.value : undefined;
}

function numbersOf(names: Iterable<string>): ReadonlySet<number> {
  return new Set([...names].map(nameNumber));
}

async function* scanFolder(
  request: ScanRequest,
  root: string,
  isWanted: (text: string) => boolean,
  budget: { files: number },
  seen: Set<string>,
): AsyncGenerator<Found> {
  const kernel = await kernelRoot(request.files, root);
  const isInKernel = kernel !== undefined;
  const isWhole = await isSmall(sourcesBelow(request, root, kernel));
  for await (const entry of sourcesBelow(request, root, kernel, SOURCE_OR_SCENARIO)) {
    if (entry.kind === 'problem') {
      yield entry;
      continue;
    }
    if (seen.has(entry.path)) continue;
    seen.add(entry.path);
    if (SCENARIO.test(entry.path)) {
      yield { kind: 'scenario', path: entry.path };
      continue;
    }
    const read = await readNoted(request, entry.path);
    if ('problem' in read) {
      yield { kind: 'problem', path: entry.path, message: read.problem };
      continue;
    }
    if (isBinary(read.value)) {
      yield { kind: 'problem', path: entry.path, message: BINARY };
      continue;
    }
    if (!isWhole && !mayPair(read.value, request.ownOperations)) continue;
    if (!isKernelText(read.value, isInKernel) || !isWanted(read.value)) continue;
    if (budget.files-- <= 0) {
      yield bound(root, request.maxFiles);
      return;
    }
    yield { kind: 'file', path: entry.path, text: read.value };
  }
}

/** How many C files there are below the roots; a look at the folders alone, which ends where there are more than `most`. */
export async function countSources(
  request: Pick<ScanRequest, 'files' | 'roots' | 'cancelled'>,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  const seen = new Set<string>();
  for (const root of request.roots) {
    const kernel = await kernelRoot(request.files, root);
    for await (const entry of sourcesBelow(request, root, kernel)) {
      if (entry.kind !== 'problem') seen.add(entry.path);
      if (seen.size > most) return seen.size;
    }
  }
  return seen.size;
}

/** The scenarios below a folder; a look at the folders alone. */
export async function scenariosBelow(
  request: Pick<ScanRequest, 'files' | 'cancelled'>,
  root: string,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const kernel = await kernelRoot(request.files, root);
  for await (const entry of sourcesBelow(request, root, kernel, SCENARIO))
    if (entry.kind !== 'problem') found.add(entry.path);
  return found;
}

async function isSmall(entries: AsyncGenerator<Walked>): Promise<boolean> {
  let count = 0;
  for await (const _ of entries) if (++count > SMALL_FOLDER) return false;
  return true;
}

function bound(path: string, files: number): Found {
  const message = `only the first ${files} files with barriers are analysed (barrierlens.index.maxFiles)`;
  return { kind: 'problem', path, message };
}

/** The C files below a folder; links may lead anywhere in the kernel tree around it. */
function sourcesBelow(
  { files, cancelled }: Pick<ScanRequest, 'files' | 'cancelled'>,
  root: string,
  kernel: string | undefined,
  wanted = SOURCE,
): AsyncGenerator<Walked> {
  return walk({
    files,
    root,
    within: kernel === undefined ? [] : [kernel],
    isWanted: (name) => wanted.test(name),
    isSkipped: (name) => SKIPPED.test(name),
    cancelled,
  });
}

/** The root of the kernel tree that `path` lies in: the nearest folder upwards with Kbuild, Kconfig
 *  and include/linux. */
export async function kernelRoot(files: FileSystem, path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = posix.dirname(folder)) {
    const signs = ['Kbuild', 'Kconfig', 'include/linux'].map((sign) => posix.join(folder, sign));
    const found = await Promise.all(signs.map(files.exists));
    if (found.every(Boolean)) return folder;
    if (folder === posix.dirname(folder)) return undefined;
  }
}

/** What a scan of the surroundings is for: the words that a file must contain to matter. */
export interface Interest {
  /** Names of functions that comments claim as partners. */
  readonly functions: ReadonlySet<string>;
  /** What two fields a barrier orders: a partner accesses both. */
  readonly fields: readonly InterestingFields[];
}

/** Two fields of interest. */
export interface InterestingFields {
  readonly names: readonly [string, string];
  /** The structures that they are of: who accesses the fields has a variable of one of them. Empty where none is known. */
  readonly structs: readonly string[];
}

/** Where the kernel keeps the headers that have barriers in them, below its root. */
const HEADER_FOLDER = 'include/linux';

/** Files around `root` that contain a word of interest and an ordering call: of a file, its folder; of a
 *  folder in a kernel tree, the folder above it; and the kernel's headers. */
export async function* scanSurroundings(
  request: ScanRequest,
  root: string,
  interest: Interest,
): AsyncGenerator<Found> {
  if (interest.functions.size + interest.fields.length === 0) return;
  const roots = await placesAround(request.files, root);
  const named = new Set(interest.fields.flatMap(({ names, structs }) => [...names, ...structs]));
  const speaks = (text: string) => speaksOf(text, interest, named);
  for await (const found of scanRoots({ ...request, roots }, speaks))
    if (found.kind !== 'scenario') yield found;
}

/** Whether a text has one of the functions, or both fields of a pair and one of their structures; `named` are the fields
 *  and structures. */
function speaksOf(
  text: string,
  { functions, fields }: Interest,
  named: ReadonlySet<string>,
): boolean {
  const met = new Set<string>();
  for (const [word] of text.matchAll(/\w+/g)) {
    if (functions.has(word)) return true;
    if (named.has(word)) met.add(word);
  }
  return fields.some(
    ({ names, structs }) =>
      names.every((name) => met.has(name)) &&
      (structs.length === 0 || structs.some((struct) => met.has(struct))),
  );
}

async function placesAround(files: FileSystem, root: string): Promise<readonly string[]> {
  const kernel = await kernelRoot(files, root);
  const headers = kernel === undefined ? [] : [posix.join(kernel, HEADER_FOLDER)];
  const parent = posix.dirname(root);
  if (!('value' in (await files.list(root)))) return [parent, ...headers];
  if (kernel === undefined || kernel === root) return [];
  return parent === kernel ? headers : [parent, ...headers];
}

/** Files below the roots that call (or define) one of the functions, whatever else is in them: of one with a barrier
 *  the accesses stand around the call. */
export async function* scanForCalls(
  request: ScanRequest,
  functions: ReadonlySet<string>,
  known: (path: string) => boolean,
): AsyncGenerator<Found> {
  const named = particular(functions, request.names);
  const any = alternatives(named);
  if (any === undefined) return;
  const wanted = { numbers: numbersOf(named), pattern: new RegExp(`\\b(?:${any})[ \\t]*\\(`) };
  let budget = request.maxFiles;
  for (const root of request.roots)
    for await (const entry of sourcesBelow(request, root, await kernelRoot(request.files, root))) {
      if (request.cancelled()) return;
      if (entry.kind === 'problem' || known(entry.path)) continue;
      const text = await readWithName(request, entry.path, wanted);
      if (text === undefined || isBinary(text)) continue;
      if (budget-- <= 0) return;
      yield { kind: 'file', path: entry.path, text };
    }
}

/** The names that few of the files have: what more files call than functions that are looked at for their callers is of
 *  general use, and what stands around its calls says nothing about it. */
function particular(functions: ReadonlySet<string>, names: NamesByPath): ReadonlySet<string> {
  const wanted = numbersOf(functions);
  const files = new Map<number, number>();
  for (const known of names.values())
    for (const name of known) if (wanted.has(name)) files.set(name, (files.get(name) ?? 0) + 1);
  const isParticular = (name: string) => (files.get(nameNumber(name)) ?? 0) <= GENERAL_USE;
  return new Set([...functions].filter(isParticular));
}

/** A name that is declared or defined as a function, or defined as a macro, with the file. */
export interface Definition {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** Whether it is a function that has its body here. */
  readonly hasBody: boolean;
}

/** Looks for `names` below the roots, in every C file, whatever else is in it: a bare look at the text, so
 *  that a function without a barrier is not taken for one that is not there. Gives the first place of each, and
 *  the first with a body; ends when each was found with one. */
export async function* findDefinitions(
  request: ScanRequest,
  names: ReadonlySet<string>,
): AsyncGenerator<Definition> {
  const missing = new Set(names);
  const met = new Set<string>();
  const seen = new Set<string>();
  let pattern: RegExp | undefined;
  let wanted: Wanted | undefined;
  let sought = 0;
  for (const root of request.roots)
    for await (const entry of sourcesBelow(request, root, await kernelRoot(request.files, root))) {
      if (sought !== missing.size) {
        pattern = definitionOf(missing);
        const any = alternatives(missing);
        wanted =
          any === undefined ? undefined : { numbers: numbersOf(missing), pattern: new RegExp(any) };
      }
      sought = missing.size;
      if (pattern === undefined || wanted === undefined || request.cancelled()) return;
      if (entry.kind === 'problem' || seen.has(entry.path)) continue;
      seen.add(entry.path);
      const text = await readWithName(request, entry.path, wanted);
      if (text === undefined) continue;
      for (const match of text.matchAll(pattern)) {
        const name = match[1] ?? match[2]!;
        const isMacro = match[1] === undefined;
        const hasBody = !isMacro && isBodyNext(text, match.index + match[0].length);
        const isNews = isMacro || hasBody ? missing.delete(name) : !met.has(name);
        met.add(name);
        if (isNews) yield { name, path: entry.path, text, hasBody };
      }
    }
}

/** Notes what the C files beside one include, where they were not read yet: one of them may include it. */
export async function noteFolder(request: ScanRequest, path: string): Promise<void> {
  const folder = posix.dirname(path);
  const listed = await request.files.list(folder);
  if ('problem' in listed) return;
  for (const { name, kind } of listed.value.entries) {
    const beside = posix.join(folder, name);
    if (kind === 'file' && name.endsWith('.c') && !request.names.has(beside))
      await readNoted(request, beside);
  }
}

/** Whether what follows the parenthesis of a function's head is its body, not the end of a declaration. */
function isBodyNext(text: string, at: number): boolean {
  const end = /[;{]/g;
  end.lastIndex = at;
  return end.exec(text)?.[0] === '{';
}

/** At the beginning of a line, as kernel C is written: `type name(` or `#define name`. */
function definitionOf(names: ReadonlySet<string>): RegExp | undefined {
  const any = alternatives(names);
  if (any === undefined) return undefined;
  return new RegExp(
    `^(?:[A-Za-z_][\\w \\t*]*[ \\t*])?(${any})[ \\t]*\\(|^[ \\t]*#[ \\t]*define[ \\t]+(${any})\\b`,
    'gm',
  );
}

/** More names are not looked for at once: V8 searches for a thousand as fast as for a hundred. */
export const MOST_NAMES = 1000;

function alternatives(words: Iterable<string>): string | undefined {
  const plain = [...words].filter((word) => /^\w+$/.test(word));
  return plain.length === 0 ? undefined : plain.slice(0, MOST_NAMES).join('|');
}
