/** Puts a scenario together from its file and what that includes, and checks that it is whole. */

import { afterBlanks, C_COMMENTS } from '../text/blanks.ts';
import { nearestName } from '../text/similar-name.ts';
import { parseScenario } from './parse-scenario.ts';
import type { Actor, Calls, Said, Scenario, ScenarioPart, ScenarioProblem } from './scenario.ts';
import { defines, makesCall, type SourceTree } from './scenario-request.ts';

/** Gives the text of a scenario file by its path, undefined where there is none. */
export type ReadScenario = (file: string) => string | undefined;

/** Loops with an unknown number of rounds, and calls, that a scenario follows unless it says more. */
const DEFAULT_UNROLL = 2;
const DEFAULT_DEPTH = 16;

/** Reads `file` and its includes (paths relative to the including file, each taken once, before what
 *  includes it), those that count for `tree`. Without a scenario in the answer, the problems say why there is none. */
export function loadScenario(
  file: string,
  read: ReadScenario,
  tree: Pick<SourceTree, 'source'> = { source: () => undefined },
): { readonly scenario?: Scenario; readonly problems: readonly ScenarioProblem[] } {
  const problems: ScenarioProblem[] = [];
  const text = read(file);
  if (text === undefined) {
    const message = 'the file cannot be read';
    return { problems: [{ file, message, span: { start: 0, end: 0 } }] };
  }
  const everything = withIncludes(file, text, { read, problems, seen: new Set([file]) });
  const holds = conditionsOn(everything, tree);
  const counts = (part: ScenarioPart) => part.file === file || holds(part);
  const parts = everything.every(counts)
    ? everything
    : withIncludes(file, text, { read, seen: new Set([file]), counts });
  const scenario = merge(parts, everything);
  if (problems.length === 0) problems.push(...missing(scenario, text));
  return problems.length === 0 ? { scenario, problems } : { problems };
}

/** Of files that may be scenarios those that are: all but the ones without a name that others of them include. */
export function scenariosAmong(
  files: readonly string[],
  readFor: (file: string) => ReadScenario,
): readonly string[] {
  const texts = new Map(files.map((file) => [file, readFor(file)(file)]));
  const included = new Set(
    [...texts].flatMap(([file, text]) => {
      const seen = new Set([file]);
      if (text !== undefined) withIncludes(file, text, { read: readFor(file), seen });
      seen.delete(file);
      return [...seen];
    }),
  );
  return files.filter((file) => {
    const text = texts.get(file);
    return text !== undefined && (!included.has(file) || hasName(file, text));
  });
}

function hasName(file: string, text: string): boolean {
  return parsedPart(file, text).part.name !== undefined;
}

/** How includes are followed. */
interface Following {
  readonly read: ReadScenario;
  /** The files that have been taken. */
  readonly seen: Set<string>;
  readonly problems?: ScenarioProblem[];
  /** Which parts count; without it all of them. */
  readonly counts?: (part: ScenarioPart) => boolean;
}

/** So many files may include one another. */
const DEEPEST_INCLUDE = 100;

function withIncludes(
  file: string,
  text: string,
  following: Following,
  depth = 0,
): readonly ScenarioPart[] {
  const { read, problems, seen, counts } = following;
  const { part, problems: own } = parsedPart(file, text);
  problems?.push(...own);
  if (counts?.(part) === false) return [];
  const included = part.includes.flatMap(({ name, span }) => {
    const path = beside(file, name);
    if (seen.has(path)) return [];
    if (depth >= DEEPEST_INCLUDE) {
      const message = `more than ${DEEPEST_INCLUDE} files that each include the next`;
      problems?.push({ file, message, span });
      return [];
    }
    const inner = read(path);
    if (inner !== undefined) {
      seen.add(path);
      return withIncludes(path, inner, following, depth + 1);
    }
    problems?.push({ file, message: `the included file "${name}" cannot be read`, span });
    return [];
  });
  return [...included, part];
}

/** Whether the conditions of a part hold on a tree: the files that any part names define what it asks for, and
 *  nothing of what it excludes, and their functions call what they have to. */
