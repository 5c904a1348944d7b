/** Names for a printed program: C identifiers for its locations and registers, each its own. */

import type {
  Expression,
  LocationName,
  Observable,
  Program,
  Proposition,
  Statement,
} from '../program/program.ts';
import { equationsIn, isObservable } from '../program/proposition.ts';
import { operandsOf, outermostExpressions } from '../program/walk.ts';

export interface Names {
  readonly location: (name: LocationName) => string;
  readonly register: (thread: number, name: string) => string;
}

/** `func.transition` becomes `func_transition`; a name that is taken gets a number. */
export function namesOf(program: Program): Names {
  const locations = distinct(locationsOf(program), new Set(RESERVED));
  const taken = [...RESERVED, ...locations.values()];
  const registers = program.threads.map((thread) => {
    const parameters = new Set(thread.parameters.map(({ name }) => name));
    const own = registersOf(program, thread.index).filter((name) => !parameters.has(name));
    const renamed = distinct(own, new Set(taken));
    for (const name of parameters) renamed.set(name, locations.get(name)!);
    return renamed;
  });
  return {
    location: (name) => locations.get(name) ?? identifier(name),
    register: (thread, name) => registers[thread]?.get(name) ?? identifier(name),
  };
}

/** The locations a thread needs as parameters, in the order of their first use. */
export function locationsUsed(body: readonly Statement[]): readonly LocationName[] {
  const used = new Set<LocationName>();
  const visit = (expression: Expression): void => {
    const constant = constantAddress(expression);
    if (constant !== undefined) used.add(constant);
    else operandsOf(expression).forEach(visit);
  };
  outermostExpressions(body).forEach(visit);
  return [...used];
}

/** The location whose address an expression always is; undefined for any other expression. */
export function constantAddress(expression: Expression): LocationName | undefined {
  if (expression.kind === 'value')
    return expression.value.kind === 'address' ? expression.value.of : undefined;
  if (expression.kind !== 'member' && expression.kind !== 'container') return undefined;
  const base = constantAddress(expression.base);
  if (base === undefined || expression.kind === 'member')
    return base && `${base}.${expression.path}`;
  const suffix = `.${expression.path}`;
  return base.endsWith(suffix) ? base.slice(0, -suffix.length) : undefined;
}

/** Words that mean something to herd, in code or in conditions. */
const RESERVED = [
  ...[
    'if',
    'else',
    'while',
    'int',
    'char',
    'long',
    'void',
    'struct',
    'volatile',
    'const',
    'atomic',
  ],
  ...['lock', 'unlock', 'regions', 'exists', 'forall', 'locations', 'filter', 'final', 'observed'],
  ...[
    'true',
    'false',
    'not',
    'and',
    'with',
    'fault',
    'tag',
    'attrs',
    'oa',
    'pac',
    'scopes',
    'levels',
  ],
];

function identifier(name: string): string {
  const cleaned = (name.match(/[A-Za-z0-9]+/g) ?? []).join('_');
  return /^[A-Za-z]/.test(cleaned) && !/^P\d+$/.test(cleaned) ? cleaned : `v_${cleaned}`;
}

/** An identifier for each name, none of them in `taken`, which grows. */
function distinct(names: readonly string[], taken: Set<string>): Map<string, string> {
  const result = new Map<string, string>();
  for (const name of names) {
    if (result.has(name)) continue;
    const wanted = identifier(name);
    let given = wanted;
    for (let number = 2; taken.has(given); number++) given = `${wanted}_${number}`;
    taken.add(given);
    result.set(name, given);
  }
  return result;
}

function locationsOf(program: Program): readonly LocationName[] {
  const observables = observablesOf(program);
  return [
    ...program.initial.flatMap(({ target, value }) => [
      ...(target.kind === 'location' ? [target.name] : []),
      ...(value.kind === 'address' ? [value.of] : []),
    ]),
    ...program.threads.flatMap(({ parameters }) => parameters.map(({ name }) => name)),
    ...program.threads.flatMap(({ body }) => locationsUsed(body)),
    ...observables.flatMap((one) => (one.kind === 'location' ? [one.name] : [])),
  ];
}

function registersOf(program: Program, thread: number): readonly string[] {
  const names: string[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'register') names.push(expression.name);
    operandsOf(expression).forEach(visit);
  };
  const { body } = program.threads[thread]!;
  names.push(...assignedIn(body));
  outermostExpressions(body).forEach(visit);
  for (const one of observablesOf(program))
    if (one.kind === 'register' && one.thread === thread) names.push(one.name);
  return names;
}

/** The registers that statements declare or assign. */
export function assignedIn(body: readonly Statement[]): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'declare' || statement.kind === 'assign') return [statement.register];
    if (statement.kind === 'if')
      return [...assignedIn(statement.then), ...assignedIn(statement.otherwise)];
    return statement.kind === 'while' ? assignedIn(statement.body) : [];
  });
}

function observablesOf(program: Program): readonly Observable[] {
  const inside = (proposition: Proposition) =>
    equationsIn(proposition).flatMap(({ left, right }): readonly Observable[] => {
      if (isObservable(right)) return [left, right];
      return right.kind === 'address' ? [left, { kind: 'location', name: right.of }] : [left];
    });
  const initial = program.initial.map(({ target }) => target);
  const filter = program.filter === undefined ? [] : inside(program.filter);
  return [...initial, ...program.observed, ...filter, ...inside(program.condition.proposition)];
}
