/** The rows of the need table that one scenario gives: what each barrier does for each invariant. */

import type { OrderingSite, SourceText } from '../lowering/lowering.ts';
import type { Origin } from '../program/program.ts';
import type { Invariant } from '../scenario/scenario.ts';
import type { ScenarioRun } from '../scenario/scenario-run.ts';
import type { SourceFile } from '../syntax/ast.ts';
import { LineIndex } from '../text/line-index.ts';
import { type LineOf, lineFinder } from '../text/line-of.ts';
import type { Place } from '../text/span.ts';
import type { BrokenLeg } from './broken.ts';
import type { FacedOrder, FieldOrder, Need, SiteGroup } from './needs.ts';
import { type Retrace, retrace } from './retrace.ts';
import type { Solution, SolvedScenario } from './scenario-solution.ts';
import { type ExecutionStep, tellExecution } from './tell-execution.ts';
import type { VerdictKind } from './verdict.ts';
import type { Violation } from './violations.ts';

/** A barrier as the reader finds it: `ordinal` counts that primitive in the function, from 1. */
export interface BarrierName {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly function: string;
  readonly primitive: string;
  readonly ordinal: number;
}

/** Who gives an order: a barrier, or functions of the scenario that are taken to. */
export type Giver = { readonly barrier: BarrierName } | { readonly stubs: readonly string[] };

/** What a barrier orders. */
export interface PairedOrder extends FieldOrder {
  /** Where it matters: the barriers of the tree's other threads that it pairs with for this order. */
  readonly partners: readonly BarrierName[];
}

/** What one barrier does for one invariant of the scenario. */
export interface ScenarioRow {
  readonly barrier: BarrierName;
  readonly place: Place;
  readonly invariant: string;
  /** What a violation of it means, in the scenario's words; may be empty. */
  readonly words: string;
  readonly orders: readonly PairedOrder[];
  readonly verdict: VerdictKind;
  /** What else gives the order, where it is redundant. Several entries do so together; of an entry that
   *  names several (`a or b`) each does alone. Of the barrier and each entry one has to stay. */
  readonly by: readonly string[];
  /** The same as data: of each entry, who gives the order alone. */
  readonly givers: readonly (readonly Giver[])[];
  readonly device: OrderingSite['device'];
  /** Of a broken one: what is missing, in words. */
  readonly lacks?: string;
  /** One sentence for the reader. */
  readonly reason: string;
  /** An execution that violates the invariant without the barrier (and what is in `by`), or, for
   *  `broken`, with it. Made when asked for. */
  readonly execution: () => readonly ExecutionStep[];
}

/** The rows of one invariant, in the order of the sites. A site that the invariant does not rest on has
 *  none. */
export function rowsOf(
  invariant: Invariant,
  solution: Solution,
  run: ScenarioRun,
  solved: SolvedScenario,
): readonly ScenarioRow[] {
  const lineOf = lineFinder([...run.sources, ...run.scenario.files]);
  const context: Context = { invariant, run, solved, current: currentSites(run), lineOf };
  switch (solution.kind) {
    case 'unknown':
      return run.sites
        .filter((site) => isOwn(site, run))
        .map((site) => ({
          ...base(site, context),
          orders: [],
          verdict: 'unknown',
          reason: `It is not known what it is for: ${solution.unknown.reason}.`,
        }));
    case 'holds':
      return solution
        .needs()
        .flatMap((need) => (need.group.assumed ? [] : neededRow(need, context)));
    case 'violated':
      return brokenRows(solution, context);
  }
}

interface Context {
  readonly invariant: Invariant;
  readonly run: ScenarioRun;
  readonly solved: SolvedScenario;
  /** Sites by their name, where they stand now. */
  readonly current: ReadonlyMap<string, OrderingSite>;
  readonly lineOf: LineOf;
}

function currentSites({ sites }: ScenarioRun): ReadonlyMap<string, OrderingSite> {
  return new Map(sites.map((site) => [site.site, site]));
}

function isOwn({ place }: OrderingSite, { sources }: ScenarioRun): boolean {
  return sources.some(({ file }) => file === place.file);
}

const lines = new WeakMap<SourceFile, LineIndex>();

function linesOf({ text, parsed }: SourceText): LineIndex {
  const known = lines.get(parsed) ?? new LineIndex(text);
  lines.set(parsed, known);
  return known;
}

function barrierName(site: OrderingSite, { run }: Context): BarrierName {
  const { function: name, primitive, ordinal, place } = site;
  const source = run.sources.find(({ file }) => file === place.file);
  const line = source === undefined ? 1 : linesOf(source).position(place.span.start).line + 1;
  return { file: place.file, line, function: name, primitive, ordinal };
}

function base(site: OrderingSite, context: Context) {
  return {
    barrier: barrierName(site, context),
    place: site.place,
    invariant: context.invariant.name,
    words: context.invariant.words,
    by: [] as readonly string[],
    givers: [] as readonly (readonly Giver[])[],
    device: site.device,
    execution: () => [] as readonly ExecutionStep[],
  };
}

function neededRow(need: Need, context: Context): readonly ScenarioRow[] {
  const site = context.current.get(need.group.sites[0]!.site);
  if (site === undefined) return [];
  const by = need.others.map((groups) =>
    groups.map((group) => groupName(group, context)).join(' or '),
  );
  return [
    {
      ...base(site, context),
      orders: need.orders.map(({ before, after, facing }) => ({
        ...{ before, after },
        partners: partnersIn(facing, context),
      })),
      verdict: need.verdict,
      by,
      givers: need.others.map((groups) => groups.map((group) => giver(group, context))),
      reason: reasonOf(need, by, context),
      execution: () => told(need.violation, context),
    },
  ];
}

