/** Takes expressions apart where evaluating them branches. */

import type { Expression, InitializerItem, Statement } from './ast.ts';
import type { Exit, FlowBuilder } from './flow-builder.ts';
import { partsOf } from './walk.ts';

/** What is evaluated belongs to this statement. */
export interface Place {
  readonly statement: Statement;
  /** The flow of a statement expression's statements; here because those contain expressions again. */
  readonly statements: (
    builder: FlowBuilder,
    body: readonly Statement[],
    exits: readonly Exit[],
  ) => readonly Exit[];
}

/** An expression of which the branching parts have become steps, and the ways on. */
export interface TakenApart {
  readonly rest: Expression;
  readonly exits: readonly Exit[];
}

/** The two ways out of a condition. */
export interface Ways {
  readonly whenTrue: readonly Exit[];
  readonly whenFalse: readonly Exit[];
}

/** Evaluates `expression` in a step of its own, after the steps of its branching parts. */
export function evaluate(
  builder: FlowBuilder,
  expression: Expression,
  exits: readonly Exit[],
  place: Place,
): readonly Exit[] {
  const { rest, exits: after } = takeApart(builder, expression, exits, place);
  if (rest.kind === 'evaluated') return after;
  const { statement } = place;
  return [
    {
      from: builder.add({ kind: 'evaluate', expression: rest, statement, span: rest.span }, after),
    },
  ];
}

/** Makes steps of the parts that branch or contain statements; `rest` is what remains to be evaluated. */
export function takeApart(
  builder: FlowBuilder,
  expression: Expression,
  exits: readonly Exit[],
  place: Place,
): TakenApart {
  if (!branches(expression)) return { rest: expression, exits };
  switch (expression.kind) {
    case 'conditional':
      return evaluated(expression, flowOfConditional(builder, expression, exits, place));
    case 'statement-expression':
      return evaluated(expression, place.statements(builder, expression.body, exits));
    case 'binary':
      if (isLogical(expression))
        return evaluated(expression, flowOfLogical(builder, expression, exits, place));
      break;
    case 'comma':
      return takeApartComma(builder, expression, exits, place);
    default:
  }
  let ways = exits;
  const rest = mapParts(expression, (part) => {
    const taken = takeApart(builder, part, ways, place);
    ways = taken.exits;
    return taken.rest;
  });
  return { rest, exits: ways };
}

function evaluated(expression: Expression, exits: readonly Exit[]): TakenApart {
  return { rest: { kind: 'evaluated', expression, span: expression.span }, exits };
}

type Binary = Extract<Expression, { kind: 'binary' }>;

function isLogical(expression: Expression): expression is Binary {
  return (
    expression.kind === 'binary' && (expression.operator === '&&' || expression.operator === '||')
  );
}

function flowOfConditional(
  builder: FlowBuilder,
  { condition, consequence, alternative, span }: Extract<Expression, { kind: 'conditional' }>,
  exits: readonly Exit[],
  place: Place,
): readonly Exit[] {
  const ways = branchOn(builder, condition, exits, place);
  const then =
    consequence === undefined
      ? ways.whenTrue
      : evaluate(builder, consequence, ways.whenTrue, place);
  const otherwise = evaluate(builder, alternative, ways.whenFalse, place);
  return builder.join([...then, ...otherwise], { statement: place.statement, span });
}

/** The value of `a && b`: the second operand is evaluated on one of the first one's ways. */
function flowOfLogical(
  builder: FlowBuilder,
  { operator, left, right, span }: Binary,
  exits: readonly Exit[],
  place: Place,
): readonly Exit[] {
  const ways = branchOn(builder, left, exits, place);
  const [onward, past] =
    operator === '&&' ? [ways.whenTrue, ways.whenFalse] : [ways.whenFalse, ways.whenTrue];
  const after = evaluate(builder, right, onward, place);
  return builder.join([...after, ...past], { statement: place.statement, span });
}

