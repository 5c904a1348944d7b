/** What every command over C files begins with: the paths read, paired and solved, as one snapshot. */

import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { type Cache, userCache } from '../disk/cache.ts';
import type { FileSystem } from '../disk/file-system.ts';
import { waitingFileSystem } from '../disk/node-file-system.ts';
import { isWithinAny } from '../disk/within.ts';
import { cachedEngine } from '../language-service/cached-engine.ts';
import { readSettings, type Settings } from '../language-service/config.ts';
import { leftOutOf } from '../language-service/crowded-files.ts';
import type { DiagnosticCode } from '../language-service/diagnostic.ts';
import { type FoundProject, findProject } from '../language-service/find-project.ts';
import { guardedEngine } from '../language-service/guarded-engine.ts';
import { createHost, type FileChange, type Host } from '../language-service/host.ts';
import { type Indexed, indexTree } from '../language-service/index-tree.ts';
import type { NeedTable, Unanswered } from '../language-service/need-table.ts';
import { createEngine } from '../language-service/node-engine.ts';
import { inProject } from '../language-service/project-file.ts';
import type { createRuns } from '../language-service/simulate-found.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import { type TableChange, tableChanges } from '../language-service/table-changes.ts';
import type { Tree } from '../language-service/tree.ts';
import {
  pairingsBefore,
  pairingsFor,
  type WantedFindings,
} from '../language-service/wanted-proofs.ts';
import type { Pairing } from '../pairing/pairing.ts';
import { mayBeNamed } from '../scenario/load-library.ts';
import { printable } from '../text/printable.ts';
import { BadUse, type Output } from './command.ts';
import { compileLater } from './compile-later.ts';
import { type Concerned, concernedBy } from './concerned.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { type Progress, silent } from './progress.ts';

/** The files of a command line, analysed. */
export interface Analysis {
  readonly snapshot: Snapshot;
  /** Simulates pairings that were not yet; the snapshot that knows them. */
  readonly solve: (pairings: readonly Pairing[]) => Snapshot;
  /** What was simulated, where that is not all. */
  readonly concerned?: Concerned;
  /** The files below the given paths, sorted; what lies around them is only known, not spoken of. */
  readonly files: readonly string[];
  /** Other files in which findings stand that come from these: where scenarios that name these can go wrong. */
  readonly elsewhere: readonly string[];
  /** What is said to the user, each with its reason: what could not be read or was left out, here and around. */
  readonly problems: readonly Unread[];
  /** Those of them that concern the given paths: nothing is known of these files, least of all that they are
   *  clean. */
  readonly unread: readonly Unread[];
  /** Of these, what is left out of files that were read: the rest of them has its answers. */
  readonly leftOut: readonly Unread[];
  /** What scenarios that speak of these files do not answer: the code may violate what they say. */
  readonly unanswered: readonly Unread[];
  /** Of a patch: what it changes of what scenarios say, beside the findings. */
  readonly changes: readonly TableChange[];
  /** Whether there are scenarios below the given paths: they may include files from elsewhere. */
  readonly hasScenarios: boolean;
  /** A path as the user knows it: below the one given path, else below the working directory. */
  readonly show: (path: string) => string;
}

export interface Unread {
  readonly path: string;
  /** Counted from 1, where it is about a line. */
  readonly line?: number;
  readonly message: string;
}

