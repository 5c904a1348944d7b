/** Keeps a mistake of ours in one analysis from taking the others away: it is reported, and that answer is empty. */

import type { Verdict } from '../proof/verdict.ts';
import type { Engine, Proved } from './engine.ts';

/** `engine` that never throws; `report` is told what failed, in a sentence with the stack below it. */
export function guardedEngine(engine: Engine, report: (message: string) => void): Engine {
  const guard = <Answer>(what: string, ask: () => Answer, instead: (why: string) => Answer) => {
    try {
      return ask();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      report(`${what} failed: ${error instanceof Error ? (error.stack ?? why) : why}`);
      return instead(why);
    }
  };
  return {
    ...engine,
    facts: (file, text, headers) =>
      guard(
        `reading ${file}`,
        () => engine.facts(file, text, headers),
        (why) => {
          const span = { start: 0, end: text.length };
          const problem = { message: `internal error, nothing was read: ${why}`, span };
          return { file, sites: [], functions: [], problems: [problem] };
        },
      ),
    verdict: (question, sources) =>
      guard(
        `simulating ${question.pairing.sites.map(({ id }) => id).join(' and ')}`,
        () => engine.verdict(question, sources),
        (why) => noProof(`internal error: ${why}`),
      ),
  };
}

/** The answer to a question that was not asked to its end, for a `reason`. */
export function noProof(reason: string): Proved {
  const verdict: Verdict = { kind: 'unknown', reason, assumptions: [] };
  return { check: { verdict, orders: [] }, files: [], words: new Set(), called: new Set() };
}
