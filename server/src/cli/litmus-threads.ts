/** Runs litmus tests on several threads; loaded only where more than one is asked for. */

import { Worker } from 'node:worker_threads';
import type { LitmusRun, RunOptions } from './litmus-run.ts';

/** What a worker thread answers. */
interface Answer {
  readonly index: number;
  readonly result: LitmusRun;
}

/** Deals the tests out one by one and shows the answers in the order of the files. Tells whether any
 *  could not be read. */
export function runOnThreads(
  files: readonly string[],
  options: RunOptions,
  threads: number,
  show: (result: LitmusRun) => void,
): Promise<boolean> {
  return new Promise((done, reject) => {
    const results: (LitmusRun | undefined)[] = files.map(() => undefined);
    let dealt = 0;
    let shown = 0;
    let failed = false;
    const deal = (worker: Worker) => {
      const index = dealt++;
      const file = files[index];
      if (file === undefined) void worker.terminate();
      else worker.postMessage({ index, file });
    };
    const finish = ({ index, result }: Answer) => {
      results[index] = result;
      for (let next = results[shown]; next !== undefined; next = results[++shown]) {
        show(next);
        failed ||= next.failed;
      }
      if (shown === files.length) done(failed);
    };
    if (files.length === 0) done(false);
    for (let count = 0; count < Math.min(threads, files.length); count++) {
      const worker = new Worker(new URL('litmus-worker.cjs', import.meta.url), {
        workerData: options,
      });
      worker.on('error', reject);
      worker.on('message', (answer: Answer) => {
        finish(answer);
        deal(worker);
      });
      deal(worker);
    }
  });
}
