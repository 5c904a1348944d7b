/** Runs one litmus test file and puts its answer into words: herd's, or JSON. */

import { join } from 'node:path';
import type { LoadedModel } from '../cat/load.ts';
import { fileNameOf } from '../disk/file-name.ts';
import { LARGEST_TEXT, readText } from '../disk/read-text.ts';
import { type ParsedLitmus, parseLitmus } from '../litmus/parse.ts';
import type { Outcome, Witness } from '../memory-model/outcome.ts';
import type { Program } from '../program/program.ts';
import { check } from '../search/check.ts';
import { LineIndex } from '../text/line-index.ts';
import { bounded, printable } from '../text/printable.ts';
import type { Problem } from '../text/span.ts';
import { herdText } from './litmus-text.ts';

export interface RunOptions {
  readonly form: 'text' | 'json' | 'json-states';
  /** How long one test may take; undefined for as long as it needs. */
  readonly seconds: number | undefined;
  /** A folder with the user's own model. */
  readonly model: string | undefined;
  /** Folders for pictures. */
  readonly dot: string | undefined;
  readonly svg: string | undefined;
}

export interface LitmusRun {
  readonly out: string;
  readonly err: string;
  /** The file could not be read as a litmus test, or a picture of it not written. */
  readonly failed: boolean;
}

/** Reads, runs and reports one test. Never throws for what is in the file. */
export async function runLitmusFile(path: string, options: RunOptions): Promise<LitmusRun> {
  const json = options.form !== 'text';
  const read = readText(path);
  if ('problem' in read) return failure(path, read.problem, json);
  const text = read.value;
  const answer = await runText(text, options);
  if (answer.problems !== undefined) return failure(path, describe(text, answer.problems), json);
  const { program, outcome, milliseconds } = answer;
  const undrawn = await draw(program, outcome, options);
  const out = json
    ? jsonLine(path, program, outcome, milliseconds, options.form === 'json-states')
    : herdText(program, outcome, milliseconds);
  const err = undrawn.map((problem) => errorIn(path, problem)).join('');
  return { out, err, failed: undrawn.length > 0 };
}

type Answer =
  | { readonly problems: readonly Problem[] }
  | {
      readonly problems?: undefined;
      readonly program: Program;
      readonly outcome: Outcome;
      readonly milliseconds: number;
    };

async function runText(text: string, options: RunOptions): Promise<Answer> {
  const start = process.hrtime();
  const milliseconds = (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  if (options.model !== undefined) return runWithModel(text, options.model, milliseconds);
  const { program, problems } = parseLitmus(text);
  if (program === undefined) return { problems };
  const drawn = options.dot !== undefined || options.svg !== undefined;
  const outcome = check(program, { budget: { milliseconds }, witness: drawn, counterpart: drawn });
  return { program, outcome, milliseconds: millisecondsSince(start) };
}

async function runWithModel(text: string, folder: string, milliseconds: number): Promise<Answer> {
  const start = process.hrtime();
  const { checkWithModel } = await import('../search/check-with-model.ts');
  const model = models.get(folder) ?? (await readModel(folder));
  models.set(folder, model);
  if (typeof model === 'string')
    return { problems: [{ message: model, span: { start: 0, end: 0 } }] };
  const parsed: ParsedLitmus = parseLitmus(text, model.macros);
  if (parsed.program === undefined) return { problems: parsed.problems };
  const outcome = checkWithModel(parsed.program, model, { milliseconds });
  return { program: parsed.program, outcome, milliseconds: millisecondsSince(start) };
}

/** The models that were read, by folder: all tests of one run are asked of the same text. */
const models = new Map<string, LoadedModel | string>();

/** The model in `folder`, or what is wrong with it. */
async function readModel(folder: string): Promise<LoadedModel | string> {
  const { loadModel } = await import('../cat/load.ts');
  const read = (file: string) => {
    const found = readText(join(folder, file), LARGEST_TEXT, [folder]);
    return 'value' in found ? found.value : undefined;
  };
  const { model, problems } = loadModel(read);
  if (model !== undefined) return model;
  const said = problems.map(({ file, message, span }) => {
    const { line, column } = new LineIndex(read(file) ?? '').position(span.start);
    return `${join(folder, file)}, line ${line + 1}, column ${column + 1}: ${message}`;
  });
  return said.join('; ');
}

/** Node's `performance` would cost a short run a tenth of its time to load. */
function millisecondsSince(start: readonly [number, number]): number {
  const [seconds, nanoseconds] = process.hrtime([...start]);
  return seconds * 1e3 + nanoseconds / 1e6;
}

function describe(text: string, problems: readonly Problem[]): string {
  const lines = new LineIndex(text);
  return problems
    .slice(0, 1)
    .map(({ message, span }) => {
      const { line, column } = lines.position(span.start);
      return `line ${line + 1}, column ${column + 1}: ${message}`;
    })
    .join('; ');
}

function failure(path: string, message: string, json: boolean): LitmusRun {
  const out = json ? `${JSON.stringify({ path, error: bounded(message) })}\n` : '';
  return { out, err: errorIn(path, message), failed: true };
}

function errorIn(path: string, message: string): string {
  return `File "${printable(path)}": ${printable(message)}\n`;
}

function jsonLine(
  path: string,
  program: Program,
  outcome: Outcome,
  milliseconds: number,
  withStates: boolean,
): string {
  const { observation, states, positive, negative, flags, ok, unknown } = outcome;
  const line = {
    path,
    name: program.name,
    observation: observation ?? null,
    states: states.length,
    positive,
    negative,
    flags,
    ok: ok ?? null,
    unknown: unknown?.reason ?? null,
    ms: Math.round(milliseconds * 100) / 100,
    ...(withStates ? { final_states: states } : {}),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Writes the execution that decides the condition: one that satisfies it, or what forbids it. Returns why
 *  pictures could not be written. */
async function draw(
  program: Program,
  outcome: Outcome,
  options: RunOptions,
): Promise<readonly string[]> {
  const witness: Witness | undefined = outcome.witness ?? outcome.counterpart;
  if (witness === undefined || (options.dot ?? options.svg) === undefined) return [];
  const { writeText } = await import('../disk/write-text.ts');
  const { executionGraph } = await import('../execution-graph/graph.ts');
  const graph = executionGraph(witness);
  const problems: (string | undefined)[] = [];
  if (options.dot !== undefined) {
    const { dot } = await import('../execution-graph/dot.ts');
    const text = dot(graph, program.name);
    problems.push(writeText(options.dot, fileNameOf(program.name, '.dot'), text));
  }
  if (options.svg !== undefined) {
    const { svg } = await import('../execution-graph/svg.ts');
    problems.push(writeText(options.svg, fileNameOf(program.name, '.svg'), svg(graph)));
  }
  return problems.filter((problem) => problem !== undefined);
}