export interface AnalysisOptions {
  /** Which pairings of the files are simulated: all, or those of which a wanted finding can come. */
  readonly verdicts: 'all' | 'none' | WantedFindings;
  /** Whether paths are shown relative to the given folder (else to the working directory). */
  readonly relativeTo: 'path' | 'directory';
  /** Whether claims and labels of comments are left out of pairing. */
  readonly ignoreComments?: boolean;
  /** Rules that were asked for by name: told also where the project has them off. */
  readonly rules?: ReadonlySet<DiagnosticCode>;
  /** Files and folders of which no finding is told, beside those of the project file. */
  readonly excluded?: readonly string[];
  /** Whether the scenarios are run that speak of the files. */
  readonly scenarios?: boolean;
  /** How many threads read and prove; 1 is none beside this one. */
  readonly jobs?: number;
  readonly progress?: Progress;
  /** Where files are read; the disk, without more said. */
  readonly files?: FileSystem;
  /** What a patch does: the files that differ, and where they are as they were. What it takes away is told as what an
   *  edit takes away from the saved text. */
  readonly since?: {
    readonly paths: Iterable<string>;
    readonly files: FileSystem;
    /** Files go, too, or get other names: nobody knows what that concerns. */
    readonly removes: boolean;
  };
  /** Only pairings with such a side are simulated; with `since`, those that the patch concerns. */
  readonly concerned?: Concerned;
  /** Where facts and verdicts are kept; the user's cache, without more said. */
  readonly cache?: Cache;
}

/** Analyses files and folders. Throws `BadUse` where no path is given or one does not exist. */
export async function analyse(
  paths: readonly string[],
  options: AnalysisOptions,
): Promise<Analysis> {
  const roots = paths.map((path) => resolve(path));
  const folders = await foldersOf(paths);
  const kernels = new Set<string>();
  const simulated = new Set<string>();
  const failures: Unread[] = [];
  const { ignoreComments = false, files = waitingFileSystem, cache = userCache() } = options;
  const mode = ignoreComments ? 'without comments' : '';
  const engine = cachedEngine(await createEngine({ ignoreComments }), cache, mode);
  const guarded = guardedEngine(engine, (message) => failures.push({ path: roots[0]!, message }));
  const { jobs: count = 1, progress = silent } = options;
  const jobs = createJobs(ignoreComments ? 1 : count, guarded, cache);
  const host = createHost({
    isOfPatch: options.since !== undefined,
    engine: guarded,
    inKernelTree: (path) => simulated.has(path) || isWithinAny(path, kernels),
  });
  const projects = await projectsOf(files, folders);
  const [found] = projects;
  const settings = settingsOf(options, found);
  host.apply([{ kind: 'settings', settings }]);
  const { index } = settings;
  const {
    own,
    scenarios: allBelow,
    problems,
  } = await indexTree({
    host,
    files,
    roots,
    surroundings: index.surroundings,
    maxFiles: index.maxFiles,
    maxFileSize: index.maxFileSize,
    cancelled: () => false,
    foundKernel: (root) => void kernels.add(root),
    ...(ignoreComments ? {} : { readFacts: jobs.readFacts }),
    progress: ({ analysed }) => progress.told('files with barriers', analysed),
  });
  const edited = options.since && (await edit(host, options.since, files));
  const concerned = edited ? edited.concerned : options.concerned;
  await solve(host, { own, concerned }, options.verdicts, jobs, progress);
  const opened = [...roots.flatMap((root, at) => openedBy(root, folders[at]!)), ...kernels];
  const isRun = (scenario: string) => !isWithinAny(scenario, settings.excluded);
  const below = new Set([...allBelow].filter(isRun));
  const agreed = (found?.scenarios ?? []).filter((each) => !allBelow.has(each) && isRun(each));
  if (agreed.length > 0) opened.push(dirname(found!.project.path));
  const run = runner(host, { own, scenarios: below, agreed }, opened);
  const tables = options.scenarios === true ? await run(files) : [];
  const changes =
    edited === undefined ? [] : await changesOf(tables, options.since!, edited.before, host, run);
  const told = tables.flatMap((table) => toldTexts(table));
  for (const { path } of told) simulated.add(path);
  host.apply([...told, { kind: 'needs', tables }]);
  const leftOut = leftOutIn(host.snapshot(), own);
  const project = projectProblems(found, projects);
  const scenarios = new Set([...below, ...agreed]);
  const unanswered = unansweredIn(tables, scenarios);
  const bundled = bundledUnanswered(tables, scenarios);
  const base = options.relativeTo === 'path' && folders.length === 1 ? folders[0]! : process.cwd();
  return {
    snapshot: host.snapshot(),
    ...(concerned && { concerned }),
    solve(pairings) {
      host.solve(pairings);
      return host.snapshot();
    },
    files: [...own].sort(),
    elsewhere: [...new Set(violatedFiles(tables))].filter((file) => !own.has(file)).sort(),
    problems: [...project, ...problems, ...failures, ...leftOut, ...unanswered, ...bundled],
    unread: [
      ...project,
      ...problems.filter(({ path }) => isWithinAny(path, roots)),
      ...failures,
      ...leftOut,
    ],
    leftOut,
    unanswered: [...unanswered, ...bundled],
    changes,
    hasScenarios: scenarios.size > 0,
    show: (path) => shortest(base, path),
  };
}

