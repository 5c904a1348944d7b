/** What the preprocessor lines of a file say, in text order: which macros are defined where, under which `#if`. */

import type { MacroDefinition, SourceFile } from '../syntax/ast.ts';
import type { ConditionalGroup } from '../syntax/conditional-groups.ts';

/** A `#define` or `#undef`, where it stands. */
export interface MacroEvent {
  readonly at: number;
  /** What is defined; absent for an `#undef`. */
  readonly macro?: MacroDefinition;
}

/** An alternative that has to be chosen for what stands in it to count. */
export interface Governing {
  readonly group: ConditionalGroup;
  readonly branch: number;
}

export interface Timeline {
  readonly names: () => Iterable<string>;
  /** The events of a name, in text order. */
  readonly events: (name: string) => readonly MacroEvent[];
  /** Of a group, by its index in the file: that of the group around it, and the alternative that it stands in. */
  readonly outer: (
    index: number,
  ) => { readonly index: number; readonly branch: number } | undefined;
  /** The alternatives around an offset, the outermost first; undefined where they are more than anybody follows. */
  readonly around: (at: number) => readonly Governing[] | undefined;
}

const timelines = new WeakMap<SourceFile, Timeline>();
const NONE: readonly never[] = [];

/** The timeline of a file, worked out once. */
export function timelineOf(parsed: SourceFile): Timeline {
  const known = timelines.get(parsed);
  if (known !== undefined) return known;
  const events = eventsByName(parsed);
  const outer = enclosing(parsed.conditionals);
  const timeline: Timeline = {
    names: () => events.keys(),
    events: (name) => events.get(name) ?? NONE,
    outer: (index) => {
      const around = outer[index]!;
      const group = parsed.conditionals[around];
      return (
        group && { index: around, branch: branchAt(group, parsed.conditionals[index]!.span.start) }
      );
    },
    around: (at) => around(parsed.conditionals, outer, at),
  };
  timelines.set(parsed, timeline);
  return timeline;
}

function eventsByName({ macros, undefinedMacros }: SourceFile): Map<string, MacroEvent[]> {
  const events = new Map<string, MacroEvent[]>();
  const note = (name: string, event: MacroEvent): void => {
    const known = events.get(name);
    if (known === undefined) events.set(name, [event]);
    else known.push(event);
  };
  for (const macro of macros) note(macro.name, { at: macro.span.start, macro });
  for (const { name, span } of undefinedMacros) note(name, { at: span.start });
  for (const name of new Set(undefinedMacros.map((each) => each.name)))
    events.get(name)!.sort((one, other) => one.at - other.at);
  return events;
}

/** For each group the index of the one around it, -1 for none. */
function enclosing(groups: readonly ConditionalGroup[]): readonly number[] {
  const open: number[] = [];
  return groups.map(({ span }, index) => {
    while (open.length > 0 && groups[open.at(-1)!]!.span.end <= span.start) open.pop();
    const outer = open.at(-1) ?? -1;
    open.push(index);
    return outer;
  });
}

/** C promises 63 (C11 5.2.4.1); more than this are followed by nobody. */
export const DEEPEST_IF = 256;

function around(
  groups: readonly ConditionalGroup[],
  outer: readonly number[],
  at: number,
): readonly Governing[] | undefined {
  const found: Governing[] = [];
  for (let index = lastFrom(groups, at); index >= 0; index = outer[index]!) {
    if (found.length === DEEPEST_IF) return undefined;
    const group = groups[index]!;
    const branch = branchAt(group, at);
    if (branch >= 0) found.push({ group, branch });
  }
  return found.reverse();
}

function branchAt({ branches }: ConditionalGroup, at: number): number {
  return branches.findIndex(({ governed }) => governed.start <= at && at < governed.end);
}

/** The last group that begins at or before `at`. */
function lastFrom(groups: readonly ConditionalGroup[], at: number): number {
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (groups[middle]!.span.start <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
