/** Makes the litmus program of one invariant from a lowered scenario. */

import type { Lowered } from '../lowering/lowering.ts';
import { withoutParts } from '../program/parts-of-locations.ts';
import type { Program, Proposition } from '../program/program.ts';
import { type SameAddress, withSameAddresses } from '../program/same-addresses.ts';
import type { Invariant, Scenario } from './scenario.ts';

/** The program that asks whether `invariant` can be violated (`exists` what it says must never be), with that
 *  and the scenario's filter as propositions; `isSame` says which paths are one address. */
export function scenarioProgram(
  scenario: Scenario,
  invariant: Invariant,
  lowered: Lowered,
  never: Proposition,
  filter: Proposition | undefined,
  isSame: SameAddress,
): Program {
  const program: Program = {
    name: `${scenario.name}+${invariant.name}`,
    description: scenario.description === '' ? '' : `"${scenario.description}"`,
    initial: lowered.initial,
    threads: lowered.threads,
    observed: [],
    ...(filter && { filter }),
    condition: { quantifier: 'exists', proposition: never, span: invariant.span },
  };
  return withSameAddresses(withoutParts(program, lowered.parts), isSame);
}
