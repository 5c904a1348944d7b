/** A pause in heavy work, under Node. */

/** Resolves when everything that waits now was answered. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
