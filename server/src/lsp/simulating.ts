/** Runs the scenarios that speak of the open files after a pause, one run at a time; the newest texts win. A
 *  run for texts that are no more is cancelled; what was found for texts that come back, by undo, still holds. */

import { basename } from 'node:path';
import type { Host, TablesFor } from '../language-service/host.ts';
import {
  isCurrent,
  type NeedTable,
  textsIn,
  type Violation,
  withLostRows,
} from '../language-service/need-table.ts';
import type { TreeTexts } from '../language-service/simulate-tree.ts';
import type { ScenarioFiles } from './scenario-files.ts';
import { type ScenarioThread, startScenarioThread } from './scenario-thread.ts';

export interface Simulating {
  /** Files or settings changed: what the scenarios say may have to be found anew. */
  readonly changed: () => void;
  /** These scenarios of the user's were found; they, or others, may have changed. */
  readonly found: (scenarios: Iterable<string>) => void;
  /** The editor has this text of a scenario, or none any more. */
  readonly edited: (scenario: string, text: string | undefined) => void;
  /** The tables that were found for the texts, also for earlier ones. */
  readonly tablesFor: TablesFor;
  readonly stop: () => void;
}

/** How long the files of the scenarios must rest before they are simulated. */
const PAUSE_MS = 50;
/** So many tables of earlier texts are kept for when these come back. */
const MOST_EARLIER = 16;

interface Parts {
  readonly host: Host;
  readonly scenarios: ScenarioFiles;
  /** The open files. */
  readonly open: () => Iterable<string>;
  /** Told the files whose answers changed or became stale. */
  readonly show: (files: Iterable<string>) => void;
  /** Told when a run begins and ends. */
  readonly running: (isRunning: boolean) => void;
  /** Told what scenarios do not answer for the present texts, in sentences. */
  readonly unanswered: (messages: readonly string[]) => void;
  /** Told what is wrong with a scenario of the user's. */
  readonly log: (message: string) => void;
  /** Told what failed, in a sentence. */
  readonly report: (message: string) => void;
}

/** Nothing is simulated until `changed` is called and a scenario names an open file. */
export function createSimulating(parts: Parts): Simulating {
  const { host, scenarios, open, show, running, unanswered, log, report } = parts;
  let [begun, stopped] = [false, false];
  let thread: Promise<ScenarioThread> | undefined;
  let tables: ReadonlyMap<string, NeedTable> = new Map();
  /** The last tables, the newest first, those that are shown among them. */
  let earlier: readonly NeedTable[] = [];
  let run = new AbortController();
  /** The texts, of files that matter, that the last look began with. */
  let seen: PresentTexts = new Map();
  let timer: NodeJS.Timeout | undefined;
  let shown: 'current' | 'stale' = 'current';
  const textOf = (path: string) => host.snapshot().moment.textOf(path);
  const present = () => presentTexts(host, open(), scenarios, filesOf(tables));

  const simulateAll = async () => {
    run = new AbortController();
    const { signal } = run;
    const next = new Map<string, NeedTable>();
    for (const tree of await scenarios.treesAround([...seen.keys()])) {
      thread ??= startScenarioThread(report);
      const early = earlyShowing(parts, [...tables.values()], signal);
      const table = await tableOf(tree, await thread, earlier, signal, early);
      if (stopped) return;
      // An outdated run is dropped: what is shown stays, as stale, and a new run is on its way.
      if (table === undefined || !isCurrent(table, textOf)) return;
      scenarios.unanswered(table).forEach(log);
      next.set(tree.root, withLostRows(table, tables.get(tree.root)));
      earlier = [table, ...earlier.filter((each) => each !== table)].slice(0, MOST_EARLIER);
    }
    unanswered(openOf(next));
    if (isEqual(next, tables)) return;
    const touched = new Set([...filesOf(tables), ...filesOf(next)]);
    tables = next;
    host.apply([{ kind: 'needs', tables: [...next.values()], earlier }]);
    shown = 'current';
    show(touched);
  };

  const look = oneAtATime(simulateAll, running, report);

  /** The host knows by itself that answers are stale; what the client shows of the open files that were
   *  not edited follows. */
  const markStale = (now: PresentTexts) => {
    const told = filesOf(tables);
    const left = [...open()].filter((path) => told.has(path) && now.get(path) === seen.get(path));
    const are = currencyOf(tables, textOf);
    if (are !== shown && left.length > 0) show(left);
    shown = are;
  };

  /** The scenarios are read in the first pause, not while a file is being opened. */
  const begin = () => {
    begun = true;
    scenarios.read();
    seen = present();
    if (seen.size + tables.size > 0) void look();
  };

  const anew = (then: () => void) => {
    run.abort();
    clearTimeout(timer);
    timer = setTimeout(then, PAUSE_MS);
  };

  const found = (files: Iterable<string>) => {
    scenarios.add(files);
    if (!stopped && begun) anew(begin);
  };
  return {
    found,
    edited: (scenario, text) => found(scenarios.show(scenario, text)),
    changed() {
      if (stopped) return;
      if (!begun) {
        timer ??= setTimeout(begin, PAUSE_MS);
        return;
      }
      const now = present();
      if (isEqual(now, seen)) return;
      markStale(now);
      seen = now;
      anew(look);
    },
    tablesFor: (textOf) => earlier.filter((table) => isCurrent(table, textOf)),
    stop() {
      stopped = true;
      run.abort();
      clearTimeout(timer);
      thread?.then((started) => started.stop()).catch(() => undefined);
    },
  };
}

