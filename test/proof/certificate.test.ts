/** Certificates on random programs: an execution stays forbidden as long as its certificate's orders are kept. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { communicationOf } from '../../server/src/memory-model/candidate.ts';
import { brokenCoherence } from '../../server/src/memory-model/linux-kernel.ts';
import { scopeOf } from '../../server/src/memory-model/scope.ts';
import type { Origin, Program, Traced } from '../../server/src/program/program.ts';
import { rewriteProgram } from '../../server/src/program/rewrite-program.ts';
import {
  type Certificate,
  holdsFor,
  placedIn,
  stillForbids,
} from '../../server/src/proof/certificate.ts';
import {
  type PreparedExecution,
  type RelaxedModel,
  relaxedModel,
} from '../../server/src/proof/relaxed-model.ts';
import { ordersBySite, type TakenOrder } from '../../server/src/proof/taken-order.ts';
import { candidateExecutions } from '../../server/src/search/enumerate.ts';
import { programOf } from '../memory-model/support/check-litmus.ts';
import { circularLitmus } from '../memory-model/support/random-litmus.ts';

/** Sites are named by where their statement stands in the text; there are fewer than this many. */
const LONGEST = 600;
const FIELDS = [undefined, 'x', 'y', 'z'];

const takenOrder = fc.record({
  place: fc.nat(LONGEST),
  before: fc.constantFrom(...FIELDS),
  after: fc.constantFrom(...FIELDS),
});
const question = fc.array(takenOrder, { maxLength: 4 });

test('what a certificate forbids is forbidden, for all executions that it holds for', () => {
  let applied = 0;
  let appliedElsewhere = 0;
  fc.assert(
    fc.property(circularLitmus, fc.array(question, { minLength: 6 }), (text, drawn) => {
      const { program, sites } = withSites(programOf(branching(text)));
      const model = relaxedModel((location) => location);
      const questions = drawn.map((orders) => orders.map((order) => takenFrom(sites, order)));
      const executions = coherentExecutions(program, model);
      const found: Certificate[] = [];
      for (const execution of executions) {
        const asked: (readonly TakenOrder[])[] = [...questions];
        for (const without of asked) {
          const answer = model.ask(execution, without);
          if (answer.kind === 'forbidden' && answer.certificate !== undefined) {
            found.push(answer.certificate);
            if (asked.length < MOST_ASKED) asked.push(...more(without, answer.certificate));
          }
          const forbidding = found.filter((each) => {
            const placed = placedIn(each, execution.contributions);
            return (
              placed !== undefined &&
              holdsFor(placed, execution.com) &&
              stillForbids(placed, ordersBySite(without))
            );
          });
          if (forbidding.length === 0) continue;
          applied++;
          const isElsewhere = (each: Certificate) => each.contributions !== execution.contributions;
          if (forbidding.some(isElsewhere)) appliedElsewhere++;
          expect(answer.kind).toBe('forbidden');
        }
      }
    }),
    { numRuns: 200, interruptAfterTimeLimit: 30_000 },
  );
  expect(applied).toBeGreaterThan(50);
  expect(appliedElsewhere).toBeGreaterThan(10);
});

const MOST_ASKED = 30;

/** Questions that take away more: an order of the certificate, or what concerns one of its fields. */
function more(
  without: readonly TakenOrder[],
  { orders }: Certificate,
): readonly (readonly TakenOrder[])[] {
  return orders.flatMap(({ site, before, after }) => [
    [...without, { site, ...(before !== undefined && { before }) }],
    [...without, { site, ...(after !== undefined && { after }) }],
  ]);
}

/** With a path that has the fences, and a write at its end, and one that has not, whatever the rest does. */
function branching(text: string): string {
  const [first, ...others] = text.split(/(?=\nP\d)/);
  const changed = others.map((thread, at) => {
    if (at === 0) return thread.replace('\n}', '\n\tWRITE_ONCE(*c0, 1);\n}');
    return thread
      .replaceAll(/smp_(?:mb|wmb|rmb)\(\);/g, 'if (r2) { $& }')
      .replace('\tint r2;\n', '$&\tr2 = READ_ONCE(*c0);\n')
      .replace('\n}', '\n\tif (r2) { WRITE_ONCE(*c2, 1); }\n}');
  });
  return [first, ...changed].join('');
}

/** Coherent executions, some of each combination of paths. */
function coherentExecutions(program: Program, model: RelaxedModel): readonly PreparedExecution[] {
  const alike = new Map<PreparedExecution['contributions'], PreparedExecution[]>();
  for (const execution of candidateExecutions(program, scopeOf(program), 2)) {
    if (brokenCoherence(execution.structure, communicationOf(execution))) continue;
    const prepared = model.prepare(execution);
    const known = alike.get(prepared.contributions) ?? [];
    alike.set(prepared.contributions, known);
    if (known.length < MOST_ALIKE) known.push(prepared);
  }
  return [...alike.values()].flat();
}

const MOST_ALIKE = 25;

/** The program with a site for each of its statements and expressions. */
function withSites(program: Program): { readonly program: Program; readonly sites: string[] } {
  const sites = new Set<string>();
  const placed = <Node extends Traced>(node: Node): Node => {
    const site = `${node.span.start}`;
    sites.add(site);
    const origin: Origin = { site, file: '', span: node.span, function: '', primitive: '' };
    return { ...node, origin };
  };
  const rewritten = rewriteProgram(program, {
    statement: placed,
    expression: (expression) => ('span' in expression ? placed(expression) : expression),
  });
  return { program: rewritten, sites: [...sites] };
}

function takenFrom(
  sites: readonly string[],
  {
    place,
    before,
    after,
  }: { place: number; before: string | undefined; after: string | undefined },
): TakenOrder {
  const site = sites[place % sites.length]!;
  return {
    site,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}
