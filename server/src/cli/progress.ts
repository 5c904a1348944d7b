/** How far a command is, on standard error: on a terminal one line that is written again and again and wiped in the end, else a line
 *  now and then. */

/** What is told of the way. `total` is there where it is known how much there is to do. */
export interface Progress {
  readonly told: (what: string, done: number, total?: number) => void;
  /** Wipes the line: something else is written now. */
  readonly end: () => void;
}

/** Progress that nobody is told. */
export const silent: Progress = { told: () => undefined, end: () => undefined };

/** At most so often. */
const EVERY_MS = 200;

/** Progress on a terminal, or wherever `write` leads; `now` is in milliseconds. */
export function progressOn(write: (text: string) => void, now = () => performance.now()): Progress {
  let last = Number.NEGATIVE_INFINITY;
  let begun = { what: '', at: 0 };
  let width = 0;
  return {
    told(what, done, total) {
      const time = now();
      if (begun.what !== what) begun = { what, at: time };
      if (time - last < EVERY_MS && done !== total) return;
      last = time;
      const line = lineOf(what, done, total, time - begun.at);
      write(`\r${line.padEnd(width)}`);
      width = line.length;
    },
    end() {
      if (width > 0) write(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}

/** In a log or a pipe, so often. */
const EVERY_LINE_MS = 60_000;

/** Progress where no line can be written again: one a minute, and none of what is done before the first is over. */
export function progressInLines(
  write: (text: string) => void,
  now = () => performance.now(),
): Progress {
  let last = now();
  let begun = { what: '', at: last };
  return {
    told(what, done, total) {
      const time = now();
      if (begun.what !== what) begun = { what, at: time };
      if (time - last < EVERY_LINE_MS) return;
      last = time;
      write(`${lineOf(what, done, total, time - begun.at)}\n`);
    },
    end: () => undefined,
  };
}

function lineOf(what: string, done: number, total: number | undefined, spent: number): string {
  if (total === undefined) return `${what}: ${done}`;
  const left = done === 0 || done === total ? undefined : (spent / done) * (total - done);
  return `${what}: ${done} of ${total}${left === undefined ? '' : `, ${duration(left)} left`}`;
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
