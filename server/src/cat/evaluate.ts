/** Evaluates cat expressions over the events of one execution, whose rf and co may still be open. */

import { addPair, emptyRelation } from '../memory-model/relation.ts';
import type { BinaryOperator, Binding, Expression, Pattern, UnaryOperator } from './ast.ts';
import type { Term, Terms } from './term.ts';
import {
  asRelation,
  asSet,
  elementsOf,
  locating,
  ModelError,
  nameOf,
  type Value,
} from './value.ts';

/** Names in scope, innermost first. */
export interface Environment {
  readonly terms: Terms;
  /** A definition is evaluated when its name is first used: many are never. */
  readonly names: Map<string, Value | Suspended>;
  /** How many calls of functions the evaluation is in. */
  readonly calls: { depth: number };
  readonly outer?: Environment;
}

/** A definition that has not been evaluated yet. */
export interface Suspended {
  readonly kind: 'suspended';
  readonly evaluate: () => Value;
}

export function lookUp(environment: Environment, name: string): Value {
  for (let scope: Environment | undefined = environment; scope; scope = scope.outer) {
    const value = scope.names.get(name);
    if (value === undefined) continue;
    if (value.kind !== 'suspended') return value;
    const evaluated = value.evaluate();
    scope.names.set(name, evaluated);
    return evaluated;
  }
  throw new ModelError(`${name} is not defined`);
}

/** `environment` with `names` in front. */
export function extend(
  environment: Environment,
  names: Map<string, Value | Suspended>,
): Environment {
  const { terms, calls } = environment;
  return { terms, names, calls, outer: environment };
}

/** What `expression` is worth. Throws ModelError, with the place, where it is not defined. */
export function evaluate(expression: Expression, scope: Environment): Value {
  return locating(expression.span, () => evaluateParts(expression, scope));
}

function evaluateParts(expression: Expression, scope: Environment): Value {
  switch (expression.kind) {
    case 'name':
      return lookUp(scope, expression.name);
    case 'tag':
      return { kind: 'tag', tag: expression.tag };
    case 'empty':
      return { kind: 'empty' };
    case 'universe':
      return { kind: 'set', set: scope.terms.identity };
    case 'set':
      return explicitSet(
        expression.elements.map((element) => evaluate(element, scope)),
        scope.terms,
      );
    case 'tuple':
      return { kind: 'tuple', elements: expression.elements.map((e) => evaluate(e, scope)) };
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope), scope.terms);
    case 'binary':
      return binary(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
        scope.terms,
      );
    case 'apply':
      return apply(evaluate(expression.callee, scope), evaluate(expression.argument, scope));
    case 'function':
      return closure(expression.parameter, expression.body, scope);
    case 'let':
      return evaluate(expression.body, bind(expression.bindings, expression.recursive, scope));
    case 'try':
      return (
        attempt(() => evaluate(expression.attempt, scope)) ?? evaluate(expression.otherwise, scope)
      );
    case 'match-set':
      return matchSet(expression, scope);
    case 'match-tag':
      return matchTag(expression, scope);
  }
}

/** Functions that walk through a set call themselves for each element; none needs more calls than this. */
const DEEPEST_CALL = 500;

function closure(parameter: Pattern, body: Expression, scope: Environment): Value {
  const { calls } = scope;
  return {
    kind: 'function',
    apply: (argument) => {
      if (calls.depth === DEEPEST_CALL) throw new ModelError('a function calls itself without end');
      calls.depth++;
      try {
        return evaluate(body, extend(scope, matchPattern(parameter, argument)));
      } finally {
        calls.depth--;
      }
    },
  };
}

function apply(callee: Value, argument: Value): Value {
  if (callee.kind !== 'function') throw new ModelError(`${nameOf(callee)} cannot be applied`);
  return callee.apply(argument);
}

/** A pattern of one name takes the whole value, of several the elements of a tuple. */
export function matchPattern(pattern: Pattern, value: Value): Map<string, Value> {
  const values = pattern.length === 1 ? [value] : value.kind === 'tuple' ? value.elements : [];
  if (values.length !== pattern.length) {
    throw new ModelError(`${pattern.length} values are expected, not ${values.length}`);
  }
  const names = new Map<string, Value>();
  pattern.forEach((name, index) => {
    if (name !== undefined) names.set(name, values[index]!);
  });
  return names;
}

