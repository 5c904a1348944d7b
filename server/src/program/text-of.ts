/** Parts of programs as texts, to tell which are the same. */

/** JSON of a part of a program, with integers of any size. `leave` says what stands for a property; without it the
 *  property itself, and where it gives undefined nothing. */
export function textOf(
  part: unknown,
  leave: (key: string, value: unknown) => unknown = (_, value) => value,
): string {
  return JSON.stringify(part, (key, value) => {
    const left = leave(key, value);
    return typeof left === 'bigint' ? `${left}n` : left;
  });
}
