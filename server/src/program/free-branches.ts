/**
 * Branches that only decide whether a thread is followed at all: nothing happens in them but that some ways end, where an
 * assumption fails or where no more is looked at, and values that are free lead past these whatever else holds.
 */

import { evaluateExpression, isTrue, SPELT } from './evaluate.ts';
import type { Expression, Program, Statement, Value } from './program.ts';
import { everyStatement, expressionsOf, isPure, registersOf, withParts } from './walk.ts';

/** The program without such branches: it has the same executions. The alternatives of its open values are all that they may
 *  be. */
export function withoutFreeBranches(program: Program): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: left(thread.body, usesOf(thread.body)),
  }));
  return { ...program, threads };
}

/** Where the registers of a thread get their values, and how often these are read. */
interface Uses {
  readonly reads: ReadonlyMap<string, number>;
  readonly assigned: ReadonlyMap<string, readonly (Expression | undefined)[]>;
}

function usesOf(body: readonly Statement[]): Uses {
  const reads = new Map<string, number>();
  const assigned = new Map<string, (Expression | undefined)[]>();
  for (const statement of everyStatement(body)) {
    for (const register of expressionsOf(statement).flatMap(registersOf))
      reads.set(register, (reads.get(register) ?? 0) + 1);
    if (statement.kind !== 'assign' && statement.kind !== 'declare') continue;
    const { register, value } = statement;
    if (value !== undefined) assigned.set(register, [...(assigned.get(register) ?? []), value]);
  }
  return { reads, assigned };
}

function left(body: readonly Statement[], uses: Uses): readonly Statement[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'if' && isFree(statement, uses)) return [];
    return [
      withParts(
        statement,
        (expression) => expression,
        (inner) => left(inner, uses),
      ),
    ];
  });
}

type Branch = Extract<Statement, { kind: 'if' }>;

function isFree(branch: Branch, uses: Uses): boolean {
  if (!everyStatement([branch]).every(isQuiet)) return false;
  const inside = usesOf([branch]);
  const isOwn = (register: string) =>
    (uses.reads.get(register) ?? 0) === (inside.reads.get(register) ?? 0);
  if (![...inside.assigned.keys()].every(isOwn)) return false;
  const free = new Map<string, readonly Value[]>();
  for (const register of inside.reads.keys()) {
    const [value, ...others] = uses.assigned.get(register) ?? [];
    if (value?.kind === 'open' && others.length === 0 && isOwn(register))
      free.set(register, value.alternatives);
  }
  return hasWayPast(branch, free);
}

/** Whether a statement makes no event, and ends no execution but as one that is left out. */
function isQuiet(statement: Statement): boolean {
  switch (statement.kind) {
    case 'if':
    case 'assign':
    case 'declare':
      return expressionsOf(statement).every(isPure);
    case 'stop':
      return statement.why === 'discard';
    default:
      return false;
  }
}

/** What is known of registers on a way; undefined of one that may hold anything. */
type Known = ReadonlyMap<string, Value | undefined>;

/** So many statements are gone through. */
const MOST_STEPS = 2_000;

/** Whether a branch has a way that is not left out, whatever registers hold that are not `free`. */
function hasWayPast(branch: Branch, free: ReadonlyMap<string, readonly Value[]>): boolean {
  let steps = 0;
  const all = (
    [first, ...rest]: readonly Statement[],
    known: Known,
    then: (known: Known) => boolean,
  ): boolean => {
    if (first === undefined) return then(known);
    return one(first, known, (after) => all(rest, after, then));
  };
  const one = (statement: Statement, known: Known, then: (known: Known) => boolean): boolean => {
    if (++steps > MOST_STEPS) return false;
    switch (statement.kind) {
      case 'if':
        return someChoice(statement.condition, known, (chosen, value) => {
          const go = (holds: boolean) =>
            all(holds ? statement.then : statement.otherwise, chosen, then);
          return value === undefined ? go(true) && go(false) : go(isTrue(value));
        });
      case 'assign':
      case 'declare': {
        const { register, value } = statement;
        if (value === undefined) return then(known);
        if (value.kind === 'open')
          return value.alternatives.some((each) => then(new Map([...known, [register, each]])));
        return someChoice(value, known, (chosen, held) =>
          then(new Map([...chosen, [register, held]])),
        );
      }
      default:
        return false;
    }
  };
  /** Whether it goes on with some of the free values that an expression uses and that are not chosen yet. */
  const someChoice = (
    expression: Expression,
    known: Known,
    then: (chosen: Known, value: Value | undefined) => boolean,
  ): boolean => {
    const open = registersOf(expression).find((name) => !known.has(name) && free.has(name));
    if (open !== undefined)
      return free
        .get(open)!
        .some((each) => someChoice(expression, new Map([...known, [open, each]]), then));
    return then(known, heldBy(expression, known));
  };
  return one(branch, new Map(), () => true);
}

function heldBy(expression: Expression, known: Known): Value | undefined {
  return evaluateExpression(SPELT, expression, (name) => known.get(name));
}
