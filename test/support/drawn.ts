/**
 * A machine that is many times slower than usual would not come to the end of all tests (`.ci/run` finds out): it takes
 * a part of what takes long, which `BARRIERLENS_DRAW` draws, in CI the commit. Without it, all is taken.
 */

const DRAW = process.env['BARRIERLENS_DRAW'] ?? '';

export const isDrawn = DRAW !== '';

/** For the title of what is drawn: how to draw the same again. */
export const DRAWN = isDrawn ? `BARRIERLENS_DRAW=${DRAW}` : 'all';

/** Every `parts`-th of `all`, beginning with one that is drawn. */
export function drawn<T>(all: readonly T[], parts: number): readonly T[] {
  if (!isDrawn) return all;
  const sum = [...DRAW].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return all.filter((_, index) => index % parts === sum % parts);
}

/** What of `all` is not drawn. */
export function left<T>(all: readonly T[], parts: number): readonly T[] {
  const taken = new Set(drawn(all, parts));
  return all.filter((each) => !taken.has(each));
}
