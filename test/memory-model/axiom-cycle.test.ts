/** What forbids an execution, on random programs: a closed cycle whose pairs are enough to forbid it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokenOrdering } from '../../server/src/memory-model/axiom-cycle.ts';
import { communicationOf } from '../../server/src/memory-model/candidate.ts';
import type { EventStructure } from '../../server/src/memory-model/event-structure.ts';
import {
  type Basic,
  basicRelations,
  brokenCoherence,
  judge,
} from '../../server/src/memory-model/linux-kernel.ts';
import type { WitnessEdge } from '../../server/src/memory-model/outcome.ts';
import {
  addPair,
  chain,
  emptyRelation,
  intersection,
  into,
  type Relation,
  union,
} from '../../server/src/memory-model/relation.ts';
import { scopeOf } from '../../server/src/memory-model/scope.ts';
import { candidateExecutions } from '../../server/src/search/enumerate.ts';
import { programOf } from './support/check-litmus.ts';
import { circularLitmus } from './support/random-litmus.ts';

/** Axioms whose cycles have edges that stand for many pairs (`rcu-fence`, `vis`). */
const SUMMARY = new Set(['rcu', 'plain-coherence']);

test('the pairs on the cycle that forbids an execution forbid it alone', () => {
  let forbidden = 0;
  fc.assert(
    fc.property(circularLitmus, (text) => {
      const program = programOf(text);
      let looked = 0;
      for (const execution of candidateExecutions(program, scopeOf(program), 2)) {
        if (++looked > 300) break;
        const { structure } = execution;
        const com = communicationOf(execution);
        if (brokenCoherence(structure, com) !== undefined) continue;
        const basic = basicRelations(structure);
        const broken = brokenOrdering(structure, basic, com);
        expect(broken?.axiom).toBe(judge(structure, basic, com).broken);
        if (broken === undefined) continue;
        expect(isClosed(broken.cycle)).toBe(true);
        if (SUMMARY.has(broken.axiom)) continue;
        forbidden++;
        const kept = only(structure, basic, broken.cycle);
        expect(judge(kept.structure, kept.basic, com).broken).toBeDefined();
      }
    }),
    { numRuns: 600, interruptAfterTimeLimit: 20_000 },
  );
  expect(forbidden).toBeGreaterThan(20);
});

function isClosed(cycle: readonly WitnessEdge[]): boolean {
  return (
    cycle.length > 0 &&
    cycle.every(({ to }, place) => to === cycle[(place + 1) % cycle.length]!.from)
  );
}

/** The structure with only those dependencies and fences that the edges name. */
function only(structure: EventStructure, basic: Basic, cycle: readonly WitnessEdge[]) {
  const { size, sets } = structure;
  const named = (name: string, whole: Relation) => {
    const pairs = emptyRelation(size);
    for (const { relation, from, to } of cycle) if (relation === name) addPair(pairs, from, to);
    return intersection(pairs, whole);
  };
  const addr = named('addr', structure.addr);
  const data = named('data', structure.data);
  const ctrl = named('ctrl', structure.ctrl);
  const wmb = named('wmb', basic.wmb);
  const dep = union(addr, data);
  return {
    structure: { ...structure, addr, data, ctrl },
    basic: {
      ...basic,
      dep,
      rwdep: into(union(dep, ctrl), sets.W),
      addrWmb: chain(into(addr, sets.Plain), wmb),
      wmb,
      rmb: named('rmb', basic.rmb),
      staticMb: named('mb', basic.staticMb),
      gp: named('gp', basic.gp),
      poRel: named('po-rel', basic.poRel),
      acqPo: named('acq-po', basic.acqPo),
    },
  };
}
