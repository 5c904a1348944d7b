/** Proves or refutes a pairing: each common order as a litmus test, with and without each side's barrier. */

import { fieldName } from '../facts/file-facts.ts';
import { printLitmus } from '../litmus/print.ts';
import type { Outcome } from '../memory-model/outcome.ts';
import type { Pairing, PlacedSite, SharedOrder } from '../pairing/pairing.ts';
import type { Origin, Program } from '../program/program.ts';
import { check } from '../search/check.ts';
import type { Span } from '../text/span.ts';
import { ordersAsPlaced, type PlacedOrder } from './pairing-orders.ts';
import { originsOf, pairingProgram } from './pairing-program.ts';
import {
  type Device,
  type NotModelled,
  type SideSources,
  type SideThread,
  sideThread,
} from './pairing-thread.ts';
import type { OrderGiver, Verdict } from './verdict.ts';

/** What the simulation says of one common order of a pairing. */
export interface OrderCheck {
  readonly order: SharedOrder;
  /** The outcome that must not happen, in a sentence. */
  readonly bad: string;
  /** Of the pair: both barriers in place, and each taken away. */
  readonly verdict: Verdict;
  /** Of each side's barrier alone. */
  readonly sides: readonly [Verdict, Verdict];
  /** The litmus test, with everything in place; absent where it could not be made. */
  readonly program?: Program;
}

/** What the simulation says of a pairing. */
export interface PairingCheck {
  /** Broken if the likeliest order is; else needed if one is, else redundant if one is. */
  readonly verdict: Verdict;
  readonly orders: readonly OrderCheck[];
}

/** Outcomes by the text of their program. */
export type OutcomeCache = Map<string, Outcome>;

/** Orders beyond these say nothing new, and cost. */
const MOST_ORDERS = 4;
const BUDGET = { steps: 20_000 } as const;

/** Checks `pairing`, whose sites are `sites` in the same order, over its likeliest common orders. */
export function checkPairing(
  pairing: Pairing,
  sites: readonly [PlacedSite, PlacedSite],
  sources: SideSources,
  cache: OutcomeCache = new Map(),
): PairingCheck {
  const met = pairing.orders.map((order): PlacedOrder => ({ order, stands: [true, true] }));
  const orders = (met.length > 0 ? met : ordersAsPlaced(sites, sources))
    .slice(0, MOST_ORDERS)
    .map((placed) => checkOrder(placed, sites, sources, cache));
  return { verdict: overall(orders, sites), orders };
}

/** A pairing that is broken in its likeliest order is broken; else it is what its best order is. */
function overall(orders: readonly OrderCheck[], sites: readonly [PlacedSite, PlacedSite]): Verdict {
  const verdicts = orders.map(({ verdict }) => verdict);
  const [first] = verdicts;
  if (first === undefined)
    return {
      kind: 'unknown',
      reason: 'no two fields are known that both sides order',
      place: { file: sites[0].file, span: sites[0].site.span },
      assumptions: [],
    };
  if (first.kind === 'broken') return first;
  const best = (kind: Verdict['kind']) => verdicts.find((verdict) => verdict.kind === kind);
  return best('needed') ?? best('redundant') ?? first;
}

function checkOrder(
  { order, stands }: PlacedOrder,
  sites: readonly [PlacedSite, PlacedSite],
  sources: SideSources,
  cache: OutcomeCache,
): OrderCheck {
  const threads = [0, 1].map((index) =>
    sideThread(
      sites[index]!,
      sites[1 - index]!,
      stands[index]!,
      order.accesses[index]!,
      order.kinds[index]!,
      sources,
    ),
  );
  const bad = badOutcome(order, sites);
  const [one, two] = threads as [SideThread | NotModelled, SideThread | NotModelled];
  const missing = 'reason' in one ? one : 'reason' in two ? two : undefined;
  if (missing !== undefined || 'reason' in one || 'reason' in two) {
    const verdict: Verdict = { kind: 'unknown', ...missing!, assumptions: [] };
    return { order, bad, verdict, sides: [verdict, verdict] };
  }
  return judge({ order, sides: [one, two], cache }, bad);
}

