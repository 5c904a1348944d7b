/** In which other files functions order or access something on behalf of a pairing's two functions. */

import { type FunctionFact, fieldName } from '../facts/file-facts.ts';
import type { PlacedFunction } from '../pairing/function-index.ts';
import { calleeOf, type FunctionsOf } from '../pairing/met-orders.ts';
import type { Protocol } from './protocol.ts';

/** How many calls it is followed. */
const DEPTH = 3;

/** The two functions of a protocol and its two fields. */
interface Asked extends Pick<Protocol, 'roots'> {
  readonly order: Pick<Protocol['order'], 'first' | 'second'>;
}

/** The files, beside those of the roots, in which something orders or accesses the two fields that the roots call, directly
 *  or by way of others. */
export function calledFiles({ roots, order }: Asked, sources: FunctionsOf): readonly string[] {
  const fields = new Set([order.first, order.second].map(fieldName));
  const found = new Set<string>();
  const known = Array.from({ length: DEPTH }, () => new Map<FunctionFact, boolean>());
  /** Whether something that matters is come to from there: the files on the way are needed, too. */
  const follow = (from: PlacedFunction, depth: number): boolean => {
    let leads = false;
    for (const name of from.fact.calls) {
      const callee = calleeOf(name, from, sources);
      if (callee === undefined) continue;
      const level = known[depth - 1]!;
      const counts =
        level.get(callee.fact) ??
        ((depth > 1 && follow(callee, depth - 1)) || matters(callee, fields, sources));
      level.set(callee.fact, counts);
      if (!counts) continue;
      found.add(callee.file);
      leads = true;
    }
    return leads;
  };
  for (const { file, function: name } of roots)
    for (const root of sources.functions(name)) if (root.file === file) follow(root, DEPTH);
  for (const { file } of roots) found.delete(file);
  return [...found];
}

function matters(
  { file, fact }: PlacedFunction,
  fields: ReadonlySet<string>,
  { facts }: FunctionsOf,
): boolean {
  const orders = facts(file)?.sites.some(
    (site) => site.function === fact.name && site.orders.length > 0,
  );
  return orders === true || fact.accesses.some(({ field }) => fields.has(fieldName(field)));
}
