/** Of per-CPU variables, of which an open question has one object each: whether two functions can mean those of one CPU. */

import { fieldName } from '../facts/file-facts.ts';
import { functionsCalling } from '../facts/functions-of-file.ts';
import type { Assumption } from '../lowering/lowering.ts';
import { ofOneCpu } from '../lowering/per-cpu.ts';
import type { PlacedFunction } from '../pairing/function-index.ts';
import type { FunctionsOf } from '../pairing/met-orders.ts';
import type { SharedOrder } from '../pairing/pairing.ts';

/** Whether one function accesses all that is asked about on the CPU that it runs on, and the other one, which does not ask for
 *  that, nor those of its file that call it, on a CPU that it is told: it may be told the one of the first. */
export function mayMeanOneCpu(
  assumptions: readonly Assumption[],
  { first, second }: SharedOrder,
  sources: Pick<FunctionsOf, 'facts'>,
): boolean {
  const makers = (kind: Assumption['kind']) =>
    [first, second].map((field) =>
      assumptions
        .filter((each) => each.kind === kind && each.message === ofOneCpu(fieldName(field)))
        .flatMap(({ place }) => (place ? functionsAt(place, sources) : [])),
    );
  const [own, told] = [makers('own-cpu'), makers('any-cpu')];
  const onOwn = new Set(own.flat().map(({ fact }) => fact));
  return (
    [...own, ...told].every((functions) => functions.length > 0) &&
    told.flat().every((of) => !onOwn.has(of.fact) && !asksForOwn(of, sources))
  );
}

function functionsAt(
  { file, span }: NonNullable<Assumption['place']>,
  { facts }: Pick<FunctionsOf, 'facts'>,
): readonly PlacedFunction[] {
  return (facts(file)?.functions ?? [])
    .filter((fact) => fact.span.start <= span.start && span.end <= fact.span.end)
    .map((fact) => ({ file, fact }));
}

/** Whether a function, or one of its file that calls it, asks on which CPU it runs: that may be what is told. */
function asksForOwn(
  { file, fact }: PlacedFunction,
  { facts }: Pick<FunctionsOf, 'facts'>,
): boolean {
  return [fact, ...functionsCalling(facts(file), fact.name)].some(({ calls }) =>
    calls.some((name) => OWN_CPU.test(name)),
  );
}

const OWN_CPU = /^(?:(?:__|raw_)?smp_processor_id|get_cpu|task_cpu)$/;
