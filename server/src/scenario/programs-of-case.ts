/** The programs of one initial case. All invariants have the same threads, since their executions are enumerated
 *  together: what matters to one matters to all. */

import type { NotModelled } from '../lowering/lowering.ts';
import type { Program } from '../program/program.ts';
import { settleOpenValues } from '../program/settle-open-values.ts';
import { withoutUnasked } from '../program/unasked-registers.ts';

/** The programs with alternatives for open values, and stops for the registers alone that are asked for; with
 *  where that cannot be. */
export function programsOfCase(programs: readonly Program[]): {
  readonly programs: readonly Program[];
  readonly notModelled: readonly NotModelled[];
} {
  const [first] = programs;
  if (first === undefined) return { programs, notModelled: [] };
  const asked = programs.flatMap(({ condition, filter }) => [
    condition.proposition,
    ...(filter === undefined ? [] : [filter]),
  ]);
  const { program, unsettled } = settleOpenValues(withoutUnasked(first, programs), asked);
  const { threads } = program;
  const notModelled = unsettled.flatMap(({ message, at }) =>
    at.origin === undefined ? [] : [{ message, place: at.origin }],
  );
  return { programs: programs.map((each) => ({ ...each, threads })), notModelled };
}
