#!/usr/bin/env node
/** The command line `barrierlens` as a process: arguments in, text on stdout and stderr, an exit code. */

import { useCodeCache } from './code-cache.ts';
import { dispatch } from './dispatch.ts';
import { endProcess, standardOutput } from './standard-output.ts';

useCodeCache(require.extensions);
dispatch(process.argv.slice(2), standardOutput).then(endProcess, (error: unknown) => {
  standardOutput.warn(
    `barrierlens: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  );
  endProcess(3);
});
