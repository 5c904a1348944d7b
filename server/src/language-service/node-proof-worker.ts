/** A thread that proves pairings, so that neither a question nor a scenario waits for a proof. */

import { setPriority } from 'node:os';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { remembering } from '../memo/once.ts';
import type { HeaderText, ProofSources } from './engine.ts';
import { guardedEngine } from './guarded-engine.ts';
import { createEngine } from './node-engine.ts';
import type {
  LookUpReply,
  LookUps,
  ProofAsked,
  ProofReply,
  ProofThreadData,
} from './node-proof-thread.ts';
import { sharingStrings } from './shared-strings.ts';

/** On Linux a priority is that of one thread; elsewhere it would be that of the whole server. Scenarios come first. */
const BEHIND_SCENARIOS = 15;

/** So much is kept at most of what was looked up, before all is asked for anew. */
const MOST_KEPT = 1000;

const { answers, answered, isBehind } = workerData as ProofThreadData;
if (isBehind && process.platform === 'linux') setPriority(BEHIND_SCENARIOS);
const engine = createEngine().then((loaded) =>
  guardedEngine(loaded, (message) => process.stderr.write(`${message}\n`)),
);
const kept = new Map<string, LookUps[keyof LookUps]>();
const shared = sharingStrings();
/** By path, each once for all files that include it. */
const headers = new Map<string, HeaderText>();

parentPort?.on('message', async ({ question }: ProofAsked) => {
  if (kept.size > MOST_KEPT) kept.clear();
  reply({ kind: 'proved', proved: (await engine).verdict(question, createSources()) });
});

/** What the session knew when it asked: each thing is looked up once. */
function createSources(): ProofSources {
  const facts = remembering((file: string) => lookUp('facts', file));
  return {
    facts,
    textOf: remembering((file) => lookUp('text', file)),
    headersOf: remembering((file) =>
      lookUp('headers', file).flatMap((path) => headers.get(path) ?? []),
    ),
    functions: remembering((name) =>
      lookUp('definers', name).flatMap((file) => {
        const defined = facts(file)?.functions.filter((fact) => fact.name === name) ?? [];
        return defined.map((fact) => ({ file, fact }));
      }),
    ),
  };
}

/** Asks the session and waits for its answer. */
function lookUp<Of extends keyof LookUps>(of: Of, name: string): LookUps[Of] {
  const key = `${of} ${name}`;
  const before = Atomics.load(answered, 0);
  reply({ kind: 'look-up', of, name, isKept: kept.has(key) });
  Atomics.wait(answered, 0, before);
  const told = receiveMessageOnPort(answers)?.message as LookUpReply;
  if (told.kind === 'value') {
    kept.set(key, shared(told.value));
    for (const header of told.newHeaders) headers.set(header.path, header);
  }
  return kept.get(key) as LookUps[Of];
}

function reply(message: ProofReply): void {
  parentPort?.postMessage(message);
}
