/** Work that is done when it is first asked for. */

/** What `work` comes to, which is done when that is first asked for. */
export function once<Result>(work: () => Result): () => Result {
  let done: { readonly result: Result } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}
