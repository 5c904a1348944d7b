/**
 * Smaller programs whose answer settles that of a larger one in one direction: what is never possible in
 * a wider program is not in the larger one either; what is possible in a narrower one is there too.
 */

import { sameExpression } from '../lowering/value.ts';
import {
  assignedIn,
  changedStatements,
  holdsWrite,
  observedIn,
  orderingRegisters,
} from '../program/plain-access.ts';
import type {
  Condition,
  Expression,
  Program,
  Proposition,
  Statement,
  Value,
} from '../program/program.ts';
import { bodiesOf, everyStatement, expressionsOf, registersOf } from '../program/walk.ts';
import { splitAtOr } from './decided-condition.ts';
import { demandedOf } from './possible-branches.ts';

/**
 * Without the reads whose value nobody uses, and without branches that hold nothing but fences or a bound.
 * Every relation of `linux-kernel.cat` grows with the events (none is negated but in flags), and the fences
 * order all of po; so an execution that the model allows is still allowed when such events are left out of
 * it, and what is never possible without them is not with them.
 */
export function withoutIdleEvents(program: Program): Program {
  const observed = observedIn(program);
  const threads = program.threads.map((thread) => {
    const kept = withoutIdleBranches(thread.body);
    const used = everyStatement(kept).flatMap(expressionsOf).flatMap(registersOf);
    const read = new Set([...observed.registers(thread.index), ...used]);
    const body = changedStatements(kept, (statement) =>
      isUnusedRead(statement, read) ? undefined : statement,
    );
    return { ...thread, body };
  });
  return { ...program, threads };
}

function isUnusedRead(statement: Statement, used: ReadonlySet<string>): boolean {
  if (statement.kind === 'evaluate') return statement.value.kind === 'load';
  return (
    statement.kind === 'assign' && statement.value.kind === 'load' && !used.has(statement.register)
  );
}

function withoutIdleBranches(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    if (statement.kind !== 'if') return [statement];
    const then = withoutIdleBranches(statement.then);
    const otherwise = withoutIdleBranches(statement.otherwise);
    return isIdle(then) && isIdle(otherwise) ? [] : [{ ...statement, then, otherwise }];
  });
}

/** Nothing but fences, whole read-side critical sections and bounds. */
function isIdle(body: readonly Statement[]): boolean {
  const depth = body.reduce((sum, statement) => {
    if (statement.kind !== 'rcu' || statement.action === 'synchronize') return sum;
    return sum + (statement.action === 'lock' ? 1 : -1);
  }, 0);
  return depth === 0 && body.every(({ kind }) => ['fence', 'rcu', 'stop'].includes(kind));
}

/** With nothing left but the writes of constants, for a condition that no value written anywhere meets. */
export function withWritesOnly(program: Program): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: thread.body.filter(
      (statement) =>
        statement.kind === 'store' &&
        [statement.address, statement.value].every(({ kind }) => kind === 'value'),
    ),
  }));
  return { ...program, threads };
}

/**
 * The ways to divide a program into two: executions that satisfy its condition do so in one of the two, and
 * what satisfies that of one of the two satisfies its own. Either the condition is divided at an "or", or
 * one of the two takes a branch and the other does not, and only executions that went that way count, which
 * herd sees from the filter before it asks the model; there the arm stays in its `if` where that carries a control dependency.
 */
export function divisions(program: Program): readonly (readonly [Program, Program])[] {
  const { condition, threads } = program;
  const either = splitAtOr(condition.proposition);
  const asking = (proposition: Proposition): Program => ({
    ...program,
    condition: { ...condition, proposition },
  });
  const branches = threads.flatMap(({ index, body }) =>
    openBranches(body).map(
      (branch) => [decided(program, index, branch, 1), decided(program, index, branch, 0)] as const,
    ),
  );
  return either === undefined ? branches : [[asking(either[0]), asking(either[1])], ...branches];
}

type Branch = Statement & { readonly kind: 'if' };

/** The branches of which both ways are open, outside of loops. A branch that has been decided stands behind
 *  the register that says so. */
function openBranches(body: readonly Statement[]): readonly Branch[] {
  return body.flatMap((statement, at) => {
    if (statement.kind !== 'if') return [];
    const inner = bodiesOf(statement).flatMap(openBranches);
    const before = body[at - 1];
    return before?.kind === 'assign' && isDecision(before.register) ? inner : [statement];
  });
}

/** The registers that say which way a branch went begin like this. */
const TAKEN = 'branch';

function decided(program: Program, thread: number, branch: Branch, way: 0 | 1): Program {
  const { body } = program.threads[thread]!;
  const register = freshRegister(body);
  const ordering = orderingRegisters(body);
  const threads = program.threads.map((each) =>
    each.index === thread
      ? { ...each, body: replaced(body, branch, decidedBranch(branch, register, way, ordering)) }
      : each,
  );
  const went: Proposition = {
    kind: 'equals',
    left: { kind: 'register', thread, name: register },
    right: { kind: 'integer', value: way },
    negated: false,
    span: branch.span,
  };
  const { filter } = program;
  return {
    ...program,
    threads,
    filter: filter === undefined ? went : { kind: 'and', left: filter, right: went },
  };
}

function freshRegister(body: readonly Statement[]): string {
  const taken = new Set(assignedIn(body));
  let number = 1;
  while (taken.has(`${TAKEN}${number}`)) number += 1;
  return `${TAKEN}${number}`;
}

