/** What the simulation says of one protocol of a pairing: its question asked, and judged for each of the two barriers. */

import { fieldName, shownField } from '../facts/file-facts.ts';
import { BY_STUB } from '../lowering/configuration.ts';
import { POINTS_TO_NOTHING } from '../lowering/locate.ts';
import { isOfRounds } from '../lowering/loop.ts';
import type { OrderingSite } from '../lowering/lowering.ts';
import { NO_CONTROL, type StartValue } from '../lowering/open-world.ts';
import type { Unknown, Witness } from '../memory-model/outcome.ts';
import type { PlacedAccess, PlacedSite, SharedOrder } from '../pairing/pairing.ts';
import { canonical } from '../program/integer.ts';
import type { Program } from '../program/program.ts';
import type { AllowedExecution } from '../search/executions.ts';
import { witnessOf } from '../search/witness.ts';
import { calledFiles } from './called-files.ts';
import {
  askCycle,
  askPassing,
  type CycleAnswer,
  isReached,
  weakExecutionsOf,
} from './cycle-outcome.ts';
import { decidedAs } from './decided-program.ts';
import { askEarly, askGivenBack } from './early-sight.ts';
import { guardFields } from './guard-fields.ts';
import { guardedLegs } from './guarded-legs.ts';
import type { Need, SiteGroup } from './needs.ts';
import { type OpenQuestion, openQuestion, type QuestionSources } from './open-question.ts';
import type { Guard, Protocol } from './protocol.ts';
import { mayMeanOneCpu } from './same-cpu.ts';
import type { OrderGiver, Verdict } from './verdict.ts';
import type { Violation, WeakExecutions } from './violations.ts';

/** What the simulation says of one common order of a pairing. */
export interface ProtocolCheck {
  readonly order: SharedOrder;
  /** Why these are the fields that are meant, strongest first. */
  readonly reasons: readonly string[];
  /** The outcome that must not happen, in a sentence. */
  readonly bad: string;
  /** Of the pair: both barriers in place, and each taken away. */
  readonly verdict: Verdict;
  /** Of each side's barrier alone. */
  readonly sides: readonly [Verdict, Verdict];
  /** Where by themselves the two functions could come to the outcome, and what their callers lock keeps them apart. */
  readonly isKeptApart?: true;
  /** An execution with the bad outcome, as the code stands or without what forbids it; none where none has it. */
  readonly outcome?: Outcome;
}

/** An execution of a program, which has everything in place, and in which what nobody knows is as in the execution. */
export interface Outcome {
  readonly program: Program;
  readonly witness: Witness;
}

/** What one question found; the questions of the pairing have cost `spent` steps then, and `isSpent` where that is all
 *  that they may. */
export interface Answered {
  readonly check: ProtocolCheck;
  readonly spent: number;
  readonly isSpent: boolean;
  /** Whether executions are left out, as those in which a loop goes on for more rounds. */
  readonly isBounded: boolean;
}

/** How often a loop is gone round: of two functions, or where these have more executions than can be looked through. */
const ROUNDS = 2;
const FEWEST_ROUNDS = 1;

/** Asks about one protocol, where earlier ones have cost `spentBefore` steps. An outcome that is found with fewer rounds of the
 *  loops happens as well; that there is none says nothing then. */
export function checkProtocol(
  protocol: Protocol,
  sites: readonly [PlacedSite, PlacedSite],
  sources: QuestionSources,
  spentBefore: number,
): Answered {
  const answered = checkWithCalled(protocol, sites, { sources, unroll: ROUNDS }, spentBefore);
  if (answered.check.verdict.kind === 'broken')
    return orderedByGuard(protocol, sites, sources, answered) ?? answered;
  if (!answered.isSpent || !answered.isBounded) return answered;
  const guess = { ...protocol, isGuess: true };
  const shorter = checkWithCalled(guess, sites, { sources, unroll: FEWEST_ROUNDS }, 0);
  return shorter.check.verdict.kind === 'broken' ? shorter : answered;
}

/** What is answered where a third field that the reader looks at first keeps it from the outcome, be it set at the start or by
 *  the writer; undefined where none does. */