function isSource(path: string): boolean {
  return path.endsWith('.c') || path.endsWith('.h');
}

/** The texts as they were count as saved, those as they are as what the editor shows. What was known of those, and what
 *  that can change. */
async function edit(
  host: Host,
  { paths, files: before, removes }: Since,
  after: FileSystem,
): Promise<{ readonly before: Tree; readonly concerned: Concerned | undefined }> {
  const { maxFileSize } = readSettings(undefined).index;
  const edits: { readonly path: string; readonly saved: string; readonly edited: string }[] = [];
  for (const path of [...paths].filter(isSource)) {
    const saved = await before.readText(path, maxFileSize);
    const edited = await after.readText(path, maxFileSize);
    if ('value' in saved && 'value' in edited)
      edits.push({ path, saved: saved.value, edited: edited.value });
  }
  host.apply(edits.map(({ path, saved }) => ({ kind: 'disk', path, text: saved })));
  const { tree } = host.snapshot().moment;
  host.apply(edits.map(({ path, edited }) => ({ kind: 'buffer', path, text: edited })));
  const { moment } = host.snapshot();
  const includes = (file: string, header: string) =>
    host.headers.of(file, moment.textOf(file) ?? '').some(({ path }) => path === header);
  const concerned = removes ? undefined : concernedBy(paths, [tree, moment.tree], includes);
  return { before: tree, concerned };
}

/** The folders that a scenario below a given path may read: that path, or, of a file, its folder and the working
 *  directory where that is around it. */
function openedBy(root: string, folder: string): readonly string[] {
  if (root === folder) return [root];
  const here = process.cwd();
  return isWithinAny(root, [here]) ? [folder, here] : [folder];
}

/** Runs the scenarios on what is in `files`, but for other texts that the host has. */
type Run = (
  files: FileSystem,
  isOther?: (path: string) => boolean,
) => Promise<readonly NeedTable[]>;

/** What is run twice keeps what it has found. */
function runner(
  host: Host,
  found: Pick<Indexed, 'own' | 'scenarios'> & { readonly agreed: readonly string[] },
  opened: readonly string[],
): Run {
  let runs: ReturnType<typeof createRuns> | undefined;
  return async (files, isOther = () => true) => {
    if (found.scenarios.size + found.agreed.length === 0 && !mayBeNamed(found.own)) return [];
    compileLater();
    runs ??= (await import('../language-service/scenario-parts.ts')).scenarioParts.createRuns();
    const { maxFileSize } = readSettings(undefined).index;
    const { moment } = host.snapshot();
    const textOf = (path: string) => (isOther(path) ? moment.textOf(path) : undefined);
    return runs({ ...found, opened, textOf, files, maxFileSize });
  };
}

type Since = NonNullable<AnalysisOptions['since']>;

