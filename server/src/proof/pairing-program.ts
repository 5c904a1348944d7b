/**
 * The litmus test of a pairing over two fields: two threads, and as its condition the outcome that both
 * sides' orders are there to keep away (the cycle of the shape, see litmus-tests.txt).
 */

import type { SharedOrder } from '../pairing/pairing.ts';
import type {
  Condition,
  Expression,
  InitialValue,
  Origin,
  Program,
  Proposition,
  Statement,
  Thread,
  Value,
} from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { type AccessStep, locationOf, type SideThread, type Step } from './pairing-thread.ts';

/** The program of both sides, without the orders of the devices in `without`. */
export function pairingProgram(
  order: SharedOrder,
  sides: readonly [SideThread, SideThread],
  without: ReadonlySet<string> = new Set(),
): Program {
  const locations = locationsOf(order, sides);
  const threads = sides.map((side, index) => threadOf(side, index, locations, without));
  return {
    name: nameOf(order, sides),
    description: '',
    initial: locations.pointers.map(({ name, dummy }) => initialPointer(name, dummy)),
    threads,
    observed: [],
    condition: conditionOf(sides, locations),
  };
}

const NOWHERE = { start: 0, end: 0 } as const;

/** More than a thread has. The span of a statement is its number: the program has no text of its own. */
const STEPS = 100;

/** Where each statement comes from, by the number that its span is. */
export function originsOf({ threads }: Program): ReadonlyMap<number, Origin> {
  const statements = threads.flatMap(({ body }) => body);
  return new Map(
    statements.flatMap(({ span, origin }) => (origin === undefined ? [] : [[span.start, origin]])),
  );
}

/** What a location holds after it was written: the marker of the side that wrote it. */
interface Locations {
  readonly first: string;
  readonly second: string;
  /** Locations that hold a pointer to another one, as an address depends on what is read there. */
  readonly pointers: readonly {
    readonly name: string;
    readonly target: string;
    readonly dummy: string;
  }[];
}

function locationsOf(order: SharedOrder, sides: readonly [SideThread, SideThread]): Locations {
  const [first, second] = [order.accesses[0][0], order.accesses[0][1]].map((access, index) =>
    locationOf(
      index === 0 ? { ...access, field: order.first } : { ...access, field: order.second },
    ),
  ) as [string, string];
  const pointers = sides.flatMap((side, index) => {
    if (side.dependency === undefined) return [];
    const [name, target] = index === 0 ? [first, second] : [second, first];
    return [{ name, target, dummy: `${target}.before` }];
  });
  return { first, second, pointers };
}

function initialPointer(name: string, dummy: string): InitialValue {
  return {
    target: { kind: 'location', name },
    value: { kind: 'address', of: dummy },
    type: '',
    span: NOWHERE,
  };
}

function nameOf(order: SharedOrder, sides: readonly [SideThread, SideThread]): string {
  const [one, two] = sides.map(({ site }) => site.site.function);
  return `${order.shape}+${one}+${two}`;
}

function threadOf(
  side: SideThread,
  index: number,
  locations: Locations,
  without: ReadonlySet<string>,
): Thread {
  const body = side.steps.flatMap((step, at) => {
    const number = index * STEPS + at;
    return statementsOf(step, { start: number, end: number + 1 }, side, index, locations, without);
  });
  return { index, parameters: [], body, span: NOWHERE };
}

function statementsOf(
  step: Step,
  span: Span,
  side: SideThread,
  thread: number,
  locations: Locations,
  without: ReadonlySet<string>,
): readonly Statement[] {
  const isTaken = step.device !== undefined && without.has(step.device);
  const origin = {
    ...step.place,
    function: step.function,
    site: step.device ?? `${step.place.file}:${step.place.span.start}`,
  };
  const traced = { span, origin };
  if (step.kind === 'fence') return isTaken ? [] : [{ kind: 'fence', tag: step.tag, ...traced }];
  const follows =
    step.part === 'second' && side.dependency !== undefined && !without.has(side.dependency);
  const address = follows
    ? register(registerOf('first'))
    : addressOf(nameIn(step, thread, locations));
  const done = isTaken ? relaxed(step) : step;
  const access = accessStatement(done, address, thread, locations, traced);
  const tag = done.operation.kind === 'store' ? done.operation.followedBy : undefined;
  return tag === undefined ? [access] : [access, { kind: 'fence', tag, ...traced }];
}

/** The first step of thread 1 accesses the second location, and the reverse. */
function nameIn(step: AccessStep, thread: number, { first, second }: Locations): string {
  if (step.part === 'other') return step.location;
  return (step.part === 'first') === (thread === 0) ? first : second;
}

/** The access without the order that its device gives it. */
function relaxed(step: AccessStep): AccessStep {
  const { operation } = step;
  switch (operation.kind) {
    case 'load':
      return { ...step, operation: { kind: 'load', order: 'once' } };
    case 'store':
      return { ...step, operation: { kind: 'store', order: 'once' } };
    case 'rmw':
      return operation.order === 'noreturn'
        ? step
        : { ...step, operation: { kind: 'rmw', order: 'once' } };
  }
}

