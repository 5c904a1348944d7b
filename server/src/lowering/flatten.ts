/**
 * Turns a program lowered from C into one that plain litmus can say and herd7 accepts: no `member` or
 * `container`, no pointers in memory or registers, no `stop`.
 *
 * Addresses become numbers, laid out like a struct: the number of `x.a.b` is that of `x` plus one
 * step for `a` and one for `b`, so that pointer arithmetic is arithmetic and keeps its dependencies.
 * An access through a computed number goes to the location whose number it equals, in a ladder of
 * `if`s; there the number still is part of the address (`*(x + (r - 17))`), which keeps the address
 * dependency. A `stop` sets a register instead, and the filter drops the executions in which it is set.
 */

import type { RmwFunction } from '../kernel/operation.ts';
import type {
  Expression,
  LocationName,
  Observable,
  Parameter,
  Program,
  Proposition,
  ReadModifyWrite,
  Relaxation,
  Statement,
  Thread,
} from '../litmus/program.ts';
import type { Problem, Span } from '../text/span.ts';
import { type AddressNumbers, addressNumbers } from './address-numbers.ts';
import { alwaysLeads, type ProgramValues, programValues, reachable } from './program-values.ts';
import { bodiesOf, expressionsOf } from './tidy.ts';
import { registersOf } from './value.ts';

/** The plain program, or why there is none. */
export interface Flattened {
  readonly program?: Program;
  readonly problems: readonly Problem[];
  /** The name that each location has in the plain program. */
  readonly names: ReadonlyMap<LocationName, string>;
}

interface Flattening {
  readonly values: ProgramValues;
  readonly numbers: AddressNumbers;
  readonly names: ReadonlyMap<LocationName, string>;
  readonly problems: Problem[];
  readonly thread: number;
}

/** Flattens `program`; its Observation stays what it was. */
export function flatten(program: Program): Flattened {
  const values = programValues(program);
  const numbers = addressNumbers(program, values);
  const names = plainNames(program, values);
  const problems: Problem[] = [];
  if (numbers.clash)
    problems.push({
      message: 'the addresses cannot be told from numbers',
      span: program.condition.span,
    });
  const threads = program.threads.map((thread) =>
    flatThread({ values, numbers, names, problems, thread: thread.index }, thread),
  );
  if (problems.length > 0) return { problems, names };
  const flat = (proposition: Proposition) => flatProposition(proposition, numbers, names);
  const { condition, filter: given, relaxations, ...rest } = program;
  const filter = [...(given === undefined ? [] : [flat(given)]), ...notStopped(program)];
  return {
    problems,
    names,
    program: {
      ...rest,
      initial: program.initial.map((one) => ({
        ...one,
        target: renamed(one.target, names),
        value: numbers.valueOf(one.value),
        type: '',
      })),
      threads,
      observed: program.observed.map((observable) => renamed(observable, names)),
      condition: { ...condition, proposition: flat(condition.proposition) },
      ...(filter.length > 0 && { filter: filter.reduce(both) }),
      ...(relaxations && { relaxations: relaxations.map((one) => renamedRelaxation(one, names)) }),
    },
  };
}

const STOPPED = 'stopped';