function conditionsOn(
  parts: readonly ScenarioPart[],
  tree: Pick<SourceTree, 'source'>,
): (part: ScenarioPart) => boolean {
  const isPlain = ({ when, unless, calls }: ScenarioPart) =>
    when.length + unless.length + calls.length === 0;
  if (parts.every(isPlain)) return () => true;
  const paths = new Set(parts.flatMap(({ sources }) => sources.map(({ name }) => name)));
  const sources = [...paths].flatMap((path) => tree.source(path) ?? []);
  const isDefined = ({ name }: Said) => sources.some((source) => defines(source, name));
  const isCalled = ({ caller, called }: Calls) =>
    called.every(({ name }) => sources.some((source) => makesCall(source, caller.name, name)));
  return ({ when, unless, calls }) =>
    when.every(isDefined) && !unless.some(isDefined) && calls.every(isCalled);
}

type ParsedPart = ReturnType<typeof parseScenario>;

/** The last text of each file, and what it says: several scenarios include the same files. */
const lastParsed = new Map<string, { readonly text: string; readonly parsed: ParsedPart }>();

function parsedPart(file: string, text: string): ParsedPart {
  const last = lastParsed.get(file);
  if (last?.text === text) return last.parsed;
  const parsed = parseScenario(file, text);
  lastParsed.set(file, { text, parsed });
  return parsed;
}