type Traced = Pick<Statement, 'span' | 'origin'>;

function accessStatement(
  step: AccessStep,
  address: Expression,
  thread: number,
  locations: Locations,
  traced: Traced,
): Statement {
  const { operation } = step;
  const name = registerOf(step.part);
  const written = constant(writtenBy(step, thread, locations));
  switch (operation.kind) {
    case 'load': {
      const load: Expression = { kind: 'load', order: operation.order, address, ...traced };
      return { kind: 'declare', register: name, type: 'int', value: load, ...traced };
    }
    case 'store':
      return {
        kind: 'store',
        order: operation.order,
        address,
        value: written,
        ...traced,
      };
    case 'rmw':
      return rmwStatement(operation.order, step, address, written, name, traced);
  }
}

/** One that returns its value exchanges it; a void one sets a bit, or clears it where it is what sees. */
function rmwStatement(
  order: Extract<AccessStep['operation'], { kind: 'rmw' }>['order'],
  step: AccessStep,
  address: Expression,
  written: Expression,
  name: string,
  traced: Traced,
): Statement {
  const rmw = { kind: 'rmw', address, ...traced } as const;
  if (order === 'noreturn') {
    const change =
      step.as === 'read'
        ? ({ apply: 'and', operand: constant({ kind: 'integer', value: 0 }) } as const)
        : ({ apply: 'or', operand: written } as const);
    return { kind: 'evaluate', value: { ...rmw, order, ...change, result: 'nothing' }, ...traced };
  }
  const value: Expression = { ...rmw, order, apply: 'set', operand: written, result: 'old' };
  return { kind: 'declare', register: name, type: 'int', value, ...traced };
}

/** Each side writes a value of its own; what is followed as a pointer holds an address. */
function writtenBy(step: AccessStep, thread: number, locations: Locations): Value {
  const name = nameIn(step, thread, locations);
  const pointer = locations.pointers.find((each) => each.name === name);
  if (pointer !== undefined && step.part !== 'other' && step.as === 'write')
    return { kind: 'address', of: pointer.target };
  return { kind: 'integer', value: step.as === 'read' ? 3 : thread + 1 };
}

/** The cycle: what the first side does second is seen by what the second side does first, and the
 *  other way round it is not yet. */
function conditionOf(sides: readonly [SideThread, SideThread], locations: Locations): Condition {
  const [one, two] = sides;
  const proposition: Proposition = {
    kind: 'and',
    left: link(partOf(one, 'second'), 0, partOf(two, 'first'), 1, locations),
    right: link(partOf(two, 'second'), 1, partOf(one, 'first'), 0, locations),
  };
  return { quantifier: 'exists', proposition, span: NOWHERE };
}

function partOf(side: SideThread, part: 'first' | 'second'): AccessStep {
  const found = side.steps.find((step) => step.kind === 'access' && step.part === part);
  return found as AccessStep;
}

/** That `from` comes before `to` at their common location: rf, co or fr, by their kinds. */
function link(
  from: AccessStep,
  fromThread: number,
  to: AccessStep,
  toThread: number,
  locations: Locations,
): Proposition {
  const location = { kind: 'location', name: nameIn(from, fromThread, locations) } as const;
  if (from.as === 'write' && to.as === 'write')
    return equals(location, writtenBy(to, toThread, locations));
  if (from.as === 'write') {
    if (isVoid(to)) return equals(location, { kind: 'integer', value: 0 });
    return equals(seenBy(to, toThread), writtenBy(from, fromThread, locations));
  }
  if (isVoid(from)) return equals(location, writtenBy(to, toThread, locations));
  return equals(seenBy(from, fromThread), initialOf(location.name, locations));
}

/** A void operation shows what it read only by what is left in the end. */
function isVoid({ operation }: AccessStep): boolean {
  return operation.kind === 'rmw' && operation.order === 'noreturn';
}

function initialOf(name: string, { pointers }: Locations): Value {
  const pointer = pointers.find((each) => each.name === name);
  return pointer === undefined
    ? { kind: 'integer', value: 0 }
    : { kind: 'address', of: pointer.dummy };
}

function seenBy(step: AccessStep, thread: number) {
  return { kind: 'register', thread, name: registerOf(step.part) } as const;
}

function equals(left: Extract<Proposition, { kind: 'equals' }>['left'], right: Value): Proposition {
  return { kind: 'equals', left, right, negated: false, span: NOWHERE };
}

function registerOf(part: AccessStep['part']): string {
  switch (part) {
    case 'first':
      return 'r1';
    case 'second':
      return 'r2';
    case 'other':
      return 'r3';
  }
}

function register(name: string): Expression {
  return { kind: 'register', name, span: NOWHERE };
}

function constant(value: Value): Expression {
  return { kind: 'value', value, span: NOWHERE };
}

function addressOf(name: string): Expression {
  return constant({ kind: 'address', of: name });
}
