/** `barrierlens simulate`: scenarios against a tree, what can go wrong and what each barrier is for. */

import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { makeFolder, writeText } from '../disk/write-text.ts';
import { indexOf, listOf, unsaidOf } from '../herd-export/export-index.ts';
import { exportScenario } from '../herd-export/export-litmus.ts';
import { scenarioTree } from '../language-service/node-scenario-tree.ts';
import { missingMarks } from '../proof/missing-marks.ts';
import type { SolutionCache } from '../proof/scenario-solution.ts';
import { supposedAnswers } from '../proof/suppositions.ts';
import { type TransitionTable, transitionTable } from '../proof/transition-table.ts';
import {
  type Bundle,
  bundledProtocols,
  bundledSample,
  bundledScenarios,
  scenarioReader,
} from '../scenario/load-library.ts';
import type { ScenarioProblem } from '../scenario/scenario.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { printable } from '../text/printable.ts';

import { BadUse, type Command, EXIT, Failure, readArguments } from './command.ts';

import { compileLater } from './compile-later.ts';
import { openedFolders } from './opened-folders.ts';
import { renderGlance, tableText } from './simulate-glance.ts';
import { jsonOf } from './simulate-json.ts';
import { renderProtocols } from './simulate-protocols.ts';
import { placePrinter, renderText, type TextOf } from './simulate-text.ts';

export const simulate: Command = {
  usage:
    'livepatch|protocols|NAME|FILE.scenario... [--tree DIR] [--full] [--suppose] [--marks] [--json]\n       [--html FILE] [--comments]\n       [--export DIR]',
  help: `Runs real functions of a tree against each other under the Linux kernel memory
model, as scenarios say (docs/scenarios.md): which invariants can be violated, with
executions on the source lines, and for each barrier and ordered pair of fields
whether an invariant rests on it, and what else gives the order.

  livepatch      the bundled scenarios of livepatch's transition, those that speak
                 of the tree (RFC v2 of 2016, Linux 6.1 and 6.12)
  protocols      the bundled scenarios of other protocols of the kernel, such as wait
                 queues, completions and lists without locks (docs/protocols.md), or
                 one of them by its NAME; they need --tree
  --tree DIR     the tree that the scenarios' files are looked for in; without it
                 the bundled sample of RFC v2
  --full         of what is bundled, which is told at a glance, everything, as of a FILE:
                 each scenario, each row of each barrier, and what it all rests on
  --suppose      also what the scenarios suppose: the invariants, were the code or the
                 world around it different
  --marks        also which accesses race as they are written and want READ_ONCE() or
                 WRITE_ONCE()
  --json         everything as one JSON object
  --html FILE    also a page that needs no other file and no network: the table, and
                 executions to step through on the source, with and without each barrier
  --comments     instead of the answer a patch for "git apply", with the comment of each
                 barrier: what it orders, with whom it pairs, on which path and why; what
                 the comments that are there say wrongly or leave out is told on stderr
  --export DIR   every answer as plain litmus tests small enough for herd7, with what
                 each comes to in its Result: line; index.md says what they show

Exit code: 0 every invariant holds, or its scenario accepts with a reason that it does not,
1 one can be violated or is not known, 2 bad use, a mistake in a scenario, which then has
no answer, or tests that cannot be written.
`,
  async run(args, output) {
    const { paths, options } = readArguments(args, {
      tree: 'string',
      suppose: 'boolean',
      marks: 'boolean',
      full: 'boolean',
      json: 'boolean',
      html: 'string',
      comments: 'boolean',
      export: 'string',
    });
    compileLater();
    const files = scenarioFiles(paths);
    const root = treeRoot(options.tree);
    const tree = await scenarioTree(root);
    const cache: SolutionCache = new Map();
    const read = scenarioReader(openedFolders(files, root));
    const table = transitionTable(files, read, tree, cache);
    const textOf: TextOf = (file) => tree.source(file)?.text ?? read(file);
    const problems = problemsOf(table, paths);
    const show = placePrinter(textOf);
    for (const told of [...problems, ...table.notes, ...table.stale])
      output.warn(`${show(told)}: ${told.message}\n`);
    if (table.answers.length === 0) {
      if (problems.length === 0) {
        const hint = options.tree === undefined ? '; --tree DIR names another tree' : '';
        throw new BadUse(`no scenario speaks of ${root}${hint}`);
      }
      return EXIT.badUse;
    }
    if (options.export !== undefined)
      for (const unsaid of exportTests(table, tree, cache, options.export))
        output.warn(`not exported: ${printable(unsaid)}\n`);
    if (options.html !== undefined) {
      const unwritten = await writePage(options.html, table, tree, textOf);
      if (unwritten !== undefined) throw new Failure(unwritten);
    }
    const scenarios = table.answers.map(({ scenario }) => scenario);
    const supposed = options.suppose
      ? scenarios.flatMap((scenario) => supposedAnswers(scenario, tree, cache))
      : [];
    const marks = options.marks ? missingMarks(scenarios, tree) : [];
    const isTransition = paths.every((path) => path === 'livepatch');
    const isProtocols = paths.every((path) => bundledOf(path)?.bundle === 'protocols');
    const asText = () => {
      const full = () => renderText(table, supposed, marks, textOf);
      if (isProtocols && options.full !== true)
        return renderProtocols(table, supposed, marks, show);
      if (!isTransition) return full();
      return options.full === true
        ? tableText(table) + full()
        : renderGlance(table, supposed, marks, show);
    };
    if (options.comments === true) {
      const { commentPatch } = await import('./simulate-comments.ts');
      const { patch, remarks } = commentPatch(table, (file) => tree.source(file)?.text);
      for (const remark of remarks) output.warn(`${printable(remark)}\n`);
      output.write(patch);
      return problems.length > 0 ? EXIT.badUse : EXIT.clean;
    }
    output.write(
      options.json === true
        ? `${JSON.stringify(jsonOf(table, supposed, marks, show), null, 2)}\n`
        : asText(),
    );
    if (problems.length > 0) return EXIT.badUse;
    return allHold(table) ? EXIT.clean : EXIT.findings;
  },
};

