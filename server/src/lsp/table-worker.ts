/** A thread that makes one page of what scenarios say of a tree, and ends. */

import { parentPort, workerData } from 'node:worker_threads';
import type { TreeTexts } from '../language-service/simulate-tree.ts';

void import('../language-service/scenario-parts.ts').then(async ({ scenarioParts }) =>
  parentPort?.postMessage(await scenarioParts.pageOfTree(workerData as TreeTexts)),
);
