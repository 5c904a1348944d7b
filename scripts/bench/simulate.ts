/** The table of the livepatch transition, from nothing and again after edits: `npm run bench -- simulate`. */

import { on } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { TreeTexts } from '../../server/src/language-service/simulate-tree.ts';
import { REST_MS } from '../../server/src/lsp/rehearsal.ts';
import type { ScenarioMessage, ScenarioReply } from '../../server/src/lsp/scenario-thread.ts';
import { linuxSource, WITHOUT_LINUX } from '../../test/support/linux-source.ts';
import { median, type Row, runSection } from '../bench-section.ts';
import { measured } from '../measured-process.ts';
import { root } from '../project.ts';

const ROUNDS = 5;

/** A change of one function. */
interface Edit {
  readonly what: string;
  readonly file: string;
  /** Texts that stand in the file once, and what comes in their place. */
  readonly changes: readonly (readonly [from: string, to: string])[];
}

const FOLDER = 'kernel/livepatch';
const PATCH = `${FOLDER}/patch.c`;
const CORE = `${FOLDER}/core.c`;
const TRANSITION = `${FOLDER}/transition.c`;
const HEADERS = ['core', 'patch', 'transition'].map((name) => `${FOLDER}/${name}.h`);
const FILES = [CORE, PATCH, TRANSITION, ...HEADERS, 'include/linux/livepatch.h'];

const HANDLER = 'if (unlikely(func->transition)) {';
const READ_STATE = '\n\n\t\tpatch_state = current->patch_state;';
const START = '\n\n\tklp_start_transition();\n\tpatch->enabled = false;';
const TARGET = 'klp_target_state = state;';
const SET_FLAGS = 'smp_wmb();\n\n\t/*\n\t * Set the func transition';

const EDITS: readonly Edit[] = [
  {
    what: 'an edit that changes nothing',
    file: PATCH,
    changes: [[HANDLER, `/* as before */\n\t${HANDLER}`]],
  },
  {
    what: 'the 2nd smp_rmb() of klp_ftrace_handler() deleted',
    file: PATCH,
    changes: [[`smp_rmb();${READ_STATE}`, READ_STATE]],
  },
  {
    what: 'the smp_wmb() of __klp_disable_patch() deleted',
    file: CORE,
    changes: [[`smp_wmb();${START}`, START]],
  },
  {
    what: 'a write of klp_init_transition() moved behind its smp_wmb()',
    file: TRANSITION,
    changes: [
      [TARGET, ';'],
      [SET_FLAGS, `${SET_FLAGS.replace('smp_wmb();', `smp_wmb();\n\t${TARGET}`)}`],
    ],
  },
];

await runSection({ name: 'simulate', run });

async function run(): Promise<readonly Row[] | string> {
  const linux = linuxSource();
  if (linux === undefined) return WITHOUT_LINUX;
  return [
    cold('the table of 6.1, CPU of a process', ['--tree', linux]),
    cold('the table of RFC v2, CPU of a process', []),
    ...(await editTimes(linux)),
  ];
}

function cold(what: string, tree: readonly string[]): Row {
  const args = ['simulate', 'livepatch', ...tree, '--json'];
  const times = Array.from({ length: ROUNDS }, () => measured(args).cpuSeconds);
  const note = `least of ${ROUNDS}`;
  return { what, value: Math.min(...times), unit: 's', bar: { atMost: 3 }, note };
}

/** What the server's thread spends on each edit; in every round it starts from nothing, answers for the tree as
 *  it is, and has a pause before the first edit. */
async function editTimes(linux: string): Promise<readonly Row[]> {
  const spent = EDITS.map((): Spent[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    const thread = new Worker(join(root, 'dist/scenario-worker.cjs'));
    await spentOn(thread, texts(linux));
    await setTimeout(REST_MS + 200);
    await isIdle();
    for (const [at, edit] of EDITS.entries())
      spent[at]!.push(await spentOn(thread, texts(linux, edit)));
    await thread.terminate();
  }
  return EDITS.flatMap(({ what }, at) => [
    editRow(`${what}, CPU`, spent[at]!, ({ cpu }) => cpu),
    editRow('… by the clock', spent[at]!, ({ clock }) => clock),
  ]);
}

/** In milliseconds. */
interface Spent {
  readonly cpu: number;
  readonly clock: number;
}

function editRow(what: string, spent: readonly Spent[], of: (one: Spent) => number): Row {
  const bar = { atMost: 300 };
  return { what, value: median(spent.map(of)), unit: 'ms', bar, note: `median of ${ROUNDS}` };
}

async function spentOn(thread: Worker, tree: TreeTexts): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  const message: ScenarioMessage = { kind: 'question', id: 0, tree };
  thread.postMessage(message);
  for await (const [reply] of on(thread, 'message'))
    if ((reply as ScenarioReply).kind === 'answer') break;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, clock: performance.now() - start };
}

/** Resolves when the process has hardly computed anything for a while. */
async function isIdle(): Promise<void> {
  for (let cpu = Number.POSITIVE_INFINITY; cpu > 5; ) {
    const before = process.cpuUsage();
    await setTimeout(300);
    const { user, system } = process.cpuUsage(before);
    cpu = (user + system) / 1000;
  }
}

/** The texts that the scenarios ask for, as edited. */
function texts(linux: string, edit?: Edit): TreeTexts {
  const read = FILES.map((file) => [file, readFileSync(join(linux, file), 'utf8')] as const);
  const known = new Map(read);
  if (edit !== undefined) known.set(edit.file, edited(known.get(edit.file)!, edit));
  return { root: linux, texts: known };
}

/** Throws where an edit does not fit, so that nothing else is measured in its place. */
function edited(text: string, { what, changes }: Edit): string {
  return changes.reduce((current, [from, to]) => {
    const parts = current.split(from);
    if (parts.length !== 2) throw new Error(`${what}: "${from}" stands ${parts.length - 1} times`);
    return parts.join(to);
  }, text);
}
