/** The command line's output and its end: text on stdout and stderr of the process, an exit code. */

import { writeSync } from 'node:fs';
import { EXIT, type Output } from './command.ts';

/** Node's streams, once they have taken over. */
const streams: NodeJS.WriteStream[] = [];

/**
 * Writes straight to the two descriptors, since to load Node's streams costs more than to run a small litmus
 * test. The streams take over where they know better: when the reader of a pipe that does not block is slow,
 * and on Windows, whose consoles take no UTF-8. A reader that closes the pipe early (`| head`) ends the
 * process without a complaint, but not as if all were well; a full disk is thrown. What cannot be warned of is lost.
 */
export const standardOutput: Output = {
  write: writerTo(1, () => process.stdout, endOrThrow),
  warn: writerTo(
    2,
    () => process.stderr,
    () => undefined,
  ),
};

/** Ends the process with this exit code: at once, if all that was written is out. */
export function endProcess(code: number): void {
  if (streams.length === 0) process.exit(code);
  process.exitCode = code;
}

function writerTo(
  descriptor: number,
  open: () => NodeJS.WriteStream,
  failed: (error: unknown) => void,
): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  return (text) => {
    const rest =
      stream !== undefined || process.platform === 'win32'
        ? text
        : unwritten(descriptor, Buffer.from(text), failed);
    if (rest.length === 0) return;
    if (stream === undefined) {
      stream = open().on('error', failed);
      streams.push(stream);
    }
    stream.write(rest);
  };
}

const NOTHING = Buffer.alloc(0);

/** Writes what the descriptor takes; returns what it does not take now. */
function unwritten(descriptor: number, bytes: Buffer, failed: (error: unknown) => void): Buffer {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return rest;
    failed(error);
  }
  return NOTHING;
}

function endOrThrow(error: unknown): void {
  if (codeOf(error) === 'EPIPE') process.exit(EXIT.badUse);
  throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
