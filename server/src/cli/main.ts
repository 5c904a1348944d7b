#!/usr/bin/env node
/** The command line `barrierlens` as a process: arguments in, text on stdout and stderr, an exit code. */

import { useCodeCache } from './code-cache.ts';
import { EXIT } from './command.ts';
import { dispatch } from './dispatch.ts';
import { oneLine } from './failure.ts';
import { endProcess, standardOutput } from './standard-output.ts';

/** Whatever fails, and wherever: the user gets a line, and a script the exit code of what was not done. */
function failed(error: unknown): void {
  standardOutput.warn(`barrierlens: ${oneLine(error)}\n`);
  endProcess(EXIT.badUse);
}

process.on('uncaughtException', failed);
useCodeCache(require.extensions);
dispatch(process.argv.slice(2), standardOutput).then(endProcess, failed);
