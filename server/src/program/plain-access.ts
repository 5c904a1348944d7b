/** What the statements of a flattened program touch: locations, and registers that order depends on. */

import type { Expression, LocationName, Program, Statement } from './program.ts';
import { type ProgramValues, programValues } from './program-values.ts';
import { observablesIn } from './proposition.ts';
import { rewriteProgram } from './rewrite-program.ts';
import { bodiesOf, everyStatement, expressionsOf, operandsOf, registersOf } from './walk.ts';

/** The location that the address expression of a flattened program leads to: `x`, or `x + (r ^ r)`. */
export function placeOf(address: Expression): LocationName | undefined {
  if (address.kind === 'value')
    return address.value.kind === 'address' ? address.value.of : undefined;
  return address.kind === 'binary' && address.operator === '+' ? placeOf(address.left) : undefined;
}

/** The values that registers and locations of a flattened program may have. */
export function plainValues(program: Program): ProgramValues {
  const placed = <Accessing extends { readonly address: Expression }>(
    one: Accessing,
  ): Accessing => {
    const of = placeOf(one.address);
    const { span } = one.address;
    return of === undefined
      ? one
      : { ...one, address: { kind: 'value', value: { kind: 'address', of }, span } };
  };
  return programValues(
    rewriteProgram(program, {
      statement: (statement) => (statement.kind === 'store' ? placed(statement) : statement),
      expression: (expression) => ('address' in expression ? placed(expression) : expression),
    }),
  );
}

/** An access to memory: where, and which events it makes. */
export interface Access {
  readonly place: LocationName | undefined;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** The accesses that a statement itself makes, those inside its bodies aside. */
export function accessesOf(statement: Statement): readonly Access[] {
  const inside = expressionsOf(statement).flatMap(accessesIn);
  if (statement.kind !== 'store' && statement.kind !== 'lock') return inside;
  const place = placeOf(statement.address);
  return [...inside, { place, reads: statement.kind === 'lock', writes: true }];
}

function accessesIn(expression: Expression): readonly Access[] {
  const inside = operandsOf(expression).flatMap(accessesIn);
  if (!('address' in expression)) return inside;
  const place = placeOf(expression.address);
  return [...inside, { place, reads: true, writes: expression.kind !== 'load' }];
}

/** The statements with `change` in the place of each that has no bodies. */
export function changedStatements(
  body: readonly Statement[],
  change: (statement: Statement) => Statement | undefined,
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    if (bodiesOf(statement).length === 0) return [change(statement) ?? []].flat();
    if (statement.kind === 'while')
      return [{ ...statement, body: changedStatements(statement.body, change) }];
    if (statement.kind !== 'if') return [statement];
    const then = changedStatements(statement.then, change);
    const otherwise = changedStatements(statement.otherwise, change);
    return [{ ...statement, then, otherwise }];
  });
}

/** Whether something inside makes an event that a control dependency could order: a write, a lock, SRCU. */
export function holdsWrite(body: readonly Statement[]): boolean {
  return everyStatement(body).some(
    (statement) =>
      statement.kind === 'srcu' ||
      statement.kind === 'lock' ||
      accessesOf(statement).some(({ writes }) => writes),
  );
}

/** The registers that a body assigns. */
export function assignedIn(body: readonly Statement[]): readonly string[] {
  return everyStatement(body).flatMap((statement) =>
    statement.kind === 'assign' ? [statement.register] : [],
  );
}

/**
 * The registers of a thread through which a read may start a dependency that the model knows: they go
 * into an address, a stored value, or a condition with a write inside its branches (`rwdep` of
 * `linux-kernel.cat` is `(dep | ctrl) ; [W]`), directly or by way of other registers. A register that
 * is assigned inside a branch carries the dependency on the branch's condition along.
 */
export function orderingRegisters(body: readonly Statement[]): ReadonlySet<string> {
  const ordering = new Set<string>();
  const flows: (readonly [to: string, from: readonly string[]])[] = [];
  collectFlows(body, [], ordering, flows);
  for (let size = -1; size < ordering.size; ) {
    size = ordering.size;
    for (const [to, from] of flows)
      if (ordering.has(to)) for (const register of from) ordering.add(register);
  }
  return ordering;
}

function collectFlows(
  body: readonly Statement[],
  guards: readonly string[],
  ordering: Set<string>,
  flows: (readonly [string, readonly string[]])[],
): void {
  for (const statement of body) {
    const used = expressionsOf(statement).flatMap(registersOf);
    const isAccess = accessesOf(statement).length > 0 || statement.kind === 'srcu';
    const bodies = bodiesOf(statement);
    if (isAccess || bodies.some(holdsWrite)) for (const register of used) ordering.add(register);
    if (statement.kind === 'assign')
      flows.push([statement.register, isAccess ? guards : [...guards, ...used]]);
    for (const inner of bodies) collectFlows(inner, [...guards, ...used], ordering, flows);
  }
}

/** What the condition, the filter and `locations` of a program speak of. */
export interface Observed {
  readonly locations: ReadonlySet<LocationName>;
  readonly registers: (thread: number) => ReadonlySet<string>;
}

export function observedIn(program: Program): Observed {
  const { condition, filter, observed } = program;
  const all = [
    ...observed,
    ...observablesIn(condition.proposition),
    ...(filter ? observablesIn(filter) : []),
  ];
  return {
    locations: new Set(all.flatMap((one) => (one.kind === 'location' ? [one.name] : []))),
    registers: (thread) =>
      new Set(
        all.flatMap((one) => (one.kind === 'register' && one.thread === thread ? [one.name] : [])),
      ),
  };
}
