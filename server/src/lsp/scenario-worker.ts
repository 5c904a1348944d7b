/** A thread that runs the bundled scenarios, so that the editor's questions never wait for a simulation. */

import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { createRehearsal } from './rehearsal.ts';
import type { ScenarioMessage, ScenarioReply } from './scenario-thread.ts';

/** On Linux a priority is that of one thread; elsewhere it would be that of the whole server. */
const BEHIND_OTHERS = 5;
if (process.platform === 'linux') setPriority(BEHIND_OTHERS);

const create = () =>
  import('../language-service/scenario-parts.ts').then(({ scenarioParts }) =>
    scenarioParts.createSimulation(),
  );
const simulation = create();
const rehearsal = createRehearsal(create);

/** The questions that are being answered. */
const running = new Map<number, AbortController>();

parentPort?.on('message', async (message: ScenarioMessage) => {
  const { id } = message;
  if (message.kind === 'cancel') {
    running.get(id)?.abort();
    return;
  }
  rehearsal.pause();
  const controller = new AbortController();
  running.set(id, controller);
  const simulate = await simulation;
  const answer = await simulate(message.tree, controller.signal, (violations) =>
    reply({ kind: 'found', id, violations }),
  );
  running.delete(id);
  reply({ kind: 'answer', id, answer });
  if (running.size === 0) rehearsal.goOn(message.tree);
});

function reply(message: ScenarioReply): void {
  parentPort?.postMessage(message);
}
