/** A pause in heavy work, in a browser: a timer would wait for four milliseconds each time. */

import type * as Node from './breathe.ts';

export const breathe: typeof Node.breathe = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const answered = () => {
      port1.close();
      resolve();
    };
    Object.assign(port1, { onmessage: answered });
    port2.postMessage(undefined);
  });