function orderedByGuard(
  protocol: Protocol,
  sites: readonly [PlacedSite, PlacedSite],
  sources: QuestionSources,
  { spent }: Answered,
): Answered | undefined {
  const asked = (guard: Guard) =>
    checkWithCalled({ ...protocol, guard }, sites, { sources, unroll: ROUNDS }, 0);
  for (const { field, isAskedByWriter } of guardFields(protocol, sources)) {
    const unset = asked({ field, start: 0 });
    const { verdict } = unset.check;
    if (!unset.isReached || verdict.kind === 'broken' || verdict.kind === 'unknown') continue;
    const set = asked({ field, start: 1 });
    const isOut = set.check.verdict.kind !== 'broken' && set.check.verdict.kind !== 'unknown';
    if (!isOut && (!isAskedByWriter || set.isReached)) continue;
    const said = `${field}, which is looked at first, starts with 0 or 1`;
    return { ...unset, spent, check: supposing(unset.check, said) };
  }
  return undefined;
}

/** What is found where something is taken for granted. */
export function supposing(check: ProtocolCheck, assumption: string): ProtocolCheck {
  const under = (verdict: Verdict): Verdict => ({
    ...verdict,
    assumptions: [assumption, ...verdict.assumptions],
  });
  const [one, two] = check.sides;
  return { ...check, verdict: under(check.verdict), sides: [under(one), under(two)] };
}

/** Where the functions are looked up, and how often their loops are gone round. */
interface Asking {
  readonly sources: QuestionSources;
  readonly unroll: number;
}

/** What is broken in the files of the two functions, or is not come to there, is asked again with those in which something
 *  that they call may give the order or make the access, and as deep as calls are followed at all. */
function checkWithCalled(
  protocol: Protocol,
  sites: readonly [PlacedSite, PlacedSite],
  asking: Asking,
  spentBefore: number,
): Started {
  const { sources } = asking;
  const answered = checkStartingAnyhow(protocol, sites, asking, spentBefore);
  if (answered.check.verdict.kind !== 'broken' && answered.isReached) return answered;
  const alsoIn = calledFiles(protocol, sources);
  return alsoIn.length === 0 && answered.check.verdict.kind !== 'broken'
    ? answered
    : checkStartingAnyhow({ ...protocol, alsoIn }, sites, asking, answered.spent);
}

/** Where nothing can go wrong with fields that start with 0 or 1, they start with all bits set: a state that nobody may ever
 *  come to, and only asked about where a comment says that the two belong together. Where the functions do not come to their
 *  accesses so, the fields start with what values are compared with, or with one less; a count that both change, with 2. */
function checkStartingAnyhow(
  protocol: Protocol,
  sites: readonly [PlacedSite, PlacedSite],
  { sources, unroll }: Asking,
  spentBefore: number,
): Started {
  const question = openQuestion(protocol, sources, unroll);
  const check = (spent: number, startsWith: StartValue) =>
    checkStarting(protocol, question(startsWith), sites, { sources, spentBefore: spent });
  const isTelling = ({ isReached: made, check: { verdict } }: Started) =>
    made && verdict.kind !== 'idle';
  let found = check(spentBefore, 1);
  if (isTelling(found)) return found;
  if (protocol.order.isDecided !== true) {
    const full = check(found.spent, -1);
    found = found.isReached && !full.isReached ? { ...found, spent: full.spent } : full;
    if (isTelling(found)) return found;
  }
  for (const start of found.isReached ? startsOfCount(protocol) : startsFor(found.compared)) {
    const other = check(found.spent, start);
    if (other.isReached) return other;
    found = { ...found, spent: other.spent };
  }
  return found;
}

/** Where both functions count a field up or down, from where both counts matter. */
function startsOfCount({ order: { accesses } }: Protocol): readonly StartValue[] {
  const [one, other] = accesses.map((side) =>
    side.flatMap(({ effect, field }) => (effect === 'read-write' ? fieldName(field) : [])),
  );
  return one!.some((name) => other!.includes(name)) ? [2] : [];
}

/** So many values of those that are compared with anything are tried. */
const MOST_COMPARED = 3;

/** Each integer, and one less, from which a count comes to it, but for 0 and 1, which are tried anyway; and each address. */
function startsFor(compared: readonly StartValue[]): readonly StartValue[] {
  const isInteger = (value: StartValue) => typeof value !== 'object';
  const isOther = (value: number | bigint) => value < 0 || value > 1;
  const starts = compared
    .filter(isInteger)
    .filter(isOther)
    .slice(0, MOST_COMPARED)
    .flatMap((value) => (value < 0 ? [value] : [canonical(BigInt(value) - 1n), value]));
  return [
    ...new Set(starts.filter(isOther)),
    ...compared.filter((value) => !isInteger(value)).slice(0, MOST_COMPARED),
  ];
}