/** What a patch changes of the tables, where it touches a file that they speak of. */
async function changesOf(
  tables: readonly NeedTable[],
  { paths, files }: Since,
  before: Tree,
  host: Host,
  run: Run,
): Promise<readonly TableChange[]> {
  const touched = new Set(paths);
  if (!tables.some(({ texts }) => [...texts.keys()].some((path) => touched.has(path)))) return [];
  const { tree } = host.snapshot().moment;
  const count = (
    of: Tree,
    { file, function: name, primitive }: NeedTable['rows'][number]['barrier'],
  ) => of.sitesIn(file, name).filter((site) => site.primitive === primitive).length;
  const were = await run(files, (path) => !touched.has(path));
  return tableChanges(were, tables, (barrier) => count(before, barrier) === count(tree, barrier));
}

/** The project files of the folders, each once: the first one's holds, if it has one. */
async function projectsOf(
  files: FileSystem,
  folders: readonly string[],
): Promise<readonly (FoundProject | undefined)[]> {
  const found = new Map<string | undefined, FoundProject | undefined>();
  for (const folder of new Set(folders)) {
    const each = await findProject(files, folder);
    const path = each?.project.path;
    if (found.size === 0 || (path !== undefined && !found.has(path))) found.set(path, each);
  }
  return [...found.values()];
}

/** What is wrong in the project file, and that those of further paths do not count. */
function projectProblems(
  found: FoundProject | undefined,
  all: readonly (FoundProject | undefined)[],
): readonly Unread[] {
  const own = found?.problems.map((each) => ({ path: found.project.path, ...each })) ?? [];
  const others = all.slice(1).flatMap((other) => other ?? []);
  const message = 'not used: the project file of the first PATH holds for all';
  return [...own, ...others.map(({ project: { path } }) => ({ path, message }))];
}

/** The usual settings with what the project and the command line say. */
function settingsOf(
  { rules, excluded = [] }: AnalysisOptions,
  found: FoundProject | undefined,
): Settings {
  const usual = readSettings(undefined);
  const settings = inProject({ ...usual, excluded }, found?.project);
  const levels = Object.entries(settings.diagnostics).map(([code, level]) => {
    const rule = code as DiagnosticCode;
    return [rule, level === 'off' && rules?.has(rule) ? usual.diagnostics[rule] : level] as const;
  });
  return { ...settings, diagnostics: Object.fromEntries(levels) as Settings['diagnostics'] };
}

/** The C files that violations speak of, which need not be among those that were read. */
function toldTexts({ texts, violations }: NeedTable): readonly (FileChange & { kind: 'disk' })[] {
  const told = new Set(
    violations.flatMap(({ at, steps }) => [at, ...steps].map(({ file }) => file)),
  );
  return [...told].flatMap((path) => {
    const text = path.endsWith('.scenario') ? undefined : texts.get(path);
    return text === undefined ? [] : { kind: 'disk', path, text };
  });
}

function violatedFiles(tables: readonly NeedTable[]): readonly string[] {
  return tables.flatMap(({ violations }) => violations.map(({ at }) => at.file));
}

/** What the user's scenarios do not answer. */
function unansweredIn(tables: readonly NeedTable[], scenarios: ReadonlySet<string>) {
  return tables.flatMap(({ unanswered }) =>
    unanswered
      .filter((each) => each.scenarios.some((scenario) => scenarios.has(scenario)))
      .map(({ file, line, message }): Unread => ({ path: file, line, message })),
  );
}

/** That bundled scenarios, which the user did not write, have no answer for a file of theirs: a line for each protocol of which a
 *  function is gone, one for all else. */
