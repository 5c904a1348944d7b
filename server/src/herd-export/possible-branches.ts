/** Leaves out branches that no execution of interest takes, as the values of registers show. */

import {
  type Candidates,
  candidatesOfExpression,
  only,
  outcomesOf,
  type RegisterCandidates,
  unionOf,
} from '../program/candidates.ts';
import { accessesOf, assignedIn, holdsWrite, placeOf } from '../program/plain-access.ts';
import type { Expression, Program, Proposition, Statement, Value } from '../program/program.ts';
import type { ProgramValues } from '../program/program-values.ts';
import { everyStatement, expressionsOf, registersOf } from '../program/walk.ts';
import { asTruth, negated } from './branches-as-values.ts';

/** What is known of the thread whose branches are looked at. */
export interface BranchContext {
  readonly thread: number;
  readonly values: ProgramValues;
  /** Registers that carry dependencies: what assigns one stays in its branch. */
  readonly ordering: ReadonlySet<string>;
  /** What the question demands of registers that are assigned once: no other execution is of interest. */
  readonly demanded: ReadonlyMap<string, Value>;
  /** Whether statements behind a branch may go into it, where they test the same registers again. */
  readonly merging: boolean;
}

/** The statements without branches that cannot be taken. An access that stands behind an `if` without
 *  writes may stand in its branches instead: control dependencies order writes only. */
export function possibleBranches(
  body: readonly Statement[],
  context: BranchContext,
): readonly Statement[] {
  return follow(context, body, new Map()).body;
}

/** What the filter and, where one execution is `asked` for, the condition demand of the registers of a thread,
 *  as far as they are conjunctions, and with these of the registers that they are copied or compared from. */
export function demandedOf(
  { condition, filter }: Program,
  thread: number,
  body: readonly Statement[],
  asked: boolean,
): ReadonlyMap<string, Value> {
  const assigned = assignedIn(body);
  const isOnce = (name: string) => assigned.filter((each) => each === name).length === 1;
  const demanded = new Map<string, Value>();
  const collect = (part: Proposition): void => {
    if (part.kind === 'and') {
      collect(part.left);
      collect(part.right);
    } else if (part.kind === 'equals' && !part.negated) {
      const { left, right } = part;
      if (left.kind !== 'register' || left.thread !== thread || !isOnce(left.name)) return;
      if (right.kind === 'integer' || right.kind === 'address') demanded.set(left.name, right);
    }
  };
  if (filter !== undefined) collect(filter);
  if (asked && condition.quantifier === 'exists') collect(condition.proposition);
  for (const statement of [...body].reverse()) {
    const source = demandedSource(statement, demanded);
    if (source !== undefined && isOnce(source.name)) demanded.set(source.name, source.value);
  }
  return demanded;
}

interface DemandedSource {
  readonly name: string;
  readonly value: Value;
}

/** What an assignment that every execution comes to demands of the register that it is made of, where it decides that:
 *  `c = r`, `c = r == 0`, `c = !r`. */
function demandedSource(
  statement: Statement,
  demanded: ReadonlyMap<string, Value>,
): DemandedSource | undefined {
  if (statement.kind !== 'assign') return undefined;
  const value = demanded.get(statement.register);
  return value && sourceOf(statement.value, value);
}

function sourceOf(expression: Expression, value: Value): DemandedSource | undefined {
  if (expression.kind === 'register') return { name: expression.name, value };
  if (value.kind !== 'integer') return undefined;
  if (expression.kind === 'not')
    return value.value === 1 ? sourceOf(expression.operand, ZERO) : undefined;
  if (expression.kind !== 'binary') return undefined;
  const { operator, left, right } = expression;
  const decides = operator === '==' ? 1 : operator === '!=' ? 0 : undefined;
  if (right.kind !== 'value' || decides !== value.value) return undefined;
  return sourceOf(left, right.value);
}

const ZERO: Value = { kind: 'integer', value: 0 };

interface Followed {
  readonly body: readonly Statement[];
  /** What registers hold behind it; undefined where nothing gets there. */
  readonly known: RegisterCandidates | undefined;
}

function follow(
  context: BranchContext,
  whole: readonly Statement[],
  entering: RegisterCandidates,
): Followed {
  const body = stopsFirst(whole);
  let known: RegisterCandidates | undefined = entering;
  const made: Statement[] = [];
  for (let at = 0; at < body.length; at++) {
    const statement = body[at]!;
    if (known === undefined) break;
    if (statement.kind !== 'if') {
      made.push(statement);
      known = after(context, statement, known);
      continue;
    }
    const tail = context.merging ? tailToMerge(context, body, at) : [];
    at += tail.length;
    const branches = followBranches(context, withTail(statement, tail), known);
    made.push(...branches.body);
    known = branches.known;
  }
  return { body: made, known };
}

type Branch = Statement & { readonly kind: 'if' };

/** The statements with each `if` that does nothing but stop moved up to where its condition is known: what an
 *  execution that stops has done before does not count, and the others are unchanged. */
function stopsFirst(body: readonly Statement[]): readonly Statement[] {
  const moved: Statement[] = [];
  for (const statement of body) {
    const tested = isMereStop(statement)
      ? expressionsOf(statement).flatMap(registersOf)
      : undefined;
    const last = moved.findLastIndex((before) =>
      tested === undefined
        ? true
        : isMereStop(before) || assignedIn([before]).some((register) => tested.includes(register)),
    );
    moved.splice(last + 1, 0, statement);
  }
  return moved;
}

function isMereStop(statement: Statement): boolean {
  if (statement.kind !== 'if') return false;
  const { then, otherwise } = statement;
  const [only, ...others] = [...then, ...otherwise];
  return only?.kind === 'stop' && only.why === 'discard' && others.length === 0;
}