/** The locations by names that C takes, no two alike and none a register's. */
function plainNames(program: Program, values: ProgramValues): ReadonlyMap<LocationName, string> {
  const taken = new Set(program.threads.flatMap(({ body }) => [...registersIn(body)]));
  const names = new Map<LocationName, string>();
  for (const location of locationsOf(program, values)) {
    const plain = location.replace(/\W+/g, '_').replace(/^(?=\d)/, '_');
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}_${number}`;
    taken.add(name);
    names.set(location, name);
  }
  return names;
}

function locationsOf(program: Program, values: ProgramValues): ReadonlySet<LocationName> {
  const accessed = program.threads.flatMap(({ body, index }) => [...placesIn(values, index, body)]);
  const initial = program.initial.flatMap(({ target }) =>
    target.kind === 'location' ? target.name : [],
  );
  return new Set([...initial, ...values.locations.keys(), ...accessed]);
}

function placesIn(
  values: ProgramValues,
  thread: number,
  body: readonly Statement[],
): ReadonlySet<LocationName> {
  return new Set(
    body.flatMap((statement) => [
      ...(reachable(values, thread, addressOf(statement) ?? NO_ADDRESS) ?? []),
      ...bodiesOf(statement).flatMap((inner) => [...placesIn(values, thread, inner)]),
    ]),
  );
}

const NOWHERE: Span = { start: 0, end: 0 };
const NO_ADDRESS: Expression = {
  kind: 'value',
  value: { kind: 'integer', value: 0 },
  span: NOWHERE,
};

/** The address that a statement accesses; a lowered statement has at most one. */
function addressOf(statement: Statement): Expression | undefined {
  switch (statement.kind) {
    case 'store':
    case 'lock':
    case 'srcu':
      return statement.address;
    case 'assign':
    case 'evaluate':
      return 'address' in statement.value ? statement.value.address : undefined;
    case 'declare':
    case 'fence':
    case 'rcu':
    case 'if':
    case 'while':
    case 'stop':
      return undefined;
  }
}

function registersIn(body: readonly Statement[]): ReadonlySet<string> {
  return new Set(
    body.flatMap((statement) => [
      ...(statement.kind === 'assign' ? [statement.register] : []),
      ...(statement.kind === 'stop' ? [STOPPED] : []),
      ...expressionsOf(statement).flatMap(registersOf),
      ...bodiesOf(statement).flatMap((inner) => [...registersIn(inner)]),
    ]),
  );
}

function flatThread(flattening: Flattening, thread: Thread): Thread {
  const { values, names } = flattening;
  const declared = [...registersIn(thread.body)].map(
    (register): Statement => ({ kind: 'declare', register, type: 'int', span: thread.span }),
  );
  const parameters = [...placesIn(values, thread.index, thread.body)].map(
    (location): Parameter => ({ name: names.get(location)!, type: 'int *', span: thread.span }),
  );
  const body = thread.body.flatMap((statement) => flatStatement(flattening, statement));
  return { ...thread, parameters, body: [...declared, ...body] };
}

function flatStatement(flattening: Flattening, statement: Statement): readonly Statement[] {
  const { kind, span } = statement;
  if (kind === 'stop') {
    const value = numberExpression(1, span);
    return [{ kind: 'assign', register: STOPPED, value, ...traceOf(statement) }];
  }
  if (kind === 'if' || kind === 'while') {
    const condition = flatExpression(flattening, statement.condition);
    const inside = (body: readonly Statement[]) =>
      body.flatMap((one) => flatStatement(flattening, one));
    // biome-ignore-start lint/suspicious/noThenProperty: the name that branches have in programs.
    return kind === 'if'
      ? [
          {
            ...statement,
            condition,
            then: inside(statement.then),
            otherwise: inside(statement.otherwise),
          },
        ]
      : [{ ...statement, condition, body: inside(statement.body) }];
    // biome-ignore-end lint/suspicious/noThenProperty: as above.
  }
  const address = addressOf(statement);
  if (address === undefined) return [withoutAddress(flattening, statement)];
  return accessThrough(flattening, statement, address);
}

function traceOf({ span, origin }: Statement): Pick<Statement, 'span' | 'origin'> {
  return origin === undefined ? { span } : { span, origin };
}

function withoutAddress(flattening: Flattening, statement: Statement): Statement {
  if (statement.kind === 'assign' || statement.kind === 'evaluate')
    return { ...statement, value: flatExpression(flattening, statement.value) };
  if (statement.kind !== 'declare' || statement.value === undefined) return statement;
  return { ...statement, value: flatExpression(flattening, statement.value) };
}

/** The access at each location that the address may lead to, the one it does lead to being chosen. */
function accessThrough(
  flattening: Flattening,
  statement: Statement,
  address: Expression,
): readonly Statement[] {
  const { values, numbers, problems, thread } = flattening;
  const places = reachable(values, thread, address);
  const { span } = statement;
  if (places === undefined) {
    problems.push({ message: 'an access through a pointer that may lead anywhere', span });
    return [];
  }
  const number = flatExpression(flattening, address);
  const [last] = places.slice(-1);
  if (last === undefined) return [];
  if (address.kind === 'value')
    return [accessAt(flattening, statement, plainAddress(flattening, last, span))];
  const at = (place: LocationName) => {
    const offset = plus(number, -numbers.numberOf(place), span);
    const base = plainAddress(flattening, place, span);
    return accessAt(flattening, statement, {
      kind: 'binary',
      operator: '+',
      left: base,
      right: offset,
      span,
    });
  };
  if (places.length === 1 && alwaysLeads(values, thread, address)) return [at(last)];
  return places.reduceRight<readonly Statement[]>((otherwise, place) => {
    const condition = equalTo(number, numbers.numberOf(place), span);
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    return [{ kind: 'if', condition, then: [at(place)], otherwise, ...traceOf(statement) }];
  }, []);
}

function plainAddress({ names }: Flattening, place: LocationName, span: Span): Expression {
  return { kind: 'value', value: { kind: 'address', of: names.get(place)! }, span };
}

/** The statement with another address and its values flattened. */
function accessAt(flattening: Flattening, statement: Statement, address: Expression): Statement {
  const flat = (expression: Expression) => flatExpression(flattening, expression);
  switch (statement.kind) {
    case 'store':
      return { ...statement, address, value: flat(statement.value) };
    case 'lock':
      return { ...statement, address };
    case 'srcu':
      return { ...statement, address, ...(statement.index && { index: flat(statement.index) }) };
    case 'assign':
    case 'evaluate':
      return { ...statement, value: accessExpression(statement.value, address, flat) };
    default:
      return statement;
  }
}

function accessExpression(
  expression: Expression,
  address: Expression,
  flat: (expression: Expression) => Expression,
): Expression {
  switch (expression.kind) {
    case 'load':
    case 'lock-query':
    case 'srcu-lock':
      return { ...expression, address };
    case 'rmw':
      return {
        ...expression,
        ...unreturned(expression),
        address,
        operand: flat(expression.operand),
      };
    case 'cmpxchg':
      return {
        ...expression,
        address,
        expected: flat(expression.expected),
        desired: flat(expression.desired),
      };
    case 'add-unless':
      return {
        ...expression,
        address,
        operand: flat(expression.operand),
        unless: flat(expression.unless),
      };
    default:
      return expression;
  }
}

/** herd has no exchange without a value; setting a bit to 0 or 1 is the same as `and 0` or `or 1`. */
function unreturned({ order, apply, operand }: ReadModifyWrite): { readonly apply: RmwFunction } {
  const isSet = order === 'noreturn' && apply === 'set';
  if (!isSet || operand.kind !== 'value' || operand.value.kind !== 'integer') return { apply };
  return { apply: operand.value.value === 0 ? 'and' : 'or' };
}

/** An expression over numbers, with the operators that herd's C has. */
function flatExpression(flattening: Flattening, expression: Expression): Expression {
  const { numbers } = flattening;
  const { span } = expression;
  const flat = (operand: Expression) => flatExpression(flattening, operand);
  switch (expression.kind) {
    case 'value':
      return { ...expression, value: numbers.valueOf(expression.value) };
    case 'member':
      return plus(flat(expression.base), numbers.stepOf(expression.path), span);
    case 'container':
      return plus(flat(expression.base), -numbers.stepOf(expression.path), span);
    case 'not':
      return equalTo(flat(expression.operand), 0, span);
    case 'binary': {
      const [left, right] = [flat(expression.left), flat(expression.right)];
      if (expression.operator === '&&')
        return { ...expression, operator: '&', left: truth(left), right: truth(right) };
      if (expression.operator === '||')
        return { ...expression, operator: '|', left: truth(left), right: truth(right) };
      return { ...expression, left, right };
    }
    default:
      return expression;
  }
}

function numberExpression(value: number, span: Span): Expression {
  return { kind: 'value', value: { kind: 'integer', value }, span };
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

function truth(expression: Expression): Expression {
  if (expression.kind === 'binary' && COMPARISONS.has(expression.operator)) return expression;
  const { span } = expression;
  return {
    kind: 'binary',
    operator: '!=',
    left: expression,
    right: numberExpression(0, span),
    span,
  };
}

/** `expression + number`, constants drawn together. */
function plus(expression: Expression, number: number, span: Span): Expression {
  const { base, offset } = split(expression);
  const sum = offset + number;
  if (base === undefined) return numberExpression(sum, span);
  if (sum === 0) return base;
  const right = numberExpression(Math.abs(sum), span);
  return { kind: 'binary', operator: sum < 0 ? '-' : '+', left: base, right, span };
}

/** `expression == number`, constants drawn to the right. */
function equalTo(expression: Expression, number: number, span: Span): Expression {
  const { base, offset } = split(expression);
  const left = base ?? numberExpression(offset, span);
  const right = numberExpression(base === undefined ? number : number - offset, span);
  return { kind: 'binary', operator: '==', left, right, span };
}

function split(expression: Expression): { readonly base?: Expression; readonly offset: number } {
  if (expression.kind === 'value' && expression.value.kind === 'integer')
    return { offset: expression.value.value };
  if (expression.kind !== 'binary' || expression.right.kind !== 'value')
    return { base: expression, offset: 0 };
  const { operator, left, right } = expression;
  if (right.value.kind !== 'integer' || (operator !== '+' && operator !== '-'))
    return { base: expression, offset: 0 };
  return { base: left, offset: operator === '+' ? right.value.value : -right.value.value };
}

function renamed(observable: Observable, names: ReadonlyMap<LocationName, string>): Observable {
  return observable.kind === 'location'
    ? { ...observable, name: names.get(observable.name) ?? observable.name }
    : observable;
}

function renamedRelaxation(
  { site, before, after }: Relaxation,
  names: ReadonlyMap<LocationName, string>,
): Relaxation {
  const plain = (locations: readonly LocationName[]) =>
    locations.map((name) => names.get(name) ?? name);
  return { site, before: plain(before), after: plain(after) };
}

function flatProposition(
  proposition: Proposition,
  numbers: AddressNumbers,
  names: ReadonlyMap<LocationName, string>,
): Proposition {
  const flat = (inner: Proposition) => flatProposition(inner, numbers, names);
  switch (proposition.kind) {
    case 'true':
      return proposition;
    case 'not':
      return { ...proposition, operand: flat(proposition.operand) };
    case 'and':
    case 'or':
    case 'implies':
      return { ...proposition, left: flat(proposition.left), right: flat(proposition.right) };
    case 'equals': {
      const { left, right } = proposition;
      const isValue = right.kind === 'integer' || right.kind === 'address';
      return {
        ...proposition,
        left: renamed(left, names),
        right: isValue ? numbers.valueOf(right) : renamed(right, names),
      };
    }
  }
}

/** That no thread has come to a `stop`. */
function notStopped({ threads }: Program): readonly Proposition[] {
  return threads
    .filter(({ body }) => registersIn(body).has(STOPPED))
    .map(({ index: thread }) => ({
      kind: 'equals',
      left: { kind: 'register', thread, name: STOPPED },
      right: { kind: 'integer', value: 0 },
      negated: false,
      span: NOWHERE,
    }));
}

function both(left: Proposition, right: Proposition): Proposition {
  return { kind: 'and', left, right };
}
