/**
 * What models may use without defining it: herd's standard library (stdlib.cat) and the files that
 * models include from it (cross.cat, cos-opt.cat), by their definitions.
 */

import { has, type Relation } from '../memory-model/relation.ts';
import { knownRelation, type Term, type Terms } from './term.ts';
import { asRelation, asSet, elementsOf, eventsOf, ModelError, type Value } from './value.ts';

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
let cobase = shown-co | co0
acyclic cobase as ConsCo
with co from generate_cos(cobase)
let coi = co & int
let coe = co \\ coi
let fr = (invrf ; co) \\ id
let fri = fr & int
let fre = fr \\ fri
`,
  ],
]);

/** The functions that are no cat text; `sameValue` relates the events that have one value. */
export function builtins(terms: Terms, loc: Term, sameValue: Term): Map<string, Value> {
  const fn = (apply: (argument: Value) => Value): Value => ({ kind: 'function', apply });
  const set = (events: Term): Value => ({ kind: 'set', set: events });
  return new Map<string, Value>([
    ['domain', fn((r) => set(terms.domain(asRelation(r, terms))))],
    ['range', fn((r) => set(terms.domain(terms.inverse(asRelation(r, terms)))))],
    ['map', fn((f) => fn((over) => map(f, over)))],
    ['cross', fn((choices) => cross(choices, terms))],
    ['generate-orders', fn((argument) => generateOrders(argument, loc, terms))],
    [
      'different-values',
      fn((r) => ({
        kind: 'relation',
        relation: terms.difference(asRelation(r, terms), sameValue),
      })),
    ],
  ]);
}

function map(f: Value, over: Value): Value {
  if (f.kind !== 'function') throw new ModelError('map takes a function');
  return { kind: 'collection', elements: elementsOf(over).map((e) => f.apply(e)) };
}

/** All unions that take one relation from each collection. */
function cross(choices: Value, terms: Terms): Value {
  const components = elementsOf(choices).map((choice) =>
    elementsOf(choice).map((element) => asRelation(element, terms)),
  );
  return { kind: 'selections', components };
}

/** All relations that order the events of a set totally at each location and extend a given order. */
function generateOrders(argument: Value, loc: Term, terms: Terms): Value {
  const [set, base] = argument.kind === 'tuple' ? argument.elements : [];
  if (set === undefined || base === undefined) throw new ModelError('generate_orders takes a pair');
  const events = asSet(set, terms);
  const among = terms.sequence(events, terms.sequence(terms.full, events));
  const atOneLocation = terms.intersection(loc, among);
  const classes = classesOf(eventsOf(events), knownRelation(atOneLocation));
  return {
    kind: 'orders',
    classes,
    base: terms.intersection(asRelation(base, terms), atOneLocation),
  };
}

function classesOf(events: readonly number[], related: Relation): readonly (readonly number[])[] {
  const classes: number[][] = [];
  for (const event of events) {
    const known = classes.find(([first]) => first !== undefined && has(related, first, event));
    if (known === undefined) classes.push([event]);
    else known.push(event);
  }
  return classes;
}
