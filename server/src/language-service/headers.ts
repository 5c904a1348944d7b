/** The headers that files include: which are known, and what types they give to a file. Parsed only when asked. */

import { posix } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import { isWithin, isWithinAny } from '../disk/within.ts';
import { joinTypes, noTypes, type TypeIndex } from '../facts/type-index.ts';
import { headersBehind, type NamedStructs, structsIn } from './headers-behind.ts';
import { isAmong, type NameNumbers, nameNumber, wordsIn } from './text-names.ts';

/** An `#include` line: its name and whether it stands in quotes. */
interface Include {
  readonly name: string;
  readonly local: boolean;
}

/** A header as known; a new text is a new object. */
export interface Header {
  readonly path: string;
  readonly text: string;
  /** Whether its text has a word, by the number of that; where another word has the same number, too. */
  readonly hasWord: (word: number) => boolean;
  /** What it declares: its text is parsed at the first question. */
  readonly types: TypeIndex;
}

export interface Headers {
  readonly put: (path: string, text: string) => void;
  readonly has: (path: string) => boolean;
  /** What every file below the folder of `path` includes without saying so; nothing, where the text is empty. Whether that
   *  is new. */
  readonly agree: (path: string, text: string) => boolean;
  /** How the Makefile of a kernel has every file below its folder compiled. */
  readonly compile: (makefile: string, text: string) => void;
  /** Notes which files of its folder a text includes. */
  readonly noteIncludes: (path: string, text: string) => void;
  /** The C file of its folder that includes a file: `kernel/sched/build_policy.c` of `kernel/sched/rt.c`. Of several the
   *  first by name. */
  readonly includerOf: (path: string) => string | undefined;
  /** The known headers that a file includes, those that its own folder's headers include, the other half of a public
   *  one, and of what lies behind these the headers that define the structs which the file names or goes through. Those of a
   *  C file that
   *  includes it count as its own: it is compiled behind them. And what all files of its folder are read with. */
  readonly of: (path: string, text: string) => readonly Header[];
}

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n\r\u2028\u2029]+)[>"]/gm;

/** How deep headers are followed whose all counts. */
const DEPTH = 3;

function includesOf(text: string): readonly Include[] {
  return [...text.matchAll(INCLUDE)].map(([, quote, name]) => ({
    name: apart(name!),
    local: quote === '"',
  }));
}

/** The same characters in a string of their own: a piece of a text, as engines have it, keeps all of the text in memory. */
function apart(piece: string): string {
  return piece.split('').join('');
}

/** Which of the headers that a header includes are followed: of one in quotes all, of a public one its other half, what of it
 *  user space has, too: `uapi/linux/fs.h` of `linux/fs.h`. */
function followedIn({ name, local }: Include, included: readonly Include[]): readonly Include[] {
  return local ? included : included.filter((each) => each.name === `uapi/${name}`);
}

/** What of a header's text leads to other headers. */
interface Leads {
  readonly includes: readonly Include[];
  readonly structs: NamedStructs;
}

const leads = new WeakMap<Header, Leads>();

function leadsOf(header: Header): Leads {
  const known = leads.get(header);
  if (known !== undefined) return known;
  const found = { includes: includesOf(header.text), structs: structsIn(header.text) };
  leads.set(header, found);
  return found;
}

/** No headers yet. `parse` gives the types that a text declares. */
export function createHeaders(parse: (text: string) => TypeIndex): Headers {
  const byPath = new Map<string, Header>();
  const byName = new Map<string, Header>();

  const resolve = (from: string, { name, local }: Include): Header | undefined =>
    (local ? byPath.get(posix.join(posix.dirname(from), name)) : undefined) ?? byName.get(name);

  const collect = (
    path: string,
    includes: readonly Include[],
    depth: number,
    into: Map<string, Header>,
  ) => {
    for (const include of includes) {
      const header = resolve(path, include);
      if (header === undefined || into.has(header.path)) continue;
      into.set(header.path, header);
      if (depth > 1)
        collect(header.path, followedIn(include, leadsOf(header).includes), depth - 1, into);
    }
  };

  const includedBy = (header: Header): readonly Header[] =>
    leadsOf(header).includes.flatMap((include) => resolve(header.path, include) ?? []);

  let agreed: Header | undefined;
  const compiled = new Map<string, Header>();

  const includers = new Map<string, Map<string, readonly Include[]>>();

  const includerOf = (path: string) =>
    [...(includers.get(path)?.keys() ?? [])].sort().find((each) => each !== path);

  return {
    includerOf,
    noteIncludes(path, text) {
      if (!path.endsWith('.c')) return;
      const includes = includesOf(text);
      for (const { name, local } of includes) {
        if (!local || name.includes('/')) continue;
        const included = posix.join(posix.dirname(path), name);
        const known = includers.get(included) ?? new Map<string, readonly Include[]>();
        includers.set(included, known.set(path, includes));
      }
    },
    put(path, text) {
      if (byPath.get(path)?.text === text) return;
      const header = headerOf(path, text, parse);
      byPath.set(path, header);
      const name = publicName(path);
      if (name !== undefined) byName.set(name, header);
    },
    agree(path, text) {
      if ((agreed?.text ?? '') === text && (text === '' || agreed?.path === path)) return false;
      agreed = text === '' ? undefined : headerOf(path, text, parse);
      return true;
    },
    compile(makefile, text) {
      const options = compilerOptions(text);
      if (options !== '') compiled.set(makefile, headerOf(makefile, options, parse));
    },
    has: (path) => byPath.has(path),
    of(path, text) {
      const found = new Map<string, Header>();
      const includer = includerOf(path);
      collect(path, includesOf(text), DEPTH, found);
      if (includer !== undefined)
        collect(includer, includers.get(path)!.get(includer)!, DEPTH, found);
      found.delete(path);
      const structs = (header: Header) => leadsOf(header).structs;
      for (const header of headersBehind(text, found.values(), includedBy, structs))
        found.set(header.path, header);
      for (const header of [...(agreed === undefined ? [] : [agreed]), ...compiled.values()])
        if (isWithin(path, posix.dirname(header.path))) found.set(header.path, header);
      return [...found.values()];
    },
  };
}

/** What of a Makefile says what the compiler takes C for, as a comment of C: the lowering reads it there. */
function compilerOptions(makefile: string): string {
  const options = new Set(makefile.match(/ -f(?:unsigned-char|short-wchar)\b/g));
  return options.size === 0 ? '' : `/* KBUILD_CFLAGS +=${[...options].join('')} */\n`;
}

/** A header; `parse` gives the types that a text declares. */
export function headerOf(path: string, text: string, parse: (text: string) => TypeIndex): Header {
  let words: NameNumbers | undefined;
  let types: TypeIndex | undefined;
  const hasWord = (word: number): boolean => {
    words ??= wordsIn(text);
    return isAmong(words, word);
  };
  const parsed = (): TypeIndex => {
    types ??= parse(text);
    return types;
  };
  return { path, text, hasWord, types: typesBy(parsed) };
}

/** The types of all of `headers`. Which of them have a word is looked up once; of the struct of a member that has no name of its own,
 *  and is called after where it stands (`ring.sq`), that is the word of the one around it. */
export function typesOfHeaders(headers: readonly Header[]): TypeIndex {
  if (headers.length === 0) return noTypes;
  const known = new Map<string, TypeIndex>();
  return typesBy((name) => {
    const [word] = name.slice(name.lastIndexOf(' ') + 1).split('.') as [string];
    const found = known.get(word);
    if (found !== undefined) return found;
    const number = nameNumber(word);
    const joined = joinTypes(
      headers.flatMap(({ hasWord, types }) => (hasWord(number) ? types : [])),
    );
    known.set(word, joined);
    return joined;
  });
}

/** `linux/list.h` of `/k/include/linux/list.h`. */
function publicName(path: string): string | undefined {
  const at = path.lastIndexOf('/include/');
  return at === -1 ? undefined : path.slice(at + '/include/'.length);
}

/** Types of which each question is asked of an index that is about the name. */
function typesBy(about: (name: string) => TypeIndex): TypeIndex {
  return {
    field: (struct, name) => about(struct).field(struct, name),
    hasStruct: (struct) => about(struct).hasStruct(struct),
    members: (struct) => about(struct).members(struct),
    typedef: (name) => about(name).typedef(name),
    global: (name) => about(name).global(name),
    isConstant: (name) => about(name).isConstant(name),
    returns: (name) => about(name).returns(name),
    addressing: (name) => about(name).addressing(name),
  };
}

/** A file whose headers are read. */
export interface Including {
  readonly path: string;
  readonly text: string;
  /** The root of the kernel tree that it lies in. */
  readonly kernel: string | undefined;
  /** The folders that the user has opened around it. */
  readonly opened: readonly string[];
}

/** Reads the Makefile of the kernel tree, and the headers that `text` leads to and that are not known yet: those of its folder and
 *  those of the kernel tree's `include`. None that lies outside of the tree and of the opened
 *  folders or, without either, outside of the file's own folder. */
export async function readHeaders(
  files: FileSystem,
  headers: Headers,
  from: Including,
  tried: Set<string>,
  limit: number,
): Promise<void> {
  const around = from.kernel === undefined ? from.opened : [...from.opened, from.kernel];
  const within = around.length === 0 ? [posix.dirname(from.path)] : around;
  await readMakefile(files, headers, from.kernel, tried, limit);
  let level: readonly Pick<Including, 'path' | 'text'>[] = [from];
  while (level.length > 0) {
    const places = level.flatMap(({ path, text }) =>
      includesOf(text).flatMap((include) => placeOf(include, path, from.kernel) ?? []),
    );
    const untried = [...new Set(places)].filter(
      (place) => !tried.has(place) && isWithinAny(place, within),
    );
    const next: { readonly path: string; readonly text: string }[] = [];
    for (const path of untried) {
      tried.add(path);
      const read = await files.readText(path, limit, within);
      if ('problem' in read) continue;
      headers.put(path, read.value);
      next.push({ path, text: read.value });
    }
    level = next;
  }
}

async function readMakefile(
  files: FileSystem,
  headers: Headers,
  kernel: string | undefined,
  tried: Set<string>,
  limit: number,
): Promise<void> {
  if (kernel === undefined) return;
  const makefile = posix.join(kernel, 'Makefile');
  if (tried.has(makefile)) return;
  tried.add(makefile);
  const read = await files.readText(makefile, limit, [kernel]);
  if (!('problem' in read)) headers.compile(makefile, read.value);
}

function placeOf(
  { name, local }: Include,
  from: string,
  kernel: string | undefined,
): string | undefined {
  if (local) return posix.join(posix.dirname(from), name);
  return kernel === undefined ? undefined : posix.join(kernel, 'include', name);
}