function withTail(branch: Branch, tail: readonly Statement[]): Branch {
  if (tail.length === 0) return branch;
  const { then, otherwise } = branch;
  // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
  return { ...branch, then: [...then, ...tail], otherwise: [...otherwise, ...tail] };
}

function followBranches(
  context: BranchContext,
  branch: Branch,
  entering: RegisterCandidates,
): Followed {
  const { yes, no } = outcomesOf(branch.condition, entering);
  const then = yes && follow(context, branch.then, yes);
  const otherwise = no && follow(context, branch.otherwise, no);
  const known = joined(then?.known, otherwise?.known);
  const only = then === undefined ? otherwise : otherwise === undefined ? then : undefined;
  if (only !== undefined && isFree(context, only.body)) return { body: only.body, known };
  return { body: parted(context, branch, then, otherwise), known };
}

/**
 * The branch with what is left of its arms. An arm that always stops is nothing but that: an execution that
 * goes there does not count, whatever it does there. So all that count go the other way, and what gives
 * no dependency there may as well stand behind the branch.
 */
function parted(
  context: BranchContext,
  branch: Branch,
  then: Followed | undefined,
  otherwise: Followed | undefined,
): readonly Statement[] {
  const [yes, no] = [stopOf(then), stopOf(otherwise)];
  if (yes !== undefined && no !== undefined) return [yes];
  const arms = {
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    then: yes === undefined ? (then?.body ?? []) : [yes],
    otherwise: no === undefined ? (otherwise?.body ?? []) : [no],
  };
  if (yes !== undefined && isFree(context, arms.otherwise))
    return [{ ...branch, ...arms, otherwise: [] }, ...arms.otherwise];
  if (no !== undefined && isFree(context, arms.then)) {
    const condition = negated(asTruth(branch.condition));
    // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
    return [{ ...branch, condition, then: [no], otherwise: [] }, ...arms.then];
  }
  return [{ ...branch, ...arms }];
}

/** The stop that an arm always comes to; undefined where it may be left, or stops at a bound. */
function stopOf(arm: Followed | undefined): Statement | undefined {
  if (arm === undefined || arm.known !== undefined) return undefined;
  const stops = everyStatement(arm.body).filter((each) => each.kind === 'stop');
  return stops.every(({ why }) => why === 'discard') ? stops[0] : undefined;
}

/** Whether no dependency is lost when statements stand in no branch. */
function isFree({ ordering }: BranchContext, body: readonly Statement[]): boolean {
  return !holdsWrite(body) && !assignedIn(body).some((register) => ordering.has(register));
}

function joined(
  left: RegisterCandidates | undefined,
  right: RegisterCandidates | undefined,
): RegisterCandidates | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const union = new Map<string, Candidates>();
  for (const [register, candidates] of left) {
    const other = right.get(register);
    if (other !== undefined) union.set(register, unionOf(candidates, other));
  }
  return union;
}

/** What registers hold behind a statement that is no `if`. */
function after(
  context: BranchContext,
  statement: Statement,
  known: RegisterCandidates,
): RegisterCandidates | undefined {
  if (statement.kind === 'stop') return undefined;
  const next = new Map(known);
  if (statement.kind === 'while')
    for (const register of assignedIn(statement.body)) next.delete(register);
  if (statement.kind !== 'assign') return next;
  const { register, value } = statement;
  const demanded = context.demanded.get(register);
  if (demanded === undefined) return next.set(register, worth(context, register, value, known));
  if (accessesOf(statement).length > 0) return next.set(register, only(demanded));
  const right: Expression = { kind: 'value', value: demanded, span: value.span };
  const equal: Expression = {
    kind: 'binary',
    operator: '==',
    left: value,
    right,
    span: value.span,
  };
  return new Map(outcomesOf(equal, known).yes ?? known).set(register, only(demanded));
}

function worth(
  { values, thread }: BranchContext,
  register: string,
  value: Expression,
  known: RegisterCandidates,
): Candidates {
  if (!('address' in value)) return candidatesOfExpression(value, known);
  const ever = values.registers[thread]?.get(register) ?? 'any';
  const place = value.kind === 'load' ? placeOf(value.address) : undefined;
  if (place === undefined) return ever;
  const held = values.locations.get(place) ?? only({ kind: 'integer', value: 0 });
  return held === 'any' || (ever !== 'any' && ever.size < held.size) ? ever : held;
}

/** Beyond so many statements a tail is left where it is. */
const LONGEST_TAIL = 40;

/** The statements behind the `if` at `at`, as far as they may stand in its branches, up to the last that
 *  tests what the `if` tests or assigns. */
function tailToMerge(
  context: BranchContext,
  body: readonly Statement[],
  at: number,
): readonly Statement[] {
  const branch = body[at]!;
  const concerned = new Set([
    ...expressionsOf(branch).flatMap(registersOf),
    ...assignedIn([branch]),
  ]);
  const rest = body.slice(at + 1);
  const end = rest.findIndex((statement) => !isMovable(context, statement));
  const movable = end === -1 ? rest : rest.slice(0, end);
  const last = movable.findLastIndex((statement) => tests(statement, concerned));
  const tail = movable.slice(0, last + 1);
  return everyStatement(tail).length > LONGEST_TAIL ? [] : tail;
}

function isMovable(context: BranchContext, statement: Statement): boolean {
  const isPlain = everyStatement([statement]).every(
    ({ kind }) => kind !== 'while' && kind !== 'stop',
  );
  return isPlain && isFree(context, [statement]);
}

function tests(statement: Statement, registers: ReadonlySet<string>): boolean {
  return everyStatement([statement]).some(
    (inner) =>
      inner.kind === 'if' && registersOf(inner.condition).some((name) => registers.has(name)),
  );
}