interface Question {
  readonly order: SharedOrder;
  readonly sides: readonly [SideThread, SideThread];
  readonly cache: OutcomeCache;
}

function judge(question: Question, bad: string): OrderCheck {
  const { order, sides } = question;
  const unsure = sides.flatMap(({ devices }) => devices.filter(({ isCertain }) => !isCertain));
  const keysOf = (devices: readonly Device[]) => devices.map(({ key }) => key);
  const without = keysOf(unsure);
  const program = pairingProgram(order, sides, new Set(without));
  const assumptions = [
    ...new Set(sides.flatMap((side) => side.assumptions)),
    ...unmodelled(order),
    ...valuesNotSeen(order, sides),
  ];
  const base = ask(question, without);
  const verdictOf = (): Verdict => {
    if (base.unknown !== undefined) return unknownOf(base, assumptions);
    if (base.observation === 'Never') return pairVerdict(question, without, assumptions);
    if (unsure.length > 0 && ask(question, []).observation === 'Never')
      return {
        kind: 'unknown',
        reason: `${unsure[0]!.site.site.primitive}() gives the order on some paths only`,
        place: { file: unsure[0]!.site.file, span: unsure[0]!.site.site.span },
        assumptions,
      };
    return brokenOf(base, assumptions);
  };
  const verdict = verdictOf();
  const isSettled = base.unknown === undefined && base.observation === 'Never';
  const side = (index: 0 | 1) =>
    isSettled ? sideVerdict(question, index, without, assumptions) : verdict;
  return { order, bad, verdict, sides: [side(0), side(1)], program };
}

/** Needed where one of the two barriers is; redundant where neither is. */
function pairVerdict(
  question: Question,
  without: readonly string[],
  assumptions: readonly string[],
): Verdict {
  const [one, two] = [0, 1].map((index) =>
    sideVerdict(question, index as 0 | 1, without, assumptions),
  ) as [Verdict, Verdict];
  if (one.kind === 'needed') return one;
  if (two.kind === 'needed') return two;
  if (one.kind === 'unknown') return one;
  if (one.kind === 'redundant' && two.kind === 'redundant')
    return { ...one, by: [...one.by, ...two.by], oneMustStay: one.oneMustStay || two.oneMustStay };
  return two;
}

/** What the barrier of one side is for: asked again without it, then without each thing that is left. */
function sideVerdict(
  question: Question,
  index: 0 | 1,
  without: readonly string[],
  assumptions: readonly string[],
): Verdict {
  const side = question.sides[index];
  const own = `${side.site.file}:${side.site.site.id}`;
  const alone = ask(question, [...without, own]);
  if (alone.unknown !== undefined) return unknownOf(alone, assumptions);
  if (alone.observation !== 'Never') return { kind: 'needed', ...witnessOf(alone), assumptions };
  const rest = orderingKeys(side).filter((key) => key !== own && !without.includes(key));
  const essential = rest.filter(
    (key) => ask(question, [...without, own, key]).observation !== 'Never',
  );
  const by = (essential.length > 0 ? essential : rest).map((key) => giverOf(key, side));
  return { kind: 'redundant', by, oneMustStay: by.length > 0, assumptions };
}

/** Everything in the thread that can give order, by key. */
function orderingKeys({ steps, dependency }: SideThread): readonly string[] {
  const keys = steps.flatMap(({ device }) => (device === undefined ? [] : [device]));
  return [...new Set([...keys, ...(dependency === undefined ? [] : [dependency])])];
}

