/** `a/{b,c}.{d,e}` as a shell would read it. */

/** So many paths one pattern may stand for, and so long it may be. */
const MOST_PATHS = 1000;
const LONGEST = 4096;

/** Every combination, in order; undefined where there are more than anybody means. A brace without its
 *  partner stands for itself. */
export function expandBraces(pattern: string): readonly string[] | undefined {
  if (pattern.length > LONGEST) return undefined;
  let paths: readonly string[] = [''];
  for (const [text, listed] of pattern.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    const choices = listed?.split(',') ?? [text];
    if (paths.length * choices.length > MOST_PATHS) return undefined;
    paths = paths.flatMap((path) => choices.map((choice) => path + choice));
  }
  return paths;
}