/** Writes the page; what makes it is loaded for it alone. Says why it could not. */
async function writePage(
  file: string,
  table: TransitionTable,
  tree: SourceTree,
  textOf: TextOf,
): Promise<string | undefined> {
  const { pageHtml } = await import('./simulate-html.ts');
  const html = pageHtml(table, tree, textOf, placePrinter(textOf));
  const path = resolve(file);
  return makeFolder(dirname(path)) ?? writeText(dirname(path), basename(path), html);
}

/** Writes the tests of all answered scenarios, a list of them for herd7 (`@all`), and `index.md`, which
 *  says what each shows and which could not be written as plain litmus, and why. */
function exportTests(
  { answers }: TransitionTable,
  tree: SourceTree,
  cache: SolutionCache,
  folder: string,
): readonly string[] {
  const unmade = makeFolder(folder);
  if (unmade !== undefined) throw new Failure(unmade);
  const tests = answers.flatMap(({ scenario }) => exportScenario(scenario, tree, cache));
  const written = [
    ...tests.map(({ file, text }) => ({ file, text })),
    { file: '@all', text: listOf(tests) },
    { file: 'index.md', text: indexOf(tests) },
  ];
  for (const { file, text } of written) {
    const unwritten = text === undefined ? undefined : writeText(folder, file, text);
    if (unwritten !== undefined) throw new Failure(unwritten);
  }
  return unsaidOf(tests);
}

function scenarioFiles(paths: readonly string[]): readonly string[] {
  if (paths.length === 0)
    throw new BadUse('"livepatch", "protocols", the name of one, or a FILE.scenario is needed');
  return paths.flatMap((path) => bundledOf(path)?.files ?? [resolve(path)]);
}

/** The bundled scenarios that a word of the command line means, unless there is a file of that name. */
function bundledOf(
  path: string,
): { readonly bundle: Bundle; readonly files: readonly string[] } | undefined {
  if (path === 'livepatch') return { bundle: 'livepatch', files: bundledScenarios() };
  const files = /^[\w-]+$/.test(path) && !existsSync(path) ? bundledProtocols(path) : [];
  return files.length === 0 ? undefined : { bundle: 'protocols', files };
}

function treeRoot(given: string | undefined): string {
  const root = given === undefined ? bundledSample() : resolve(given);
  if (root === undefined || !existsSync(root)) throw new BadUse(`there is no tree ${given ?? ''}`);
  return root;
}

/** What is wrong with scenarios; also that one which was asked for by its file does not speak of the tree, and that a
 *  function is gone which a bundled one needs, once for those that need it. */
function problemsOf(
  { problems, leftOut, lost }: TransitionTable,
  paths: readonly string[],
): readonly ScenarioProblem[] {
  const asked = paths
    .filter((path) => bundledOf(path) === undefined)
    .map((path) => leftOut.get(resolve(path)));
  const bundled = new Set(paths.flatMap((path) => bundledOf(path)?.files ?? []));
  const gone = new Map(
    lost
      .filter(({ scenario }) => bundled.has(scenario.file))
      .map(({ problem }) => [`${problem.file} ${problem.message}`, problem]),
  );
  return [...problems, ...asked.flatMap((problem) => problem ?? []), ...gone.values()];
}

/** What a scenario accepts, with its reason, is no news. */
function allHold({ answers }: TransitionTable): boolean {
  return answers.every(({ invariants }) =>
    invariants.every(
      ({ observation, accepted }) => observation === 'Never' || accepted !== undefined,
    ),
  );
}
