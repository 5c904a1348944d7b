/** Builds, then reports on a folder of kernel C, or on the sample that comes with the project: `npm start [-- PATH]`. */

import { relative } from 'node:path';
import { bundle } from './bundle.ts';
import { root, run, userPath } from './project.ts';

/** The livepatch transition as its second version had it. */
const SAMPLE = 'test/livepatch/rfc-v2';

await bundle();
const given = process.argv[2];
const folder = given === undefined ? SAMPLE : userPath(given);
const status = await run(process.execPath, ['dist/cli.cjs', 'report', folder]);
// Findings are what the report is for; only bad use and breakdowns are failures here.
process.exitCode = status === 1 ? 0 : status;
if (status <= 1) {
  const shown =
    given === undefined
      ? SAMPLE
      : relative(root, folder).startsWith('..')
        ? folder
        : relative(root, folder);
  console.log(`\nTo see the same in an editor:\n\n    npm run editor -- ${shown}\n`);
}
