/** What the model says of a lowered scenario, solved once for the same programs. */

import type { OrderingSite } from '../lowering/lowering.ts';
import { once } from '../memo/once.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import type { Program, Proposition } from '../program/program.ts';
import { textOf } from '../program/text-of.ts';
import type { ScenarioRun } from '../scenario/scenario-run.ts';
import type { Place } from '../text/span.ts';
import { type BrokenLeg, brokenLegs } from './broken.ts';
import { type Need, needsOf, type SiteGroup } from './needs.ts';
import { isFilteredOut, noExecution } from './no-execution.ts';
import { type AskedPrograms, type Match, matchPrograms } from './program-match.ts';
import { relaxedModel } from './relaxed-model.ts';
import { strayIn } from './stray-in-run.ts';
import { type Violation, type WeakExecutions, weakExecutions } from './violations.ts';

/** What became of one invariant. */
export type Solution =
  | { readonly kind: 'holds'; readonly needs: () => readonly Need[] }
  | {
      readonly kind: 'violated';
      readonly violation: Violation;
      readonly broken: readonly BrokenLeg[];
    }
  | { readonly kind: 'unknown'; readonly unknown: Unknown; readonly place?: Place };

/** The solutions of a scenario's invariants, in their order, and the programs they were found for: those that
 *  were enumerated, which may have fences that are gone. */
export interface SolvedScenario {
  readonly programs: readonly Program[];
  readonly solutions: readonly Solution[];
  readonly enumerated: Enumerated;
}

/** Executions of a scenario, which answer for every scenario that differs in lost fences only. */
interface Enumerated extends Pick<ScenarioRun, 'scenario' | 'sites' | 'fields'> {
  readonly asked: AskedPrograms;
  readonly programs: readonly Program[];
  readonly weak: WeakExecutions;
  /** Why nothing follows from that there is no violating one; undefined where an execution counts. */
  readonly idle: () => Idle | undefined;
}

/** Why "never" is no answer, and where that stands if not in the C. */
type Idle = Omit<Extract<Solution, { readonly kind: 'unknown' }>, 'kind'>;

/** Solved scenarios by the text of their programs. It may be kept as long as the process lives. */
export type SolutionCache = Map<string, SolvedScenario>;

/** Cached scenarios beyond this many are forgotten, the longest unused first: they hold their executions. */
const MOST_CACHED = 240;

/** Solves a scenario, or takes what `cache` knows of the same programs. `run` has at least one program
 *  for each invariant. */
export function solveScenario(run: ScenarioRun, cache: SolutionCache): SolvedScenario {
  const asked = askedPrograms(run);
  const key = keyOf(run, asked);
  const known = cache.get(key);
  const solved = known ?? solveAnew(run, asked, cache);
  cache.delete(key);
  cache.set(key, solved);
  for (const oldest of cache.keys()) if (cache.size > MOST_CACHED) cache.delete(oldest);
  return solved;
}

function askedPrograms({ invariants }: ScenarioRun): AskedPrograms {
  return invariants.map(({ programs }, at) =>
    programs.map(({ program }) =>
      at === 0
        ? program
        : {
            condition: program.condition,
            ...(program.filter !== undefined && { filter: program.filter }),
          },
    ),
  );
}

/** Everything a solution depends on, and nothing of where it stands in its files. */
function keyOf({ sites }: ScenarioRun, asked: AskedPrograms): string {
  const named = new Set(sites.map(({ site }) => site));
  const strip = (key: string, value: unknown): unknown => {
    if (key === 'span' || key === 'description') return undefined;
    if (key !== 'origin') return value;
    const { site } = value as { readonly site: string };
    return named.has(site) ? site : undefined;
  };
  const devices = sites.map(({ site, device, place }) => [site, device, isStub(place.file)]);
  return textOf([asked, devices], strip);
}

function isStub(file: string): boolean {
  return file.endsWith('.scenario');
}

