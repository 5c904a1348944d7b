/** The answers of scenarios as plain litmus tests, for herd7 and for whoever does not take our word. */

import { fileNameOf } from '../disk/file-name.ts';
import type { OrderingSite } from '../lowering/lowering.ts';
import type { Observation } from '../memory-model/outcome.ts';
import type { Program } from '../program/program.ts';
import type { Need, SiteGroup } from '../proof/needs.ts';
import type { SolutionCache } from '../proof/scenario-solution.ts';
import { solveScenario } from '../proof/scenario-solution.ts';
import { partsOfRun } from '../scenario/run-parts.ts';
import type { Invariant, Scenario } from '../scenario/scenario.ts';
import type { SourceTree } from '../scenario/scenario-request.ts';
import { runScenario, type ScenarioRun } from '../scenario/scenario-run.ts';
import { check } from '../search/check.ts';
import { type LineOf, lineFinder } from '../text/line-of.ts';
import { herdWork } from './herd-work.ts';
import { litmusText } from './litmus-text.ts';
import { smallTests } from './small-tests.ts';
import { plainWithout } from './without-orders.ts';

/** A litmus test, or why there is none. */
export interface ExportedTest {
  /** A file name without folder: `klp-disable+I1-before-the-switch.litmus`. */
  readonly file: string;
  /** The statement that it is about, in a sentence. */
  readonly says: string;
  /** What herd7's Observation has to be. */
  readonly result?: Observation;
  readonly text?: string;
  readonly problem?: string;
}

/**
 * Tests for every answer of a scenario: that each invariant holds or can be violated from each initial
 * case; for each barrier that one rests on, that it can be violated without, or, where others give the
 * order too, that it holds without and can be violated without each set of them. Each says in its `Result:`
 * line what it comes to. What cannot be said, or is not known, is there with the reason.
 */
export function exportScenario(
  scenario: Scenario,
  tree: SourceTree,
  cache: SolutionCache,
): readonly ExportedTest[] {
  const run = runScenario(scenario, tree);
  if (run.problems.length > 0 || run.notModelled.length > 0) return [];
  const solutions = new Map(
    partsOfRun(run).flatMap((part) => {
      const solved = solveScenario(part, cache);
      return part.invariants.map(
        ({ invariant }, at) => [invariant, solved.solutions[at]!] as const,
      );
    }),
  );
  const tests = run.invariants.flatMap(({ invariant, programs: cases }) => {
    const solution = solutions.get(invariant)!;
    const programs = cases.map(({ program }) => program);
    const lineOf = lineFinder([...run.sources, ...run.scenario.files]);
    const asked: Asked = { run, invariant, programs, lineOf };
    const holds = solution.kind === 'holds' ? ({ expected: 'Never' } as const) : {};
    const whole = programs.flatMap((_, start) =>
      testsOf(asked, { ...wholeClaim(asked, start), ...holds }),
    );
    const needs = solution.kind === 'holds' ? solution.needs() : [];
    const rests = needs.filter(({ group }) => !group.assumed);
    return [...whole, ...rests.flatMap((need) => testsOfNeed(asked, need, rests))];
  });
  return [...new Map(tests.map((test) => [test.file, test])).values()];
}

/** An invariant of a lowered scenario. */
interface Asked {
  readonly run: ScenarioRun;
  readonly invariant: Invariant;
  /** One program for each initial case. */
  readonly programs: readonly Program[];
  readonly lineOf: LineOf;
}

/** What a test, or several together, are to show. */
interface Claim {
  readonly name: string;
  readonly start: number;
  readonly without: readonly OrderingSite[];
  readonly says: string;
  readonly question: readonly string[];
  /** What it has to come to, where that is already known. */
  readonly expected?: Observation;
}

function wholeClaim({ run, invariant, programs }: Asked, start: number): Claim {
  const at = programs.length === 1 ? '' : ` from initial case ${start + 1} of ${programs.length}`;
  return {
    name: `${run.scenario.name}+${invariant.name}${caseName(start, programs.length)}`,
    start,
    without: [],
    says: `whether ${invariant.name} can be violated${at}`,
    question: [`Can it be violated${at}? Never: it holds. Sometimes: it can be violated.`],
  };
}

function caseName(start: number, cases: number): string {
  return cases === 1 ? '' : `+case${start + 1}`;
}

/** The tests behind one row: without what is needed; or without what is redundant, and that and others. */
function testsOfNeed(asked: Asked, need: Need, all: readonly Need[]): readonly ExportedTest[] {
  const { group, verdict, others, violation } = need;
  switch (verdict) {
    case 'needed':
      return testsOf(asked, breaking(asked, [group], violation.start));
    case 'redundant': {
      const isNeededToo = all.some((other) => other.group === group && other.verdict === 'needed');
      const alone = isNeededToo
        ? [partlyRedundant(asked, need)]
        : asked.programs.flatMap((_, start) => testsOf(asked, holding(asked, group, start)));
      const together = others.map((set) => breaking(asked, [group, ...set], undefined));
      return [...alone, ...together.flatMap((claim) => testsOf(asked, claim))];
    }
    case 'unknown':
      return [];
  }
}

/** What is redundant for one order and needed for another cannot be left out for the one only. */
function partlyRedundant({ run, invariant }: Asked, { group, orders }: Need): ExportedTest {
  const which = orders.map(({ before, after }) => `${before} before ${after}`).join(', ');
  return {
    file: fileOf(`${run.scenario.name}+${invariant.name}+only-without+${namesOf([group])}`),
    says: `${invariant.name} does not rest on ${shortName(group)} for ${which}`,
    problem: 'it is needed for other orders, and plain litmus leaves out a barrier or keeps it',
  };
}

