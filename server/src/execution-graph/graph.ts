/**
 * What a picture of an execution shows: a column of events per thread and the edges between them,
 * in the style of the kernel's herd configuration (tools/memory-model/linux-kernel.cfg: columns,
 * no initial writes unless they matter, co blue, fences dark green, hb indigo).
 */

import type { Witness, WitnessEdge, WitnessEvent } from '../memory-model/outcome.ts';

/** How an edge is coloured; each family has one colour in every theme. */
export type EdgeFamily = 'po' | 'rf' | 'co' | 'fr' | 'fence' | 'dependency' | 'rmw' | 'derived';

export interface GraphNode {
  readonly event: WitnessEvent;
  /** As herd writes it: `a: W[once] x=1`. */
  readonly label: string;
  readonly inCycle: boolean;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** Names of the relations that join the two, in order of appearance. */
  readonly relations: readonly string[];
  readonly family: EdgeFamily;
  readonly inCycle: boolean;
}

export interface GraphColumn {
  /** `P0`, or `Init` for the initial writes. */
  readonly title: string;
  readonly nodes: readonly GraphNode[];
}

export interface ExecutionGraph {
  readonly columns: readonly GraphColumn[];
  readonly edges: readonly GraphEdge[];
  /** The final state of an allowed execution, the axiom that forbids a forbidden one. */
  readonly caption: string;
}

const FAMILY: ReadonlyMap<string, EdgeFamily> = new Map([
  ['po', 'po'],
  ['po-loc', 'po'],
  ['rf', 'rf'],
  ['rfe', 'rf'],
  ['rfi', 'rf'],
  ['co', 'co'],
  ['coe', 'co'],
  ['coi', 'co'],
  ['fr', 'fr'],
  ['fre', 'fr'],
  ['fri', 'fr'],
  ['mb', 'fence'],
  ['rmb', 'fence'],
  ['wmb', 'fence'],
  ['gp', 'fence'],
  ['fence', 'fence'],
  ['strong-fence', 'fence'],
  ['cumul-fence', 'fence'],
  ['rcu-fence', 'fence'],
  ['po-rel', 'fence'],
  ['acq-po', 'fence'],
  ['addr', 'dependency'],
  ['data', 'dependency'],
  ['ctrl', 'dependency'],
  ['rmw', 'rmw'],
]);

/** The picture of `witness`: all events but initial writes nobody points from or to, and its edges,
 *  those of the forbidding cycle marked. */
export function executionGraph(witness: Witness): ExecutionGraph {
  const cycle = witness.forbidden?.cycle ?? [];
  const edges = mergeEdges(witness, cycle);
  const shown = new Set(
    witness.events.filter((event) => isShown(event, cycle)).map((e) => e.index),
  );
  const cyclic = new Set(cycle.flatMap((edge) => [edge.from, edge.to]));
  const names = letters(witness.events.filter((event) => shown.has(event.index)));
  const threads = [
    ...new Set(witness.events.filter((e) => shown.has(e.index)).map((e) => e.thread)),
  ];
  const columns = threads
    .sort((a, b) => a - b)
    .map((thread) => ({
      title: thread < 0 ? 'Init' : `P${thread}`,
      nodes: witness.events
        .filter((event) => event.thread === thread && shown.has(event.index))
        .map((event) => ({
          event,
          label: label(event, names.get(event.index) ?? ''),
          inCycle: cyclic.has(event.index),
        })),
    }));
  return {
    columns,
    edges: edges.filter((edge) => shown.has(edge.from) && shown.has(edge.to)),
    caption:
      witness.forbidden === undefined ? witness.final : `forbidden by ${witness.forbidden.axiom}`,
  };
}

/** Initial writes clutter (`showinitwrites false`) unless the cycle goes through one. Branches are
 *  only the sources of ctrl edges, which start at the read itself. */
function isShown(event: WitnessEvent, cycle: readonly WitnessEdge[]): boolean {
  if (event.kind === 'branch') return false;
  if (event.thread >= 0) return true;
  return cycle.some((edge) => edge.from === event.index || edge.to === event.index);
}

/** One drawn edge per pair of events: its relations joined, the most telling one giving the colour. */
function mergeEdges(witness: Witness, cycle: readonly WitnessEdge[]): GraphEdge[] {
  const merged = new Map<string, { edge: WitnessEdge; relations: string[]; inCycle: boolean }>();
  const add = (edge: WitnessEdge, inCycle: boolean): void => {
    const key = `${edge.from}>${edge.to}`;
    const known = merged.get(key) ?? { edge, relations: [], inCycle: false };
    if (!known.relations.includes(edge.relation)) known.relations.push(edge.relation);
    known.inCycle ||= inCycle;
    merged.set(key, known);
  };
  for (const edge of cycle) add(edge, true);
  for (const edge of witness.edges) add(edge, false);
  return [...merged.values()].map(({ edge, relations, inCycle }) => ({
    from: edge.from,
    to: edge.to,
    relations: relations.filter((name) => !isImplied(name, relations)),
    family: mostTelling(relations),
    inCycle,
  }));
}

/** Program order beside anything, and `rf` beside its external or internal part, say nothing new. */
function isImplied(name: string, among: readonly string[]): boolean {
  if (name === 'po') return among.length > 1;
  return among.includes(`${name}e`) || among.includes(`${name}i`);
}

const BY_WEIGHT: readonly EdgeFamily[] = [
  'rf',
  'fr',
  'co',
  'rmw',
  'fence',
  'dependency',
  'derived',
  'po',
];

function mostTelling(relations: readonly string[]): EdgeFamily {
  const families = relations.map((name) => FAMILY.get(name) ?? 'derived');
  return BY_WEIGHT.find((family) => families.includes(family)) ?? 'derived';
}

/** herd names events a, b, ..., z, then aa, ab, ... in their order. */
function letters(events: readonly WitnessEvent[]): Map<number, string> {
  return new Map(events.map((event, rank) => [event.index, letter(rank)]));
}

function letter(rank: number): string {
  const last = String.fromCharCode(97 + (rank % 26));
  return rank < 26 ? last : letter(Math.floor(rank / 26) - 1) + last;
}

const EFFECT: Readonly<Record<WitnessEvent['kind'], string>> = {
  read: 'R',
  write: 'W',
  fence: 'F',
  lock: 'Lock',
  unlock: 'Unlock',
  rcu: 'F',
  srcu: 'SRCU',
  branch: 'B',
};

function label(event: WitnessEvent, name: string): string {
  const tag = event.tag === '' || event.tag === 'plain' ? '' : `[${event.tag}]`;
  const what = event.location === undefined ? '' : ` ${event.location}`;
  const value = event.value === undefined ? '' : `=${event.value}`;
  return `${name}: ${EFFECT[event.kind]}${tag}${what}${value}`;
}