/** What one question found, with the fields starting in one way. */
interface Started extends Answered {
  /** Whether both functions come to their accesses. */
  readonly isReached: boolean;
  readonly compared: readonly StartValue[];
}

function checkStarting(
  protocol: Protocol,
  question: OpenQuestion,
  sites: readonly [PlacedSite, PlacedSite],
  { sources, spentBefore }: { readonly sources: QuestionSources; readonly spentBefore: number },
): Started {
  const { order, reasons } = protocol;
  const { compared } = question;
  const shown = { order, reasons, bad: badOutcome(protocol) };
  const open = (verdict: Verdict) => ({ ...shown, verdict, sides: [verdict, verdict] as const });
  if ('unknown' in question) {
    const { unknown: reason, place, isUnreached } = question;
    const check = open({ kind: 'unknown', reason, ...(place && { place }), assumptions: [] });
    const isReachedSo = isUnreached !== true;
    const none = { spent: spentBefore, isSpent: false, isBounded: false };
    return { check, ...none, isReached: isReachedSo, compared };
  }
  const isBounded = question.assumptions.some(
    ({ kind, message }) => kind === 'bound' && message !== POINTS_TO_NOTHING,
  );
  const weak = weakExecutionsOf(question.asked, question.legs, spentBefore, protocol.isGuess);
  const { answer, isGuarded } = answerTo(protocol, question, weak, sites);
  const { spent } = weak;
  if (answer.kind === 'impossible' && !isReached(weak, question.legs)) {
    const check = open(notReached(assumptionsOf(question)));
    return { check, spent, isSpent: false, isBounded, isReached: false, compared };
  }
  const outcome = outcomeOf(answer, question);
  const about = isGuarded ? withAssumption(question, NOT_REPEATED) : question;
  const check = {
    ...shown,
    ...judged(answer, about, order, sites, sources),
    ...(outcome && { outcome }),
  };
  const isSpent = answer.kind === 'unknown';
  return { check, spent, isSpent, isBounded, isReached: true, compared };
}

/** What the model says of the outcome, and whether accesses were left out for it that are made again on the right side of
 *  a barrier. Where only those come to the outcome, it is of no barrier. */
function answerTo(
  { order }: Protocol,
  { asked, legs, isInSameOrder }: Asked,
  weak: WeakExecutions,
  sites: readonly [PlacedSite, PlacedSite],
): { readonly answer: CycleAnswer; readonly isGuarded: boolean } {
  if (order.misplaced === 'late-store') return { answer: askEarly(weak, legs), isGuarded: false };
  if (order.misplaced === 'late-read')
    return { answer: askGivenBack(weak, legs), isGuarded: false };
  if (order.misplaced === 'second-read')
    return { answer: askCycle(asked, weak, legs), isGuarded: false };
  if (isInSameOrder || order.misplaced !== undefined)
    return { answer: askPassing(weak, legs), isGuarded: false };
  const [one, two] = sites.map(({ file, site }) =>
    asked.sites.filter((each) => isSite(each, file, site)),
  );
  const guarded = guardedLegs(asked, legs, [one!, two!]);
  if (guarded === legs) return { answer: askCycle(asked, weak, legs), isGuarded: false };
  const answer = askCycle(asked, weak, guarded);
  if (answer.kind !== 'impossible') return { answer, isGuarded: true };
  const all = askCycle(asked, weak, legs);
  const reason = 'the outcome takes accesses that are made again on the right side of a barrier';
  const unknown: Unknown = { reason, span: { start: 0, end: 0 } };
  return {
    answer: all.kind === 'impossible' ? all : { kind: 'unknown', unknown },
    isGuarded: true,
  };
}

const NOT_REPEATED = 'an access that is made again on the right side of the barrier does not count';

function withAssumption(question: Asked, message: string): Asked {
  const assumption = { kind: 'no-effect', message } as const;
  return { ...question, assumptions: [...question.assumptions, assumption] };
}

/** Nothing is known of what two functions do with values that they were not tried with. */
function notReached(assumptions: readonly string[]): Verdict {
  const reason =
    'no value that the fields were started with (0, 1, all bits set, what is compared with) leads both functions to their accesses';
  return { kind: 'unknown', reason, assumptions };
}

