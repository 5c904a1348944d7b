/** The tests that are exported for the bundled scenarios, and the answers of herd7 that are stored for them. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExportedTest, exportScenario } from '../../server/src/herd-export/export-litmus.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { readText } from '../../server/src/scenario/load-library.ts';
import { loadScenario } from '../../server/src/scenario/load-scenario.ts';
import type { Scenario } from '../../server/src/scenario/scenario.ts';
import { notAbout, type SourceTree } from '../../server/src/scenario/scenario-request.ts';
import { check } from '../../server/src/search/check.ts';
import type { Kernel } from './linux-source.ts';
import { protocolFolder, RFC_V2, scenarioFolder, treeBelow } from './scenario-tree.ts';

/** The trees that tests are exported for: the shipped sample, and Linux. */
export const TREES = ['rfc-v2', 'linux-6.1', 'linux-6.12'] as const;
export type TreeName = (typeof TREES)[number];

/** A scenario, and the tree that it is exported for. */
export interface Export {
  readonly tree: TreeName;
  readonly source: SourceTree;
  readonly scenario: Scenario;
}

/** Answers by what identifies a test: `rfc-v2 klp-enable+I1+without+...`. */
export type Answers = ReadonlyMap<string, string>;

export const ANSWERS_FILE = 'test/herd-export/herd-answers.txt';

/** How the answers are made that are missing. */
export const HOW_TO_ASK = 'herd7 is asked for what it has not answered: npm run herd-answers';

/** Protocols whose tests are too large for herd7, all or most: what is said of them is held against the naive
 *  enumeration, or rests on those of their parts. */
const TOO_LARGE: readonly string[] = [
  ...['llist', 'qspinlock', 'stream-wait', 'task-work'],
  ...['printk-commit', 'printk-descriptor', 'printk-text'],
];

/** Those of one tree. */
const TOO_LARGE_ON: Readonly<Record<TreeName, readonly string[]>> = {
  'rfc-v2': [],
  'linux-6.1': [],
  'linux-6.12': ['osq-lock'],
};

/** The scenarios that are exported for a tree. */
const FOLDERS: Readonly<Record<TreeName, readonly string[]>> = {
  'rfc-v2': [scenarioFolder],
  'linux-6.1': [scenarioFolder, protocolFolder],
  'linux-6.12': [scenarioFolder, protocolFolder],
};

function isAsked(tree: TreeName, { name }: Scenario): boolean {
  return !TOO_LARGE.includes(name) && !TOO_LARGE_ON[tree].includes(name);
}

/** Every scenario with the tree that it is about; the trees of both kernels are given. */
export function exportsOf(linux: Readonly<Record<Kernel, string>>): readonly Export[] {
  return TREES.flatMap((tree) => {
    const source = treeBelow(rootOf(tree, linux));
    return FOLDERS[tree]
      .flatMap(scenariosIn)
      .flatMap((file) => loadScenario(file, readText, source).scenario ?? [])
      .filter((scenario) => notAbout(scenario, source) === undefined)
      .filter((scenario) => isAsked(tree, scenario))
      .map((scenario) => ({ tree, source, scenario }));
  });
}

function scenariosIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.scenario'))
    .sort()
    .map((file) => join(folder, file));
}

function rootOf(tree: TreeName, linux: Readonly<Record<Kernel, string>>): string {
  switch (tree) {
    case 'rfc-v2':
      return RFC_V2;
    case 'linux-6.1':
      return linux['6.1'];
    case 'linux-6.12':
      return linux['6.12'];
  }
}

/** The tests of an export that can be said, by what identifies them. */
export function testsOf({ tree, source, scenario }: Export): ReadonlyMap<string, string> {
  const tests: readonly ExportedTest[] = exportScenario(scenario, source, new Map());
  return new Map(
    tests.flatMap(({ file, text }) => (text === undefined ? [] : [[`${tree} ${file}`, text]])),
  );
}

/** Whether something that is identified belongs to an export. */
export function isOf({ tree, scenario }: Export, id: string): boolean {
  return id.startsWith(`${tree} ${scenario.name}+`);
}

/** An answer as it is stored: the hash of what was asked, the word, and how many states and executions. */
export function storedAnswer(
  text: string,
  word: string,
  counts: readonly [states: number, positive: number, negative: number],
): string {
  return [hashOf(text), word, ...counts].join(' ');
}

/** Our answer to the text of a test, as it is stored. */
export function ownAnswer(text: string): string {
  const { observation, states, positive, negative } = check(parseLitmus(text).program!);
  return storedAnswer(text, observation ?? 'unknown', [states.length, positive, negative]);
}

/** What herd7 has answered. */
export function readAnswers(): Answers {
  if (!existsSync(ANSWERS_FILE)) return new Map();
  const lines = readFileSync(ANSWERS_FILE, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const words = line.split(' ');
      return [words.slice(0, 2).join(' '), words.slice(2).join(' ')];
    }),
  );
}

/** Whether an answer is one to this text. */
export function isAnswerTo(answer: string | undefined, text: string): boolean {
  return answer?.startsWith(`${hashOf(text)} `) === true;
}

/** The hash of what herd7 reads of a test: comments do not count, so that lines of the source may move. */
function hashOf(text: string): string {
  const read = text.replace(/\(\*[\s\S]*?\*\)/, '').replace(/ *\/\/.*$/gm, '');
  return createHash('sha256').update(read).digest('hex').slice(0, 16);
}
