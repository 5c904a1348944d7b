/** Locations that one thread writes and nobody reads, told by registers instead. */

import { keyOf } from '../program/evaluate.ts';
import { accessesOf, assignedIn, placeOf } from '../program/plain-access.ts';
import type { LocationName, Program, Proposition, Statement, Value } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';
import { FALSE } from './decided-condition.ts';

/**
 * A location that is only ever written, by one thread, always the same value that is not its initial one,
 * holds that value at the end if one of these writes is on the way that the thread went. So the condition
 * can ask for that, by a register for each write, and the writes can go where they give no order: they
 * are in no communication, and what is kept before one of them is kept by a fence or, behind which no
 * smp_wmb() comes, by a dependency (see `withoutUnreadWrites`).
 */
export function withPrivateResults(program: Program): Program {
  const asked = program.condition.proposition;
  return locationsIn(asked).reduce(withResult, program);
}

function withResult(program: Program, place: LocationName): Program {
  const found = writesTo(program, place);
  if (found === undefined) return program;
  const { thread, writes, value, initial } = found;
  const { body } = program.threads[thread]!;
  const taken = new Set(assignedIn(body));
  const stem = `wrote_${place}`.replace(/\W+/g, '_');
  if ([...taken].some((name) => name.startsWith(stem))) return program;
  const registers = new Map(writes.map((write, at) => [write, `${stem}_${at + 1}`]));
  const { condition } = program;
  const answer = (proposition: Proposition & { readonly kind: 'equals' }): Proposition => {
    const { right, negated, span } = proposition;
    if (right.kind === 'location' || right.kind === 'register') return proposition;
    const written = [...registers.values()]
      .map(
        (name): Proposition => ({
          kind: 'equals',
          left: { kind: 'register', thread, name },
          right: { kind: 'integer', value: 1 },
          negated: false,
          span,
        }),
      )
      .reduce((left, next): Proposition => ({ kind: 'or', left, right: next }));
    const isIt = (one: Value) => keyOf(one) === keyOf(right);
    const holds: Proposition = isIt(value)
      ? written
      : isIt(initial)
        ? { kind: 'not', operand: written }
        : FALSE;
    return negated ? { kind: 'not', operand: holds } : holds;
  };
  return {
    ...program,
    threads: program.threads.map((each) =>
      each.index === thread ? { ...each, body: marked(body, registers) } : each,
    ),
    condition: { ...condition, proposition: replaced(condition.proposition, place, answer) },
  };
}

interface Writes {
  readonly thread: number;
  readonly writes: readonly Statement[];
  readonly value: Value;
  readonly initial: Value;
}

function writesTo(program: Program, place: LocationName): Writes | undefined {
  const touching = program.threads.flatMap(({ index, body }) =>
    everyStatement(body).flatMap((statement) =>
      accessesOf(statement).some((access) => access.place === place)
        ? [{ index, statement, isLate: isBehindBarriers(body, statement) }]
        : [],
    ),
  );
  const [first] = touching;
  const named = program.initial.find(
    ({ target }) => target.kind === 'location' && target.name === place,
  );
  const initial: Value = named?.value ?? { kind: 'integer', value: 0 };
  const value = first && storedConstant(first.statement);
  const isSimple =
    value !== undefined &&
    keyOf(value) !== keyOf(initial) &&
    touching.every(({ index, statement, isLate }) => {
      const stored = storedConstant(statement);
      return index === first!.index && isLate && stored && keyOf(stored) === keyOf(value);
    });
  const isAskedElsewhere =
    program.observed.length > 0 ||
    (program.filter !== undefined && locationsIn(program.filter).includes(place));
  if (!isSimple || isAskedElsewhere) return undefined;
  return {
    thread: first!.index,
    writes: touching.map(({ statement }) => statement),
    value,
    initial,
  };
}

function storedConstant(statement: Statement): Value | undefined {
  if (statement.kind !== 'store' || statement.order !== 'once' || statement.then !== undefined)
    return undefined;
  const isFixed = statement.address.kind === 'value' && placeOf(statement.address) !== undefined;
  return isFixed && statement.value.kind === 'value' ? statement.value.value : undefined;
}

/** Whether no smp_wmb() of the thread, and no loop, comes behind the statement. */
export function isBehindBarriers(body: readonly Statement[], statement: Statement): boolean {
  const all = everyStatement(body);
  const last = all.findLastIndex(
    (each) => each.kind === 'while' || (each.kind === 'fence' && each.tag === 'wmb'),
  );
  const isLooping = all.some(({ kind }) => kind === 'while');
  return !isLooping && all.indexOf(statement) > last;
}

function marked(
  body: readonly Statement[],
  registers: ReadonlyMap<Statement, string>,
): readonly Statement[] {
  return body.map((statement): Statement => {
    const register = registers.get(statement);
    if (register !== undefined && statement.kind === 'store') {
      const { span, origin, value } = statement;
      const one = {
        kind: 'value',
        value: { kind: 'integer', value: 1 },
        span: value.span,
      } as const;
      return { kind: 'assign', register, value: one, span, ...(origin && { origin }) };
    }
    if (statement.kind !== 'if') return statement;
    const then = marked(statement.then, registers);
    const otherwise = marked(statement.otherwise, registers);
    return { ...statement, then, otherwise };
  });
}

function locationsIn(proposition: Proposition): readonly LocationName[] {
  switch (proposition.kind) {
    case 'true':
      return [];
    case 'equals':
      return proposition.left.kind === 'location' ? [proposition.left.name] : [];
    case 'not':
      return locationsIn(proposition.operand);
    default:
      return [...new Set([...locationsIn(proposition.left), ...locationsIn(proposition.right)])];
  }
}

function replaced(
  proposition: Proposition,
  place: LocationName,
  answer: (proposition: Proposition & { readonly kind: 'equals' }) => Proposition,
): Proposition {
  const inner = (part: Proposition) => replaced(part, place, answer);
  switch (proposition.kind) {
    case 'true':
      return proposition;
    case 'equals': {
      const { left } = proposition;
      return left.kind === 'location' && left.name === place ? answer(proposition) : proposition;
    }
    case 'not':
      return { ...proposition, operand: inner(proposition.operand) };
    default:
      return { ...proposition, left: inner(proposition.left), right: inner(proposition.right) };
  }
}
