/** The project file `.barrierlens.toml`: what a folder's owners have agreed on, for command line and editor alike. */

import { posix } from 'node:path';
import { parseTOML, type AST as Toml } from 'toml-eslint-parser';
import { isWithin } from '../disk/within.ts';
import type { Primitive } from '../kernel/primitive.ts';
import { primitive, primitives } from '../kernel/primitives.ts';
import { nearestName } from '../text/similar-name.ts';
import type { Span } from '../text/span.ts';
import { DEFAULT_SETTINGS, LEVELS, type Level, type Settings } from './config.ts';
import type { DiagnosticCode } from './diagnostic.ts';

/** What is said of one folder. */
export interface Project {
  /** The absolute path of the file. */
  readonly path: string;
  readonly levels: Partial<Settings['diagnostics']>;
  /** Absolute paths of files and folders of which no finding is told. */
  readonly excluded: readonly string[];
  /** Files and folders with scenarios. */
  readonly scenarios: readonly ProjectPath[];
  readonly operations: Settings['operations'];
}

/** A path that the file names, absolute, with where it does so. */
export interface ProjectPath {
  readonly path: string;
  readonly span: Span;
}

/** What is wrong in the file; that part of it does not count. */
export interface ProjectProblem {
  readonly message: string;
  readonly span: Span;
}

export interface ReadProject {
  readonly project: Project;
  readonly problems: readonly ProjectProblem[];
}

/** So many paths are looked at, for each file of a tree. */
const MOST_PATHS = 500;

/** Reads the text of the project file at `path`. Total: what cannot be read or is not known is a problem with its
 *  place, and the rest holds; of a text that is no TOML nothing does. */
export function readProject(path: string, text: string): ReadProject {
  const folder = posix.dirname(path);
  const reading: Reading = {
    folder,
    levels: {},
    excluded: [],
    scenarios: [],
    operations: new Map(),
  };
  const entries = entriesOf(text);
  if ('message' in entries) return { project: projectOf(path, reading), problems: [entries] };
  const problems = entries.flatMap((entry) => readEntry(entry, reading));
  return { project: projectOf(path, reading), problems };
}

function projectOf(path: string, { levels, excluded, scenarios, operations }: Reading): Project {
  const own = { path, text: [...operations.values()].join(''), names: [...operations.keys()] };
  return { path, levels, excluded, scenarios, operations: own };
}

/** The settings of somebody who works on the project: it wins over what his editor says. */
export function inProject(settings: Settings, project: Project | undefined): Settings {
  if (project === undefined) return settings;
  return {
    ...settings,
    excluded: [...settings.excluded, ...project.excluded],
    diagnostics: { ...settings.diagnostics, ...project.levels },
    operations: project.operations,
  };
}

/** What was read so far. */
interface Reading {
  readonly folder: string;
  readonly levels: { [Code in DiagnosticCode]?: Level };
  readonly excluded: string[];
  readonly scenarios: ProjectPath[];
  /** By their names, as the lines that define them. */
  readonly operations: Map<string, string>;
}

/** A key with all that stands before it, and what it is given. */
interface Entry {
  readonly keys: readonly string[];
  readonly span: Span;
  readonly value: Toml.TOMLContentNode;
}

/** The keys with their values, or why the text is no TOML. */
function entriesOf(text: string): readonly Entry[] | ProjectProblem {
  try {
    const [table] = parseTOML(text.replace(/^\uFEFF/, ' '), { tomlVersion: '1.0' }).body;
    return table.body.flatMap((each) =>
      each.type === 'TOMLKeyValue'
        ? entriesBelow([], each)
        : each.body.flatMap((inner) => entriesBelow(each.resolvedKey.map(String), inner)),
    );
  } catch (error) {
    return notToml(error, text);
  }
}

