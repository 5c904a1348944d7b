/** All that a choice may be, where it does not depend on another that is still open. */

import {
  addPair,
  closure,
  emptyRelation,
  has,
  type Relation,
  union,
} from '../memory-model/relation.ts';
import { type Choice, knownRelation, NotChosenYet } from './term.ts';

/** The relations that a choice over `size` events may be. */
export function completionsOf(choice: Choice, size: number): readonly Relation[] {
  switch (choice.kind) {
    case 'reads-from':
    case 'same-value':
    case 'final':
      throw new NotChosenYet();
    case 'selection':
      return unions(choice.components, size);
    case 'order': {
      const base = closure(knownRelation(choice.base));
      const orders = choice.classes.map((events) =>
        linearisations(events, base).map((line) => totalOrder(line, size)),
      );
      return unions(orders, size);
    }
  }
}

/** All unions that take one relation of each component. */
function unions(components: readonly (readonly Relation[])[], size: number): readonly Relation[] {
  let sofar: readonly Relation[] = [emptyRelation(size)];
  for (const component of components)
    sofar = sofar.flatMap((one) => component.map((relation) => union(one, relation)));
  return sofar;
}

/** The permutations of `events` in which nothing stands before what `order` puts before it. */
function linearisations(events: readonly number[], order: Relation): readonly number[][] {
  if (events.length === 0) return [[]];
  return firstOf(events, order).flatMap((first) =>
    linearisations(
      events.filter((event) => event !== first),
      order,
    ).map((rest) => [first, ...rest]),
  );
}

/** Those of `events` that `order` puts none of them before. */
export function firstOf(events: readonly number[], order: Relation): readonly number[] {
  return events.filter((event) => !events.some((other) => has(order, other, event)));
}

function totalOrder(line: readonly number[], size: number): Relation {
  const relation = emptyRelation(size);
  line.forEach((from, rank) => {
    for (const to of line.slice(rank + 1)) addPair(relation, from, to);
  });
  return relation;
}
