/**
 * The executions that violate an invariant, kept once and asked often: which of them does the model
 * allow when these orders are taken away?
 */

import type { Program, Relaxation } from '../litmus/program.ts';
import { type CandidateExecution, communicationOf, finalValues } from '../memory-model/candidate.ts';
import { candidateExecutions } from '../memory-model/enumerate.ts';
import { type EventStructure, eventStructure } from '../memory-model/event-structure.ts';
import { basicRelations, brokenCoherence, judge } from '../memory-model/linux-kernel.ts';
import { type Scope, satisfies, scopeOf } from '../memory-model/scope.ts';

/** A violating execution together with the program it belongs to. */
export interface Violation {
  readonly program: Program;
  readonly scope: Scope;
  readonly execution: CandidateExecution;
}

/** The violations of one invariant over all its initial cases. */
export interface Violations {
  /** A violation that the model allows without these orders, or undefined where there is none. */
  readonly allowed: (without: readonly Relaxation[]) => Violation | undefined;
}

/** Collects the coherent executions of the programs that satisfy their propositions and that the model
 *  allows when `weakest` is taken away; `allowed` may then be asked about any part of `weakest`. */
export function violationsOf(
  programs: readonly Program[],
  weakest: readonly Relaxation[],
  unroll: number,
): Violations {
  let kept = programs.flatMap((program) => [...coherentViolations(program, unroll)]);
  kept = kept.filter((violation) => isAllowed(violation, weakest));
  const allowed = (without: readonly Relaxation[]): Violation | undefined => {
    const at = kept.findIndex((violation) => isAllowed(violation, without));
    if (at === -1) return undefined;
    const found = kept[at]!;
    // What was allowed once is likely to be allowed again: it goes first.
    kept = [found, ...kept.slice(0, at), ...kept.slice(at + 1)];
    return found;
  };
  return { allowed };
}

function* coherentViolations(program: Program, unroll: number): Generator<Violation> {
  const scope = scopeOf(program);
  for (const execution of candidateExecutions(program, scope, unroll)) {
    const values = finalValues(scope, execution);
    if (program.filter !== undefined && !satisfies(scope, program.filter, values)) continue;
    if (!satisfies(scope, program.condition.proposition, values)) continue;
    if (brokenCoherence(execution.structure, communicationOf(execution)) !== undefined) continue;
    yield { program, scope, execution };
  }
}

function isAllowed({ program, execution }: Violation, without: readonly Relaxation[]): boolean {
  const structure = relaxedStructure(program, execution.structure, without);
  const com = communicationOf(execution);
  return judge(structure, basicRelations(structure), com).broken === undefined;
}

function relaxedStructure(
  program: Program,
  structure: EventStructure,
  relaxations: readonly Relaxation[],
): EventStructure {
  if (relaxations.length === 0) return structure;
  const locations = structure.paths.map(({ events }, thread) =>
    events.map((_, index) => structure.events[structure.offsets[thread]! + index]!.location),
  );
  return eventStructure({ ...program, relaxations }, structure.space, structure.paths, locations);
}
