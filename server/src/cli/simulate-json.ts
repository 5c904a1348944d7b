/** The answers of `barrierlens simulate --json`. */

import type { MissingMark } from '../proof/missing-marks.ts';
import type { Remedy } from '../proof/remedy.ts';
import type { ScenarioAnswer, UnkeptOrder } from '../proof/scenario-answer.ts';
import type { SupposedAnswer } from '../proof/suppositions.ts';
import type { ExecutionStep } from '../proof/tell-execution.ts';
import { remarksOn, type TransitionTable } from '../proof/transition-table.ts';
import type { PlacePrinter } from './simulate-text.ts';

/** What is printed: observations of each scenario's invariants, needs, suppositions, assumptions. Lines and
 *  ordinals count from 1; `observation` is `unknown` where the answer is not known. */
export function jsonOf(
  table: TransitionTable,
  supposed: readonly SupposedAnswer[],
  marks: readonly MissingMark[],
  show: PlacePrinter,
): object {
  return {
    scenarios: table.answers.flatMap((answer) => scenarioJson(answer, show)),
    needs: table.rows.map(
      ({ barrier, path, invariant, orders, verdict, by, reason, lacks, scenarios }) => ({
        barrier,
        path,
        invariant,
        orders,
        verdict,
        by,
        reason,
        ...(lacks !== undefined && { lacks }),
        remarks: remarksOn(table, barrier, path).map(({ words, page }) => ({ words, page })),
        scenarios,
      }),
    ),
    suppositions: supposed.map(({ scenario, supposition, before, after }) => ({
      scenario: scenario.name,
      path: scenario.path,
      supposition: supposition.name,
      words: supposition.words,
      invariant: after.name,
      before: before.observation ?? 'unknown',
      observation: after.observation ?? 'unknown',
    })),
    missingMarks: marks.map((mark) => markJson(mark, show)),
    assumptions: table.assumptions.map(({ kind, message, place }) => ({
      kind,
      message,
      ...(place && { place: show(place) }),
    })),
  };
}

function markJson({ place, unknown, ...mark }: MissingMark, show: PlacePrinter): object {
  return { place: show(place), ...mark, ...(unknown !== undefined && { unknown }) };
}

function scenarioJson(
  { scenario, invariants, notModelled }: ScenarioAnswer,
  show: PlacePrinter,
): readonly object[] {
  return invariants.map((answer) => {
    const { name, words, observation, unknown, start, execution, unkept, remedy, accepted } =
      answer;
    return {
      scenario: scenario.name,
      path: scenario.path,
      invariant: name,
      words,
      observation: observation ?? 'unknown',
      ...(unknown && { unknown: unknown.reason, place: show(unknown.place) }),
      ...(notModelled.length > 0 && {
        notModelled: notModelled.map(({ message, place }) => `${show(place)}: ${message}`),
      }),
      ...(accepted !== undefined && { accepted }),
      ...(observation === 'Sometimes' && {
        start,
        missing: unkept.map((order) => missingJson(order, show)),
        ...remedyJson(remedy(), show),
        execution: stepsJson(execution(), show),
      }),
    };
  });
}

function remedyJson(remedy: Remedy | undefined, show: PlacePrinter): object {
  if (remedy === undefined) return {};
  const { kind, thread, at } = remedy;
  return { remedy: { kind, thread, function: at.function, at: show(at) } };
}

function missingJson({ first, last, ...order }: UnkeptOrder, show: PlacePrinter): object {
  return { ...order, ...(first && { first: show(first) }), ...(last && { last: show(last) }) };
}

function stepsJson(steps: readonly ExecutionStep[], show: PlacePrinter): readonly object[] {
  return steps.map(({ thread, place, function: name, message }) => ({
    thread,
    ...(place && { place: show(place) }),
    ...(name && { function: name }),
    message,
  }));
}
