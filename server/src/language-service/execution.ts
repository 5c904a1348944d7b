/** What stands behind the verdict on a barrier: the execution, drawn and told line by line, and the litmus test. */

import { executionGraph } from '../execution-graph/graph.ts';
import { svg } from '../execution-graph/svg.ts';
import { pairingLitmus } from '../herd-export/pairing-litmus.ts';
import type { Witness, WitnessEvent } from '../memory-model/outcome.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import type { Place } from '../text/span.ts';
import { type Explanation, explain } from './explanation.ts';
import { siteAt } from './hover.ts';
import type { FileMoment } from './moment.ts';
import { type Currency, decisive, sideVerdict } from './verdict.ts';
import { siteTitle } from './words.ts';

/** A place in the source; the line is counted from 1, the column from 0. */
export interface SourceLine extends Place {
  readonly function: string;
  readonly line: number;
  readonly column: number;
}

/** One access or fence of the execution. */
export interface ExecutionStep {
  /** As herd writes it: `a: W[once] flag=1`. */
  readonly label: string;
  /** Where it stands in the source, and in which function; absent for what stands in no file. */
  readonly origin?: SourceLine;
}

export interface Execution {
  /** What is shown: `Without smp_rmb() in consume()`, or `smp_rmb() in consume() is broken`. */
  readonly title: string;
  /** What happens in it that must not happen, in a sentence. */
  readonly bad: string;
  /** Whether it still speaks of the text. */
  readonly currency: Currency;
  readonly picture: string;
  /** A list of steps for each thread, in program order. */
  readonly threads: readonly (readonly ExecutionStep[])[];
  readonly assumptions: readonly string[];
}

/** Whether there is an execution to show for the barrier at `offset`. */
export function hasExecution(moment: FileMoment, offset: number): boolean {
  const site = siteAt(moment, offset);
  return site !== undefined && witnesses(explain(moment, { file: moment.file, site })).length > 0;
}

/** The execution that shows why the barrier at `offset` is needed, or that it is broken; undefined
 *  where there is no barrier, or no such execution is known (yet). */
export function execution(moment: FileMoment, offset: number): Execution | undefined {
  const site = siteAt(moment, offset);
  if (site === undefined) return undefined;
  const shown = witnesses(explain(moment, { file: moment.file, site }));
  const best = shown.find(({ isBroken }) => isBroken) ?? shown[0];
  if (best === undefined) return undefined;
  const graph = executionGraph(best.witness);
  const name = siteTitle(site);
  return {
    title: best.isBroken ? `${name} is broken` : `Without ${name}`,
    bad: best.check.bad,
    currency: best.currency,
    picture: svg(graph),
    threads: graph.columns.map(({ nodes }) =>
      nodes.map(({ label, event }) => step(moment, label, event)),
    ),
    assumptions: best.assumptions,
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
  readonly check: ProtocolCheck;
  readonly isBroken: boolean;
  readonly witness: Witness;
  readonly assumptions: readonly string[];
  readonly currency: Currency;
}

/** The verdicts on the barrier's own side that an execution supports, best partner first. */
function witnesses({ partners }: Explanation): readonly Shown[] {
  return partners.flatMap(({ verdict: shown, side }) => {
    const check = shown?.answer && decisive(shown.answer);
    if (shown?.answer === undefined || check === undefined) return [];
    const verdict = sideVerdict(shown.answer, side);
    if (verdict.kind !== 'needed' && verdict.kind !== 'broken') return [];
    const { kind, witness, assumptions } = verdict;
    return [{ check, isBroken: kind === 'broken', witness, assumptions, currency: shown.currency }];
  });
}

function step(moment: FileMoment, label: string, { origin }: WitnessEvent): ExecutionStep {
  const lines = origin && moment.linesOf(origin.file);
  if (origin === undefined || lines === undefined) return { label };
  const { file, span, function: name } = origin;
  const { line, column } = lines.position(span.start);
  return { label, origin: { file, span, function: name, line: line + 1, column } };
}
