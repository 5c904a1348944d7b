/** The answer to a litmus test as herd7 prints it, so that scripts made for herd7 can read it. */

import { printProposition } from '../litmus/print.ts';
import type { Outcome } from '../memory-model/outcome.ts';
import type { Condition, Program } from '../program/program.ts';

const KINDS: Readonly<Record<Condition['quantifier'], string>> = {
  exists: 'Allowed',
  '~exists': 'Forbidden',
  forall: 'Required',
};

/** The whole report, an empty line at its end. */
export function herdText(program: Program, outcome: Outcome, milliseconds: number): string {
  const { name, condition } = program;
  const { states, positive, negative, flags, observation, unknown } = outcome;
  const [witnesses, others] =
    condition.quantifier === '~exists' ? [negative, positive] : [positive, negative];
  return [
    `Test ${name} ${KINDS[condition.quantifier]}`,
    `States ${states.length}`,
    ...states,
    verdict(outcome),
    'Witnesses',
    `Positive: ${witnesses} Negative: ${others}`,
    ...flags.map((flag) => `Flag ${flag}`),
    ...(unknown === undefined ? [] : [`Unknown ${unknown.reason}`]),
    `Condition ${condition.quantifier} ${conditionText(condition)}`,
    `Observation ${name} ${observation ?? 'Unknown'} ${positive} ${negative}`,
    `Time ${name} ${(milliseconds / 1000).toFixed(2)}`,
    '',
    '',
  ].join('\n');
}

function verdict({ ok }: Outcome): string {
  return ok === undefined ? 'Unknown' : ok ? 'Ok' : 'No';
}

const AS_WRITTEN = {
  location: (name: string) => name,
  register: (_thread: number, name: string) => name,
};

function conditionText({ proposition }: Condition): string {
  return `(${printProposition(proposition, AS_WRITTEN)})`;
}
