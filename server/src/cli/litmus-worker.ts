/** A thread of `barrierlens litmus -j N`: runs the tests it is sent, one at a time. */

import { parentPort, workerData } from 'node:worker_threads';
import { type RunOptions, runLitmusFile } from './litmus-run.ts';

const options = workerData as RunOptions;

parentPort?.on('message', async ({ index, file }: { index: number; file: string }) => {
  parentPort?.postMessage({ index, result: await runLitmusFile(file, options) });
});
