/** The threads of one command: they read files and prove pairings, and what comes of it is the same for any number. */

import { availableParallelism } from 'node:os';
import type { Cache } from '../disk/cache.ts';
import type { FileFacts } from '../facts/file-facts.ts';
import { factsKey } from '../language-service/cached-engine.ts';
import type { Engine, Proved } from '../language-service/engine.ts';
import type { Header } from '../language-service/headers.ts';
import { type FactsThread, startFactsThread } from '../language-service/node-facts-thread.ts';
import { createProofThread } from '../language-service/node-proof-thread.ts';
import type { WaitingProof } from '../language-service/verdicts.ts';
import { BadUse } from './command.ts';

export interface Jobs {
  /** The facts of a text; undefined where who asks is to find them. */
  readonly readFacts: (
    path: string,
    text: string,
    headers: readonly Header[],
  ) => Promise<FileFacts | undefined>;
  /** Proves what waits and gives each proof to `proved`, in any order. */
  readonly prove: (
    waiting: readonly WaitingProof[],
    proved: (waiting: WaitingProof, answer: Proved) => void,
  ) => Promise<void>;
}

/** For so few files or proofs no thread is started: it takes as long to start as they do. */
const FEW = 8;

/** `count` threads beside this one, or none where that is 1. `cache` is where `engine` finds what it knows. */
export function createJobs(count: number, engine: Engine, cache: Cache): Jobs {
  const readers: Reader[] = [];
  let asked = 0;
  const reader = (): Reader | undefined => {
    const free = readers.find(({ waiting }) => waiting === 0);
    if (free !== undefined || readers.length >= count)
      return free ?? readers.toSorted((a, b) => a.waiting - b.waiting)[0];
    const thread = startFactsThread();
    if (thread !== undefined) readers.push({ thread, waiting: 0 });
    return readers.at(-1);
  };
  return {
    async readFacts(path, text, headers) {
      const known = cache.get(factsKey('', path, text, headers));
      if (known !== undefined) return known as FileFacts;
      if (count === 1 || asked++ < FEW) return undefined;
      const next = reader();
      if (next === undefined) return undefined;
      next.waiting++;
      const facts = await next.thread.read(path, text, headers);
      next.waiting--;
      return facts;
    },
    async prove(waiting, proved) {
      for (const { thread } of readers.splice(0)) thread.stop();
      if (count === 1 || waiting.length <= FEW) {
        for (const each of waiting) {
          proved(each, engine.verdict(each.question, each.sources));
          await new Promise(setImmediate);
        }
        return;
      }
      const rest = waiting[Symbol.iterator]();
      const work = async () => {
        const proofs = createProofThread(engine, { memory: cache });
        for (const each of rest) proved(each, await proofs.prove(each));
        proofs.stop();
      };
      await Promise.all(Array.from({ length: count }, work));
    },
  };
}

interface Reader {
  readonly thread: FactsThread;
  waiting: number;
}

/** The number of threads that `--jobs` asks for; as many as there are processors without it. */
export function jobsOf(given: string | undefined): number {
  if (given === undefined) return availableParallelism();
  const count = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (count === 0) throw new BadUse(`--jobs ${given}: a number of threads from 1 to 999 is needed`);
  return count;
}
