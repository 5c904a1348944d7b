/** A thread that runs the bundled scenarios, so that the editor's questions never wait for a simulation. */

import { parentPort } from 'node:worker_threads';
import type { ScenarioAnswer, ScenarioQuestion } from './scenario-thread.ts';

const simulation = import('./simulate-tree.ts').then(({ createSimulation }) => createSimulation());

parentPort?.on('message', async ({ id, tree }: ScenarioQuestion) => {
  const simulate = await simulation;
  const answer: ScenarioAnswer = { id, answer: simulate(tree) };
  parentPort?.postMessage(answer);
});