function bundledUnanswered(
  tables: readonly NeedTable[],
  scenarios: ReadonlySet<string>,
): readonly Unread[] {
  return tables.flatMap(({ unanswered, texts }) => {
    const bundled = unanswered
      .map((each) => ({
        ...each,
        scenarios: each.scenarios.filter((file) => !scenarios.has(file)),
      }))
      .filter((each) => each.scenarios.length > 0);
    const about = ({ protocol }: Unanswered) => protocol ?? [...texts.keys()][0] ?? '';
    return [...new Set(bundled.map(about))].map((path) => {
      const here = bundled.filter((each) => about(each) === path);
      const count = new Set(here.flatMap((each) => each.scenarios)).size;
      const which = count === 1 ? 'a bundled scenario has' : `${count} bundled scenarios have`;
      const { file, line, message: why, protocol } = here[0]!;
      const message = `${which} no answer for this version of the code: ${why}`;
      const isPlaced = protocol === undefined && texts.has(file);
      return isPlaced ? { path: file, line, message } : { path, message };
    });
  });
}

async function solve(
  host: Host,
  {
    own,
    concerned,
  }: { readonly own: ReadonlySet<string>; readonly concerned: Concerned | undefined },
  verdicts: AnalysisOptions['verdicts'],
  jobs: Jobs,
  progress: Progress,
): Promise<void> {
  if (verdicts === 'none') return;
  const prove = async (asked: readonly Pairing[]) => {
    const isOwn = ({ sites }: Pairing) => sites.some(({ file }) => own.has(file));
    const { tree } = host.snapshot().moment;
    const matters = ({ sites }: Pairing) =>
      concerned === undefined || sites.flatMap((ref) => tree.site(ref) ?? []).some(concerned);
    const wanted = asked.filter((each) => isOwn(each) && matters(each));
    const waiting = host.waiting(wanted.sort(byPlace));
    let done = 0;
    progress.told('pairings proved', done, waiting.length);
    await jobs.prove(waiting, (each, answer) => {
      host.proved(each, answer);
      progress.told('pairings proved', ++done, waiting.length);
    });
  };
  if (verdicts === 'all') return prove(pairingsFor(host.snapshot()));
  await prove(pairingsFor(host.snapshot(), verdicts));
  const before = pairingsBefore(host.snapshot(), own, verdicts);
  if (before.length > 0) await prove(before);
}

/** Pairings of one file one after the other, so that it is parsed once. */
function byPlace({ sites: [a, b] }: Pairing, { sites: [c, d] }: Pairing): number {
  return compare(a.file, c.file) || compare(b.file, d.file);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What of the files is left out as too much: functions that are not analysed, pairings that are not proved. */
function leftOutIn(snapshot: Snapshot, files: Iterable<string>): readonly Unread[] {
  return [...files].flatMap((path) => {
    const functions = (snapshot.facts(path)?.functions ?? []).flatMap(({ name, tooLarge }) =>
      tooLarge === undefined ? [] : [`${name}() is not analysed: ${tooLarge}`],
    );
    const count = leftOutOf(path, snapshot.moment.tree);
    const pairings =
      count === 0
        ? []
        : [`${count} of its pairings are not proved: there are too many in one file`];
    return [...functions, ...pairings].map((message) => ({ path, message }));
  });
}

/** Says on stderr what was not read, and why; of files around the given paths that are many for one reason, the first. */
export function tellProblems({ problems, unread, show }: Analysis, output: Output): void {
  const own = new Set(unread);
  const around = problems.filter((problem) => problem.line === undefined && !own.has(problem));
  for (const problem of problems) {
    const { path, line, message } = problem;
    const alike = around.includes(problem)
      ? around.filter((other) => other.message === message)
      : [];
    const isMany = alike.length > MOST_AROUND;
    if (isMany && alike[0] !== problem) continue;
    const where = `${printable(show(path))}${line === undefined ? '' : `:${line}`}`;
    const more = isMany ? ` (as are ${alike.length - 1} other files around)` : '';
    output.warn(`${where}: ${message}${more}\n`);
  }
}

const MOST_AROUND = 3;

/** The folders that the paths stand for. Throws `BadUse` where no path is given or one does not exist. */
export async function foldersOf(paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) throw new BadUse('no PATH is given');
  return Promise.all(paths.map((path) => folderOf(resolve(path))));
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
