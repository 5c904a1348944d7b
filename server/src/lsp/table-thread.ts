/** Asks for the page of a tree's scenarios in a thread of its own. Without its bundle, as in tests, it is made here. */

import { Worker } from 'node:worker_threads';
import { shippedPath } from '../disk/shipped.ts';
import type { TreeTexts } from '../language-service/simulate-tree.ts';
import type { Page } from '../language-service/table-page.ts';

const BUNDLE = shippedPath('table-worker.cjs');

/** The page; undefined where no scenario speaks of the tree. Rejects where the thread fails. */
export async function askForTable(tree: TreeTexts): Promise<Page | undefined> {
  if (BUNDLE === undefined) {
    const { scenarioParts } = await import('../language-service/scenario-parts.ts');
    return scenarioParts.pageOfTree(tree);
  }
  const worker = new Worker(BUNDLE, { workerData: tree });
  worker.unref();
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread ended without an answer')));
    });
  } finally {
    void worker.terminate();
  }
}
