/** Programs without the orders of some sites, as far as plain litmus can say that. */

import type { OrderingSite } from '../lowering/lowering.ts';
import { accessesOf, holdsWrite } from '../program/plain-access.ts';
import type { Expression, Program, Statement, Traced } from '../program/program.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import { bodiesOf, everyStatement, expressionsOf, registersOf } from '../program/walk.ts';
import { flatten } from './flatten.ts';

export interface PlainProgram {
  /** Absent where plain litmus has no words for it. */
  readonly program?: Program;
  readonly problem?: string;
  /** The sites whose reads still order writes that depend on their value: no C can do without. */
  readonly kept: readonly string[];
}

/** The program in plain words, without what the sites order: fences and grace periods are left out,
 *  accesses are relaxed, and addresses no longer depend on what their reads have read (the `if` that
 *  chooses the location stays: it orders writes only). */
export function plainWithout(program: Program, sites: readonly OrderingSite[]): PlainProgram {
  const lock = sites.find(({ device }) => device === 'lock');
  if (lock !== undefined) return { problem: 'a lock cannot be left out', kept: [] };
  const names = new Set(sites.map(({ site }) => site));
  const { program: plain, problems } = flatten(relaxed(program, names));
  if (plain === undefined)
    return { problem: problems[0]?.message ?? 'it has no plain form', kept: [] };
  const threads = plain.threads.map((thread) => ({
    ...thread,
    body: withoutAddressDependencies(thread.body, derivedIn(thread.body, names)),
  }));
  return { program: { ...plain, threads }, kept: [...names].filter((name) => isKept(plain, name)) };
}

function relaxed(program: Program, names: ReadonlySet<string>): Program {
  const isTaken = ({ origin }: Traced) => origin !== undefined && names.has(origin.site);
  return rewriteProgram(program, {
    statement: (statement) => (isTaken(statement) ? unordered(statement) : statement),
    expression: (expression) => weaken(expression, isTaken),
  });
}

/** The statement without the order that it gives: nothing is left of a fence. */
function unordered(statement: Statement): Statement | undefined {
  if (statement.kind === 'fence' || statement.kind === 'rcu') return undefined;
  if (statement.kind !== 'store') return statement;
  const { then: _, ...plain } = statement;
  return { ...plain, order: 'once' };
}

function weaken(expression: Expression, isTaken: (access: Traced) => boolean): Expression {
  switch (expression.kind) {
    case 'load':
    case 'rmw':
    case 'cmpxchg':
    case 'add-unless':
      if (!isTaken(expression) || expression.order === 'noreturn') return expression;
      return { ...expression, order: 'once' };
    default:
      return expression;
  }
}

/** The registers that hold what reads of the sites have read, or what is computed from that. */
function derivedIn(body: readonly Statement[], names: ReadonlySet<string>): ReadonlySet<string> {
  const derived = new Set<string>();
  const assignments = everyStatement(body).flatMap((statement) =>
    statement.kind === 'assign' ? [statement] : [],
  );
  for (let size = -1; size < derived.size; ) {
    size = derived.size;
    for (const { register, value } of assignments)
      if (carries(value, names, derived)) derived.add(register);
  }
  return derived;
}

function carries(
  value: Expression,
  names: ReadonlySet<string>,
  derived: ReadonlySet<string>,
): boolean {
  if (!('address' in value)) return registersOf(value).some((register) => derived.has(register));
  return value.origin !== undefined && names.has(value.origin.site);
}

/** Addresses `x + (r ^ r)` become `x` where every register in `r` is derived. */
function withoutAddressDependencies(
  body: readonly Statement[],
  derived: ReadonlySet<string>,
): readonly Statement[] {
  const freed = <Accessing extends { readonly address: Expression }>(one: Accessing): Accessing => {
    const { address } = one;
    if (address.kind !== 'binary') return one;
    const isFree = registersOf(address.right).every((register) => derived.has(register));
    const left = freed({ address: address.left }).address;
    return { ...one, address: isFree ? left : { ...address, left } };
  };
  return body.map((statement): Statement => {
    if (statement.kind === 'store') return freed(statement);
    if (statement.kind === 'assign' || statement.kind === 'evaluate')
      return 'address' in statement.value
        ? { ...statement, value: freed(statement.value) }
        : statement;
    if (statement.kind !== 'if') return statement;
    const then = withoutAddressDependencies(statement.then, derived);
    const otherwise = withoutAddressDependencies(statement.otherwise, derived);
    return { ...statement, then, otherwise };
  });
}

/** Whether a write depends on what a site's read has read, by its value or by a condition around it. */
function isKept({ threads }: Program, name: string): boolean {
  return threads.some(({ body }) => {
    const derived = derivedIn(body, new Set([name]));
    const uses = (expressions: readonly Expression[]) =>
      expressions.flatMap(registersOf).some((register) => derived.has(register));
    return everyStatement(body).some((statement) => {
      const writes = accessesOf(statement).some((access) => access.writes);
      if (statement.kind === 'store') return uses([statement.value]);
      return (writes || bodiesOf(statement).some(holdsWrite)) && uses(expressionsOf(statement));
    });
  });
}
