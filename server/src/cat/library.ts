/**
 * What models may use without defining it: herd's standard library (stdlib.cat) and the files that
 * models include from it (cross.cat, cos-opt.cat), by their definitions.
 */

import { has, type Relation } from '../memory-model/relation.ts';
import type { Instruction } from './ast.ts';
import { parseCat } from './parse.ts';
import { sourceOf } from './source.ts';
import { knownRelation, type Term, type Terms } from './term.ts';
import { asRelation, asSet, elementsOf, eventsOf, ModelError, type Value } from './value.ts';

/** The sets and relations that a program gives a model; tags give more sets. */
export const BASE_SETS = 'R W M F IW FW RMW LKR LKW UL LF RL RU'.split(' ');
export const BASE_RELATIONS = 'po addr data ctrl rmw loc int ext rf'.split(' ');

/** Defined from the base relations and sets of an execution, before the model's first instruction. herd also
 *  puts the writes of FW last in co0; here FW is what co puts last. */
const STANDARD = `
let emptyset = domain 0
let po-loc = po & loc
let rfe = rf & ext
let rfi = rf & int
let co0 = loc & (IW * (W \\ IW))
let toid(s) = [s]
let fencerel(B) = (po & (_ * B)) ; po
let nodetour(r1, r2, r3) = r1 \\ (r2 ; r3)
let singlestep(r) = nodetour(r, r, r)
`;

export const standardInstructions: readonly Instruction[] = parseCat(
  STANDARD,
  sourceOf('stdlib.cat', STANDARD, true),
).model.instructions;

/** The library files that models include by name. Choosing co only among the orders that extend what
 *  each location's reads already show loses none that a coherent model allows. */
export const LIBRARY_FILES: ReadonlyMap<string, string> = new Map([
  [
    'cross.cat',
    `
let generate_orders(s, pco) = generate-orders(s, pco)
let generate_cos(pco) = generate-orders(W, pco)
`,
  ],
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

/** All names that no model needs to define. */
export const DEFINED_BY_HERD: readonly string[] = [
  ...BASE_SETS,
  ...BASE_RELATIONS,
  'id',
  'domain',
  'range',
  'map',
  'cross',
  'linearisations',
  'generate-orders',
  'different-values',
];

/** The functions that are no cat text; `sameValue` relates the events that have one value. */
export function builtins(terms: Terms, loc: Term, sameValue: Term): Map<string, Value> {
  const fn = (apply: (argument: Value) => Value): Value => ({ kind: 'function', apply });
  const set = (events: Term): Value => ({ kind: 'set', set: events });
  return new Map<string, Value>([
    ['domain', fn((r) => set(terms.domain(asRelation(r, terms))))],
    ['range', fn((r) => set(terms.domain(terms.inverse(asRelation(r, terms)))))],
    ['map', fn((f) => fn((over) => map(f, over)))],
    ['cross', fn((choices) => cross(choices, terms))],
    ['linearisations', fn((argument) => linearisations(argument, terms))],
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

/** All total orders of the events of a set that extend a relation. */
function linearisations(argument: Value, terms: Terms): Value {
  const [set, base] = argument.kind === 'tuple' ? argument.elements : [];
  if (set === undefined || base === undefined) throw new ModelError('linearisations takes a pair');
  const events = asSet(set, terms);
  const among = terms.sequence(events, terms.sequence(terms.full, events));
  const order = terms.intersection(asRelation(base, terms), among);
  return { kind: 'orders', classes: [eventsOf(events)], base: order };
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
