/** What stands behind the verdict on a barrier: executions, drawn and told step by step, and the litmus test. */

import { executionGraph } from '../execution-graph/graph.ts';
import { svg } from '../execution-graph/svg.ts';
import { type Site, shownField } from '../facts/file-facts.ts';
import { pairingLitmus } from '../herd-export/pairing-litmus.ts';
import type { Witness } from '../memory-model/outcome.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import { tellWitness } from '../proof/tell-execution.ts';
import { contains, type Place, touches } from '../text/span.ts';
import { type Explanation, explain } from './explanation.ts';
import { siteAt } from './hover.ts';
import type { FileMoment } from './moment.ts';
import type { Violation } from './need-table.ts';
import {
  type Excerpts,
  excerptsOf,
  type PageExecution,
  type PlayerPage,
  pageSteps,
} from './player-page.ts';
import { type Currency, decisive, sideVerdict } from './verdict.ts';
import { siteTitle } from './words.ts';

/** What is shown for a barrier: executions that must not be, the most telling first. */
export interface Execution {
  /** Of the first: `Without smp_rmb() in consume()`, or `smp_rmb() in consume() is broken`. */
  readonly title: string;
  /** Whether they still speak of the text. */
  readonly currency: Currency;
  /** The first one as SVG; a scenario's has none. */
  readonly picture?: string;
  readonly page: PlayerPage;
  readonly assumptions: readonly string[];
  /** It is of a litmus test that somebody wrote. */
  readonly isTest?: true;
}

/** Whether there is an execution to show for what stands at `offset`. */
export function hasExecution(moment: FileMoment, offset: number): boolean {
  const site = siteAt(moment, offset);
  const isShown =
    site !== undefined && witnesses(explain(moment, { file: moment.file, site })).length > 0;
  return isShown || violationsAt(moment, offset).length > 0;
}

/** The executions that show why the barrier at `offset` is needed, or that it is broken, and in which what a scenario forbids
 *  happens there; undefined where none is known (yet). */
export function execution(moment: FileMoment, offset: number): Execution | undefined {
  const site = siteAt(moment, offset);
  const shown = site === undefined ? [] : witnesses(explain(moment, { file: moment.file, site }));
  const [best, ...others] = shown.toSorted((a, b) => Number(b.isBroken) - Number(a.isBroken));
  const violated = violationsAt(moment, offset);
  const excerpts = excerptsIn(moment);
  const told = (each: Shown) => pageExecution(moment, excerpts, site!, each);
  const executions = [
    ...(best === undefined ? [] : [told(best)]),
    ...violated.map((each) => violatedExecution(moment, excerpts, each)),
    ...others.map(told),
  ];
  const [first] = executions;
  if (first === undefined) return undefined;
  return {
    title: first.title,
    currency: best?.currency ?? 'current',
    ...(best && { picture: svg(executionGraph(best.witness)) }),
    page: { executions, excerpts: excerpts.all },
    assumptions: best?.assumptions ?? violated[0]?.assumptions.map(({ message }) => message) ?? [],
  };
}

function violationsAt({ file, violations }: FileMoment, offset: number): readonly Violation[] {
  return violations.filter(({ at }) => at.file === file && touches(at.span, offset));
}

function excerptsIn({ tree, textOf }: FileMoment): Excerpts {
  return excerptsOf({
    textOf,
    functionAt: ({ file, span }) =>
      tree.facts(file)?.functions.find((each) => contains(each.span, span)),
  });
}

function pageExecution(
  moment: FileMoment,
  excerpts: Excerpts,
  site: Site,
  { check, isBroken, witness, partner }: Shown,
): PageExecution {
  const name = siteTitle(site);
  const { order, bad } = check;
  const at = excerpts.around({ file: moment.file, span: site.span }, site.function);
  const without = isBroken ? [] : [{ name, ...at }];
  return {
    title: isBroken ? `${name} is broken` : `Without ${name}`,
    about: [bad, `with ${siteTitle(partner)}`],
    without,
    with: `With it no execution ends so: ${shownField(order.first)} and ${shownField(order.second)} are kept in order.`,
    steps: pageSteps(tellWitness(witness), excerpts, showIn(moment), without),
  };
}

function violatedExecution(
  moment: FileMoment,
  excerpts: Excerpts,
  { scenario, path, invariant, words, missing, instead, start, actors, steps }: Violation,
): PageExecution {
  return {
    title: `${scenario}: ${invariant} is violated on ${path}`,
    about: [
      ...(words === '' ? [] : [words]),
      ...(instead === undefined ? [] : [instead]),
      ...missing.map(({ before, after }) => `nothing keeps ${before} before ${after}`),
      ...(start.length === 0 ? [] : [`starting with ${start.join(', ')}`]),
    ],
    without: [],
    with: '',
    names: actors,
    steps: pageSteps(
      steps.map(({ thread, file, span, function: name, message }) => ({
        thread,
        place: { file, span },
        function: name,
        message,
      })),
      excerpts,
      showIn(moment),
    ),
  };
}

function showIn({ linesOf }: FileMoment): (place: Place) => string {
  return ({ file, span }) => {
    const line = linesOf(file)?.position(span.start).line;
    return line === undefined ? file : `${file}:${line + 1}`;
  };
}

/** A test that herd7 reads, by its name. */
export interface LitmusTest {
  readonly name: string;
  readonly text: string;
}

/** The litmus test of the order that the verdict on the barrier at `offset` is about, with everything in place;
 *  undefined where there is no barrier, or no test could be made (yet). */
export function litmusTest(moment: FileMoment, offset: number): LitmusTest | undefined {
  const site = siteAt(moment, offset);
  if (site === undefined) return undefined;
  const { partners } = explain(moment, { file: moment.file, site });
  for (const { verdict, partner } of partners) {
    const check = verdict?.answer && decisive(verdict.answer);
    const name = `${site.function}+${partner.site.function}`;
    const text = check && pairingLitmus(check, name);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

interface Shown {
  readonly partner: Site;
  readonly check: ProtocolCheck;
  readonly isBroken: boolean;
  readonly witness: Witness;
  readonly assumptions: readonly string[];
  readonly currency: Currency;
}

/** The verdicts on the barrier's own side that an execution supports, best partner first. */
function witnesses({ partners }: Explanation): readonly Shown[] {
  return partners.flatMap(({ verdict: shown, side, partner }) => {
    const check = shown?.answer && decisive(shown.answer);
    if (shown?.answer === undefined || check === undefined) return [];
    const verdict = sideVerdict(shown.answer, side);
    if (verdict.kind !== 'needed' && verdict.kind !== 'broken') return [];
    const { kind, witness, assumptions } = verdict;
    const { currency } = shown;
    const isBroken = kind === 'broken';
    return [{ partner: partner.site, check, isBroken, witness, assumptions, currency }];
  });
}
