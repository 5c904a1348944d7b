/**
 * What models may use without defining it: herd's standard library (stdlib.cat) and the files that
 * models include from it (cross.cat, cos-opt.cat), by their definitions.
 */

import * as algebra from '../memory-model/relation.ts';
import { asRelation, asSet, elementsOf, indices, ModelError, type Value } from './value.ts';

/** Defined from the base relations and sets of an execution, before the model's first instruction. */
export const STANDARD = `
let emptyset = domain 0
let po-loc = po & loc
let rfe = rf & ext
let rfi = rf & int
let co0 = loc & ((IW * (W \\ IW)) | ((W \\ FW) * FW))
let toid(s) = [s]
let fencerel(B) = (po & (_ * B)) ; po
let nodetour(r1, r2, r3) = r1 \\ (r2 ; r3)
let singlestep(r) = nodetour(r, r, r)
`;

/** The library files that models include by name. Choosing co only among the orders that extend what
 *  each location's reads already show loses none that a coherent model allows. */
export const LIBRARY_FILES: ReadonlyMap<string, string> = new Map([
  ['cross.cat', 'let generate_cos(pco) = generate-orders(W, pco)\n'],
  ['cos.cat', 'include "cos-opt.cat"\n'],
  [
    'cos-opt.cat',
    `
include "cross.cat"
let invrf = rf^-1
let shown-co =
  (po-loc & (W * W)) | (rf ; (po-loc & (R * W)))
  | (((po-loc & (W * R)) ; invrf) \\ id) | ((rf ; (po-loc & (R * R)) ; invrf) \\ id)
let cobase = (shown-co & (W * W)) | co0
acyclic cobase as coherence-base
with co from generate_cos(cobase)
let coi = co & int
let coe = co \\ coi
let fr = (invrf ; co) \\ id
let fri = fr & int
let fre = fr \\ fri
`,
  ],
]);

/** The functions that are no cat text: over `size` events, `loc` and `sameValue` as the base says. */
export function builtins(
  size: number,
  loc: algebra.Relation,
  sameValue: (a: number, b: number) => boolean,
): Map<string, Value> {
  const fn = (apply: (argument: Value) => Value): Value => ({ kind: 'function', apply });
  const set = (events: algebra.EventSet): Value => ({ kind: 'set', set: events });
  return new Map<string, Value>([
    ['domain', fn((r) => set(algebra.domain(asRelation(r, size))))],
    ['range', fn((r) => set(algebra.range(asRelation(r, size))))],
    ['map', fn((f) => fn((over) => map(f, over, size)))],
    ['cross', fn((choices) => cross(choices, size))],
    ['generate-orders', fn((argument) => generateOrders(argument, loc, size))],
    [
      'different-values',
      fn((r) => {
        const relation = algebra.copyOf(asRelation(r, size));
        for (const [from, to] of algebra.pairsOf(relation)) {
          if (sameValue(from, to)) algebra.removePair(relation, from, to);
        }
        return { kind: 'relation', relation };
      }),
    ],
  ]);
}

function map(f: Value, over: Value, size: number): Value {
  if (f.kind !== 'function') throw new ModelError('map takes a function');
  return { kind: 'collection', elements: elementsOf(over, size).map((e) => f.apply(e)) };
}

/** All unions that take one relation from each collection. */
function cross(choices: Value, size: number): Value {
  let unions = [algebra.emptyRelation(size)];
  for (const choice of elementsOf(choices, size)) {
    const relations = elementsOf(choice, size).map((element) => asRelation(element, size));
    unions = unions.flatMap((sofar) => relations.map((relation) => algebra.union(sofar, relation)));
  }
  return {
    kind: 'collection',
    elements: unions.map((relation) => ({ kind: 'relation', relation })),
  };
}

/** All relations that order the events of a set totally at each location and extend a given order. */
function generateOrders(argument: Value, loc: algebra.Relation, size: number): Value {
  const [events, base] = argument.kind === 'tuple' ? argument.elements : [];
  if (events === undefined || base === undefined)
    throw new ModelError('generate_orders takes a pair');
  const order = algebra.closure(asRelation(base, size));
  const classes = locationClasses(indices(asSet(events, size), size), loc);
  const perLocation: Value[] = classes.map((members) => ({
    kind: 'collection',
    elements: linearisations(members, order).map((line) => ({
      kind: 'relation',
      relation: totalOrder(line, size),
    })),
  }));
  return cross({ kind: 'collection', elements: perLocation }, size);
}

function locationClasses(events: readonly number[], loc: algebra.Relation): number[][] {
  const classes: number[][] = [];
  for (const event of events) {
    const known = classes.find(([first]) => first !== undefined && algebra.has(loc, first, event));
    if (known === undefined) classes.push([event]);
    else known.push(event);
  }
  return classes;
}

/** The permutations of `events` in which nothing stands before what `order` puts before it. */
function linearisations(events: readonly number[], order: algebra.Relation): number[][] {
  if (events.length === 0) return [[]];
  return events
    .filter((event) => !events.some((other) => algebra.has(order, other, event)))
    .flatMap((first) =>
      linearisations(
        events.filter((event) => event !== first),
        order,
      ).map((rest) => [first, ...rest]),
    );
}

function totalOrder(line: readonly number[], size: number): algebra.Relation {
  const relation = algebra.emptyRelation(size);
  line.forEach((from, rank) => {
    for (const to of line.slice(rank + 1)) algebra.addPair(relation, from, to);
  });
  return relation;
}
