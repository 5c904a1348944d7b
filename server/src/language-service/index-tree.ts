/** Reads the tree around the user's files into a host, a file at a time, so that questions are answered in between. */

import type { FileSystem } from '../disk/file-system.ts';
import { isWithin } from '../disk/within.ts';
import {
  type Access,
  type Field,
  type FileFacts,
  fieldName,
  type Site,
} from '../facts/file-facts.ts';
import { breathe } from './breathe.ts';
import { type Header, readHeaders } from './headers.ts';
import type { Host } from './host.ts';
import type { Coverage } from './moment.ts';
import { sharingStrings } from './shared-strings.ts';
import type { Tree } from './tree.ts';
import {
  type Found,
  findDefinitions,
  type Interest,
  type InterestingFields,
  kernelRoot,
  MOST_NAMES,
  noteFolder,
  type ScanRequest,
  scanForCalls,
  scanRoots,
  scanSurroundings,
} from './tree-scan.ts';
import { byDistance, isNoteworthy, isStrong } from './words.ts';

export interface IndexRequest {
  readonly host: Pick<Host, 'headers' | 'apply' | 'snapshot'>;
  readonly files: FileSystem;
  /** Folders or files; nearest to the user first. */
  readonly roots: readonly string[];
  readonly surroundings: boolean;
  /** The roots are a part of the tree, which others are read of at other times. */
  readonly isPart?: boolean;
  readonly maxFiles: number;
  readonly maxFileSize: number;
  readonly cancelled: () => boolean;
  /** Finds the facts of a text elsewhere, or leaves it to the host. */
  readonly readFacts?: (
    path: string,
    text: string,
    headers: readonly Header[],
  ) => Promise<FileFacts | undefined>;
  /** Called for each kernel tree that a root lies in, before its files are read, and for a root outside of
   *  one in which kernel C was found. */
  readonly foundKernel: (root: string) => void;
  /** Called after each file. */
  readonly progress: (state: IndexState) => void;
}

export interface IndexState {
  readonly analysed: number;
  /** How many C files have been read to see whether they matter. */
  readonly read: number;
  readonly path: string;
}

/** So many files are read ahead of the one that is applied next, whoever finds their facts. */
const AHEAD = 16;

type Scanning = IndexRequest & Pick<ScanRequest, 'names' | 'noteText' | 'ownOperations'>;