function outcomeOf(answer: CycleAnswer, { asked }: Asked): Outcome | undefined {
  switch (answer.kind) {
    case 'allowed':
      return outcomeIn(answer.violation, asked);
    case 'forbidden':
      return answer.needs[0] && outcomeIn(answer.needs[0].violation, asked);
    case 'impossible':
    case 'unknown':
      return undefined;
  }
}

function outcomeIn(violation: Violation, { programs }: Asked['asked']): Outcome {
  const { start, scope, execution } = violation;
  const program = decidedAs(programs[start]!, violation);
  return { program, witness: witnessOf(scope, execution) };
}

type Asked = Exclude<OpenQuestion, { readonly unknown: string }>;

function judged(
  answer: CycleAnswer,
  question: Asked,
  order: SharedOrder,
  sites: readonly [PlacedSite, PlacedSite],
  sources: QuestionSources,
): Pick<ProtocolCheck, 'verdict' | 'sides'> {
  const assumptions = assumptionsOf(question);
  switch (answer.kind) {
    case 'impossible': {
      const verdict: Verdict = boundOf(question) ?? { kind: 'idle', assumptions };
      return { verdict, sides: [verdict, verdict] };
    }
    case 'unknown': {
      const verdict = unknownOf(answer.unknown, assumptions);
      return { verdict, sides: [verdict, verdict] };
    }
    case 'allowed': {
      const lost =
        lostDependency(question, order, answer.isForbiddenByOrderIn) ??
        ofSomeCpu(question, order, sources) ??
        ofUnseenWay(question, order, sites, answer.isAllowedWhere) ??
        ofRetried(question, sites);
      if (lost !== undefined) return { verdict: lost, sides: [lost, lost] };
      const witness = told(answer.violation, question);
      const verdict: Verdict = { kind: 'broken', witness, assumptions };
      return { verdict, sides: [verdict, verdict] };
    }
    case 'forbidden': {
      const bound = boundOf(question);
      if (bound !== undefined) return { verdict: bound, sides: [bound, bound] };
      const [one, two] = sites.map((site) =>
        sideWorth(answer.needs, site, question, assumptions),
      ) as [Verdict, Verdict];
      return { verdict: stronger(one, two), sides: [one, two] };
    }
  }
}

/** Of a pair's two verdicts the one that says more of the pair. */
export function stronger(one: Verdict, two: Verdict): Verdict {
  const ranks = ['needed', 'unknown', 'redundant', 'idle'];
  return ranks.indexOf(two.kind) < ranks.indexOf(one.kind) ? two : one;
}

function unknownOf({ reason, origin }: Unknown, assumptions: readonly string[]): Verdict {
  const place = origin && { file: origin.file, span: origin.span };
  return { kind: 'unknown', reason, ...(place && { place }), assumptions };
}

function sideWorth(
  needs: readonly Need[],
  { file, site }: PlacedSite,
  question: Asked,
  assumptions: readonly string[],
): Verdict {
  const own = needs.filter(({ group }) => group.sites.some((each) => isSite(each, file, site)));
  const need = own.find(({ verdict }) => verdict === 'needed') ?? own[0];
  if (need === undefined) return { kind: 'idle', assumptions };
  switch (need.verdict) {
    case 'needed':
      return { kind: 'needed', witness: told(need.violation, question), assumptions };
    case 'redundant': {
      const by = need.others.flatMap((set) =>
        set.flatMap((group) => giversOf(group, site.function)),
      );
      return { kind: 'redundant', by: distinct(by), oneMustStay: by.length > 0, assumptions };
    }
    case 'unknown':
      return unknownOf(need.unknown!, assumptions);
  }
}

/** Where dependencies are not followed that may give the order of a side, what happens without them is not known to happen,
 *  unless it does whatever that side keeps in order. Of what takes a lock only the outcome counts, and no address comes of
 *  it; of what is misplaced nothing can be ordered. */
