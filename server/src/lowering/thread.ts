/** Puts the parts of the lowering together for one thread and one round. */

import type { TypeName } from '../syntax/ast.ts';
import { initialise } from './assign.ts';
import { evaluateCall } from './call.ts';
import type { Lowering } from './context.ts';
import { decide, decideValue } from './decide.ts';
import { designate, evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { typeOfLocation } from './initial.ts';
import type { ActorText } from './lowering.ts';

/** What a thread's lowering is made of beside its functions. */
export type Setting = Pick<Lowering, 'request' | 'symbols' | 'memory' | 'report' | 'thread'>;

/** The lowering of one thread. Registers are numbered apart from each other and from the actor's own names. */
export function threadLowering(
  setting: Setting,
  actor: Pick<ActorText, 'body' | 'current'>,
): Lowering {
  const taken = new Set(actor.body.match(/\w+/g));
  const localTypes = new Map<string, TypeName>();
  let frames = 0;
  const lowering: Lowering = {
    ...setting,
    ...(actor.current !== undefined && { current: actor.current }),
    localTypes,
    partings: { count: 0 },
    choices: new Map(),
    pointedTo: new Set(),
    zeroed: new Set(),
    typeOf: (location) =>
      typeOfLocation(setting.symbols, (variable) => localTypes.get(variable), location),
    freshRegister: (hint) => unusedName(taken, `r_${hint}`),
    freshFrame: () => ++frames,
    evaluate: (expression, state, scope) => evaluate(lowering, expression, state, scope),
    designate: (expression, state, scope) => designate(lowering, expression, state, scope),
    decide: (condition, state, scope) => decide(lowering, condition, state, scope),
    decideValue: (value, state, condition, scope) =>
      decideValue(lowering, value, state, condition, scope),
    call: (call, state, scope) => evaluateCall(lowering, call, state, scope),
    execute: (statement, state, scope) => execute(lowering, statement, state, scope),
    initialise: (location, type, value, state, scope) =>
      initialise(lowering, location, type, value, state, scope),
  };
  return lowering;
}

function unusedName(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}
