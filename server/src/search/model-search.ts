/**
 * The search under a user's model: one of the solutions of each location is chosen, by halves. What all
 * that remain have in common breaks a check: none of them is looked at. What any of them has breaks no
 * check: all are counted without being visited. Both hold for every cat file (see `bounds.ts`).
 */

import { baseOf } from '../cat/base.ts';
import { type Bounds, boundsOver, type Interval } from '../cat/bounds.ts';
import { type Domain, domainOf, halves, leafIntervals, without } from '../cat/domain.ts';
import { forbiddenPairs } from '../cat/forbidden.ts';
import { type Frame, frameOf, type Place } from '../cat/frame.ts';
import { specialise } from '../cat/interpret.ts';
import type { LoadedModel } from '../cat/load.ts';
import { type Solution, solutionsAt } from '../cat/local-solutions.ts';
import { isBroken, type Requirement, standingOf } from '../cat/requirement.ts';
import type { Term } from '../cat/term.ts';
import { hasEquations } from '../memory-model/derived-values.ts';
import { type EventStructure, eventStructure } from '../memory-model/event-structure.ts';
import type { Unknown } from '../memory-model/outcome.ts';
import { isEmpty, relationOf } from '../memory-model/relation.ts';
import type { Scope } from '../memory-model/scope.ts';
import type { Trace } from '../memory-model/thread-paths.ts';
import { type RuntimeValue, THIN_AIR } from '../memory-model/value.ts';
import { type Clock, COMBINATION_STEP, stepsOfEvents, stepsOfPlace } from './clock.ts';
import { forEachCombination } from './combinations.ts';
import { countCompletions, type Tally } from './count-completions.ts';
import { areDerived, carriesOf, valuesOf } from './search.ts';

/** A model that was read, as far as programs are run under it. */
export type RunnableModel = Pick<LoadedModel, 'instructions' | 'representation'>;

/** Explores the combinations of traces of a coherent model and fills the tally; returns why it did not get
 *  to the end, if it did not. `areAtomic` says that the model lets no two read-modify-writes read from
 *  one write. Throws ModelError for a model that cannot be run, NotChosenYet for one that goes through
 *  the pairs of relations that the search leaves open. */
export function searchModel(
  scope: Scope,
  model: RunnableModel,
  threads: readonly (readonly Trace[])[],
  areAtomic: boolean,
  clock: Clock,
  tally: Tally,
): Unknown | undefined {
  const search: Search = { scope, model, clock, tally, prepared: new Map(), cut: undefined };
  const visit = (traces: readonly Trace[]): boolean => {
    exploreCombination(search, traces);
    return clock.stopped === undefined;
  };
  const { span } = scope.program.condition;
  const mayGoOn = () => clock.spend(COMBINATION_STEP, span);
  forEachCombination(scope, threads, mayGoOn, visit, { areAtomic });
  return clock.stopped ?? search.cut;
}

interface Search {
  readonly scope: Scope;
  readonly model: RunnableModel;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Frames by the shape of the combination: those that differ in values share them. */
  readonly prepared: Map<string, Prepared | undefined>;
  /** An allowed execution that was cut short by a bound. */
  cut: Unknown | undefined;
}

interface Prepared {
  readonly frame: Frame;
  /** The solutions of places by what their reads may take their values from. */
  readonly solved: Map<Place, Map<string, readonly Solution[]>>;
}

/** One combination of traces with the tests that its open choices decide. */
interface Combination {
  readonly frame: Frame;
  readonly values: readonly (RuntimeValue | undefined)[];
  /** The terms that checks are looked through for what they forbid, larger ones first. */
  readonly terms: readonly Term[];
  /** What is enough for all values to follow from others, where there may be another way. */
  readonly derivation: readonly Requirement[] | undefined;
  readonly cut: Unknown | undefined;
  readonly narrowing: Worth;
  readonly bounding: Worth;
}

/** How often something was tried that only saves work, and how often it did. */
interface Worth {
  tries: number;
  successes: number;
}

/** What is left to be chosen and to be tested. */
interface Position {
  readonly domains: readonly Domain[];
  readonly checks: readonly Requirement[];
}

