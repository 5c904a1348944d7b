/** Follows calls: what a called function accesses, as seen from the call, to a bounded depth. */

import type { Access, FunctionAccess, FunctionFact, OuterCall } from './file-facts.ts';
import { fieldName } from './file-facts.ts';
import type { Direction } from './flow.ts';

/** A function with the file that defines it. */
export interface DefinedFunction {
  readonly file: string;
  readonly fact: FunctionFact;
}

/** The definition that a call of `name` in `from` reaches, where it is known. */
export type Called = (name: string, from: string) => DefinedFunction | undefined;

/** A call as seen from a place. */
export interface CallSeen {
  readonly name: string;
  readonly distance: number;
  readonly on: Access['on'];
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
  { name, distance, on }: CallSeen,
  file: string,
  direction: Direction,
  called: Called,
  depth: number,
  callers: readonly string[],
): Followed {
  const callee = called(name, file);
  if (callee === undefined) return { accesses: [], outer: [{ name, via: callers, distance, on }] };
  if (depth === 0 || callers.includes(name)) return { accesses: [], outer: [] };
  const via = [...callers, name];
  const steps = (inner: { readonly distance: number; readonly toExit: number }) =>
    distance + (direction === 'forward' ? inner.distance : inner.toExit);
  const both = (inner: Access['on']) => (on === 'every-path' ? inner : on);
  const own = callee.fact.accesses.map((access) => ({
    access,
    file: callee.file,
    via,
    distance: steps(access),
    on: both(access.on),
  }));
  const deeper = callee.fact.callSites.map((site) => {
    const seen = { name: site.name, distance: steps(site), on: both(site.on) };
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
