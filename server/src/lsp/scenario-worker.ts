/** A thread that runs the bundled scenarios, so that the editor's questions never wait for a simulation. */

import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { ScenarioAnswer, ScenarioQuestion } from './scenario-thread.ts';

/** On Linux a priority is that of one thread; elsewhere it would be that of the whole server. */
const BEHIND_OTHERS = 5;
if (process.platform === 'linux') setPriority(BEHIND_OTHERS);

const simulation = import('./simulate-tree.ts').then(({ createSimulation }) => createSimulation());

parentPort?.on('message', async ({ id, tree }: ScenarioQuestion) => {
  const simulate = await simulation;
  const answer: ScenarioAnswer = { id, answer: simulate(tree) };
  parentPort?.postMessage(answer);
});