function solveAnew(run: ScenarioRun, asked: AskedPrograms, cache: SolutionCache): SolvedScenario {
  const source = knownSource(run, asked, cache) ?? { enumerated: enumerate(run, asked) };
  const { enumerated, match } = source;
  const groups = siteGroups(run.sites);
  // What counts with more fences counts with fewer.
  const idle = match === undefined ? enumerated.idle : () => enumerated.idle() && idleIn(run);
  const stray = once((): Idle | undefined => {
    const unknown = strayIn(run);
    return unknown && { unknown };
  });
  const solutions = propositionsOf(run).map((cases): Solution => {
    const violations = enumerated.weak.of(cases, match);
    const violation = violations.without([]);
    if (violation !== undefined) {
      const broken = brokenLegs(violation, violations, run.fields);
      return { kind: 'violated', violation, broken };
    }
    const unknown = violations.unknown([]);
    if (unknown !== undefined) return { kind: 'unknown', unknown };
    const nothing = idle() ?? stray();
    if (nothing !== undefined) return { kind: 'unknown', ...nothing };
    return { kind: 'holds', needs: once(() => needsOf(groups, violations, run.fields)) };
  });
  return { programs: enumerated.programs, solutions, enumerated };
}

function idleIn(run: ScenarioRun, isAnyAllowed?: () => boolean): Idle | undefined {
  const programs = programsOf(run);
  const unknown = noExecution(programs, isAnyAllowed);
  if (unknown !== undefined) return { unknown };
  const { filter } = run.scenario;
  if (filter === undefined || !isFilteredOut(programs)) return undefined;
  const { file, span } = filter;
  const reason = 'there is no execution that ends as the filter says';
  return { unknown: { reason, span }, place: { file, span } };
}

/** Executions that are known already, and how they are those of the scenario. */
interface Source {
  readonly enumerated: Enumerated;
  readonly match?: Match;
}

/** The executions of a scenario of the same file whose programs have all that these have, and more fences. */
function knownSource(
  run: ScenarioRun,
  asked: AskedPrograms,
  cache: SolutionCache,
): Source | undefined {
  const candidates = new Set(
    [...cache.values()]
      .map(({ enumerated }) => enumerated)
      .filter((enumerated) => enumerated.scenario.file === run.scenario.file),
  );
  for (const enumerated of [...candidates].reverse()) {
    const match = matchPrograms(enumerated.asked, asked);
    if (match !== undefined && answersFor(enumerated, match, run)) return { enumerated, match };
  }
  return undefined;
}

/** Whether nothing but what `match` says makes a difference to the answer. */
function answersFor(before: Enumerated, { names, lost }: Match, now: ScenarioRun): boolean {
  const device = ({ site, device: kind, place }: OrderingSite) =>
    `${site} ${kind} ${isStub(place.file)}`;
  const left = before.sites
    .filter(({ site }) => !lost.has(site))
    .map((site) => device({ ...site, site: names.get(site.site) ?? site.site }));
  const own = before.sites.map(({ site }) => site);
  return (
    [...lost].every((site) => own.includes(site)) &&
    left.join() === now.sites.map(device).join() &&
    before.scenario.unroll === now.scenario.unroll &&
    locationsOf(programsOf(now)).every(
      (location) => before.fields.nameOf(location) === now.fields.nameOf(location),
    )
  );
}

function enumerate(run: ScenarioRun, asked: AskedPrograms): Enumerated {
  const programs = programsOf(run);
  const weak = weakExecutions(
    programs,
    propositionsOf(run),
    siteGroups(run.sites).flatMap((group) => group.sites.map(({ site }) => site)),
    locationsOf(programs),
    relaxedModel(run.fields.nameOf),
    { unroll: run.scenario.unroll, areAllCounted: true },
  );
  const { scenario, sites, fields } = run;
  const idle = once(() => idleIn(run, weak.isAnyAllowed));
  return { scenario, sites, fields, asked, programs, weak, idle };
}

/** One program for each initial case. */
function programsOf({ invariants }: ScenarioRun): readonly Program[] {
  return invariants[0]!.programs.map(({ program }) => program);
}

/** By invariant and initial case: what violates it, among the executions that the filter lets count. */
function propositionsOf({ invariants }: ScenarioRun): readonly (readonly Proposition[])[] {
  return invariants.map(({ programs }) =>
    programs.map(({ program: { condition, filter } }) =>
      filter === undefined
        ? condition.proposition
        : { kind: 'and', left: filter, right: condition.proposition },
    ),
  );
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
