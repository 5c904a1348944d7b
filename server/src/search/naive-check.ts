/** The answer to a program by the naive enumeration and the full model: slow, plain, and the oracle. */

import { communicationOf, finalValues } from '../memory-model/candidate.ts';
import {
  basicRelations,
  dataRaces,
  isSrcuBadlyNested,
  judge,
  staticFlags,
} from '../memory-model/linux-kernel.ts';
import type { Outcome } from '../memory-model/outcome.ts';
import { isEmpty } from '../memory-model/relation.ts';
import { compareStates, printState, scopeOf } from '../memory-model/scope.ts';
import type { Program } from '../program/program.ts';
import { coherentExecutions } from './enumerate.ts';
import { summarize } from './summary.ts';

/** Counts and final states of all executions the model allows. `unroll` bounds loops, as in `check`. */
export function naiveCheck(program: Program, unroll = 2): Outcome {
  const scope = scopeOf(program);
  const states = new Set<string>();
  const flags = new Set<string>();
  const counts = { positive: 0, negative: 0 };
  for (const execution of coherentExecutions(program, scope, unroll)) {
    const { structure } = execution;
    const com = communicationOf(execution);
    const basic = basicRelations(structure);
    const { broken, plain } = judge(structure, basic, com);
    if (broken !== undefined) continue;
    const value = finalValues(scope, execution);
    const tracked = scope.tracked.map(value);
    if (!scope.passesFilter(tracked)) continue;
    states.add(printState(scope, value));
    counts[scope.satisfiesCondition(tracked) ? 'positive' : 'negative']++;
    for (const flag of staticFlags(structure, basic)) flags.add(flag);
    if (isSrcuBadlyNested(basic, execution.values)) flags.add('srcu-bad-nesting');
    if (plain !== undefined && !isEmpty(dataRaces(structure, basic, com, plain)))
      flags.add('data-race');
  }
  return summarize(program, {
    states: [...states].sort(compareStates),
    ...counts,
    flags: [...flags].sort(),
  });
}