function exploreCombination(search: Search, traces: readonly Trace[]): void {
  const stop = traces.find((trace) => trace.stop !== undefined)?.stop;
  if (stop !== undefined && search.cut !== undefined) return;
  const prepared = preparedFor(search, traces);
  if (prepared === undefined) return;
  const { frame } = prepared;
  const values = valuesOf(search.scope, frame.structure, traces);
  const domains = domainsOf(search, prepared, values);
  if (domains === undefined) return;
  const wellFounded = wellFoundedness(frame, traces);
  const areTold = hasEquations(frame.structure);
  const combination: Combination = {
    frame,
    values,
    terms: [...wellFounded.map(({ term }) => term), ...frame.globalTerms],
    derivation: areTold ? wellFounded : undefined,
    cut: stop && {
      reason: stop.reason,
      span: stop.at.span,
      ...(stop.at.origin && { origin: stop.at.origin }),
    },
    narrowing: { tries: 0, successes: 0 },
    bounding: { tries: 0, successes: 0 },
  };
  const checks = areTold ? frame.globalChecks : [...wellFounded, ...frame.globalChecks];
  explore(search, combination, { domains, checks });
}

/** The model specialised to the structure of a combination; undefined where it allows nothing there. */
function preparedFor(search: Search, traces: readonly Trace[]): Prepared | undefined {
  const { scope, prepared, model } = search;
  const key = traces.map(({ shape }) => shape).join('|');
  if (prepared.has(key)) return prepared.get(key);
  const locations = traces.map((trace) => trace.events.map((_, index) => trace.locations[index]));
  const structure = eventStructure(scope, traces, locations);
  const residue = specialise(model.instructions, baseOf(structure, model.representation));
  const made = residue && { frame: frameOf(structure, residue), solved: new Map() };
  prepared.set(key, made);
  return made;
}

/** No value is computed from itself: herd finds no solution for an execution in which one is. */
function wellFoundedness(frame: Frame, traces: readonly Trace[]): readonly Requirement[] {
  const carries = carriesOf(frame.structure, traces);
  if (isEmpty(carries)) return [];
  const { terms, choices } = frame.residue;
  const term = terms.sequence(choices[0]!, terms.known(carries));
  return [{ name: 'values', test: 'acyclic', negated: false, term }];
}

/** All that each place leaves open by itself; undefined where one leaves nothing. */
function domainsOf(
  { clock, scope }: Search,
  { frame, solved }: Prepared,
  values: readonly (RuntimeValue | undefined)[],
): readonly Domain[] | undefined {
  const span = scope.program.condition.span;
  const domains: Domain[] = [];
  for (const place of frame.places) {
    const sources = place.reads.map((read) => sourcesOf(place, values, read));
    const key = sources.join('/');
    const before = solved.get(place) ?? new Map<string, readonly Solution[]>();
    solved.set(place, before);
    const steps = stepsOfPlace(place.events.length);
    const solutions =
      before.get(key) ?? solutionsAt(frame, place, sources, () => clock.spend(steps, span));
    before.set(key, solutions);
    if (solutions.length === 0) return undefined;
    domains.push(domainOf(place, solutions));
  }
  return domains;
}

/** The writes that have the value of a read, if it is known. */
function sourcesOf(
  { writes }: Place,
  values: readonly (RuntimeValue | undefined)[],
  read: number,
): readonly number[] {
  const wanted = values[read];
  return writes.filter((write) => wanted === undefined || Object.is(values[write], wanted));
}

function explore(search: Search, combination: Combination, position: Position): void {
  const { clock, scope, tally } = search;
  const { span } = scope.program.condition;
  if (!clock.allowsExecutions(tally.positive + tally.negative, span)) return;
  if (!clock.spend(stepsOfEvents(combination.frame.structure.size), span)) return;
  if (combination.cut !== undefined && search.cut !== undefined) return;
  const { domains, checks } = position;
  const bounds = boundsOf(combination, domains);
  if (checks.some((check) => isBroken(check, bounds))) return;
  const isComplete = domains.every(({ solutions }) => solutions.length === 1);
  const mayNarrow = !isComplete && isWorthwhile(combination.narrowing);
  const left = mayNarrow ? narrow(combination, position, bounds) : domains;
  if (left !== domains) combination.narrowing.successes++;
  if (left === undefined) return;
  if (left !== domains) {
    explore(search, combination, { domains: left, checks });
    return;
  }
  const mayCount = isComplete || isWorthwhile(combination.bounding);
  const open = mayCount ? stillOpen(checks, bounds) : checks;
  if (!followsAll(combination, bounds, domains)) {
    if (!isComplete) split(search, combination, domains, open);
    return;
  }
  const undecided = open.length === 0 ? undecidedFlags(search, combination, bounds) : [];
  if (open.length === 0 && undecided.length === 0) {
    combination.bounding.successes++;
    count(search, combination, domains, bounds);
    return;
  }
  if (isComplete) return;
  split(search, combination, domains, open);
}