function entriesBelow(
  before: readonly string[],
  { key, value }: Toml.TOMLKeyValue,
): readonly Entry[] {
  const own = key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
  const keys = [...before, ...own];
  if (value.type === 'TOMLInlineTable')
    return value.body.flatMap((inner) => entriesBelow(keys, inner));
  return [{ keys, span: spanOf(key), value }];
}

function spanOf({ range: [start, end] }: { readonly range: readonly [number, number] }): Span {
  return { start, end };
}

/** The parser goes down a level for each bracket: a text of nothing else takes all of its stack. */
function notToml(error: unknown, text: string): ProjectProblem {
  if (error instanceof RangeError)
    return { message: 'too many brackets in one another', span: { start: 0, end: 0 } };
  const { index, message } = error as { readonly index?: number; readonly message?: string };
  const start = Math.min(index ?? 0, text.length);
  return { message: `this is no TOML: ${message ?? error}`, span: { start, end: start } };
}

const SETTINGS = ['levels', 'exclude', 'scenarios', 'operations'];

/** Takes the entry into `reading`; what is wrong with it. */
function readEntry(entry: Entry, reading: Reading): readonly ProjectProblem[] {
  const { keys, span } = entry;
  const [setting = '', name, ...rest] = keys;
  switch (setting) {
    case 'levels':
      if (name !== undefined && rest.length === 0) return readLevel(name, entry, reading);
      return [{ message: 'levels is a table: unresolved-claim = "error" on a line', span }];
    case 'exclude':
    case 'scenarios':
      if (name === undefined) return readPaths(setting, entry.value, reading);
      return [{ message: listOfPaths(setting), span }];
    case 'operations':
      if (name !== undefined && rest.length === 0) return readOperation(name, entry, reading);
      return [{ message: `operations is a table: ${AS_IN} on a line`, span }];
    default:
      return [{ message: `there is no setting "${setting}"${meant(setting, SETTINGS)}`, span }];
  }
}

function listOfPaths(setting: string): string {
  return `${setting} is a list of paths, as in ${setting} = ["drivers/staging"]`;
}

/** The nearest right name, or all where none is near. */
function meant(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? `; there are ${known.join(', ')}` : `; "${near}" is near`;
}

const RULES = Object.keys(DEFAULT_SETTINGS.diagnostics) as DiagnosticCode[];

function readLevel(
  name: string,
  { span, value }: Entry,
  reading: Reading,
): readonly ProjectProblem[] {
  const rule = RULES.find((code) => code === name);
  if (rule === undefined)
    return [{ message: `there is no rule "${name}"${meant(name, RULES)}`, span }];
  const given = stringOf(value);
  if (given === undefined)
    return [{ message: `the level of a rule is a word: ${LEVELS.join(', ')}`, span }];
  const level = LEVELS.find((each) => each === given);
  if (level === undefined) {
    const message = `there is no level "${given}"${meant(given, LEVELS)}`;
    return [{ message, span: spanOf(value) }];
  }
  reading.levels[rule] = level;
  return [];
}

function stringOf(value: Toml.TOMLContentNode): string | undefined {
  return value.type === 'TOMLValue' && value.kind === 'string' ? value.value : undefined;
}

function readPaths(
  setting: 'exclude' | 'scenarios',
  value: Toml.TOMLContentNode,
  reading: Reading,
): readonly ProjectProblem[] {
  const span = spanOf(value);
  if (value.type !== 'TOMLArray') return [{ message: listOfPaths(setting), span }];
  const excess =
    value.elements.length > MOST_PATHS
      ? [{ message: `only the first ${MOST_PATHS} paths count`, span }]
      : [];
  const problems = value.elements.slice(0, MOST_PATHS).flatMap((element) => {
    const given = stringOf(element);
    const place = spanOf(element);
    if (given === undefined) return { message: listOfPaths(setting), span: place };
    const path = posix.join(reading.folder, given).replace(/(?<=.)\/$/, '');
    const message = wrongPath(given, path, reading.folder);
    if (message !== undefined) return { message, span: place };
    if (setting === 'exclude') reading.excluded.push(path);
    else reading.scenarios.push({ path, span: place });
    return [];
  });
  return [...problems, ...excess];
}

