/** What happens where in one function: the events of each step of its control flow, and the way between. */

import type { ControlFlow, Step } from '../syntax/control-flow.ts';
import { type Event, eventsOf, eventsOfLoopMacro } from './events.ts';
import type { Scope } from './scope.ts';
import { testedSteps } from './tested.ts';

/** A function as steps with events. `steps[0]` is the entry; a step never comes before one that leads
 *  to it, loops aside. */
export interface Flow {
  readonly events: readonly (readonly Event[])[];
  readonly successors: readonly (readonly number[])[];
  readonly predecessors: readonly (readonly number[])[];
  /** 0 for places where nothing is evaluated. */
  readonly weights: readonly number[];
  readonly exit: number;
  /** The steps whose values decide something: see tested.ts. */
  readonly tested: ReadonlySet<number>;
}

/** The flow of a function. */
export function flowOf({ steps, exit }: ControlFlow, scope: Scope): Flow {
  const successors = steps.map((step) => step.successors.map(({ to }) => to));
  const predecessors: number[][] = steps.map(() => []);
  successors.forEach((targets, from) => {
    for (const to of targets) predecessors[to]?.push(from);
  });
  return {
    events: steps.map((step) => eventsOfStep(step, scope)),
    successors,
    predecessors,
    weights: steps.map(({ expression }) => (expression === undefined ? 0 : 1)),
    exit,
    tested: testedSteps(steps),
  };
}

/** Steps from `start` to every step, along the flow or against it; -1 where there is no way. A step
 *  counts when it is reached, so that the neighbour of `start` is 1 away. */
export function distancesFrom(flow: Flow, start: number, direction: Direction): Int32Array {
  const next = direction === 'forward' ? flow.successors : flow.predecessors;
  const distances = new Int32Array(flow.events.length).fill(-1);
  distances[start] = 0;
  let near = [start];
  let far: number[] = [];
  while (near.length > 0) {
    for (const step of near)
      for (const to of next[step]!) {
        const distance = distances[step]! + flow.weights[to]!;
        if (distances[to] !== -1 && distances[to]! <= distance) continue;
        distances[to] = distance;
        if (flow.weights[to] === 0) near.push(to);
        else far.push(to);
      }
    near = far;
    far = [];
  }
  return distances;
}

export type Direction = 'forward' | 'backward';

/** The events of a step; the head of a macro's loop gives its cursor a value. */
function eventsOfStep({ expression, statement, declarator, kind }: Step, scope: Scope) {
  if (expression === undefined) return [];
  const isHead = kind === 'branch' && statement?.kind === 'macro-loop';
  if (isHead && expression.kind === 'call')
    return eventsOfLoopMacro(statement.macro, expression, scope);
  return eventsOf(expression, scope, declarator?.name);
}