/** That the invariant can be violated without these groups. */
function breaking(asked: Asked, groups: readonly SiteGroup[], known: number | undefined): Claim {
  const sites = groups.flatMap((group) => group.sites);
  const start =
    known ??
    Math.max(
      0,
      asked.programs.findIndex((program) => breaks(program, sites)),
    );
  return {
    name: `${asked.run.scenario.name}+${asked.invariant.name}+without+${namesOf(groups)}`,
    start,
    without: sites,
    says: `${asked.invariant.name} can be violated without ${groups.map(shortName).join(' and ')}`,
    question: [
      `Without ${sites.map((site) => siteName(asked, site)).join(', ')}:`,
      `can it be violated? Sometimes: ${groups.length === 1 ? 'it is needed' : 'one of these has to stay'}.`,
    ],
    expected: 'Sometimes',
  };
}

/** That the invariant holds without a group. */
function holding(asked: Asked, group: SiteGroup, start: number): Claim {
  const { programs, run, invariant } = asked;
  const name = `${run.scenario.name}+${invariant.name}+only-without+${namesOf([group])}`;
  return {
    name: `${name}${caseName(start, programs.length)}`,
    start,
    without: group.sites,
    says: `${invariant.name} holds without ${shortName(group)}`,
    question: [
      `Without only ${group.sites.map((site) => siteName(asked, site)).join(', ')}:`,
      'can it be violated? Never: something else gives the order too.',
    ],
    expected: 'Never',
  };
}

function breaks(program: Program, sites: readonly OrderingSite[]): boolean {
  const { program: weaker } = plainWithout(program, sites);
  const options = { question: 'exists', budget: BUDGET } as const;
  return weaker !== undefined && check(weaker, options).observation === 'Sometimes';
}

/** What one question may cost; what costs more is said to be missing. */
const BUDGET = { steps: 200_000 };

/** Names come from scenarios, where they may be written with anything but blanks. */
function fileOf(name: string): string {
  return fileNameOf(name, '.litmus');
}

/** Names of files stay below this length. */
const LONGEST_NAME = 140;

function namesOf(groups: readonly SiteGroup[]): string {
  const names = groups.map(shortName).sort();
  const joined = names.map((name) => name.replaceAll(' ', '-')).join('+');
  return joined.length <= LONGEST_NAME ? joined : `${names.length}-orders-${hashOf(joined)}`;
}

function hashOf(text: string): string {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return hash.toString(36);
}

function shortName({ sites, assumed }: SiteGroup): string {
  const { function: name, primitive, ordinal } = sites[0]!;
  return assumed ? 'stubs' : `${name} ${primitive} ${ordinal}`;
}

function siteName({ lineOf }: Asked, { function: name, primitive, place }: OrderingSite): string {
  return `${primitive}() in ${name}() (${lineOf(place)})`;
}

/** The tests that together show a claim. */
function testsOf(asked: Asked, claim: Claim): readonly ExportedTest[] {
  const { name, says, start, without } = claim;
  const unsaid = (problem: string): readonly ExportedTest[] => [
    { file: fileOf(name), says, problem },
  ];
  const { program, problem, kept } = plainWithout(asked.programs[start]!, without);
  if (program === undefined) return unsaid(problem ?? 'it has no plain form');
  const { observation, unknown } = check(program, { budget: BUDGET });
  if (observation === undefined) return unsaid(unknown?.reason ?? 'the answer is not known');
  if (observation !== (claim.expected ?? observation))
    return unsaid(kept.length > 0 ? STILL_ORDERED : 'it comes to another answer as plain litmus');
  const { programs, likeness } = smallTests(program, observation);
  return programs.map((small, at) => {
    const part = programs.length === 1 ? '' : `+part${at + 1}`;
    const file = fileOf(`${name}${part}`);
    if (herdWork(small) > MOST_WORK) return { file, says, problem: TOO_MUCH };
    const result = check(small).observation;
    if (result !== observation) return { file, says, problem: 'its smaller form comes to another' };
    const { run, invariant, lineOf } = asked;
    const heading = {
      result,
      scenario: `${run.scenario.name}: ${run.scenario.description}`,
      invariant: `${invariant.name}: ${invariant.words}`,
      question: [...claim.question, ...aboutKept(asked, kept, observation)],
      likeness,
      part: at + 1,
      parts: programs.length,
    };
    const { text, lacking } = litmusText(small, `${name}${part}`, heading, lineOf);
    const [gap] = lacking;
    if (gap !== undefined) return { file, says, problem: `herd7 has no words for ${gap}` };
    return { file, says, result, text };
  });
}

/** Work that takes herd7 about a minute. */
const MOST_WORK = 20_000_000;
const TOO_MUCH = 'herd7 would take more than a minute';

const STILL_ORDERED =
  'writes depend on the value that is read there, and plain litmus has no words for a write that does not';

function aboutKept(
  asked: Asked,
  kept: readonly string[],
  observation: Observation,
): readonly string[] {
  const sites = asked.run.sites.filter(({ site }) => kept.includes(site));
  if (sites.length === 0 || observation !== 'Never') return [];
  const names = sites.map((site) => siteName(asked, site)).join(', ');
  return [`The writes that depend on what is read by ${names} still do.`];
}
