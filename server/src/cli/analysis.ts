/** What every command over C files begins with: the paths read, paired and solved, as one snapshot. */

import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { nodeFileSystem } from '../disk/node-file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import { readSettings } from '../language-service/config.ts';
import { isWorthProving } from '../language-service/diagnostics/broken-pairing.ts';
import { guardedEngine } from '../language-service/guarded-engine.ts';
import { createHost, type Host } from '../language-service/host.ts';
import { indexTree } from '../language-service/index-tree.ts';
import { createEngine } from '../language-service/node-engine.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { Pairing } from '../pairing/pairing.ts';
import { printable } from '../text/printable.ts';
import { BadUse, type Output } from './command.ts';

/** The files of a command line, analysed. */
export interface Analysis {
  readonly snapshot: Snapshot;
  /** Simulates pairings that were not yet; the snapshot that knows them. */
  readonly solve: (pairings: readonly Pairing[]) => Snapshot;
  /** The files below the given paths, sorted; what lies around them is only known, not spoken of. */
  readonly files: readonly string[];
  /** What is said to the user, each with its reason: what could not be read or was left out, here and around. */
  readonly problems: readonly Unread[];
  /** Those of them that concern the given paths: nothing is known of these files, least of all that they are
   *  clean. */
  readonly unread: readonly Unread[];
  /** A path as the user knows it: below the one given path, else below the working directory. */
  readonly show: (path: string) => string;
}

export interface Unread {
  readonly path: string;
  readonly message: string;
}

export interface AnalysisOptions {
  /** Which pairings of the files are simulated: all, or those of which a finding can come. */
  readonly verdicts: 'all' | 'findings' | 'none';
  /** Whether paths are shown relative to the given folder (else to the working directory). */
  readonly relativeTo: 'path' | 'directory';
  /** Whether claims and labels of comments are left out of pairing. */
  readonly ignoreComments?: boolean;
}

/** Analyses files and folders. Throws `BadUse` where no path is given or one does not exist. */
export async function analyse(
  paths: readonly string[],
  options: AnalysisOptions,
): Promise<Analysis> {
  if (paths.length === 0) throw new BadUse('no PATH is given');
  const roots = paths.map((path) => resolve(path));
  const folders = await Promise.all(roots.map(folderOf));
  const kernels = new Set<string>();
  const failures: Unread[] = [];
  const engine = await createEngine({ ignoreComments: options.ignoreComments === true });
  const host = createHost({
    engine: guardedEngine(engine, (message) => failures.push({ path: roots[0]!, message })),
    inKernelTree: (path) => isWithinAny(path, kernels),
  });
  const { index } = readSettings(undefined);
  const { own, problems } = await indexTree({
    host,
    files: nodeFileSystem,
    roots,
    surroundings: index.surroundings,
    maxFiles: index.maxFiles,
    maxFileSize: index.maxFileSize,
    cancelled: () => false,
    foundKernel: (root) => void kernels.add(root),
    progress: () => undefined,
  });
  solve(host, own, options.verdicts);
  const unreadFunctions = functionsNotRead(host.snapshot(), own);
  const base = options.relativeTo === 'path' && folders.length === 1 ? folders[0]! : process.cwd();
  return {
    snapshot: host.snapshot(),
    solve(pairings) {
      host.solve(pairings);
      return host.snapshot();
    },
    files: [...own].sort(),
    problems: [...problems, ...failures, ...unreadFunctions],
    unread: [
      ...problems.filter(({ path }) => isWithinAny(path, roots)),
      ...failures,
      ...unreadFunctions,
    ],
    show: (path) => shortest(base, path),
  };
}

function solve(host: Host, own: ReadonlySet<string>, verdicts: AnalysisOptions['verdicts']): void {
  switch (verdicts) {
    case 'all':
      while (host.work(own) !== undefined);
      return;
    case 'findings': {
      const { tree } = host.snapshot().moment;
      const isOwn = ({ sites }: Pairing) => sites.some(({ file }) => own.has(file));
      const worth = tree.pairing.pairings.filter((each) => isWorthProving(tree, each));
      host.solve([...worth, ...tree.unpaired()].filter(isOwn));
      return;
    }
    case 'none':
  }
}

/** The functions of the files that are too large to be analysed. */
function functionsNotRead(snapshot: Snapshot, files: Iterable<string>): readonly Unread[] {
  return [...files].flatMap((path) =>
    (snapshot.facts(path)?.functions ?? []).flatMap(({ name, tooLarge }) =>
      tooLarge === undefined ? [] : [{ path, message: `${name}() is not analysed: ${tooLarge}` }],
    ),
  );
}

/** Says on stderr what was not read, and why. */
export function tellProblems({ problems, show }: Analysis, output: Output): void {
  for (const { path, message } of problems) output.warn(`${printable(show(path))}: ${message}\n`);
}

/** The folder a path stands for: itself, or the one its file is in. */
async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new BadUse(`there is no ${path}`);
  return found.isDirectory() ? path : dirname(path);
}

/** Relative to `base` where that is below it, else absolute. */
function shortest(base: string, path: string): string {
  const short = relative(base, path);
  return short.startsWith('..') ? path : short;
}
