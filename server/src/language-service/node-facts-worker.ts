/** A thread that reads files of the background index, so that the editor's questions never wait for one. */

import { parentPort } from 'node:worker_threads';
import { userCache } from '../disk/cache.ts';
import { cachedEngine } from './cached-engine.ts';
import { guardedEngine } from './guarded-engine.ts';
import { createHeaders } from './headers.ts';
import { createEngine } from './node-engine.ts';
import type { FactsAnswer, FactsQuestion } from './node-facts-thread.ts';

const engine = createEngine().then((loaded) =>
  guardedEngine(cachedEngine(loaded, userCache()), (message) =>
    process.stderr.write(`${message}\n`),
  ),
);
const headers = engine.then(({ types }) => createHeaders(types));

parentPort?.on('message', async ({ id, path, text, newHeaders }: FactsQuestion) => {
  const known = await headers;
  for (const header of newHeaders) known.put(header.path, header.text);
  const included = known.of(path, text);
  const answer: FactsAnswer = { id, facts: (await engine).facts(path, text, included) };
  parentPort?.postMessage(answer);
});