/** The path of `name` as seen from `file`, with `.` and `..` taken out. */
function beside(file: string, name: string): string {
  if (name.startsWith('/')) return name;
  const steps = file.split('/').slice(0, -1);
  for (const step of name.split('/')) {
    if (step === '..' && steps.length > 0) steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** A scenario with the parts that it was put together from. */
interface Merged {
  readonly parts: readonly ScenarioPart[];
  readonly everything: readonly ScenarioPart[];
  readonly scenario: Scenario;
}

/** By the part that the file itself is; as many as there are trees for which different parts count. */
const lastMerged = new WeakMap<ScenarioPart, readonly Merged[]>();
const MOST_MERGED = 4;

/** The parts as one scenario: the same object for the same parts. */
function merge(parts: readonly ScenarioPart[], everything: readonly ScenarioPart[]): Scenario {
  const own = parts.at(-1)!;
  const before = lastMerged.get(own) ?? [];
  const found = before.find(
    (each) => areSame(each.parts, parts) && areSame(each.everything, everything),
  );
  const merged = found ?? { parts, everything, scenario: mergeAnew(parts, everything) };
  lastMerged.set(own, [merged, ...before.filter((each) => each !== found)].slice(0, MOST_MERGED));
  return merged.scenario;
}

function areSame(one: readonly ScenarioPart[], other: readonly ScenarioPart[]): boolean {
  return one.length === other.length && one.every((part, at) => part === other[at]);
}

/** Lists are joined in order; of single values the last part that has one, the file itself, wins. */
function mergeAnew(parts: readonly ScenarioPart[], everything: readonly ScenarioPart[]): Scenario {
  const own = parts.at(-1)!;
  const last = <Value>(of: (part: ScenarioPart) => Value | undefined): Value | undefined =>
    parts.reduce<Value | undefined>((found, part) => of(part) ?? found, undefined);
  const filter = last((part) => part.filter);
  return {
    file: own.file,
    text: own.text,
    files: everything.map(({ file, text }) => ({ file, text })),
    name: own.name ?? '',
    description: own.description,
    path: last((part) => part.path) ?? own.name ?? '',
    sources: byName(parts.flatMap((part) => part.sources)),
    includes: own.includes,
    applies: byName(parts.flatMap((part) => part.applies)),
    when: byName(everything.flatMap((part) => part.when)),
    unless: byName(everything.flatMap((part) => part.unless)),
    calls: everything.flatMap((part) => part.calls),
    beyond: parts.flatMap((part) => part.beyond),
    follow: byName(parts.flatMap((part) => part.follow)),
    state: parts.flatMap((part) => part.state),
    setup: parts.flatMap((part) => part.setup),
    stubs: parts.flatMap((part) => part.stubs),
    actors: byIndex(parts.flatMap((part) => part.actors)),
    invariants: byName(parts.flatMap((part) => part.invariants)),
    suppositions: byName(parts.flatMap((part) => part.suppositions)),
    remarks: parts.flatMap((part) => part.remarks),
    ...(filter && { filter }),
    unroll: last((part) => part.unroll) ?? DEFAULT_UNROLL,
    depth: last((part) => part.depth) ?? DEFAULT_DEPTH,
  };
}

/** One of each name, the last one told: a file may sharpen what it includes. */
function byName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

/** The threads in order; of two with one number the last one told. */
function byIndex(actors: readonly Actor[]): readonly Actor[] {
  const last = new Map(actors.map((actor) => [actor.index, actor]));
  return [...last.values()].sort((one, other) => one.index - other.index);
}

/** What a scenario lacks; not asked where something else is wrong, which may be why it lacks it. */
function missing(scenario: Scenario, text: string): readonly ScenarioProblem[] {
  const start = { start: 0, end: Math.max(0, text.indexOf('\n')) };
  const say = (message: string): ScenarioProblem => ({ file: scenario.file, message, span: start });
  if (scenario.name === '') return [say('the first line must be "C" and the scenario\'s name')];
  return [
    ...(scenario.sources.length === 0 ? [say('no "source:" names the files of the tree')] : []),
    ...(scenario.invariants.length === 0 ? [say('there is no invariant ("never NAME: ...")')] : []),
    ...(scenario.actors.length === 0 ? [say('there is no thread ("P0 { ... }")')] : []),
    ...misplacedConditions(scenario),
    ...missingThread(scenario),
    ...missingBases(scenario),
    ...cyclicBases(scenario),
    ...emptySuppositions(scenario),
  ];
}

/** Whether a scenario speaks of a tree at all is for `applies:` to say. */
function misplacedConditions({ file, when, unless, calls }: Scenario): readonly ScenarioProblem[] {
  const message =
    '"when:", "unless:" and "calls:" stand in files that are included; of which trees a scenario speaks, "applies:" says';
  return [...when, ...unless, ...calls.map(({ caller }) => caller)]
    .filter((name) => name.file === file)
    .slice(0, 1)
    .map(({ span }) => ({ file, message, span }));
}

function missingThread({ actors }: Scenario): readonly ScenarioProblem[] {
  const at = actors.findIndex(({ index }, position) => index !== position);
  const body = actors[at]?.body;
  if (body === undefined) return [];
  const span = { start: body.offset, end: body.offset };
  return [{ file: body.file, message: `thread P${at} is missing`, span }];
}

function missingBases({ suppositions, invariants }: Scenario): readonly ScenarioProblem[] {
  const names = suppositions.map(({ name }) => name);
  return [
    ...suppositions.flatMap(({ on }) => on),
    ...invariants.flatMap(({ accepted }) => accepted?.under ?? []),
  ]
    .filter(({ name }) => !names.includes(name))
    .map(({ name, file, span }) => {
      const near = nearestName(name, names);
      const message = `there is no supposition "${name}"${near === undefined ? '' : `; ${near}?`}`;
      return { file, message, span };
    });
}

/** A supposition that builds, by way of others, on itself: the first of them. */
function cyclicBases(scenario: Scenario): readonly ScenarioProblem[] {
  return scenario.suppositions
    .filter(({ name, on }) => on.some((base) => reaches(scenario, base.name, name, new Set())))
    .slice(0, 1)
    .map(({ name, on }) => {
      const { file, span } = on[0]!;
      return { file, message: `the supposition "${name}" is built on itself`, span };
    });
}

function reaches(scenario: Scenario, from: string, wanted: string, seen: Set<string>): boolean {
  if (from === wanted) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  const found = scenario.suppositions.find(({ name }) => name === from);
  return found?.on.some(({ name }) => reaches(scenario, name, wanted, seen)) === true;
}

/** One that builds on others may just put them together. */
function emptySuppositions({ suppositions }: Scenario): readonly ScenarioProblem[] {
  return suppositions
    .filter(
      ({ on, stubs: { text } }) =>
        on.length === 0 && afterBlanks(text, 0, C_COMMENTS) === text.length,
    )
    .map(({ name, stubs: { file, offset } }) => ({
      file,
      message: `the supposition "${name}" says nothing`,
      span: { start: offset, end: offset },
    }));
}