export interface Indexed {
  readonly analysed: number;
  /** The files below the roots, without their surroundings. */
  readonly own: ReadonlySet<string>;
  /** The files of scenarios below the roots. */
  readonly scenarios: ReadonlySet<string>;
  /** What could not be read or was left out, each with its reason. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** A file that was read, before it is applied. */
interface Waiting {
  readonly path: string;
  readonly text: string;
  /** Those known when it was read: what is known later depends on who finds the facts, and how fast. */
  readonly headers: readonly Header[];
  readonly facts: Promise<FileFacts | undefined>;
}

/** Applies every file worth reading to the host and ends by telling it that the index is complete.
 *  When cancelled it ends early and does not tell so. */
export async function indexTree(asked: IndexRequest): Promise<Indexed> {
  const { headers } = asked.host;
  const request: Scanning = {
    ...asked,
    names: new Map(),
    noteText: headers.noteIncludes,
    ownOperations: asked.host.snapshot().settings.operations.names,
  };
  const includers = new Map<string, string | undefined>();
  const own = new Set<string>();
  const scenarios = new Set<string>();
  const problems: { path: string; message: string }[] = [];
  const tried = new Set<string>();
  const shared = sharingStrings();
  let kernel: string | undefined;
  let analysed = 0;
  const waiting: Waiting[] = [];
  const take = async (found: Found, isOwn: boolean) => {
    if (found.kind === 'problem') {
      problems.push({ path: found.path, message: found.message });
      return;
    }
    if (found.kind === 'scenario') {
      scenarios.add(found.path);
      return;
    }
    if (isOwn) own.add(found.path);
    if (isOwn && own.size === 1) foldersOf(request.roots, found.path).forEach(request.foundKernel);
    await readHeaders(
      request.files,
      headers,
      { ...found, kernel, opened: foldersOf(request.roots, found.path) },
      tried,
      request.maxFileSize,
    );
    const { path, text } = found;
    includers.set(path, headers.includerOf(path));
    const known = headers.of(path, text);
    const facts = request.readFacts?.(path, text, known) ?? Promise.resolve(undefined);
    waiting.push({ path, text, headers: known, facts });
    while (waiting.length > AHEAD) await apply();
  };
  const apply = async () => {
    const next = waiting.shift();
    if (next === undefined) return;
    const { path, text, headers } = next;
    const facts = shared(await next.facts);
    request.host.apply([{ kind: 'disk', path, text, headers, ...(facts && { facts }) }]);
    analysed++;
    request.progress({ analysed, read: request.names.size, path });
    await breathe();
  };
  const applyAll = async () => {
    while (waiting.length > 0) await apply();
  };

  for (const root of request.roots) {
    kernel ??= await kernelRoot(request.files, root);
    if (kernel !== undefined) request.foundKernel(kernel);
  }
  for await (const found of scanRoots(request)) {
    if (request.cancelled()) return { analysed, own, scenarios, problems };
    await take(found, true);
  }
  await applyAll();
  for (const [path, before] of includers)
    if (headers.includerOf(path) !== before) request.host.apply([{ kind: 'headers', path }]);
  await readCallers(request, own, take);
  await applyAll();
  if (request.surroundings) await readSurroundings(request, own, take);
  await applyAll();
  const missing = await findMissing(request, own, kernel, take);
  await applyAll();
  if (!request.cancelled()) {
    const { coverage: before } = request.host.snapshot().moment;
    const coverage: Coverage = {
      extent: kernel === undefined ? 'folder' : 'tree',
      elsewhere: new Set([...before.elsewhere, ...missing.found]),
      ...(request.isPart && { sought: new Set([...(before.sought ?? []), ...missing.sought]) }),
    };
    request.host.apply([{ kind: 'coverage', coverage }]);
  }
  return { analysed, own, scenarios, problems };
}

function foldersOf(roots: readonly string[], path: string): readonly string[] {
  return roots.filter((root) => root !== path && isWithin(path, root));
}

/** The functions that claims of own files miss, and of them those that are there after all, in files without barriers, or may be,
 *  where more are missed than are looked for; where they are defined is read too, for what orders there may be a
 *  mere READ_ONCE() or an atomic operation. */
async function findMissing(
  request: Scanning,
  own: ReadonlySet<string>,
  kernel: string | undefined,
  take: (found: Found, isOwn: boolean) => Promise<void>,
): Promise<{ readonly sought: ReadonlySet<string>; readonly found: ReadonlySet<string> }> {
  const { tree } = request.host.snapshot().moment;
  const claimed = tree.pairing.claims
    .filter(({ status, from }) => status === 'function-missing' && own.has(from.file))
    .flatMap(({ claim }) => claim.functions);
  const missing = [...new Set(claimed)];
  const found = new Set(missing.slice(MOST_NAMES));
  const read = new Set<string>();
  const roots = [...request.roots, ...(kernel === undefined ? [] : [kernel])];
  for await (const definition of findDefinitions(
    { ...request, roots },
    new Set(missing.slice(0, MOST_NAMES)),
  )) {
    const { name, path, text, hasBody } = definition;
    found.add(name);
    if (!hasBody || read.has(path) || tree.facts(path) !== undefined) continue;
    read.add(path);
    await noteFolder(request, path);
    await take({ kind: 'file', path, text }, false);
  }
  return { sought: new Set(missing), found };
}

/** Own files without a barrier that call a function whose barrier has no partner yet. */
async function readCallers(
  request: Scanning,
  own: ReadonlySet<string>,
  take: (found: Found, isOwn: boolean) => Promise<void>,
): Promise<void> {
  const { tree } = request.host.snapshot().moment;
  const names = new Set(lonelySites(tree, own).map(({ function: name }) => name));
  const known = (path: string) => tree.facts(path) !== undefined;
  for await (const found of scanForCalls(request, names, known)) await take(found, true);
}

async function readSurroundings(
  request: Scanning,
  own: ReadonlySet<string>,
  take: (found: Found, isOwn: boolean) => Promise<void>,
): Promise<void> {
  const interest = interestOf(request.host, own);
  const seen = new Set<string>();
  for (const root of request.roots) {
    for await (const found of scanSurroundings(request, root, interest)) {
      if (request.cancelled()) return;
      if (own.has(found.path) || seen.has(found.path)) continue;
      seen.add(found.path);
      await take(found, false);
    }
  }
}

/** How many of a barrier's nearest fields on each side say what it is about. */
const NEAREST = 3;

/** Pairs of fields of more barriers than anybody has without partners are not looked for. */
const MOST_PAIRS = 5000;

/** The functions that comments claim and that were not found, and the fields of barriers that have no
 *  partner yet. */
function interestOf(host: IndexRequest['host'], own: ReadonlySet<string>): Interest {
  const { tree } = host.snapshot().moment;
  const functions = new Set<string>();
  const fields: InterestingFields[] = [];
  for (const site of notedSites(tree, own))
    for (const name of site.claims.flatMap((claim) => claim.functions))
      if (tree.functions(name).length === 0) functions.add(name);
  for (const { before, after } of lonelySites(tree, own).flatMap(({ orders }) => orders)) {
    if (fields.length > MOST_PAIRS) break;
    for (const first of nearestFields(before))
      for (const second of nearestFields(after))
        if (first.name !== second.name && [first, second].some(isKnown))
          fields.push({ names: [first.name, second.name], structs: structsOf([first, second]) });
  }
  return { functions, fields };
}

function notedSites(tree: Tree, files: ReadonlySet<string>): readonly Site[] {
  return [...files].flatMap((file) => tree.facts(file)?.sites.filter(isNoteworthy) ?? []);
}

/** Barriers of which no partner is known with which they share an order. */
function lonelySites(tree: Tree, files: ReadonlySet<string>): readonly Site[] {
  return [...files].flatMap((file) =>
    (tree.facts(file)?.sites ?? []).filter(
      (site) =>
        isNoteworthy(site) &&
        !tree
          .partnerships(file, site.id)
          .some(({ pairing }) => isStrong(pairing) && pairing.orders.length > 0),
    ),
  );
}

function nearestFields(accesses: readonly Access[]): readonly Field[] {
  const fields = new Map(byDistance(accesses).map(({ field }) => [fieldName(field), field]));
  return [...fields.values()].slice(0, NEAREST);
}

/** Whether more than the name of a field says which one it is. */
function isKnown({ struct }: Field): boolean {
  return struct !== '?';
}

function structsOf(fields: readonly Field[]): readonly string[] {
  return fields.filter(isKnown).flatMap(({ struct }) => struct ?? []);
}
