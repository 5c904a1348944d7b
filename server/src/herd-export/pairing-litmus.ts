/** The program that a pairing was proved or refuted on as a litmus test, for herd7 and for whoever does not take our word. */

import { printLitmus } from '../litmus/print.ts';
import type { Witness, WitnessEvent } from '../memory-model/outcome.ts';
import type { Observable, Program, Proposition, Value } from '../program/program.ts';
import { balanced } from '../program/proposition.ts';
import { rewriteProgram } from '../program/rewrite-program.ts';
import { everyStatement } from '../program/walk.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import { check } from '../search/check.ts';
import { flatten } from './flatten.ts';
import { reduceExactly } from './reduce-exactly.ts';

/** What asking the test once may cost. */
const BUDGET = { steps: 100_000 };

const NOWHERE = { start: 0, end: 0 };

/** The test, with everything in place: its condition is the bad outcome, which happens where the pairing is
 *  broken and else never. Undefined where litmus has no words for the program, or none for the outcome. */
export function pairingLitmus(
  { outcome, verdict, bad }: ProtocolCheck,
  name: string,
): string | undefined {
  if (outcome === undefined) return undefined;
  const { witness } = outcome;
  const program = withKeptReads(outcome.program);
  const result = verdict.kind === 'broken' ? 'Sometimes' : 'Never';
  const description = `(*\n * Result: ${result}\n *\n * Whether ${bad}\n *)`;
  const [first, ...others] = equationsOf(program, witness);
  if (first === undefined) return undefined;
  const proposition = balanced<Proposition>([first, ...others], (left, right) => ({
    kind: 'and',
    left,
    right,
  }));
  const condition = { quantifier: 'exists', proposition, span: NOWHERE } as const;
  const { program: plain } = flatten({ ...program, name, description, condition });
  const small = plain && reduceExactly(plain);
  if (small === undefined || check(small, { budget: BUDGET }).observation !== result)
    return undefined;
  return printLitmus(small);
}

/** The program in which what is read for nothing goes into a register: what it was tells the outcome too. */
function withKeptReads(program: Program): Program {
  const used = new Set(
    program.threads.flatMap(({ body }) =>
      everyStatement(body).flatMap((each) => ('register' in each ? [each.register] : [])),
    ),
  );
  let count = 0;
  const fresh = () => {
    while (used.has(`read${count}`)) count++;
    return `read${count++}`;
  };
  return rewriteProgram(program, {
    expression: (expression) => expression,
    statement: (statement) =>
      statement.kind === 'evaluate' && statement.value.kind === 'load'
        ? { ...statement, kind: 'assign', register: fresh() }
        : statement,
  });
}

/** What tells the outcome from others: what its reads return, and which write to a location comes last where
 *  both threads make one. */
function equationsOf(program: Program, { events, edges }: Witness): readonly Proposition[] {
  const reads = events.flatMap((event) => {
    const register = event.kind === 'read' ? registerOf(program, event, events) : undefined;
    return register === undefined ? [] : [equation(program, register, event)];
  });
  const isOverwritten = ({ index }: WitnessEvent) =>
    edges.some(({ relation, from }) => relation === 'co' && from === index);
  const writes = events.filter(({ kind, thread }) => kind === 'write' && thread >= 0);
  const last = writes.flatMap((event) => {
    const { location, thread } = event;
    const isContended = writes.some(
      (other) => other.location === location && other.thread !== thread,
    );
    return location === undefined || !isContended || isOverwritten(event)
      ? []
      : [equation(program, { kind: 'location', name: location }, event)];
  });
  return [...reads, ...last].flat();
}

function equation(
  program: Program,
  left: Observable,
  { value }: WitnessEvent,
): readonly Proposition[] {
  const right = value === undefined ? undefined : valueIn(program, value);
  return right === undefined
    ? []
    : [{ kind: 'equals', left, right, negated: false, span: NOWHERE }];
}

/** What a witness prints as a value: a number, or the address of a location. */
function valueIn({ initial }: Program, printed: string): Value | undefined {
  if (/^-?\d+$/.test(printed) && Number.isSafeInteger(Number(printed)))
    return { kind: 'integer', value: Number(printed) };
  const isLocation = initial.some(
    ({ target }) =>
      target.kind === 'location' &&
      (target.name === printed || target.name.startsWith(`${printed}.`)),
  );
  return isLocation ? { kind: 'address', of: printed } : undefined;
}

/** The register that holds what a read returned, where it is read once and kept there. */
function registerOf(
  { threads }: Program,
  { thread, span }: WitnessEvent,
  events: readonly WitnessEvent[],
): Observable | undefined {
  const isHere = (other: { readonly start: number; readonly end: number }) =>
    other.start === span.start && other.end === span.end;
  const times = events.filter((other) => other.thread === thread && isHere(other.span)).length;
  const kept = everyStatement(threads[thread]?.body ?? []).flatMap((statement) =>
    statement.kind === 'assign' && isHere(statement.value.span) ? [statement.register] : [],
  );
  const [register] = kept;
  if (register === undefined || kept.length > 1 || times > 1) return undefined;
  return { kind: 'register', thread, name: register };
}
