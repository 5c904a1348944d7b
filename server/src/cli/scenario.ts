/** `barrierlens scenario`: begins a scenario for functions of a tree. */

import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { nodeFileSystem } from '../disk/node-file-system.ts';
import { LARGEST_TEXT, readText } from '../disk/read-text.ts';
import { walk } from '../disk/walk.ts';
import { scenarioTree } from '../language-service/node-scenario-tree.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { strayIn } from '../proof/stray-in-run.ts';
import { beginScenario } from '../scenario/begin-scenario.ts';
import { functionOf } from '../scenario/needed-headers.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import type { Called } from '../scenario/start-scenario.ts';
import { LineIndex } from '../text/line-index.ts';
import { nearestName } from '../text/similar-name.ts';
import { BadUse, type Command, EXIT, readArguments } from './command.ts';

export const scenario: Command = {
  usage: 'FILE:FUNCTION|FILE:LINE|FUNCTION... [--tree DIR]',
  help: `Writes a scenario to begin with: the headers that the functions need, objects for
what they are given, a thread that calls each, and an invariant to fill in. It runs as
it stands, and says what else is to be filled in before an answer is known; redirect it
to a FILE.scenario, say what must never come out, and ask barrierlens simulate
(docs/scenarios.md).

  FILE:FUNCTION  a function of a file, whose path is relative to the tree
  FILE:LINE      the function that the line stands in
  FUNCTION       one that is looked for in the files of the others, then in the tree
  --tree DIR     the root of the tree; without it the working directory

Exit code: 0, or 2 where a function is not found.
`,
  async run(args, output) {
    const { paths, options } = readArguments(args, { tree: 'string' });
    if (paths.length === 0) throw new BadUse('a function is needed, better two');
    const root = resolve(options.tree ?? '.');
    if (!existsSync(root)) throw new BadUse(`there is no tree ${options.tree ?? ''}`);
    const tree = await scenarioTree(root);
    const asked = paths.map(askedOf);
    const named = asked.flatMap(({ file }) => file ?? []);
    const called: Called[] = [];
    for (const { file, name } of asked)
      called.push(
        file === undefined
          ? (calledIn(tree, named, name) ?? (await searched(tree, root, name)))
          : definedIn(tree, file, name),
      );
    output.write(beginScenario(called, tree, strayIn));
    return EXIT.clean;
  },
};

interface AskedFunction {
  readonly file: string | undefined;
  readonly name: string;
}

function askedOf(argument: string): AskedFunction {
  const colon = argument.lastIndexOf(':');
  const name = argument.slice(colon + 1);
  const isLine = colon >= 0 && /^[1-9]\d*$/.test(name);
  if (!isLine && !/^[A-Za-z_]\w*$/.test(name))
    throw new BadUse(`"${name}" is no name of a function`);
  return { file: colon < 0 ? undefined : argument.slice(0, colon), name };
}

function definedIn(tree: SourceTree, file: string, name: string): Called {
  const source = tree.source(file);
  if (source === undefined) throw new BadUse(`the tree has no file ${file}`);
  if (/^\d/.test(name)) return standingIn(source, Number(name));
  const called = functionOf(source, name);
  if (called !== undefined) return called;
  const near = nearestName(
    name,
    source.parsed.functions.map((each) => each.name),
  );
  throw new BadUse(`${file} does not define ${name}()${near === undefined ? '' : `; ${near}()?`}`);
}

/** The function that a line stands in. */
function standingIn(source: SourceText, line: number): Called {
  const index = new LineIndex(source.text);
  const lineOf = (offset: number) => index.position(offset).line + 1;
  const definition = source.parsed.functions.find(
    ({ span }) => lineOf(span.start) <= line && line <= lineOf(span.end),
  );
  if (definition !== undefined) return { definition, source };
  throw new BadUse(`line ${line} of ${source.file} stands in no function`);
}

function calledIn(tree: SourceTree, files: readonly string[], name: string): Called | undefined {
  for (const file of files) {
    const source = tree.source(file);
    const called = source && functionOf(source, name);
    if (called !== undefined) return called;
  }
  return undefined;
}

/** The function, from the first file of the tree that defines it. */
async function searched(tree: SourceTree, root: string, name: string): Promise<Called> {
  const request = {
    files: nodeFileSystem,
    root,
    isWanted: (file: string) => /\.[ch]$/.test(file),
    isSkipped: (file: string) => file.startsWith('.'),
  };
  for await (const found of walk(request)) {
    const read = found.kind === 'path' ? readText(found.path, LARGEST_TEXT, [root]) : found;
    if (!('value' in read) || !read.value.includes(name)) continue;
    const source = tree.source(relative(root, found.path));
    const called = source && functionOf(source, name);
    if (called !== undefined) return called;
  }
  throw new BadUse(`no file below ${root} defines ${name}()`);
}