function lostDependency(
  question: Asked,
  { isTaken, misplaced }: SharedOrder,
  isForbiddenByOrderIn: (threads: Iterable<number>) => boolean,
): Verdict | undefined {
  if (isTaken || misplaced !== undefined) return undefined;
  const begun = question.legs.filter(({ kinds: [first] }) => first === 'read');
  const lost = question.assumptions.flatMap((assumption) => {
    const { dependency, message } = assumption;
    const leg =
      dependency &&
      begun.find(
        (each) =>
          (each.kinds[1] === 'write' || message !== NO_CONTROL) &&
          question.mayDepend(each, dependency),
      );
    return leg === undefined ? [] : [{ ...assumption, thread: leg.thread }];
  });
  const threads = new Set(lost.map(({ thread }) => thread));
  if (threads.size === 0 || !isForbiddenByOrderIn(threads)) return undefined;
  const [{ place }] = lost as [(typeof lost)[number]];
  return {
    kind: 'unknown',
    reason: 'a dependency on a value that was read is not followed',
    ...(place && { place }),
    assumptions: assumptionsOf(question),
  };
}

/** Whose object it is, where a function looks at that of any CPU, decides whether the functions can meet there. */
function ofSomeCpu(
  question: Asked,
  order: SharedOrder,
  sources: QuestionSources,
): Verdict | undefined {
  const some = question.assumptions.find(({ kind }) => kind === 'any-cpu');
  if (some === undefined || mayMeanOneCpu(question.assumptions, order, sources)) return undefined;
  return {
    kind: 'unknown',
    reason: `${some.message}, and it is not known whether both functions mean the same CPU`,
    ...(some.place && { place: some.place }),
    assumptions: assumptionsOf(question),
  };
}

/** A reader that leaves its barrier out after a comparison that is not followed may do so because there was nothing new to see. */
function ofUnseenWay(
  question: Asked,
  { misplaced }: SharedOrder,
  sites: readonly [PlacedSite, PlacedSite],
  isAllowedWhere: (isShown: (execution: AllowedExecution) => boolean) => boolean,
): Verdict | undefined {
  if (misplaced !== undefined) return undefined;
  for (const leg of question.legs) {
    const { file, site } = sites[leg.thread]!;
    const lost = question.assumptions.find(
      ({ dependency, message }) =>
        message === NO_CONTROL && dependency !== undefined && question.mayDepend(leg, dependency),
    );
    const own = new Set(
      question.asked.sites.flatMap((each) => (isSite(each, file, site) ? [each.site] : [])),
    );
    if (lost === undefined || own.size === 0 || leg.kinds.includes('write')) continue;
    const passes = ({ structure }: AllowedExecution) =>
      structure.events.some(
        ({ thread, origin }) =>
          thread === leg.thread && origin !== undefined && own.has(origin.site),
      );
    if (isAllowedWhere(passes)) continue;
    return {
      kind: 'unknown',
      reason: `what is compared on the way that leaves out ${site.primitive}() is not followed`,
      ...(lost.place && { place: lost.place }),
      assumptions: assumptionsOf(question),
    };
  }
  return undefined;
}

/** What a reader of a sequence counter has read is used only where the counter has not moved, and the outcome does not say
 *  so (Documentation/locking/seqlock.rst, "Introduction"). */
function ofRetried(question: Asked, sites: readonly [PlacedSite, PlacedSite]): Verdict | undefined {
  const counter = sites.find(({ site }) => site.category.startsWith('seqcount-'));
  if (counter === undefined) return undefined;
  return {
    kind: 'unknown',
    reason: 'what the reader takes again where the sequence counter has moved is not told apart',
    place: { file: counter.file, span: counter.site.span },
    assumptions: assumptionsOf(question),
  };
}

/** Where executions are left out, "never" is not known. What needs an access through a pointer to nothing is none;
 *  of a loop two rounds are enough: the two accesses of a side stand in one of them, or in two. */
function boundOf(question: Asked): Verdict | undefined {
  const bound = question.assumptions.find(
    ({ kind, message }) =>
      kind === 'bound' && message !== POINTS_TO_NOTHING && !isOfRounds(message),
  );
  if (bound === undefined) return undefined;
  const assumptions = assumptionsOf(question);
  const place = bound.place && { place: bound.place };
  return { kind: 'unknown', reason: assumptionText(bound), ...place, assumptions };
}

function isSite(
  { place, function: name, primitive, ordinal }: OrderingSite,
  file: string,
  site: PlacedSite['site'],
): boolean {
  return (
    place.file === file &&
    name === site.function &&
    primitive === (site.macro ?? site.primitive) &&
    (site.macro === undefined ? ordinal === site.ordinal : place.span.start === site.span.start)
  );
}

