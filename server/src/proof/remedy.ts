/**
 * What would hold an invariant that no barrier holds: a wait for a grace period, or a read-side section for one that is
 * waited for. Each is put into the programs, which are then asked again.
 */

import type { Origin, Program, Statement, Thread } from '../program/program.ts';
import { bodiesOf, everyStatement, expressionsOf, mayEnd, partsOf } from '../program/walk.ts';
import { check } from '../search/check.ts';
import { noExecution } from './no-execution.ts';

export interface Remedy {
  /** An `outer-wait` comes before the locks and sections that are around a place, where nobody may wait. */
  readonly kind: 'wait' | 'outer-wait' | 'section';
  readonly thread: number;
  /** A wait comes before this; of a section it is the first that stands in it. */
  readonly at: Origin;
}

/** What asking once may cost, and how often is asked. */
const BUDGET = { events: 400, executions: 20_000, steps: 50_000 };
const QUESTIONS = 40;

/** The first remedy that is enough: sections of what one function does, the shortest first, where another thread waits for
 *  such; then waits, the last possible place of a thread first. `origins` are those of an execution that violates the
 *  invariant, by thread and in program order, of which only what stands in the tree can be mended; the programs, one for
 *  each initial case, have the read-side sections that nobody waits for, too. */
export function remedyOf(
  programs: readonly Program[],
  origins: readonly (readonly Origin[])[],
): Remedy | undefined {
  const isOwn = ({ file }: Origin) => !file.endsWith('.scenario');
  const waiting = (programs[0]?.threads ?? []).filter(({ body }) => waits(body));
  const sections = origins
    .flatMap((own, thread) =>
      waiting.some(({ index }) => index !== thread) ? sectionsOf(own, thread, isOwn) : [],
    )
    .toSorted((one, other) => one.length - other.length);
  const places = origins.map((own, thread) =>
    own
      .filter(isOwn)
      .toReversed()
      .flatMap((at): readonly Remedy[] => [
        { kind: 'wait', thread, at },
        { kind: 'outer-wait', thread, at },
      ]),
  );
  let left = QUESTIONS;
  const isRemedy = (remedy: Remedy) => {
    const changed = programs.flatMap((program) => withRemedy(remedy, program) ?? []);
    return changed.length === programs.length && left-- > 0 && isEnough(changed);
  };
  return [sections.map(({ remedy }) => remedy), ...places]
    .filter((remedies) => !areInVain(remedies, programs))
    .flat()
    .find(isRemedy);
}

/** Whether the programs come to what they ask for with all of these together, so that none of them is enough. */
function areInVain(remedies: readonly Remedy[], programs: readonly Program[]): boolean {
  const withAll = (program: Program) =>
    remedies.reduce((changed, remedy) => withRemedy(remedy, changed) ?? changed, program);
  return programs.some((program) => {
    const { observation } = check(withAll(program), { question: 'exists', budget: BUDGET });
    return observation !== 'Never' && observation !== undefined;
  });
}

function waits(body: Body): boolean {
  return everyStatement(body).some((each) => each.kind === 'rcu' && each.action === 'synchronize');
}

interface Section {
  readonly remedy: Remedy;
  /** From its first event to its last one. */
  readonly length: number;
}

/** Of functions that are called several times, with others between, there are none: a section of each call is not asked. */
function sectionsOf(
  origins: readonly Origin[],
  thread: number,
  isOwn: (origin: Origin) => boolean,
): readonly Section[] {
  const names = origins.map((origin) => origin.function);
  const first = origins.filter(
    (at, index) => isOwn(at) && names.indexOf(at.function) === index && !isCalledAgain(at, origins),
  );
  return first.map((at) => ({
    remedy: { kind: 'section', thread, at },
    length: names.lastIndexOf(at.function) - names.indexOf(at.function),
  }));
}

/** Whether a function goes on, behind what others do, with what it has done before. */
function isCalledAgain({ function: name }: Origin, origins: readonly Origin[]): boolean {
  const seen: Origin[] = [];
  return origins.some((origin, at) => {
    if (origin.function !== name) return false;
    const isBehindOthers = at > 0 && origins[at - 1]!.function !== name;
    const isAgain = isBehindOthers && seen.some((before) => isSame(before, origin));
    seen.push(origin);
    return isAgain;
  });
}

/** Whether the changed programs still run, and never come to what they ask for. */
function isEnough(changed: readonly Program[]): boolean {
  return changed.every(isNever) && noExecution(changed) === undefined;
}