function wrongPath(given: string, path: string, folder: string): string | undefined {
  if (given === '') return 'a path is empty';
  if (given.includes('*')) return `${given}: no wildcards; a folder stands for all below it`;
  if (posix.isAbsolute(given) || !isWithin(path, folder))
    return `${given} does not lie below the folder of this file`;
  return undefined;
}

const AS_IN = '"ring_publish(ring, at)" = "smp_store_release(&ring->head, at)"';

/** A call: its name, and what stands between its parentheses. Nothing in it ends a line or a statement. */
const CALL = /^\s*([A-Za-z_]\w*)\s*\(([^;{}"'#\\\n\r]*)\)\s*$/;

/** Longer calls are nobody's. */
const LONGEST_CALL = 300;

/** So many are looked for in each text. */
const MOST_OPERATIONS = 200;

/** `"ring_publish(ring, at)" = "smp_store_release(&ring->head, at)"`. */
function readOperation(
  name: string,
  { span, value }: Entry,
  reading: Reading,
): readonly ProjectProblem[] {
  const wrong = (message: string, at = span) => [{ message, span: at }];
  const given = stringOf(value);
  const [, own = '', parameters = ''] = callIn(name) ?? [];
  const [, stands = '', list = ''] = callIn(given ?? '') ?? [];
  if (own === '' || stands === '') return wrong(`an operation is two calls, as in ${AS_IN}`);
  const names = partsOf(parameters);
  if (!names?.every((each) => /^[A-Za-z_]\w*$/.test(each)) || new Set(names).size < names.length)
    return wrong(`the parameters of ${own}() are names, each another one`);
  if (primitive(own) !== undefined) return wrong(`${own}() is an operation of the kernel's own`);
  const row = primitive(stands);
  if (row === undefined)
    return wrong(
      `there is no operation ${stands}() of the kernel${meantOperation(stands)}`,
      spanOf(value),
    );
  const count = partsOf(list)?.length;
  if (count === undefined) return wrong(`the brackets of ${given} do not match`, spanOf(value));
  const needed = Math.max(0, ...locationsOf(row).map((at) => at + 1));
  if (count < needed)
    return wrong(`${stands}() has ${needed} arguments at least, not ${count}`, spanOf(value));
  if (reading.operations.size === MOST_OPERATIONS)
    return wrong(`only the first ${MOST_OPERATIONS} operations count`);
  reading.operations.set(own, `#define ${own}(${names.join(', ')}) ${given!.trim()}\n`);
  return [];
}

function callIn(text: string): RegExpExecArray | null {
  return text.length > LONGEST_CALL ? null : CALL.exec(text);
}

function meantOperation(name: string): string {
  const near = nearestName(name, primitives.keys());
  return near === undefined ? '' : `; ${near}() is near`;
}

/** The positions of the arguments that an operation touches or takes its value from. */
function locationsOf({ access, also = [], operation }: Primitive): readonly number[] {
  const touched = [...(access === undefined ? [] : [access]), ...also].map(
    ({ argument }) => argument,
  );
  const value =
    operation?.kind === 'store' && 'argument' in operation.value ? [operation.value.argument] : [];
  return [...touched.filter((at) => typeof at === 'number'), ...value];
}

/** What stands between the commas of a list that are in no brackets; undefined where brackets do not match. */
function partsOf(list: string): readonly string[] | undefined {
  if (list.trim() === '') return [];
  const parts = [''];
  const open: string[] = [];
  for (const letter of list) {
    if (letter === '(' || letter === '[') open.push(letter === '(' ? ')' : ']');
    if ((letter === ')' || letter === ']') && open.pop() !== letter) return undefined;
    if (letter === ',' && open.length === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return open.length > 0 ? undefined : parts.map((part) => part.trim());
}
