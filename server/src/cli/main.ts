#!/usr/bin/env node
/** The command line `barrierlens` as a process: arguments in, text on stdout and stderr, an exit code. */

import type { Output } from './command.ts';
import { dispatch } from './dispatch.ts';

const output: Output = {
  write: (text) => void process.stdout.write(text),
  warn: (text) => void process.stderr.write(text),
};

/** A reader that closes the pipe early (`| head`) ends the process without a complaint. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

dispatch(process.argv.slice(2), output).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    output.warn(
      `barrierlens: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
    );
    process.exitCode = 3;
  },
);
