/** The programs of one initial case. Invariants that ask for the same registers without a value have the same threads,
 *  since their executions are enumerated together: what matters to one matters to all of these. */

import type { NotModelled } from '../lowering/lowering.ts';
import type { Program } from '../program/program.ts';
import { settleOpenValues } from '../program/settle-open-values.ts';
import { endingRegisters, withoutUnasked } from '../program/unasked-registers.ts';

/** The programs with alternatives for open values, and stops for the registers alone that are asked for; with
 *  where that cannot be. */
export function programsOfCase(programs: readonly Program[]): {
  readonly programs: readonly Program[];
  readonly notModelled: readonly NotModelled[];
} {
  const groups = new Map<string, Program[]>();
  for (const program of programs) {
    const key = [...new Set(endingRegisters(withoutUnasked(program)))].sort().join();
    groups.set(key, [...(groups.get(key) ?? []), program]);
  }
  const settled = new Map<Program, Program>();
  const notModelled: NotModelled[] = [];
  for (const group of groups.values()) {
    const { threads, unsettled } = settledTogether(group);
    for (const program of group) settled.set(program, { ...program, threads });
    notModelled.push(...unsettled);
  }
  return { programs: programs.map((program) => settled.get(program)!), notModelled };
}

/** The threads of programs that are asked together. */
function settledTogether(programs: readonly Program[]): {
  readonly threads: Program['threads'];
  readonly unsettled: readonly NotModelled[];
} {
  const asked = programs.flatMap(({ condition, filter }) => [
    condition.proposition,
    ...(filter === undefined ? [] : [filter]),
  ]);
  const { program, unsettled } = settleOpenValues(withoutUnasked(programs[0]!, programs), asked);
  return {
    threads: program.threads,
    unsettled: unsettled.flatMap(({ message, at }) =>
      at.origin === undefined ? [] : [{ message, place: at.origin }],
    ),
  };
}
