/**
 * Values that reads may return although nothing is known to write them: plain accesses can form a cycle in
 * which each write is computed from what the next one wrote. What such a cycle holds comes from nowhere,
 * unless something else in the program says what it is: a compare-and-exchange that succeeded, or an
 * access through it that another access feeds.
 */

import type { Trace } from '../memory-model/thread-paths.ts';
import { type RuntimeValue, readsOf, THIN_AIR } from '../memory-model/value.ts';

/** By location: values from nowhere. `told` are those that something in the program may say. */
export type ValuesFromNowhere = ReadonlyMap<number, readonly RuntimeValue[]>;

/** From the traces that there are without such values. */
export function valuesFromNowhere(
  threads: readonly (readonly Trace[])[],
  told: readonly RuntimeValue[],
): ValuesFromNowhere {
  const traces = threads.flat();
  if (!traces.some(mayFeedItself)) return new Map();
  const copies = flowsOf(traces, (flow) => flow.isCopy);
  const copied = reachableFromCycles(copies);
  const values = new Map<number, RuntimeValue[]>();
  for (const location of copied) values.set(location, [THIN_AIR]);
  if (told.length === 0) return values;
  for (const location of reachableFromCycles(flowsOf(traces, () => true)))
    values.set(location, [...(values.get(location) ?? []), ...told]);
  return values;
}

function mayFeedItself({ events, crowded }: Trace): boolean {
  return crowded.size > 0 || events.some(({ tag }) => tag === 'plain');
}

/** A write whose value is computed from what a read of its thread returns. */
interface Flow {
  readonly from: number;
  readonly to: number;
  readonly isCopy: boolean;
  /** Whether it leaves its accesses unordered: between marked ones there is a dependency, unless they are
   *  of one instruction that has none. No cycle consists of ordered ones alone. */
  readonly isFree: boolean;
}

/** By location: where values flow from there, and whether freely. */
type Flows = ReadonlyMap<number, ReadonlyMap<number, boolean>>;

function flowsOf(traces: readonly Trace[], isWanted: (flow: Flow) => boolean): Flows {
  const flows = new Map<number, Map<number, boolean>>();
  for (const flow of traces.flatMap(flowsIn)) {
    if (!isWanted(flow)) continue;
    const targets = flows.get(flow.from) ?? new Map<number, boolean>();
    flows.set(flow.from, targets.set(flow.to, flow.isFree || targets.get(flow.to) === true));
  }
  return flows;
}

function flowsIn({ events, locations, crowded }: Trace): readonly Flow[] {
  return events.flatMap(({ kind, value, tag, instance }, write) => {
    const to = locations[write];
    if (kind !== 'write' || value === undefined || to === undefined) return [];
    const reads = new Set<number>();
    readsOf(value, reads);
    return [...reads].flatMap((read) => {
      const from = locations[read];
      if (from === undefined) return [];
      const isPlain = tag === 'plain' || events[read]!.tag === 'plain';
      const isFree = isPlain || crowded.has(instance);
      return [{ from, to, isCopy: value.kind === 'read', isFree }];
    });
  });
}

/** The locations on cycles that leave their accesses unordered somewhere, and those that values flow to from there. */
function reachableFromCycles(flows: Flows): ReadonlySet<number> {
  const seeds = new Set<number>();
  for (const [from, targets] of flows)
    for (const [to, isFree] of targets)
      if (isFree && (to === from || reachable(flows, to).has(from))) seeds.add(to);
  return new Set([...seeds].flatMap((seed) => [seed, ...reachable(flows, seed)]));
}

/** The locations a value can flow to from `start`. */
function reachable(flows: Flows, start: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = [...(flows.get(start)?.keys() ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(flows.get(next)?.keys() ?? []));
  }
  return seen;
}
