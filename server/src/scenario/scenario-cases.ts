/** The initial states that a scenario starts from: every combination of what `any(a, b)` leaves open. */

import type { Block, Scenario, ScenarioProblem } from './scenario.ts';

/** One choice for every `any(...)` of a scenario's state. */
export interface InitialCase {
  /** The choices in words, in the order in which they stand: `task.patch_state = KLP_PATCHED`. */
  readonly choices: readonly string[];
  /** The state blocks with each `any(...)` replaced by its choice, at unchanged offsets. */
  readonly state: readonly Block[];
}

interface Open {
  readonly block: number;
  readonly start: number;
  readonly end: number;
  readonly choices: readonly string[];
}

/** A scenario may not start from more states than this. */
const MOST_CASES = 64;

/** All cases of a scenario; one without choices where it leaves nothing open. */
export function initialCases(scenario: Scenario): {
  readonly cases: readonly InitialCase[];
  readonly problems: readonly ScenarioProblem[];
} {
  const open = scenario.state.flatMap(({ text }, block) => openValues(text, block));
  const total = open.reduce((product, { choices }) => product * choices.length, 1);
  if (total <= MOST_CASES && open.length <= MOST_CASES)
    return {
      cases: combinations(open).map((chosen) => choose(scenario, open, chosen)),
      problems: [],
    };
  const first = scenario.state[open[0]!.block]!;
  const many = total > MOST_CASES ? `${total} cases open` : `${open.length} values open`;
  const message = `the initial state leaves ${many}, more than ${MOST_CASES}`;
  const span = { start: first.offset + open[0]!.start, end: first.offset + open[0]!.end };
  return { cases: [], problems: [{ file: first.file, message, span }] };
}

function openValues(text: string, block: number): readonly Open[] {
  const comments = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  const code = text.replace(comments, (comment) => ' '.repeat(comment.length));
  return [...code.matchAll(/\bany\s*\(([^()]*)\)/g)].map((match) => ({
    block,
    start: match.index,
    end: match.index + match[0].length,
    choices: match[1]!.split(',').map((choice) => choice.trim()),
  }));
}

function combinations(open: readonly Open[]): readonly (readonly string[])[] {
  return open.reduce<readonly (readonly string[])[]>(
    (chosen, { choices }) =>
      chosen.flatMap((before) => choices.map((choice) => [...before, choice])),
    [[]],
  );
}

function choose(scenario: Scenario, open: readonly Open[], chosen: readonly string[]): InitialCase {
  const state = scenario.state.map((block, index) => {
    const text = open.reduce(
      (code, value, at) => (value.block === index ? put(code, value, chosen[at]!) : code),
      block.text,
    );
    return { ...block, text };
  });
  const choices = open.map((value, at) => {
    const before = scenario.state[value.block]!.text.slice(0, value.start);
    return `${assignedBefore(before) ?? 'a value'} = ${chosen[at]}`;
  });
  return { choices, state };
}

/** The name in front of the `=` with which a text ends. */
function assignedBefore(text: string): string | undefined {
  const assigned = text.trimEnd();
  if (!assigned.endsWith('=')) return undefined;
  const target = assigned.slice(0, -1).trimEnd();
  let start = target.length;
  while (start > 0 && /[\w.]/.test(target[start - 1]!)) start -= 1;
  return target.slice(start) || undefined;
}

/** A choice is never longer than the `any(...)` it stands in, so that offsets stay. */
function put(code: string, { start, end }: Open, choice: string): string {
  return code.slice(0, start) + choice.padEnd(end - start) + code.slice(end);
}
