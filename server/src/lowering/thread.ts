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
  const unused = unusedNames(new Set(actor.body.match(/\w+/g)));
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
    freshRegister: (hint) => unused(`r_${hint}`),
    freshFrame: () => ++frames,
  };
}

/** Gives out names that are not among `taken`, each once: the one that is wanted, or it with the next number. */
function unusedNames(taken: Set<string>): (wanted: string) => string {
  const last = new Map<string, number>();
  return (wanted) => {
    let number = last.get(wanted) ?? 0;
    let name: string;
    do {
      number++;
      name = number === 1 ? wanted : `${wanted}${number}`;
    } while (taken.has(name));
    last.set(wanted, number);
    taken.add(name);
    return name;
  };
}
