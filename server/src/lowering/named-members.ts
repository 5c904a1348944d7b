/** The members of structs that no file defines: those count as there that the scenario or the library names. */

import { isMemberInLibrary } from './library.ts';
import type { LoweringRequest } from './lowering.ts';

const known = new WeakMap<LoweringRequest, ReadonlySet<string>>();

/** Whether the scenario has the word, in its objects and their first values, its setup, stubs, threads or formulas, or the
 *  library, where it does with such a struct what the kernel does. */
export function isNamedByScenario(request: LoweringRequest, member: string): boolean {
  const words = known.get(request) ?? wordsOf(request);
  known.set(request, words);
  return words.has(member) || isMemberInLibrary(member);
}

function wordsOf({
  state,
  stubs,
  setup,
  actors,
  observed = [],
}: LoweringRequest): ReadonlySet<string> {
  const texts = [
    ...[state, ...stubs].map(({ text }) => text),
    ...[...(setup ? [setup] : []), ...actors].map(({ body }) => body),
    ...observed,
  ];
  return new Set(texts.flatMap((text) => text.match(WORD) ?? []));
}

const WORD = /[A-Za-z_]\w*/g;
