/** From counts to the observation and the verdict on the condition, as herd draws them. */

import type { Observation, Outcome, Unknown } from '../memory-model/outcome.ts';
import type { Program } from '../program/program.ts';

/** How many executions were found, and what they end in. */
export type Counts = Pick<Outcome, 'states' | 'positive' | 'negative' | 'flags'>;

/** Completes an outcome. What a complete enumeration would say is left out where `unknown` leaves it open. */
export function summarize(program: Program, counts: Counts, unknown?: Unknown): Outcome {
  const observation = observationOf(counts);
  if (unknown === undefined) return { ...counts, observation, ok: isOk(program, counts) };
  return observation === 'Sometimes'
    ? { ...counts, observation, ok: isOk(program, counts), unknown }
    : { ...counts, unknown };
}

/** The outcome of a search for one execution that satisfies the proposition: `Sometimes` where there is
 *  one, `Never` where the whole search found none. Whether a `forall` holds is not asked. */
export function summarizeFirst(program: Program, counts: Counts, unknown?: Unknown): Outcome {
  const { quantifier } = program.condition;
  const found = counts.positive > 0;
  const verdict = quantifier === 'forall' ? {} : { ok: found === (quantifier === 'exists') };
  if (found) return { ...counts, observation: 'Sometimes', ...verdict };
  return unknown === undefined
    ? { ...counts, observation: 'Never', ...verdict }
    : { ...counts, unknown };
}

/** How often the proposition holds over all executions (herd: "Never" also where there are none). */
function observationOf({ positive, negative }: Counts): Observation {
  if (positive === 0) return 'Never';
  return negative === 0 ? 'Always' : 'Sometimes';
}

function isOk({ condition }: Program, { positive, negative }: Counts): boolean {
  switch (condition.quantifier) {
    case 'exists':
      return positive > 0;
    case '~exists':
      return positive === 0;
    case 'forall':
      return negative === 0;
  }
}
