/** herd7's answers to litmus tests, as the shared data lists them, and how ours differ. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Macros } from '../../../server/src/litmus/macros.ts';
import { parseLitmus } from '../../../server/src/litmus/parse.ts';
import type { Outcome } from '../../../server/src/memory-model/outcome.ts';
import type { Program } from '../../../server/src/program/program.ts';

export interface Verdict {
  /** Of the test, in the folder of the data. */
  readonly path: string;
  readonly name: string;
  readonly observation: string;
  readonly states: number;
  readonly positive: number;
  readonly negative: number;
  readonly flags: readonly string[];
  /** Where there are at most 64. */
  readonly final_states?: readonly string[];
  /** Of the corners: which. */
  readonly kind?: string;
}

/** The lines of a list of verdicts. */
export function readVerdicts(path: string): readonly Verdict[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Verdict);
}

/** How a test is answered, and by whose primitives. */
export interface Answering {
  readonly macros?: Macros | undefined;
  readonly answer: (program: Program) => Outcome;
}

/** A line for each test whose answer differs from herd7's, with both. */
export function disagreements(
  folder: string,
  verdicts: readonly Verdict[],
  { macros, answer }: Answering,
): readonly string[] {
  return verdicts.flatMap((verdict) => {
    const text = readFileSync(join(folder, verdict.path), 'utf8');
    const { program, problems } = parseLitmus(text, macros);
    if (program === undefined) return [`${verdict.path}: ${problems[0]?.message}`];
    const { observation, positive, negative, flags, states, unknown } = answer(program);
    if (unknown !== undefined && mayStayOpen(verdict)) return [];
    const ours = told(program.name, { observation, positive, negative, flags }, states.length);
    const theirs = told(verdict.name, verdict, verdict.states);
    if (ours !== theirs) return [`${verdict.path}: ${ours} instead of ${theirs}`];
    const expected = verdict.final_states?.map(anonymous).toSorted().join(' | ');
    const found = states.map(anonymous).toSorted().join(' | ');
    return expected === undefined || found === expected
      ? []
      : [`${verdict.path}: ${found}, not ${expected}`];
  });
}

/** Tests that herd7 flags as invalid: an access to a lock that is none of a lock. */
function mayStayOpen({ kind }: Verdict): boolean {
  return kind === 'K4-access-to-lock';
}

function told(
  name: string,
  {
    observation,
    positive,
    negative,
    flags,
  }: Pick<Outcome, 'positive' | 'negative' | 'flags'> & {
    readonly observation?: string | undefined;
  },
  states: number,
): string {
  const counts = `${observation} ${positive} ${negative}, ${states} states`;
  return `${name} ${counts} [${flags.toSorted().join(' ')}]`;
}

/** herd numbers values out of thin air by a counter of its own. */
function anonymous(state: string): string {
  return state.replaceAll(/=S\d+;/g, '=S1;');
}
