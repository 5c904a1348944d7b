/** What a litmus test comes to as an execution: one that ends as its condition says, or that would if the model allowed it. */

import { executionGraph } from '../execution-graph/graph.ts';
import { svg } from '../execution-graph/svg.ts';
import type { Outcome, Witness, WitnessEvent } from '../memory-model/outcome.ts';
import type { Program } from '../program/program.ts';
import { tellWitness } from '../proof/tell-execution.ts';
import { check } from '../search/check.ts';
import { LineIndex } from '../text/line-index.ts';
import { contains } from '../text/span.ts';
import type { Execution } from './execution.ts';
import { excerptsOf, pageSteps } from './player-page.ts';

/** A test that needs more is asked of the command line. */
export const BUDGET = { milliseconds: 200 };

/** The execution behind the observation of the test in `text`; undefined where none is found in so short a time. */
export function writtenExecution(
  path: string,
  text: string,
  program: Program,
): Execution | undefined {
  const outcome = check(program, { budget: BUDGET, witness: true, counterpart: true });
  const found = outcome.witness ?? outcome.counterpart;
  if (found === undefined) return undefined;
  const witness = { ...found, events: found.events.map((event) => placed(path, text, event)) };
  const lines = new LineIndex(text);
  const excerpts = excerptsOf({
    textOf: () => text,
    functionAt: ({ span }) => {
      const thread = program.threads.find((each) => contains(each.span, span));
      return thread && { name: `P${thread.index}`, span: thread.span };
    },
  });
  const steps = pageSteps(
    tellWitness(witness),
    excerpts,
    ({ file, span }) => `${file}:${lines.position(span.start).line + 1}`,
  );
  const title = titleOf(program, outcome);
  return {
    title,
    currency: 'current',
    picture: svg(executionGraph(witness)),
    page: {
      executions: [{ title, about: aboutOf(program, witness), without: [], with: '', steps }],
      excerpts: excerpts.all,
    },
    assumptions: [],
    isTest: true,
  };
}

/** The event with its place in the test. */
function placed(path: string, text: string, event: WitnessEvent): WitnessEvent {
  const { thread, span } = event;
  if (thread < 0) return event;
  const [primitive] = /^\w*/.exec(text.slice(span.start, span.end))!;
  return {
    ...event,
    origin: { file: path, span, function: `P${thread}`, primitive: primitive!, site: '' },
  };
}

function titleOf({ name }: Program, { witness }: Outcome): string {
  return witness === undefined ? `${name}: forbidden` : `${name}: allowed`;
}

/** What is seen in it, and why the model forbids it. */
function aboutOf({ condition: { quantifier } }: Program, witness: Witness): readonly string[] {
  const what = quantifier === 'forall' ? 'It ends in this state' : 'It ends as the condition says';
  const { forbidden } = witness;
  if (forbidden === undefined) return [what, witness.final];
  const cycle = forbidden.cycle.map(({ relation }) => relation).join(', ');
  return [`${what}, which the axiom ${forbidden.axiom} forbids: ${cycle}`, witness.final];
}