function takeApartComma(
  builder: FlowBuilder,
  { parts, span }: Extract<Expression, { kind: 'comma' }>,
  exits: readonly Exit[],
  place: Place,
): TakenApart {
  let ways = exits;
  for (const part of parts.slice(0, -1)) ways = evaluate(builder, part, ways, place);
  const last = parts.at(-1);
  if (last === undefined) return { rest: { kind: 'unknown', text: '', span }, exits: ways };
  return takeApart(builder, last, ways, place);
}

/** Branches on a condition: operators that branch become ways, constants take the one way there is, and
 *  the hints `likely()` and `unlikely()` are looked through. */
export function branchOn(
  builder: FlowBuilder,
  condition: Expression,
  exits: readonly Exit[],
  place: Place,
): Ways {
  const inner = hinted(condition);
  if (inner !== undefined) return branchOn(builder, inner, exits, place);
  if (condition.kind === 'unary' && condition.operator === '!') {
    const { whenTrue, whenFalse } = branchOn(builder, condition.operand, exits, place);
    return { whenTrue: whenFalse, whenFalse: whenTrue };
  }
  if (isLogical(condition)) return branchOnLogical(builder, condition, exits, place);
  if (condition.kind === 'number' && condition.value !== undefined)
    return condition.value === 0
      ? { whenTrue: [], whenFalse: exits }
      : { whenTrue: exits, whenFalse: [] };
  const { rest, exits: after } = takeApart(builder, condition, exits, place);
  const { statement } = place;
  const from = builder.add(
    { kind: 'branch', expression: rest, statement, span: condition.span },
    after,
  );
  return { whenTrue: [{ from, when: true }], whenFalse: [{ from, when: false }] };
}

function hinted(condition: Expression): Expression | undefined {
  if (condition.kind !== 'call' || condition.callee.kind !== 'identifier') return undefined;
  if (condition.arguments.length !== 1 || !/^(?:un)?likely$/.test(condition.callee.name))
    return undefined;
  return condition.arguments[0];
}

function branchOnLogical(
  builder: FlowBuilder,
  { operator, left, right }: Binary,
  exits: readonly Exit[],
  place: Place,
): Ways {
  const first = branchOn(builder, left, exits, place);
  if (operator === '&&') {
    const second = branchOn(builder, right, first.whenTrue, place);
    return { whenTrue: second.whenTrue, whenFalse: [...first.whenFalse, ...second.whenFalse] };
  }
  const second = branchOn(builder, right, first.whenFalse, place);
  return { whenTrue: [...first.whenTrue, ...second.whenTrue], whenFalse: second.whenFalse };
}

/** What was found out about an expression is kept with it: they are asked for at every level above. */
const known = new WeakMap<Expression, boolean>();

/** Whether evaluating the expression branches, or runs statements. */
function branches(expression: Expression): boolean {
  const answer = known.get(expression);
  if (answer !== undefined) return answer;
  const found =
    expression.kind === 'conditional' ||
    expression.kind === 'statement-expression' ||
    isLogical(expression) ||
    partsOf(expression).some(branches);
  known.set(expression, found);
  return found;
}

/** The expression with its direct parts replaced, in text order. */
function mapParts(expression: Expression, change: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'call': {
      const callee = change(expression.callee);
      return { ...expression, callee, arguments: expression.arguments.map(change) };
    }
    case 'field':
      return { ...expression, base: change(expression.base) };
    case 'index': {
      const base = change(expression.base);
      return { ...expression, base, index: change(expression.index) };
    }
    case 'unary':
    case 'update':
    case 'cast':
      return { ...expression, operand: change(expression.operand) };
    case 'binary': {
      const left = change(expression.left);
      return { ...expression, left, right: change(expression.right) };
    }
    case 'assign': {
      const target = change(expression.target);
      return { ...expression, target, value: change(expression.value) };
    }
    case 'initializer':
      return { ...expression, items: expression.items.map((item) => changeItem(item, change)) };
    case 'conditional':
    case 'comma':
    case 'evaluated':
    case 'identifier':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'generic':
    case 'statement-expression':
    case 'type':
    case 'unknown':
      return expression;
  }
}

function changeItem(
  item: InitializerItem,
  change: (part: Expression) => Expression,
): InitializerItem {
  return { ...item, value: change(item.value) };
}