/** The scope after a `let`: recursive functions see themselves, recursive relations are the least
 *  fixed point, reached from the empty ones. */
export function bind(
  bindings: readonly Binding[],
  recursive: boolean,
  scope: Environment,
): Environment {
  if (!recursive) return bindAll(bindings, scope);
  return bindings.every(({ value }) => value.kind === 'function')
    ? bindFunctions(bindings, scope)
    : leastFixedPoint(bindings, scope);
}

function bindFunctions(bindings: readonly Binding[], scope: Environment): Environment {
  const names = new Map<string, Value>();
  const inner = extend(scope, names);
  for (const { pattern, value } of bindings) {
    for (const [name, bound] of matchPattern(pattern, evaluate(value, inner)))
      names.set(name, bound);
  }
  return inner;
}

function bindAll(bindings: readonly Binding[], scope: Environment): Environment {
  const names = new Map<string, Value | Suspended>();
  for (const { pattern, value } of bindings) {
    const [name] = pattern;
    if (pattern.length === 1 && name !== undefined)
      names.set(name, { kind: 'suspended', evaluate: () => evaluate(value, scope) });
    else
      for (const [each, bound] of matchPattern(pattern, evaluate(value, scope)))
        names.set(each, bound);
  }
  return extend(scope, names);
}

/** The least fixed point, computed where no choice reaches it, else as a term. */
function leastFixedPoint(bindings: readonly Binding[], scope: Environment): Environment {
  const names = new Map<string, Value>(
    bindings.flatMap(({ pattern }) =>
      pattern.map((name) => [name ?? '_', { kind: 'empty' } as Value]),
    ),
  );
  const inner = extend(scope, names);
  const { size } = scope.terms;
  // What grows has got all pairs after so many rounds.
  for (let round = 0; round <= names.size * size * size + 1; round++) {
    const changed = refine(bindings, inner, names);
    if ([...names.values()].some(isOpen)) return symbolicFixedPoint(bindings, scope, names);
    if (!changed) return inner;
  }
  throw new ModelError(
    `${[...names.keys()].join(', ')}: no least relations satisfy the definition`,
  );
}

/** One round. Each definition sees those before it as they are in the same round: the bell file's
 *  matching of nested critical sections takes away what is matched already, and depends on this. */
function refine(
  bindings: readonly Binding[],
  inner: Environment,
  names: Map<string, Value>,
): boolean {
  let changed = false;
  for (const { pattern, value } of bindings)
    for (const [name, bound] of matchPattern(pattern, evaluate(value, inner))) {
      changed ||= !isSame(bound, names.get(name), inner.terms);
      names.set(name, bound);
    }
  return changed;
}

function isSame(value: Value, other: Value | undefined, terms: Terms): boolean {
  if (other === undefined) return false;
  return value.kind === 'set' || other.kind === 'set'
    ? asSet(value, terms) === asSet(other, terms)
    : asRelation(value, terms) === asRelation(other, terms);
}

function isOpen(value: Value): boolean {
  return value.kind === 'relation'
    ? value.relation.kind !== 'known'
    : value.kind === 'set' && value.set.kind !== 'known';
}

/** `sample` tells which of the names are sets. */
function symbolicFixedPoint(
  bindings: readonly Binding[],
  scope: Environment,
  sample: ReadonlyMap<string, Value>,
): Environment {
  const { terms } = scope;
  const isSet = (name: string) => sample.get(name)?.kind === 'set';
  const wrap = (name: string, term: Term): Value =>
    isSet(name) ? { kind: 'set', set: term } : { kind: 'relation', relation: term };
  const names = [...sample.keys()];
  const variables = names.map(() => terms.recursive());
  const inside = new Map(names.map((name, index) => [name, wrap(name, variables[index]!)]));
  const inner = extend(scope, new Map(inside));
  const bound = new Map(
    bindings.flatMap(({ pattern, value }) => [...matchPattern(pattern, evaluate(value, inner))]),
  );
  const bodies = names.map((name) => {
    const value = bound.get(name) ?? inside.get(name)!;
    return isSet(name) ? asSet(value, terms) : asRelation(value, terms);
  });
  const solved = terms.fixpoints(variables, bodies);
  return extend(scope, new Map(names.map((name, index) => [name, wrap(name, solved[index]!)])));
}

