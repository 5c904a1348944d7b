/** Starts the thread that runs scenarios, and asks it. Without its bundle, as in tests, they run here. */

import { Worker } from 'node:worker_threads';
import { shippedPath } from '../disk/shipped.ts';
import type { Violation } from '../language-service/need-table.ts';
import type { Simulate, TreeAnswer, TreeTexts } from '../language-service/simulate-tree.ts';

/** What the thread is told: a question, or that its answer is no longer wanted. */
export type ScenarioMessage =
  | { readonly kind: 'question'; readonly id: number; readonly tree: TreeTexts }
  | { readonly kind: 'cancel'; readonly id: number };

/** What it replies: what one scenario can violate, and in the end the answer; undefined where the question was
 *  cancelled. */
export type ScenarioReply =
  | { readonly kind: 'found'; readonly id: number; readonly violations: readonly Violation[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: TreeAnswer | undefined };

/** A question that has no answer yet. */
interface Waiting {
  readonly found: Parameters<Simulate>[2];
  readonly resolve: (answer: TreeAnswer | undefined) => void;
}

export interface ScenarioThread {
  /** Resolves with what the scenarios say of the texts, or with undefined where the thread cannot tell. */
  readonly simulate: Simulate;
  readonly stop: () => void;
}

const BUNDLE = shippedPath('scenario-worker.cjs');

/** The thread; `report` is told in a sentence when it fails, after which it answers undefined. */
export async function startScenarioThread(
  report: (message: string) => void,
): Promise<ScenarioThread> {
  if (BUNDLE !== undefined) return startWorker(BUNDLE, report);
  const { scenarioParts } = await import('../language-service/scenario-parts.ts');
  const simulate = await scenarioParts.createSimulation();
  return { simulate, stop: () => undefined };
}

function startWorker(bundle: string, report: (message: string) => void): ScenarioThread {
  const worker = new Worker(bundle);
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let broken = false;
  const giveUp = () => {
    broken = true;
    for (const { resolve } of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker.unref();
  worker.on('message', (reply: ScenarioReply) => {
    const asked = waiting.get(reply.id);
    if (reply.kind === 'found') {
      asked?.found?.(reply.violations);
      return;
    }
    waiting.delete(reply.id);
    asked?.resolve(reply.answer);
  });
  worker.on('error', (error) => {
    report(`the scenarios cannot be simulated: ${error.message}`);
    giveUp();
  });
  worker.on('exit', giveUp);
  return {
    simulate(tree, cancelled, found) {
      if (broken || cancelled.aborted) return Promise.resolve(undefined);
      const id = ++last;
      const send = (message: ScenarioMessage) => worker.postMessage(message);
      cancelled.addEventListener('abort', () => send({ kind: 'cancel', id }), { once: true });
      return new Promise((resolve) => {
        waiting.set(id, { found, resolve });
        send({ kind: 'question', id, tree });
      });
    },
    stop: () => void worker.terminate(),
  };
}
