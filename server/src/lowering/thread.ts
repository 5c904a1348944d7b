/** Puts the parts of the lowering together for one thread and one round. */

import type { Lowering } from './context.ts';
import { newPlaces } from './known-types.ts';
import type { ActorText } from './lowering.ts';

/** What a thread's lowering is made of beside its functions. */
export type Setting = Pick<Lowering, 'request' | 'symbols' | 'memory' | 'report' | 'thread'> & {
  readonly made?: Lowering['made'];
  readonly unfollowed?: Lowering['unfollowed'];
  readonly compared?: Lowering['compared'];
};

/** More statements of a thread are not followed: some seconds are spent by then. */
const MOST_STATEMENTS = 20_000;

/** Whether there is more of a thread than is followed. */
export function isCutOff({ statements }: Pick<Lowering, 'statements'>): boolean {
  return statements.count > MOST_STATEMENTS;
}

/** The lowering of one thread. Registers are numbered apart from each other and from the actor's own names. */
export function threadLowering(
  setting: Setting,
  actor: Pick<ActorText, 'body' | 'current'>,
): Lowering {
  const taken = new Set(actor.body.match(/\w+/g));
  let frames = 0;
  return {
    ...setting,
    ...(actor.current !== undefined && { current: actor.current }),
    localTypes: new Map(),
    made: setting.made ?? new Map(),
    free: new Map(),
    results: new Map(),
    sums: new Map(),
    unfollowed: setting.unfollowed ?? new Map(),
    compared: setting.compared ?? new Map(),
    ownPlaces: newPlaces(),
    accessed: { isAny: false, isPointedTo: false },
    partings: { count: 0 },
    statements: { count: 0 },
    choices: new Map(),
    leaving: [],
    pointedTo: new Set(),
    zeroed: new Set(),
    freshRegister: (hint) => unusedName(taken, `r_${hint}`),
    freshFrame: () => ++frames,
  };
}

function unusedName(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}