/** A file has none where it is not known. */
type PresentTexts = ReadonlyMap<string, string | undefined>;

/** Told of texts what one more scenario can violate. */
type Early = (texts: NeedTable['texts'], found: readonly Violation[]) => void;

/** Shows what a scenario can violate as soon as it has answered; till all have, the rows are those of `old`. */
function earlyShowing(
  { host, show }: Parts,
  old: readonly NeedTable[],
  cancelled: AbortSignal,
): Early {
  const violations: Violation[] = [];
  return (texts, found) => {
    if (cancelled.aborted) return;
    violations.push(...found);
    const early: NeedTable = { texts, rows: [], violations: [...violations], unanswered: [] };
    host.apply([{ kind: 'needs', tables: [...old, early] }]);
    show(new Set(found.map(({ at }) => at.file)));
  };
}

/** What is not answered, each once, with the line that it is about. */
function openOf(tables: ReadonlyMap<string, NeedTable>): readonly string[] {
  const said = [...tables.values()].flatMap(({ unanswered }) =>
    unanswered.map(({ file, line, message }) => `${basename(file)}:${line}: ${message}`),
  );
  return [...new Set(said)];
}

/** `run`, whose failures are reported; asked for while it runs, it runs once more afterwards. */
function oneAtATime(
  run: () => Promise<void>,
  isRunning: (is: boolean) => void,
  report: (message: string) => void,
): () => Promise<void> {
  let running = false;
  let again = false;
  return async () => {
    again = running;
    if (running) return;
    running = true;
    isRunning(true);
    do {
      again = false;
      await run().catch((error: unknown) =>
        report(`the scenarios were not simulated: ${String(error)}`),
      );
    } while (again);
    running = false;
    isRunning(false);
  };
}

/** The present texts of the open files that scenarios name and, where there are such, of those that were
 *  `told`; none where the user wants no simulation. */
function presentTexts(
  host: Host,
  open: Iterable<string>,
  scenarios: Pick<ScenarioFiles, 'isNamed'>,
  told: ReadonlySet<string>,
): ReadonlyMap<string, string | undefined> {
  const { settings, moment } = host.snapshot();
  if (!settings.enable || !settings.validation.enable) return new Map();
  const named = [...open].filter(scenarios.isNamed);
  const files = named.length === 0 ? [] : [...named, ...told];
  return new Map(files.map((path) => [path, moment.textOf(path)]));
}

/** What was found before for the same texts, or what the thread says of them; undefined where it cannot
 *  tell, or is not to any more. */
async function tableOf(
  tree: TreeTexts,
  thread: ScenarioThread,
  earlier: readonly NeedTable[],
  cancelled: AbortSignal,
  early: Early,
): Promise<NeedTable | undefined> {
  const texts = textsIn(tree);
  const known = earlier.find((table) => isEqual(table.texts, texts));
  if (known !== undefined) return known;
  const answer = await thread.simulate(tree, cancelled, (found) => early(texts, found));
  return answer && { ...answer, texts };
}

function currencyOf(
  tables: ReadonlyMap<string, NeedTable>,
  textOf: (path: string) => string | undefined,
): 'current' | 'stale' {
  return [...tables.values()].every((table) => isCurrent(table, textOf)) ? 'current' : 'stale';
}

function filesOf(tables: ReadonlyMap<string, NeedTable>): ReadonlySet<string> {
  return new Set([...tables.values()].flatMap(({ texts }) => [...texts.keys()]));
}

function isEqual<Value>(
  one: ReadonlyMap<string, Value>,
  other: ReadonlyMap<string, Value>,
): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
