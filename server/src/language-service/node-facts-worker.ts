/** A thread that reads files of the background index, so that the editor's questions never wait for one. */

import { parentPort } from 'node:worker_threads';
import { userCache } from '../disk/cache.ts';
import { cachedEngine } from './cached-engine.ts';
import type { Engine } from './engine.ts';
import { type Header, headerOf } from './headers.ts';
import { createEngine } from './node-engine.ts';
import type { FactsAnswer, FactsQuestion } from './node-facts-thread.ts';

const engine = createEngine().then((loaded) => cachedEngine(loaded, userCache()));
const known = new Map<string, Header>();

parentPort?.on('message', async (question: FactsQuestion) => {
  parentPort?.postMessage(answerTo(question, await engine));
});

/** A mistake of ours is met again by who asks, who tells it. */
function answerTo(
  { id, path, text, headers, newHeaders }: FactsQuestion,
  { facts, types }: Engine,
): FactsAnswer {
  try {
    for (const header of newHeaders)
      known.set(header.path, headerOf(header.path, header.text, types));
    const included = headers.flatMap((name) => known.get(name) ?? []);
    return { id, facts: facts(path, text, included) };
  } catch {
    return { id };
  }
}