/** The value, or undefined where the model asks for something undefined (`try e with e'`). */
function attempt(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

function explicitSet(elements: readonly Value[], terms: Terms): Value {
  return elements.reduce<Value>((set, element) => add(element, set, terms), { kind: 'empty' });
}

/** `element ++ set` */
function add(element: Value, set: Value, terms: Terms): Value {
  if (element.kind === 'event') {
    return { kind: 'set', set: terms.union(pair(element, element, terms), asSet(set, terms)) };
  }
  const [from, to] = element.kind === 'tuple' ? element.elements : [];
  if (from?.kind === 'event' && to?.kind === 'event') {
    const relation = terms.union(pair(from, to, terms), asRelation(set, terms));
    return { kind: 'relation', relation };
  }
  return { kind: 'collection', elements: [element, ...elementsOf(set)] };
}

type EventValue = Extract<Value, { kind: 'event' }>;

function pair(from: EventValue, to: EventValue, terms: Terms): Term {
  const relation = emptyRelation(terms.size);
  addPair(relation, from.event, to.event);
  return terms.known(relation);
}

function unary(operator: UnaryOperator, value: Value, terms: Terms): Value {
  const relation = (result: Term): Value => ({ kind: 'relation', relation: result });
  switch (operator) {
    case 'complement':
      return value.kind === 'relation'
        ? relation(terms.difference(terms.full, value.relation))
        : { kind: 'set', set: terms.difference(terms.identity, asSet(value, terms)) };
    case 'identity':
      return relation(asSet(value, terms));
    case 'star':
      return relation(terms.union(terms.identity, terms.closure(asRelation(value, terms))));
    case 'plus':
      return relation(terms.closure(asRelation(value, terms)));
    case 'option':
      return relation(terms.union(terms.identity, asRelation(value, terms)));
    case 'inverse':
      return relation(terms.inverse(asRelation(value, terms)));
  }
}

function binary(operator: BinaryOperator, left: Value, right: Value, terms: Terms): Value {
  const relation = (result: Term): Value => ({ kind: 'relation', relation: result });
  switch (operator) {
    case 'product': {
      const targets = terms.sequence(terms.full, asSet(right, terms));
      return relation(terms.sequence(asSet(left, terms), targets));
    }
    case 'sequence':
      return relation(terms.sequence(asRelation(left, terms), asRelation(right, terms)));
    case 'add':
      return add(left, right, terms);
    case 'union':
      return pointwise(left, right, terms, terms.union);
    case 'intersection':
      return pointwise(left, right, terms, terms.intersection);
    case 'difference':
      return pointwise(left, right, terms, terms.difference);
  }
}

/** `|`, `&` and `\` work on two sets or on two relations alike. */
function pointwise(
  left: Value,
  right: Value,
  terms: Terms,
  combine: (left: Term, right: Term) => Term,
): Value {
  if (left.kind === 'empty' && right.kind === 'empty') return left;
  if (left.kind === 'relation' || right.kind === 'relation')
    return {
      kind: 'relation',
      relation: combine(asRelation(left, terms), asRelation(right, terms)),
    };
  return { kind: 'set', set: combine(asSet(left, terms), asSet(right, terms)) };
}

function matchSet(
  expression: Extract<Expression, { kind: 'match-set' }>,
  scope: Environment,
): Value {
  const value = evaluate(expression.value, scope);
  const [first, ...rest] = elementsOf(value);
  if (first === undefined) return evaluate(expression.empty, scope);
  const names = new Map<string, Value>();
  if (expression.element !== undefined) names.set(expression.element, first);
  if (expression.rest !== undefined) names.set(expression.rest, rebuild(rest, scope.terms));
  return evaluate(expression.some, extend(scope, names));
}

function rebuild(elements: readonly Value[], terms: Terms): Value {
  return elements.some((element) => element.kind !== 'event' && element.kind !== 'tuple')
    ? { kind: 'collection', elements }
    : explicitSet(elements, terms);
}

function matchTag(
  expression: Extract<Expression, { kind: 'match-tag' }>,
  scope: Environment,
): Value {
  const value = evaluate(expression.value, scope);
  const tag = value.kind === 'tag' ? value.tag : '';
  const body =
    expression.clauses.find((clause) => clause.tag === tag)?.body ?? expression.otherwise;
  if (body === undefined) throw new ModelError(`no clause for '${tag}`);
  return evaluate(body, scope);
}
