/** Starts the thread that proves pairings, and asks it. What a proof looks at is sent when it looks, and once. */

import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { userCache } from '../disk/cache.ts';
import { shippedPath } from '../disk/shipped.ts';
import type { FileFacts } from '../facts/file-facts.ts';
import { breathe } from './breathe.ts';
import { knownProofs, type Memory } from './cached-engine.ts';
import type { Engine, HeaderText, ProofQuestion, ProofSources, Proved } from './engine.ts';
import { noProof } from './guarded-engine.ts';
import type { WaitingProof } from './verdicts.ts';

/** What a proof looks up by the name of a file or a function. */
export interface LookUps {
  readonly facts: FileFacts | undefined;
  readonly text: string | undefined;
  /** Their paths; a text is sent with the first file that includes it. */
  readonly headers: readonly string[];
  /** The files that define the function. */
  readonly definers: readonly string[];
}

/** What the thread gets when it starts: where answers to its look-ups arrive, and how many have. */
export interface ProofThreadData {
  readonly answers: MessagePort;
  readonly answered: Int32Array;
  readonly isBehind: boolean;
}

/** One question at a time. */
export interface ProofAsked {
  readonly question: ProofQuestion;
}

export type ProofReply =
  /** The thread waits for what this is; `isKept` where it has what it was told last. */
  | {
      readonly kind: 'look-up';
      readonly of: keyof LookUps;
      readonly name: string;
      readonly isKept: boolean;
    }
  | { readonly kind: 'proved'; readonly proved: Proved };

export type LookUpReply =
  | { readonly kind: 'as before' }
  | {
      readonly kind: 'value';
      readonly value: LookUps[keyof LookUps];
      /** Headers among them that the thread was not told of yet, or not as they are now. */
      readonly newHeaders: readonly HeaderText[];
    };

/** Resolves with the proof, or with an answer that says why there is none. */
export type Prove = (waiting: WaitingProof) => Promise<Proved>;

export interface ProofThread {
  /** One at a time. */
  readonly prove: Prove;
  readonly stop: () => void;
}

const BUNDLE = shippedPath('node-proof-worker.cjs');

export interface ProofThreadOptions {
  /** Where proofs are kept; the user's cache, without more said. */
  readonly memory?: Memory;
  readonly bundle?: string;
  /** Whether everything else goes before it. */
  readonly isBehind?: boolean;
}

/** The thread, or where its bundle is not at hand `engine` itself. A thread that ends is replaced at the next question.
 *  What `memory` knows it is not asked. */
export function createProofThread(
  engine: Pick<Engine, 'verdict'>,
  { memory, bundle = BUNDLE, isBehind = false }: ProofThreadOptions = {},
): ProofThread {
  if (bundle === undefined) return provingHere(engine);
  const known = knownProofs(memory ?? userCache());
  let running: RunningThread | undefined;
  return {
    async prove({ question, sources }) {
      const found = known.find(question, sources);
      if ('proved' in found) return found.proved;
      running ??= startThread(bundle, isBehind);
      const thread = running;
      const proved = await thread.prove({ question, sources: found.sources });
      if (thread.hasEnded() && running === thread) running = undefined;
      found.keep(proved);
      return proved;
    },
    stop: () => running?.stop(),
  };
}

function provingHere(engine: Pick<Engine, 'verdict'>): ProofThread {
  return {
    async prove({ question, sources }) {
      await breathe();
      return engine.verdict(question, sources);
    },
    stop: () => undefined,
  };
}

interface RunningThread extends ProofThread {
  readonly hasEnded: () => boolean;
}

function startThread(bundle: string, isBehind: boolean): RunningThread {
  const { port1: own, port2: theirs } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const data: ProofThreadData = { answers: theirs, answered, isBehind };
  const worker = new Worker(bundle, { workerData: data, transferList: [theirs] });
  const told = new Map<string, LookUps[keyof LookUps]>();
  const toldHeaders = new Map<string, HeaderText>();
  let asked: { readonly sources: ProofSources; readonly resolve: (proved: Proved) => void };
  let end: string | undefined;

  const newHeadersOf = (file: string): readonly HeaderText[] => {
    const all = asked.sources.headersOf(file);
    const fresh = all.filter((header) => toldHeaders.get(header.path) !== header);
    for (const header of fresh) toldHeaders.set(header.path, header);
    return fresh.map(({ path, text }) => ({ path, text }));
  };
  const tell = (of: keyof LookUps, name: string, isKept: boolean) => {
    const value = lookUpIn(asked.sources, of, name);
    const key = `${of} ${name}`;
    const newHeaders = of === 'headers' ? newHeadersOf(name) : [];
    const isAsBefore = isKept && newHeaders.length === 0 && isSame(told.get(key), value);
    told.set(key, value);
    const reply: LookUpReply = isAsBefore
      ? { kind: 'as before' }
      : { kind: 'value', value, newHeaders };
    own.postMessage(reply);
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  };
  const giveUp = (why: string) => {
    end ??= why;
    asked?.resolve(noProof(end));
  };
  worker.unref();
  worker.on('message', (reply: ProofReply) => {
    if (reply.kind === 'look-up') tell(reply.of, reply.name, reply.isKept);
    else asked.resolve(reply.proved);
  });
  worker.on('error', ({ message }) => giveUp(`the proof broke off: ${message}`));
  worker.on('exit', () => giveUp('the proof broke off'));
  return {
    prove: ({ question, sources }) =>
      new Promise((resolve) => {
        asked = { sources, resolve };
        const message: ProofAsked = { question };
        worker.postMessage(message);
      }),
    hasEnded: () => end !== undefined,
    stop: () => void worker.terminate(),
  };
}

function lookUpIn(sources: ProofSources, of: keyof LookUps, name: string): LookUps[typeof of] {
  switch (of) {
    case 'facts':
      return sources.facts(name);
    case 'text':
      return sources.textOf(name);
    case 'headers':
      return sources.headersOf(name).map(({ path }) => path);
    case 'definers':
      return [...new Set(sources.functions(name).map(({ file }) => file))];
  }
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((each, at) => each === other[at]);
}
