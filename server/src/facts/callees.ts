/** Follows calls: what a called function accesses, as seen from the call, to a bounded depth. */

import type {
  Access,
  FunctionAccess,
  FunctionCall,
  FunctionFact,
  GivenObject,
  OuterCall,
} from './file-facts.ts';
import { fieldName } from './file-facts.ts';
import type { Direction } from './flow.ts';

/** A function with the file that defines it. */
export interface DefinedFunction {
  readonly file: string;
  readonly fact: FunctionFact;
}

/** The definition that a call of `name` in `from` reaches, where it is known; `name` may be a member's (`by-member.ts`). */
export type Called = (name: string, from: string) => DefinedFunction | undefined;

/** A call as seen from a place. */
export interface CallSeen {
  readonly name: string;
  readonly distance: number;
  readonly on: Access['on'];
  /** The arguments, by position, that lead to variables which nobody else finds: `privateArguments()`. */
  readonly own: readonly number[];
}

/** An access of a callee, as seen from the place of the call. */
export interface CalleeAccess {
  readonly access: FunctionAccess;
  readonly file: string;
  readonly via: readonly string[];
  readonly distance: number;
  readonly on: Access['on'];
}

/** What calls lead to: accesses, and calls of functions that are not known. */
export interface Followed {
  readonly accesses: readonly CalleeAccess[];
  readonly outer: readonly Omit<OuterCall, 'span' | 'line'>[];
}

/** How many calls lead from a site to an access. */
const CALL_DEPTH = 3;

/** How much one function may contribute, nearest first. */
const MOST_ACCESSES = 60;

/** What the call `call`, made in `file`, leads to: forward from the callee's entry, backward from its
 *  end. `depth` is how many calls more may be followed. */
export function follow(
  call: CallSeen,
  file: string,
  direction: Direction,
  called: Called,
  depth = CALL_DEPTH,
): Followed {
  return followUnless(call, file, direction, called, depth, []);
}

function followUnless(
  { name, distance, on, own: variables }: CallSeen,
  file: string,
  direction: Direction,
  called: Called,
  depth: number,
  callers: readonly string[],
): Followed {
  const callee = called(name, file);
  if (callee === undefined) return { accesses: [], outer: [{ name, via: callers, distance, on }] };
  if (depth === 0 || callers.includes(callee.fact.name)) return { accesses: [], outer: [] };
  const via = [...callers, callee.fact.name];
  const steps = (inner: { readonly distance: number; readonly toExit: number }) =>
    distance + (direction === 'forward' ? inner.distance : inner.toExit);
  const both = (inner: Access['on']) => (on === 'every-path' ? inner : on);
  const isShared = ({ within }: FunctionAccess) =>
    within === undefined || !variables.includes(within);
  const own = callee.fact.accesses.filter(isShared).map((access) => ({
    access,
    file: callee.file,
    via,
    distance: steps(access),
    on: both(access.on),
  }));
  const deeper = callee.fact.callSites.map((site) => {
    const given = privateArguments(callee, site, called, variables);
    const seen = { name: site.name, distance: steps(site), on: both(site.on), own: given };
    return followUnless(seen, callee.file, direction, called, depth - 1, via);
  });
  return {
    accesses: nearest([...own, ...deeper.flatMap(({ accesses }) => accesses)]),
    outer: deeper.flatMap(({ outer }) => outer),
  };
}

/** Each field once per effect, nearest first, up to the bound. */
function nearest(accesses: readonly CalleeAccess[]): readonly CalleeAccess[] {
  const first = new Map<string, CalleeAccess>();
  for (const one of [...accesses].sort((a, b) => a.distance - b.distance)) {
    const key = `${one.access.effect} ${fieldName(one.access.field)}`;
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()].slice(0, MOST_ACCESSES);
}

/** The arguments of a call, by position, that lead to variables of functions on the way to it, which nobody else finds: no call
 *  that is given one keeps its address. `own` are the parameters of the caller that lead to such. */
export function privateArguments(
  caller: DefinedFunction,
  { objects = [] }: FunctionCall,
  called: Called,
  own: readonly number[] = [],
): readonly number[] {
  const isPrivate = (object: GivenObject) =>
    'parameter' in object
      ? own.includes(object.parameter)
      : !isKept(caller, isVariable(object.variable), called, CALL_DEPTH);
  return objects.filter(isPrivate).map(({ position }) => position);
}

/** Whether what a function calls keeps an object that it is given by a call. */
function isKept(
  { file, fact }: DefinedFunction,
  isMeant: (object: GivenObject) => boolean,
  called: Called,
  depth: number,
): boolean {
  return fact.callSites.some(({ name, objects = [] }) =>
    objects.filter(isMeant).some(({ position }) => {
      const callee = called(name, file);
      if (callee === undefined) return false;
      if (callee.fact.keeps?.includes(position)) return true;
      return depth > 1 && isKept(callee, isParameter(position), called, depth - 1);
    }),
  );
}

function isVariable(name: string): (object: GivenObject) => boolean {
  return (object) => 'variable' in object && object.variable === name;
}

function isParameter(position: number): (object: GivenObject) => boolean {
  return (object) => 'parameter' in object && object.parameter === position;
}
