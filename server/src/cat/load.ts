/** Reads a model folder such as a kernel's `tools/memory-model`: bell, cat and what they include. */

import { type Macros, parseMacros } from '../litmus/macros.ts';
import type { Place } from '../text/span.ts';
import type { Instruction } from './ast.ts';
import type { Representation } from './base.ts';
import { LIBRARY_FILES } from './library.ts';
import { parseCat } from './parse.ts';
import { sourceOf } from './source.ts';
import { undefinedNames } from './undefined-names.ts';

export interface LoadedModel {
  /** The bell file's instructions before the cat file's, includes in their place. */
  readonly instructions: readonly Instruction[];
  /** What the `.def` file says the primitives are; undefined where there is no such file. */
  readonly macros: Macros | undefined;
  readonly representation: Representation;
}

export interface ModelProblem extends Place {
  readonly message: string;
}

/** The model that `read` gives the files of (undefined: no such file). The names come from
 *  `linux-kernel.cfg` (its lines `macros`, `bell`, `model`) or are the kernel's usual ones; the
 *  variants from its lines `variant`. */
export function loadModel(read: (file: string) => string | undefined): {
  model?: LoadedModel;
  problems: readonly ModelProblem[];
} {
  const configuration = read('linux-kernel.cfg') ?? '';
  const names = configuredNames(configuration);
  const variants = configuredVariants(configuration);
  const problems: ModelProblem[] = [];
  const files: Files = { read, variants, problems, parsed: new Map(), inclusions: 0 };
  const bell = readInstructions(names.bell, files, []);
  const cat = readInstructions(names.model, files, []);
  const macros = readMacros(names.macros, read, problems);
  const instructions = [...bell, ...cat];
  if (problems.length === 0)
    for (const { name, span } of undefinedNames(instructions))
      problems.push({ message: `${name} is not defined`, file: span.source.file, span });
  if (problems.length > 0) return { problems };
  const representation = variants.has('lkmmv2') ? 'tagged' : 'fenced';
  return { model: { instructions, macros, representation }, problems };
}

function configuredNames(configuration: string): { macros: string; bell: string; model: string } {
  const named = (key: string): string | undefined => {
    const lines = configuration.matchAll(/^(\w+)[ \t]+(\S+)/gm);
    for (const [, word, name] of lines) if (word === key) return name;
    return undefined;
  };
  return {
    macros: named('macros') ?? 'linux-kernel.def',
    bell: named('bell') ?? 'linux-kernel.bell',
    model: named('model') ?? 'linux-kernel.cat',
  };
}

function configuredVariants(configuration: string): ReadonlySet<string> {
  const lines = configuration.matchAll(/^variant[ \t]+(\S+)/gm);
  return new Set([...lines].flatMap(([, names]) => names!.split(',')));
}

function readMacros(
  file: string,
  read: (file: string) => string | undefined,
  problems: ModelProblem[],
): Macros | undefined {
  const text = read(file);
  if (text === undefined) return undefined;
  const parsed = parseMacros(text);
  for (const { message, span } of parsed.problems) problems.push({ message, file, span });
  return parsed.macros;
}

interface Files {
  readonly read: (file: string) => string | undefined;
  readonly variants: ReadonlySet<string>;
  readonly problems: ModelProblem[];
  /** Each file is parsed once, however often it is included. */
  readonly parsed: Map<string, readonly Instruction[] | undefined>;
  inclusions: number;
}

/** A file counts as often as it is included, as in herd7; real models include some ten. */
const MOST_INCLUSIONS = 1000;

function readInstructions(file: string, files: Files, including: readonly string[]): Instruction[] {
  const say = (message: string) =>
    void files.problems.push({ message, file, span: { start: 0, end: 0 } });
  if (including.includes(file)) {
    say(`${file} includes itself`);
    return [];
  }
  files.inclusions += 1;
  if (files.inclusions > MOST_INCLUSIONS) {
    if (files.inclusions === MOST_INCLUSIONS + 1)
      say(`more than ${MOST_INCLUSIONS} files are included, each as often as it is`);
    return [];
  }
  const instructions = instructionsOf(file, files);
  if (instructions === undefined) say(`${file} cannot be found in the model's folder`);
  return (instructions ?? []).flatMap((instruction) =>
    instruction.kind === 'include'
      ? readInstructions(instruction.file, files, [...including, file])
      : [instruction],
  );
}

/** Of one file as it is written; undefined where there is none. */
function instructionsOf(
  file: string,
  { read, variants, problems, parsed }: Files,
): readonly Instruction[] | undefined {
  if (parsed.has(file)) return parsed.get(file);
  const own = read(file);
  const text = own ?? LIBRARY_FILES.get(file);
  const found =
    text === undefined
      ? undefined
      : parseCat(text, sourceOf(file, text, own === undefined, variants));
  for (const { message, span } of found?.problems ?? []) problems.push({ message, file, span });
  parsed.set(file, found?.model.instructions);
  return found?.model.instructions;
}