/** The barriers that face an order. A dependency is none where a barrier does it too. */
function partnersIn(facing: FacedOrder['facing'], context: Context): readonly BarrierName[] {
  const sites = [...facing].flatMap((name) => context.current.get(name) ?? []);
  const own = sites.filter((site) => isOwn(site, context.run) && site.device !== 'lock');
  const placed = own.filter(({ device }) => device !== 'dependency');
  return (placed.length > 0 ? placed : own).map((site) => barrierName(site, context));
}

function told(violation: Violation, { run, solved }: Context): readonly ExecutionStep[] {
  const { program } = run.invariants[0]!.programs[violation.start]!;
  return tellExecution(violation, run.fields, retrace(solved.programs[violation.start]!, program));
}

function giver({ sites, assumed }: SiteGroup, context: Context): Giver {
  if (assumed) return { stubs: [...new Set(sites.map((site) => site.function))] };
  return { barrier: barrierName(context.current.get(sites[0]!.site) ?? sites[0]!, context) };
}

function groupName({ sites, assumed }: SiteGroup, context: Context): string {
  if (!assumed) return siteName(context.current.get(sites[0]!.site) ?? sites[0]!, context);
  const names = [...new Set(sites.map((site) => `${site.function}()`))];
  return `what the stubs ${names.join(', ')} are taken to order`;
}

/** `list_add_rcu() in klp_patch_func()`, with a number where the function has several. */
function siteName({ function: name, primitive, ordinal }: OrderingSite, { run }: Context): string {
  const several = run.sites.some(
    (site) => site.function === name && site.primitive === primitive && site.ordinal !== ordinal,
  );
  return `${primitive}()${several ? ` number ${ordinal}` : ''} in ${name}()`;
}

function reasonOf(need: Need, by: readonly string[], { invariant }: Context): string {
  const what = need.orders.map(({ before, after }) => `${before} before ${after}`).join(', ');
  switch (need.verdict) {
    case 'needed':
      return `Without it${what === '' ? '' : ` (${what})`}, ${consequence(invariant)}.`;
    case 'redundant':
      return by.length === 1
        ? `The order is also given by ${by[0]}; one of them has to stay.`
        : `The order is also given by ${by.join(' together with ')}; without it each of these has to stay.`;
    case 'unknown':
      return `It is not known what happens without it: ${need.unknown?.reason}.`;
  }
}

function consequence({ name, words }: Invariant): string {
  return words === '' ? `${name} can be violated` : `${words} (${name})`;
}

/** The barriers on the cycle of a violating execution: what they order is there, and does not help. */
function brokenRows(
  { violation, broken }: Solution & { readonly kind: 'violated' },
  context: Context,
): readonly ScenarioRow[] {
  const { run, solved } = context;
  const { program } = run.invariants[0]!.programs[violation.start]!;
  const moved = retrace(solved.programs[violation.start]!, program);
  const own = run.sites.filter((site) => isOwn(site, run) && site.device !== 'lock');
  return own.flatMap((site) => {
    const legs = broken.filter(({ sites }) => sites.has(site.site));
    if (legs.length === 0) return [];
    return [
      {
        ...base(site, context),
        orders: legs.map(({ order }) => ({ ...order, partners: [] })),
        verdict: 'broken' as const,
        ...brokenReason(legs, broken, moved, context),
        execution: () => told(violation, context),
      },
    ];
  });
}

function brokenReason(
  own: readonly BrokenLeg[],
  all: readonly BrokenLeg[],
  moved: Retrace,
  context: Context,
): Pick<ScenarioRow, 'reason' | 'lacks'> {
  const told = (leg: BrokenLeg) => legName(leg, moved, context);
  const weak = own.find((leg) => leg.lacking);
  const elsewhere = missingLeg(own, all);
  const lacks =
    weak !== undefined
      ? `it does not keep ${told(weak)}; a ${weak.enough} would`
      : elsewhere === undefined
        ? 'it is not enough'
        : `nothing keeps ${told(elsewhere)}`;
  return { reason: `It is there, but ${lacks}: ${consequence(context.invariant)}.`, lacks };
}

/** What else is missing on a cycle that these legs are of; what a barrier alone would repair, if possible. */
function missingLeg(own: readonly BrokenLeg[], all: readonly BrokenLeg[]): BrokenLeg | undefined {
  const others = all.filter((leg) => !own.includes(leg));
  const beside = others.filter(({ cycles }) =>
    own.some((leg) => [...leg.cycles].some((cycle) => cycles.has(cycle))),
  );
  return [...beside, ...others].find(({ lacking }) => lacking) ?? beside[0] ?? others[0];
}

/** `box.data (box.c:4) before box.full (box.c:6) in P0`. */
function legName(
  { order, thread, first, last }: BrokenLeg,
  moved: Retrace,
  { lineOf }: Context,
): string {
  const at = (origin: Origin | undefined) => {
    const place = origin && moved(origin);
    return place === undefined ? '' : ` (${lineOf(place)})`;
  };
  return `${order.before}${at(first)} before ${order.after}${at(last)} in P${thread}`;
}