/** As a reader of `home` names them. */
function giversOf({ sites }: SiteGroup, home: string): readonly OrderGiver[] {
  return sites.map(({ device, primitive, function: name, place }) => ({
    device: `${DEVICES[device]}${primitive}()${name === home ? '' : ` in ${name}()`}`,
    place,
  }));
}

const DEVICES: Readonly<Record<OrderingSite['device'], string>> = {
  fence: '',
  rmw: '',
  release: 'the release of ',
  acquire: 'the acquire of ',
  dependency: 'the address dependency from ',
  'grace-period': '',
  lock: '',
};

function distinct(givers: readonly OrderGiver[]): readonly OrderGiver[] {
  return [...new Map(givers.map((giver) => [giver.device, giver])).values()];
}

/** The execution as the reader of the C knows it: locations by the names of fields, values by those of constants. */
function told({ scope, execution }: Violation, { asked: { names } }: Asked): Witness {
  const witness = witnessOf(scope, execution);
  const events = witness.events.map(({ location, value, ...event }) => ({
    ...event,
    ...(location !== undefined && { location: names.nameOf(location) }),
    ...(value !== undefined && {
      value: location === undefined ? value : names.valueOf(location, value),
    }),
  }));
  return { ...witness, events };
}

/** What the answer rests on that the source does not say, each thing once. */
function assumptionsOf({ assumptions }: Asked): readonly string[] {
  return [
    'pointers to one type lead to one object, and what nothing in the two functions decides is free',
    ...new Set(assumptions.map(assumptionText)),
  ];
}

function assumptionText({ kind, message }: Asked['assumptions'][number]): string {
  switch (kind) {
    case 'taken-as-marked':
      return 'plain accesses are taken as READ_ONCE() and WRITE_ONCE()';
    case 'bound':
      return `executions with ${message} are left out`;
    case 'configuration':
      return message.replace(BY_STUB, '');
    default:
      return message;
  }
}

/** The bad outcome in the words of the two functions. */
function badOutcome({
  order: { shape, first, second, accesses, kinds, misplaced, start },
  roots,
  isInSameOrder,
}: Protocol): string {
  const [one, two] = roots.map((root) => `${root.function}()`);
  const [a, b] = [shownField(first), shownField(second)];
  if (start !== undefined) return `${two} runs and takes the old ${a}`;
  if (misplaced === 'early-read' || misplaced === 'unchecked-read')
    return `${two} takes the old ${a} and then sees the new ${b}`;
  if (misplaced === 'late-read')
    return `${one} takes it and stores the ${b} that ${two} then reads`;
  if (isInSameOrder)
    return kinds[0][0] === 'write'
      ? `${two} takes the old ${a} and then sees the new ${b}`
      : `${one} takes the old ${a} and then sees the new ${b}`;
  // Of an operation that returns nothing nobody sees what it found.
  const [[ofOne, thenOfOne], [ofTwo, thenOfTwo]] = accesses;
  const does = ({ isBlind }: PlacedAccess, words: string) => (isBlind ? 'changes' : words);
  const then = (earlier: PlacedAccess, { isBlind }: PlacedAccess) =>
    isBlind ? 'then changes' : earlier.isBlind ? 'then sees' : 'then';
  switch (shape) {
    case 'MP':
      return kinds[0][0] === 'write'
        ? `${two} ${does(ofTwo, 'sees')} the new ${b} and ${then(ofTwo, thenOfTwo)} the old ${a}`
        : `${one} ${does(ofOne, 'sees')} the new ${a} and ${then(ofOne, thenOfOne)} the old ${b}`;
    case 'SB':
      return `${one} ${missed(thenOfOne, b!)} while ${two} ${missed(thenOfTwo, a!)}`;
    case 'LB':
      return `${one} and ${two} both ${ofOne.isBlind || ofTwo.isBlind ? 'meet' : 'read'} what the other writes only later`;
    case 'R':
      return kinds[1][1] === 'read'
        ? `${two} overwrites the new ${b} and then ${does(thenOfTwo, 'takes')} the old ${a}`
        : `${one} overwrites the new ${a} and then ${does(thenOfOne, 'takes')} the old ${b}`;
    case 'S':
    case '2+2W':
      return `${one} and ${two} each take effect on ${a} and ${b} before the other`;
  }
}

function missed({ isBlind }: PlacedAccess, field: string): string {
  return isBlind ? `changes the old ${field}` : `misses the new ${field}`;
}
