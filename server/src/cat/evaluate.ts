/** Evaluates cat expressions over the events of one execution. */

import * as algebra from '../memory-model/relation.ts';
import type { BinaryOperator, Binding, Expression, Pattern, UnaryOperator } from './ast.ts';
import { asRelation, asSet, elementsOf, ModelError, type Value } from './value.ts';

/** Names in scope, innermost first. */
export interface Environment {
  readonly size: number;
  readonly names: ReadonlyMap<string, Value>;
  readonly outer?: Environment;
}

export function lookUp(environment: Environment, name: string): Value {
  for (let scope: Environment | undefined = environment; scope; scope = scope.outer) {
    const value = scope.names.get(name);
    if (value !== undefined) return value;
  }
  throw new ModelError(`${name} is not defined`);
}

/** `environment` with `names` in front. */
export function extend(environment: Environment, names: ReadonlyMap<string, Value>): Environment {
  return { size: environment.size, names, outer: environment };
}

/** What `expression` is worth. Throws ModelError where it is not defined. */
export function evaluate(expression: Expression, scope: Environment): Value {
  switch (expression.kind) {
    case 'name':
      return lookUp(scope, expression.name);
    case 'tag':
      return { kind: 'tag', tag: expression.tag };
    case 'empty':
      return { kind: 'empty' };
    case 'universe':
      return { kind: 'set', set: algebra.setOf(scope.size, () => true) };
    case 'set':
      return explicitSet(
        expression.elements.map((element) => evaluate(element, scope)),
        scope.size,
      );
    case 'tuple':
      return { kind: 'tuple', elements: expression.elements.map((e) => evaluate(e, scope)) };
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope), scope.size);
    case 'binary':
      return binary(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
        scope.size,
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
    case 'if-variant':
      return evaluate(expression.otherwise, scope);
    case 'match-set':
      return matchSet(expression, scope);
    case 'match-tag':
      return matchTag(expression, scope);
  }
}

function closure(parameter: Pattern, body: Expression, scope: Environment): Value {
  return {
    kind: 'function',
    apply: (argument) => evaluate(body, extend(scope, matchPattern(parameter, argument))),
  };
}

function apply(callee: Value, argument: Value): Value {
  if (callee.kind !== 'function') throw new ModelError(`a ${callee.kind} cannot be applied`);
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
  if (!recursive) {
    const names = new Map<string, Value>();
    for (const { pattern, value } of bindings) {
      for (const [name, bound] of matchPattern(pattern, evaluate(value, scope)))
        names.set(name, bound);
    }
    return extend(scope, names);
  }
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

/** Each definition sees those before it as they are in the same round: the bell file's matching of
 *  nested critical sections takes away what is matched already, and depends on this. */
function leastFixedPoint(bindings: readonly Binding[], scope: Environment): Environment {
  const names = new Map<string, Value>(
    bindings.flatMap(({ pattern }) =>
      pattern.map((name) => [name ?? '_', { kind: 'empty' } as Value]),
    ),
  );
  const inner = extend(scope, names);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { pattern, value } of bindings) {
      for (const [name, bound] of matchPattern(pattern, evaluate(value, inner))) {
        changed ||= !sameValue(bound, names.get(name), scope.size);
        names.set(name, bound);
      }
    }
  }
  return inner;
}

function sameValue(value: Value, other: Value | undefined, size: number): boolean {
  if (other === undefined) return false;
  if (value.kind === 'relation' || other.kind === 'relation') {
    return algebra.sameRelation(asRelation(value, size), asRelation(other, size));
  }
  const left = asSet(value, size);
  const right = asSet(other, size);
  return left.every((word, index) => word === right[index]);
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

function explicitSet(elements: readonly Value[], size: number): Value {
  if (elements.length === 0) return { kind: 'empty' };
  return elements.reduce<Value>((set, element) => add(element, set, size), { kind: 'empty' });
}

/** `element ++ set` */
function add(element: Value, set: Value, size: number): Value {
  if (element.kind === 'event') {
    const events = asSet(set, size);
    return {
      kind: 'set',
      set: algebra.setOf(size, (e) => e === element.event || algebra.inSet(events, e)),
    };
  }
  const [from, to] = element.kind === 'tuple' ? element.elements : [];
  if (from?.kind === 'event' && to?.kind === 'event') {
    const relation = algebra.copyOf(asRelation(set, size));
    algebra.addPair(relation, from.event, to.event);
    return { kind: 'relation', relation };
  }
  return { kind: 'collection', elements: [element, ...elementsOf(set, size)] };
}

function unary(operator: UnaryOperator, value: Value, size: number): Value {
  const relation = (result: algebra.Relation): Value => ({ kind: 'relation', relation: result });
  switch (operator) {
    case 'complement':
      return value.kind === 'relation'
        ? relation(algebra.relationOf(size, (from, to) => !algebra.has(value.relation, from, to)))
        : { kind: 'set', set: algebra.complement(size, asSet(value, size)) };
    case 'identity':
      return relation(algebra.identityOn(size, asSet(value, size)));
    case 'star':
      return relation(algebra.reflexiveClosure(asRelation(value, size)));
    case 'plus':
      return relation(algebra.closure(asRelation(value, size)));
    case 'option':
      return relation(algebra.optional(asRelation(value, size)));
    case 'inverse':
      return relation(algebra.inverse(asRelation(value, size)));
  }
}

function binary(operator: BinaryOperator, left: Value, right: Value, size: number): Value {
  switch (operator) {
    case 'product':
      return {
        kind: 'relation',
        relation: algebra.product(size, asSet(left, size), asSet(right, size)),
      };
    case 'sequence':
      return {
        kind: 'relation',
        relation: algebra.sequence(asRelation(left, size), asRelation(right, size)),
      };
    case 'add':
      return add(left, right, size);
    case 'union':
      return pointwise(left, right, size, algebra.unionOfSets, algebra.union);
    case 'intersection':
      return pointwise(left, right, size, algebra.intersectSets, algebra.intersection);
    case 'difference':
      return pointwise(left, right, size, algebra.setDifference, algebra.difference);
  }
}

/** `|`, `&` and `\` work on two sets or on two relations alike. */
function pointwise(
  left: Value,
  right: Value,
  size: number,
  onSets: (a: algebra.EventSet, b: algebra.EventSet) => algebra.EventSet,
  onRelations: (a: algebra.Relation, b: algebra.Relation) => algebra.Relation,
): Value {
  if (left.kind === 'empty' && right.kind === 'empty') return left;
  if (left.kind === 'relation' || right.kind === 'relation') {
    return {
      kind: 'relation',
      relation: onRelations(asRelation(left, size), asRelation(right, size)),
    };
  }
  if (left.kind === 'collection' || right.kind === 'collection') {
    throw new ModelError('sets of relations cannot be combined');
  }
  return { kind: 'set', set: onSets(asSet(left, size), asSet(right, size)) };
}

function matchSet(
  expression: Extract<Expression, { kind: 'match-set' }>,
  scope: Environment,
): Value {
  const value = evaluate(expression.value, scope);
  const [first, ...rest] = elementsOf(value, scope.size);
  if (first === undefined) return evaluate(expression.empty, scope);
  const names = new Map<string, Value>();
  if (expression.element !== undefined) names.set(expression.element, first);
  if (expression.rest !== undefined) names.set(expression.rest, rebuild(rest, scope.size));
  return evaluate(expression.some, extend(scope, names));
}

function rebuild(elements: readonly Value[], size: number): Value {
  return elements.some((element) => element.kind !== 'event' && element.kind !== 'tuple')
    ? { kind: 'collection', elements }
    : explicitSet(elements, size);
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