function giverOf(key: string, side: SideThread): OrderGiver {
  const step = side.steps.find(({ device }) => device === key);
  const device = side.devices.find((each) => each.key === key);
  const name = device?.site.site.primitive ?? key.split(':').at(-2) ?? key;
  const place = step?.place ?? { file: side.site.file, span: side.site.site.span };
  if (key === side.dependency) return { device: `the address dependency from ${name}()`, place };
  if (step?.kind === 'access' && step.operation.kind === 'store')
    return { device: `the release of ${name}()`, place };
  if (step?.kind === 'access' && step.operation.kind === 'load')
    return { device: `the acquire of ${name}()`, place };
  const from = device?.site.site.function;
  const where = from === undefined || from === side.site.site.function ? '' : ` in ${from}()`;
  return { device: `${name}()${where}`, place };
}

function ask({ order, sides, cache }: Question, without: readonly string[]): Outcome {
  const program = pairingProgram(order, sides, new Set(without));
  const key = printLitmus(program);
  const known =
    cache.get(key) ?? check(program, { question: 'exists', witness: true, budget: BUDGET });
  cache.set(key, known);
  return placed(known, program);
}

/** The outcome with the places of this program: one of the same text can be of other places. */
function placed(outcome: Outcome, program: Program): Outcome {
  const { witness, unknown } = outcome;
  const origins = originsOf(program);
  const at = <Event extends { readonly span: Span; readonly origin?: Origin }>(
    event: Event,
  ): Event => {
    const origin = origins.get(event.span.start);
    return origin === undefined || event.origin === undefined ? event : { ...event, origin };
  };
  return {
    ...outcome,
    ...(witness === undefined ? {} : { witness: { ...witness, events: witness.events.map(at) } }),
    ...(unknown === undefined ? {} : { unknown: at(unknown) }),
  };
}

function unknownOf({ unknown }: Outcome, assumptions: readonly string[]): Verdict {
  const { reason, origin } = unknown!;
  return {
    kind: 'unknown',
    reason,
    ...(origin === undefined ? {} : { place: { file: origin.file, span: origin.span } }),
    assumptions,
  };
}

function brokenOf(outcome: Outcome, assumptions: readonly string[]): Verdict {
  return { kind: 'broken', ...witnessOf(outcome), assumptions };
}

function witnessOf({ witness }: Outcome): Pick<Extract<Verdict, { kind: 'broken' }>, 'witness'> {
  return witness === undefined ? {} : { witness };
}

/** A read before a write can also be ordered by a dependency, which the facts do not tell. */
function unmodelled({ kinds }: SharedOrder): readonly string[] {
  return kinds.some(([first, second]) => first === 'read' && second === 'write')
    ? ['dependencies from a read to a later write are left out']
    : [];
}

/** A pairing is checked for two fields alone: that a value which is read may lead past the next access, as a
 *  flag that is clear does, is nowhere in it. */
function valuesNotSeen(
  { kinds }: SharedOrder,
  sides: readonly [SideThread, SideThread],
): readonly string[] {
  return sides.flatMap(({ site, dependency }, index) => {
    if (kinds[index]![0] !== 'read' || dependency !== undefined) return [];
    const name = site.site.function;
    return [`${name}() is taken to make its second access whatever value it has read by the first`];
  });
}

/** The bad outcome in the words of the two functions. */
function badOutcome(
  { shape, first, second, kinds }: SharedOrder,
  sites: readonly [PlacedSite, PlacedSite],
): string {
  const [one, two] = sites.map(({ site }) => `${site.function}()`);
  const [a, b] = [fieldName(first), fieldName(second)];
  switch (shape) {
    case 'MP':
      return kinds[0][0] === 'write'
        ? `${two} sees the new ${b} and then the old ${a}`
        : `${one} sees the new ${a} and then the old ${b}`;
    case 'SB':
      return `${one} misses the new ${b} while ${two} misses the new ${a}`;
    case 'LB':
      return `${one} and ${two} both read what the other writes only later`;
    case 'S':
    case 'R':
    case '2+2W':
      return `${one} and ${two} each take effect on ${a} and ${b} before the other`;
  }
}