/** Whether all values of all completions follow from others; of a single one that is found out. */
function followsAll(
  { frame, values, derivation }: Combination,
  bounds: Bounds,
  domains: readonly Domain[],
): boolean {
  if (derivation === undefined) return true;
  const { structure, residue } = frame;
  const isFounded = derivation.every((each) => standingOf(each, bounds) === 'holds');
  if (isFounded && !values.includes(THIN_AIR)) return true;
  if (!domains.every(({ solutions }) => solutions.length === 1)) return false;
  return areDerived(structure, values, bounds.lower(residue.choices[0]!));
}

function split(
  search: Search,
  combination: Combination,
  domains: readonly Domain[],
  checks: readonly Requirement[],
): void {
  const chosen = pick(domains);
  for (const half of halves(domains[chosen]!))
    explore(search, combination, { domains: domains.with(chosen, half), checks });
}

/** The place that leaves fewest solutions. */
function pick(domains: readonly Domain[]): number {
  let best = -1;
  for (const [index, { solutions }] of domains.entries())
    if (solutions.length > 1 && (best < 0 || solutions.length < domains[best]!.solutions.length))
      best = index;
  return best;
}

/** What hardly ever saves anything is tried now and then only. */
function isWorthwhile(worth: Worth): boolean {
  const { tries, successes } = worth;
  worth.tries++;
  return tries < 32 || successes * 10 > tries || tries % 8 === 0;
}

/** The bounds of the model's terms while `domains` are open. */
function boundsOf({ frame, values }: Combination, domains: readonly Domain[]): Bounds {
  const intervals = leafIntervals(frame, domains);
  const { leafNumbers, residue, structure } = frame;
  return boundsOver(structure.size, (term) => {
    if (term === residue.sameValue) return equalities(structure, valuesIn(domains, values));
    const leaf = leafNumbers.get(term.id);
    return leaf === undefined ? undefined : intervals[leaf]!;
  });
}

/** The values, with those of the reads that have one source left. */
function valuesIn(
  domains: readonly Domain[],
  known: readonly (RuntimeValue | undefined)[],
): readonly (RuntimeValue | undefined)[] {
  const values = [...known];
  for (const { place, solutions } of domains)
    if (solutions.length === 1)
      for (const [at, read] of place.reads.entries())
        values[read] = values[solutions[0]!.sources[at]!];
  return values;
}

/** Which events have the same value, as far as values are known; all but reads are known. */
function equalities(
  { size, events }: EventStructure,
  values: readonly (RuntimeValue | undefined)[],
): Interval {
  const isOpen = (event: number) => events[event]!.kind === 'read' && values[event] === undefined;
  const lower = relationOf(size, (a, b) => !isOpen(a) && !isOpen(b) && values[a] === values[b]);
  const upper = relationOf(size, (a, b) => isOpen(a) || isOpen(b) || values[a] === values[b]);
  return { lower, upper };
}

/** The domains without the solutions that a check forbids by themselves; the same where there is none. */
function narrow(
  { frame, terms }: Combination,
  { domains, checks }: Position,
  bounds: Bounds,
): readonly Domain[] | undefined {
  const forbidden = forbiddenPairs(checks, terms, bounds);
  const byLeaf = frame.leaves.map(({ id }) => forbidden[id]);
  if (byLeaf.every((pairs) => pairs === undefined || isEmpty(pairs))) return domains;
  let changed = false;
  const left: Domain[] = [];
  for (const domain of domains) {
    const rest = without(domain, byLeaf);
    if (rest === undefined) return undefined;
    changed ||= rest !== domain;
    left.push(rest);
  }
  return changed ? left : domains;
}

function stillOpen(checks: readonly Requirement[], bounds: Bounds): readonly Requirement[] {
  return checks.filter((check) => standingOf(check, bounds) === 'open');
}

/** The flags not raised yet that some completions raise, perhaps, and others not. */
function undecidedFlags(
  { tally }: Search,
  { frame }: Combination,
  bounds: Bounds,
): readonly Requirement[] {
  return frame.flags.filter(
    (flag) => !tally.flags.has(flag.name) && standingOf(flag, bounds) === 'open',
  );
}

/** Counts the completions, all of which are allowed and raise the same flags. */
function count(
  search: Search,
  { frame, values, cut }: Combination,
  domains: readonly Domain[],
  bounds: Bounds,
): void {
  const { scope, tally } = search;
  if (cut !== undefined) {
    search.cut = cut;
    return;
  }
  if (!countCompletions(scope, { structure: frame.structure, values }, domains, tally)) return;
  for (const name of frame.residue.raised) tally.flags.add(name);
  for (const flag of frame.flags)
    if (!tally.flags.has(flag.name) && standingOf(flag, bounds) === 'holds')
      tally.flags.add(flag.name);
}
