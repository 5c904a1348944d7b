/** Keeps a mistake of ours in one analysis from taking the others away: it is reported, and that answer is empty. */

import type { Engine } from './engine.ts';

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
    facts: (file, text, types) =>
      guard(
        `reading ${file}`,
        () => engine.facts(file, text, types),
        (why) => {
          const span = { start: 0, end: text.length };
          const problem = { message: `internal error, nothing was read: ${why}`, span };
          return { file, sites: [], functions: [], problems: [problem] };
        },
      ),
    verdict: (pairing, tree, texts) =>
      guard(
        `simulating ${pairing.sites.map(({ id }) => id).join(' and ')}`,
        () => engine.verdict(pairing, tree, texts),
        (why) => ({
          check: {
            verdict: { kind: 'unknown', reason: `internal error: ${why}`, assumptions: [] },
            orders: [],
          },
          sources: [],
        }),
      ),
  };
}