function isNever(program: Program): boolean {
  const { observation, unknown } = check(program, { question: 'exists', budget: BUDGET });
  return observation === 'Never' && unknown === undefined;
}

function withRemedy({ kind, thread, at }: Remedy, program: Program): Program | undefined {
  const own = program.threads[thread];
  if (own === undefined) return undefined;
  const body =
    kind === 'section' ? withSection(own.body, at.function) : withWait(own.body, at, kind);
  if (body === undefined) return undefined;
  const threads = program.threads.map((each): Thread => (each === own ? { ...own, body } : each));
  return { ...program, threads };
}

type Body = readonly Statement[];

/** With a wait before each statement that comes from there, or before the locks and sections that these stand in;
 *  undefined where there is none, or where one is not in such a place. */
function withWait(body: Body, at: Origin, kind: 'wait' | 'outer-wait'): Body | undefined {
  const isIt = (statement: Statement) => originsIn(statement).some((origin) => isSame(origin, at));
  let [depth, isAllowed, isFound] = [0, true, false];
  /** Where the outermost lock or section begins that is open. */
  let outermost: (wait: Statement) => void = () => undefined;
  const changed = (statements: Body): Body => {
    const made: Statement[] = [];
    for (const statement of statements) {
      const before = made.length;
      const isHere = isIt(statement);
      if (isHere) {
        isAllowed &&= (depth === 0) === (kind === 'wait');
        isFound = true;
        if (kind === 'wait') made.push(mark('synchronize', statement));
        else outermost(mark('synchronize', statement));
      }
      if (depth === 0 && nesting(statement) > 0)
        outermost = (wait) => {
          made.splice(before, 0, wait);
          outermost = () => undefined;
        };
      depth += nesting(statement);
      made.push(withBodies(statement, changed));
    }
    return made;
  };
  const result = changed(body);
  return isAllowed && isFound ? result : undefined;
}

/** Whether a section or a lock, in which nobody may wait, begins or ends. */
function nesting(statement: Statement): number {
  if (statement.kind === 'rcu')
    return statement.action === 'lock' ? 1 : statement.action === 'unlock' ? -1 : 0;
  if (statement.kind !== 'lock') return 0;
  return statement.action === 'lock' ? 1 : statement.action === 'unlock' ? -1 : 0;
}

/** With a section around all that the function does; undefined where that is not in one piece, or nothing. */
function withSection(body: Body, name: string): Body | undefined {
  const isOf = (statement: Statement): boolean =>
    everyStatement([statement]).some((inner) =>
      originsIn(inner).some((origin) => origin.function === name),
    );
  const [first, last] = [body.findIndex(isOf), body.findLastIndex(isOf)];
  const from = body[first];
  if (from === undefined) return undefined;
  const isAround =
    first === last &&
    bodiesOf(from).length > 0 &&
    originsIn(from).every((origin) => origin.function !== name);
  if (isAround) {
    const inner = bodiesOf(from).filter((each) => each.some(isOf));
    const made = inner.length === 1 ? withSection(inner[0]!, name) : undefined;
    if (made === undefined) return undefined;
    const changed = withBodies(from, (each) => (each === inner[0] ? made : each));
    return body.map((each) => (each === from ? changed : each));
  }
  const section = body.slice(first, last + 1);
  const waits = everyStatement(section).some(
    (each) => each.kind === 'rcu' && each.action === 'synchronize',
  );
  if (waits || section.some(mayEnd)) return undefined;
  return [
    ...body.slice(0, first),
    mark('lock', from),
    ...section,
    mark('unlock', from),
    ...body.slice(last + 1),
  ];
}

function mark(action: 'lock' | 'unlock' | 'synchronize', { span }: Statement): Statement {
  return { kind: 'rcu', action, span };
}

function withBodies(statement: Statement, change: (body: Body) => Body): Statement {
  if (statement.kind === 'if') {
    const [then, otherwise] = [change(statement.then), change(statement.otherwise)];
    return { ...statement, then, otherwise };
  }
  return statement.kind === 'while' ? { ...statement, body: change(statement.body) } : statement;
}

/** Where a statement comes from, and what it computes; not what stands inside it. */
function originsIn(statement: Statement): readonly Origin[] {
  const parts = expressionsOf(statement).flatMap(partsOf);
  return [statement, ...parts].flatMap((part) =>
    'origin' in part && part.origin !== undefined ? [part.origin] : [],
  );
}

function isSame(one: Origin, other: Origin): boolean {
  return one.site === other.site && one.file === other.file && one.span.start === other.span.start;
}
