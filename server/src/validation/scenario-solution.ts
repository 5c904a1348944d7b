/** What the model says of a lowered scenario, solved once for the same programs. */

import type { Program } from '../litmus/program.ts';
import type { OrderingSite } from '../lowering/lowering.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import type { Place } from '../text/span.ts';
import { type BrokenLeg, brokenLegs } from './broken.ts';
import { type Need, needsOf, type SiteGroup } from './needs.ts';
import { relaxedModel } from './relaxed-model.ts';
import type { ScenarioRun } from './scenario-run.ts';
import { type Violation, weakExecutions } from './violations.ts';

/** What became of one invariant. */
export type Solution =
  | { readonly kind: 'holds'; readonly needs: readonly Need[] }
  | {
      readonly kind: 'violated';
      readonly violation: Violation;
      readonly broken: readonly BrokenLeg[];
    }
  | { readonly kind: 'unknown'; readonly unknown: Unknown; readonly place?: Place };

/** The solutions of a scenario's invariants, in their order, and the programs they were found for. */
export interface SolvedScenario {
  readonly programs: readonly Program[];
  readonly solutions: readonly Solution[];
}

/** Solved scenarios by the text of their programs. It may be kept as long as the process lives. */
export type SolutionCache = Map<string, SolvedScenario>;

/** Cached scenarios beyond this many are forgotten, the longest unused first. */
const MOST_CACHED = 400;

/** Solves a scenario, or takes what `cache` knows of the same programs. `run` has at least one program
 *  for each invariant. */
export function solveScenario(run: ScenarioRun, cache: SolutionCache): SolvedScenario {
  const key = keyOf(run);
  const known = cache.get(key);
  const solved = known ?? solveAnew(run);
  cache.delete(key);
  cache.set(key, solved);
  for (const oldest of cache.keys()) if (cache.size > MOST_CACHED) cache.delete(oldest);
  return solved;
}

/** Everything a solution depends on, and nothing of where it stands in its files. */
function keyOf({ invariants, sites }: ScenarioRun): string {
  const named = new Set(sites.map(({ site }) => site));
  const strip = (key: string, value: unknown): unknown => {
    if (key === 'span' || key === 'description') return undefined;
    if (key !== 'origin') return value;
    const { site } = value as { readonly site: string };
    return named.has(site) ? site : undefined;
  };
  const programs = invariants.map(({ programs }, at) =>
    programs.map(({ program }) =>
      at === 0 ? program : { condition: program.condition, filter: program.filter },
    ),
  );
  const devices = sites.map(({ site, device, place }) => [site, device, isStub(place.file)]);
  return JSON.stringify([programs, devices], strip);
}

function isStub(file: string): boolean {
  return file.endsWith('.scenario');
}

function solveAnew(run: ScenarioRun): SolvedScenario {
  const programs = run.invariants[0]!.programs.map(({ program }) => program);
  const groups = siteGroups(run.sites);
  const sites = groups.flatMap((group) => group.sites.map(({ site }) => site));
  const locations = locationsOf(programs);
  const model = relaxedModel(run.fields.nameOf);
  const asked = run.invariants.map(({ programs: own }) =>
    own.map(({ program }) => program.condition.proposition),
  );
  const { unroll } = run.scenario;
  const weak = weakExecutions(programs, asked, sites, locations, unroll, model);
  const solutions = asked.map((cases): Solution => {
    const violations = weak.of(cases);
    const violation = violations.without([]);
    if (violation !== undefined) {
      const broken = brokenLegs(violation, violations, run.fields);
      return { kind: 'violated', violation, broken };
    }
    const unknown = violations.unknown([]);
    if (unknown !== undefined) return { kind: 'unknown', unknown };
    return { kind: 'holds', needs: needsOf(groups, violations, run.fields) };
  });
  return { programs, solutions };
}

/** Each site of the sources by itself; what the stubs order, together. Locks are never taken away. */
function siteGroups(sites: readonly OrderingSite[]): readonly SiteGroup[] {
  const orders = sites.filter(({ device }) => device !== 'lock');
  const stubs = orders.filter(({ place }) => isStub(place.file));
  const own = orders.filter((site) => !stubs.includes(site));
  return [
    ...own.map((site) => ({ sites: [site], assumed: false })),
    ...(stubs.length === 0 ? [] : [{ sites: stubs, assumed: true }]),
  ];
}

/** The locations that orders can be about: all that have an initial value. */
function locationsOf(programs: readonly Program[]): readonly string[] {
  const names = programs.flatMap(({ initial }) =>
    initial.flatMap(({ target }) => (target.kind === 'location' ? [target.name] : [])),
  );
  return [...new Set(names)];
}
