/** The members of structs that no file defines: those count as there that the scenario or the library names. */

import type { SourceFile } from '../syntax/ast.ts';
import { isMemberInLibrary } from './library.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';

/** Whether the scenario has the word, in its objects and their first values, its setup, stubs, threads or formulas, or the
 *  library, where it does with such a struct what the kernel does. */
export function isNamedByScenario(request: LoweringRequest, member: string): boolean {
  const { state, stubs, setup, actors, observed = [] } = request;
  const bodies = [...(setup ? [setup] : []), ...actors].map(({ body }) => body);
  return (
    isMemberInLibrary(member) ||
    [state, ...stubs].some((text) => wordsOf(text).has(member)) ||
    [...bodies, ...observed].some((text) => wordsIn(text).includes(member))
  );
}

const known = new WeakMap<SourceFile, ReadonlySet<string>>();

/** The words of a text, found once for all requests that have it. */
function wordsOf({ parsed, text }: SourceText): ReadonlySet<string> {
  const words = known.get(parsed) ?? new Set(wordsIn(text));
  known.set(parsed, words);
  return words;
}

function wordsIn(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

const WORD = /[A-Za-z_]\w*/g;
