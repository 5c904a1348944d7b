/** Reads a litmus test of herd's C flavour, as the kernel and paulmckrcu/litmus write them. */

import type { Program } from '../program/program.ts';
import type { Problem } from '../text/span.ts';
import { checkDeclarations } from './check-declarations.ts';
import { checkNames } from './check-names.ts';
import { tokenize } from './lexer.ts';
import { expandMacros, type Macros } from './macros.ts';
import { parseEnding, parseInitial } from './parse-state.ts';
import { parseThreads } from './parse-statement.ts';
import { PRIMITIVES } from './primitives.ts';
import { expectedResult, sectionsOf } from './sections.ts';
import { streamOf } from './token-stream.ts';

export interface ParsedLitmus {
  /** Absent where there are problems: herd reads a test wholly or not at all. */
  readonly program?: Program;
  readonly problems: readonly Problem[];
}

/**
 * Parses a whole litmus test. Never throws; every problem says what was expected and where. Accepts
 * what herd7 accepts, and beyond it `!`, `&&`, `||`, `%`, shifts, and several registers in one
 * declaration (`&&` and `||` evaluate both sides). With `macros` (see `parseMacros`) the primitives are
 * those of that `.def` file and no others, without them all that we know.
 */
export function parseLitmus(text: string, macros?: Macros): ParsedLitmus {
  const problems: Problem[] = [];
  const sections = sectionsOf(text, problems);
  if (sections === undefined) return { problems };
  const initial = parseInitial(
    streamOf(tokenize(text, sections.initial, 'state', problems), problems),
  );
  const code = tokenize(text, sections.program, 'c', problems);
  const expanded =
    macros === undefined
      ? code
      : expandMacros(code, macros, (name) => PRIMITIVES.has(name), problems);
  const threads = parseThreads(streamOf(expanded, problems));
  const ending = parseEnding(
    streamOf(tokenize(text, sections.condition, 'state', problems), problems),
  );
  if (threads.length === 0 && problems.length === 0)
    problems.push({ message: 'expected thread P0', span: sections.program });
  const description = text.slice(sections.description.start, sections.description.end);
  const expected = expectedResult(description);
  const program: Program = {
    name: sections.name.replace(/\.litmus$/, ''),
    description,
    ...(expected === undefined ? {} : { expected }),
    initial,
    threads,
    ...ending,
  };
  if (problems.length === 0) problems.push(...checkDeclarations(program), ...checkNames(program));
  return problems.length === 0 ? { program, problems } : { problems };
}