function decidedBranch(
  branch: Branch,
  register: string,
  way: 0 | 1,
  ordering: ReadonlySet<string>,
): readonly Statement[] {
  const { condition, span } = branch;
  const zero = { kind: 'value', value: { kind: 'integer', value: 0 }, span } as const;
  const taken: Statement = {
    kind: 'assign',
    register,
    value: isComparison(condition)
      ? condition
      : { kind: 'binary', operator: '!=', left: condition, right: zero, span },
    span,
  };
  const arm = way === 1 ? branch.then : branch.otherwise;
  const isFree = !holdsWrite(arm) && !assignedIn(arm).some((name) => ordering.has(name));
  if (isFree) return [taken, ...arm];
  const [then, otherwise] = way === 1 ? [arm, []] : [[], arm];
  return [taken, { ...branch, then, otherwise }];
}

function isComparison(expression: Expression): boolean {
  return (
    expression.kind === 'binary' && ['==', '!=', '<', '<=', '>', '>='].includes(expression.operator)
  );
}

function replaced(
  body: readonly Statement[],
  old: Statement,
  by: readonly Statement[],
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    if (statement === old) return by;
    if (statement.kind === 'while')
      return [{ ...statement, body: replaced(statement.body, old, by) }];
    if (statement.kind !== 'if') return [statement];
    const then = replaced(statement.then, old, by);
    const otherwise = replaced(statement.otherwise, old, by);
    return [{ ...statement, then, otherwise }];
  });
}

/** The decisions that the filter of a divided program asks for. */
export function decisionsOf({ filter }: Program): readonly Decision[] {
  return filter === undefined ? [] : conjunctsOf(filter).filter(isDecided);
}

type Decision = Proposition & { readonly kind: 'equals' };

function conjunctsOf(proposition: Proposition): readonly Proposition[] {
  return proposition.kind === 'and'
    ? [...conjunctsOf(proposition.left), ...conjunctsOf(proposition.right)]
    : [proposition];
}

function isDecided(proposition: Proposition): proposition is Decision {
  return (
    proposition.kind === 'equals' &&
    proposition.left.kind === 'register' &&
    isDecision(proposition.left.name)
  );
}

/** A divided program with some of its decisions asked for by the condition instead of the filter. */
export function asking(program: Program, decisions: readonly Decision[]): Program {
  const { filter, condition, ...rest } = program;
  const left = (filter === undefined ? [] : conjunctsOf(filter)).filter(
    (conjunct) => !decisions.some((decision) => decision === conjunct),
  );
  const both = (one: Proposition, other: Proposition): Proposition => ({
    kind: 'and',
    left: one,
    right: other,
  });
  const proposition = decisions.reduceRight<Proposition>(
    (asked, decision) => both(decision, asked),
    condition.proposition,
  );
  const [first, ...others] = left;
  return {
    ...rest,
    condition: { ...condition, proposition },
    ...(first && { filter: others.reduce(both, first) }),
  };
}

/**
 * A divided program with what comes behind a decision inside a branch on it, so that herd gives up early on
 * executions that went the other way. Everywhere, that adds control dependencies: what is possible then is
 * possible without. Only where nothing is written behind (`freely`), it changes nothing.
 */
export function behindDecisions(program: Program, where: 'everywhere' | 'freely'): Program {
  const threads = program.threads.map((thread) => {
    const filtered = { ...program, condition: ANY };
    const demanded = demandedOf(filtered, thread.index, thread.body, false);
    const ordering = orderingRegisters(thread.body);
    const mayEnter = (rest: readonly Statement[]) =>
      where === 'everywhere' ||
      !(holdsWrite(rest) || assignedIn(rest).some((name) => ordering.has(name)));
    return { ...thread, body: entered(thread.body, demanded, mayEnter) };
  });
  return { ...program, threads };
}

const ANY: Condition = {
  quantifier: 'exists',
  proposition: { kind: 'true' },
  span: { start: 0, end: 0 },
};

function entered(
  body: readonly Statement[],
  demanded: ReadonlyMap<string, Value>,
  mayEnter: (rest: readonly Statement[]) => boolean,
): readonly Statement[] {
  const [statement, ...others] = body;
  if (statement === undefined) return [];
  const rest = entered(others, demanded, mayEnter);
  if (statement.kind === 'if') {
    const then = entered(statement.then, demanded, mayEnter);
    const otherwise = entered(statement.otherwise, demanded, mayEnter);
    return [{ ...statement, then, otherwise }, ...rest];
  }
  const way =
    statement.kind === 'assign' && isDecision(statement.register)
      ? demanded.get(statement.register)
      : undefined;
  if (statement.kind !== 'assign' || way?.kind !== 'integer' || rest.length === 0)
    return [statement, ...rest];
  if (!mayEnter(rest)) return [statement, ...rest];
  const { span } = statement;
  const left = { kind: 'register', name: statement.register, span } as const;
  const right = { kind: 'value', value: way, span } as const;
  const condition = { kind: 'binary', operator: '==', left, right, span } as const;
  const then = withoutRepeated(statement.value, rest);
  return [statement, { kind: 'if', condition, then, otherwise: [], span }];
}

/** The arm of a branch that has been decided, where its decision stands before it in another branch. */
function withoutRepeated(decision: Expression, rest: readonly Statement[]): readonly Statement[] {
  const [first, ...others] = rest;
  if (first?.kind !== 'if' || (first.then.length > 0 && first.otherwise.length > 0)) return rest;
  const tested = isComparison(first.condition) ? decision : testedBy(decision);
  const isIt = tested !== undefined && sameExpression(first.condition, tested);
  return isIt ? [...first.then, ...first.otherwise, ...others] : rest;
}

/** `r` of `r != 0`. */
function testedBy(decision: Expression): Expression | undefined {
  return decision.kind === 'binary' && decision.operator === '!=' ? decision.left : undefined;
}

function isDecision(register: string): boolean {
  return register.startsWith(TAKEN);
}
