/** Starts the thread that reads files, and asks it. Without its bundle, as in tests, there is none. */

import { Worker } from 'node:worker_threads';
import { shippedPath } from '../disk/shipped.ts';
import type { FileFacts } from '../facts/file-facts.ts';
import type { Header } from './headers.ts';

export interface FactsQuestion {
  readonly id: number;
  readonly path: string;
  readonly text: string;
  /** The paths of the headers that the text includes. */
  readonly headers: readonly string[];
  /** Those of them that the thread was not told of yet, or not as they are now. */
  readonly newHeaders: readonly { readonly path: string; readonly text: string }[];
}

export interface FactsAnswer {
  readonly id: number;
  readonly facts?: FileFacts;
}

/** Resolves with the facts of a text, or with undefined where the thread cannot give them. */
export type ReadFacts = (
  path: string,
  text: string,
  headers: readonly Header[],
) => Promise<FileFacts | undefined>;

export interface FactsThread {
  readonly read: ReadFacts;
  readonly stop: () => void;
}

const BUNDLE = shippedPath('node-facts-worker.cjs');

/** The thread, or undefined where its bundle is not at hand. */
export function startFactsThread(): FactsThread | undefined {
  if (BUNDLE === undefined) return undefined;
  const worker = new Worker(BUNDLE);
  const waiting = new Map<number, (facts: FileFacts | undefined) => void>();
  const told = new Set<Header>();
  let last = 0;
  let broken = false;
  const giveUp = () => {
    broken = true;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker.unref();
  worker.on('message', ({ id, facts }: FactsAnswer) => {
    waiting.get(id)?.(facts);
    waiting.delete(id);
  });
  worker.on('error', giveUp);
  worker.on('exit', giveUp);
  return {
    read(path, text, headers) {
      if (broken) return Promise.resolve(undefined);
      const newHeaders = headers.filter((header) => !told.has(header));
      for (const header of newHeaders) told.add(header);
      const id = ++last;
      const question: FactsQuestion = {
        id,
        path,
        text,
        headers: headers.map((header) => header.path),
        newHeaders: newHeaders.map((header) => ({ path: header.path, text: header.text })),
      };
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        worker.postMessage(question);
      });
    },
    stop: () => void worker.terminate(),
  };
}
