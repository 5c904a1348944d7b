/** Timers that keep no process running that has nothing else to do. */

/** Calls `then` after so many milliseconds. In a browser a timer is a number, and there is no process to keep. */
export function later(then: () => void, ms: number): NodeJS.Timeout {
  const timer: NodeJS.Timeout | number = setTimeout(then, ms);
  if (typeof timer === 'object') timer.unref();
  return timer;
}
