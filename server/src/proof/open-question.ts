/**
 * The question of a pairing, asked of the two functions as they are: lowered without a state that anybody
 * wrote, with the two fields of the protocol shared and all else free.
 */

import { isMemberName } from '../facts/by-member.ts';
import { fieldName, shownField } from '../facts/file-facts.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { mayBeBesideAtomic, sideOfAtomic } from '../facts/void-barrier.ts';
import { type Returned, starts } from '../kernel/deferral.ts';
import type { ConfigurationText, TreeConfiguration } from '../lowering/configuration.ts';
import type {
  ActorText,
  Assumption,
  Dependency,
  Lowered,
  LoweringRequest,
  SourceText,
} from '../lowering/lowering.ts';
import {
  NO_CONTROL,
  NO_DEPENDENCY,
  type OpenWorld,
  type StartValue,
  type StoredFunction,
} from '../lowering/open-world.ts';
import { calleeOf, type FunctionsOf } from '../pairing/met-orders.ts';
import {
  type PlacedAccess,
  type SharedOrder,
  type Started,
  startedField,
} from '../pairing/pairing.ts';
import { withoutFreeBranches } from '../program/free-branches.ts';
import { type Cut, withFreeResults } from '../program/free-results.ts';
import type { LocationName, Program } from '../program/program.ts';
import { registersThatReadOf } from '../program/read-registers.ts';
import { settleOpenValues } from '../program/settle-open-values.ts';
import { textOf } from '../program/text-of.ts';
import { trimmed } from '../program/trimmed-thread.ts';
import { usedLocations, withAnyUnusedValue } from '../program/unused-reads.ts';
import { nestingOf } from '../program/walk.ts';
import type { AskedProgram, CycleLeg, CycleLegs } from './cycle-outcome.ts';
import { decidedLeg, flagLeg } from './decided-reads.ts';
import { withOwnOrigins } from './guarded-legs.ts';
import { withoutOtherBits } from './other-bits.ts';
import type { Protocol, Root } from './protocol.ts';
import { declaredUnder, requiredBy } from './required-options.ts';
import { casesOf, loweredFrom, type Start, startsOf, type UnstartedRequest } from './starts.ts';
import { homesOf } from './struct-holders.ts';
import { LOOKED_INTO, mattersFor } from './what-matters.ts';

/** The texts in which the functions of a question are looked up. */
export interface QuestionSources extends FunctionsOf {
  /** Files and their headers, those of the roots first. */
  readonly of: (files: readonly string[]) => readonly SourceText[];
  readonly parse: LoweringRequest['parse'];
  readonly own?: LoweringRequest['own'];
}

/** What is asked, or why it cannot be; and with what the functions compare what they read. */
export type OpenQuestion = { readonly compared: readonly StartValue[] } & (
  | {
      readonly asked: AskedProgram;
      readonly legs: CycleLegs;
      readonly isInSameOrder: boolean;
      readonly assumptions: Lowered['assumptions'];
      /** Whether what is not followed may depend on what is read first on a leg, and so give its order. */
      readonly mayDepend: (leg: CycleLeg, dependency: Dependency) => boolean;
    }
  | {
      readonly unknown: string;
      readonly place?: Lowered['notModelled'][number]['place'];
      /** Whether other values at the start may lead further. */
      readonly isUnreached?: true;
    }
);

/** How deep calls are followed. */
const DEPTH = 4;

/** Those who look through a program call themselves for what stands within a branch: the call stack is finite. */
const MOST_NESTED = 500;

const NOWHERE = { start: 0, end: 0 };

/** Two names may stand for one bit. */
const OTHER_BITS: Assumption = {
  kind: 'no-effect',
  message: 'an access that names another bit of the word does not count',
};

/** The two threads of a protocol, with each loop gone round `unroll` times, and the cycle that its order forbids: what they share
 *  starts with 0 or with the value that is given. */
export function openQuestion(
  protocol: Protocol,
  sources: QuestionSources,
  unroll: number,
): (startsWith: StartValue) => OpenQuestion {
  const { order, roots, alsoIn = [], guard } = protocol;
  const fields = [fieldName(order.first), fieldName(order.second)] as const;
  const texts = sources.of([...roots.map(({ file }) => file), ...alsoIn]);
  const lowered = loweredFrom({ ...requestOf(protocol, fields, texts, sources), unroll });
  const named = ofBits(texts, sources);
  let isInteger = false;
  const noting = ([field, start]: Start): Start => [
    field,
    (isPointer) => {
      isInteger ||= !isPointer;
      return start(isPointer);
    },
  ];
  return (startsWith) => {
    const [first, second] = fields.map((field) => startsOf(field, bitOf(order, field), startsWith));
    if (guard?.start !== 1)
      return questionOf(protocol, fields, casesOf(lowered, [first!, second!]), unroll, named);
    const set = startsOf(guard.field, undefined, 1)[1];
    const cases = casesOf((starts) => lowered([...starts, noting(set)]), [first!, second!]);
    // Lists begin empty, and pointers lead somewhere: that says nothing of one that is set.
    if (!isInteger) return { unknown: `not known how ${guard.field} is set`, compared: [] };
    return questionOf(protocol, fields, cases, unroll, named);
  };
}

function questionOf(
  protocol: Protocol,
  [first, second]: readonly [string, string],
  cases: readonly Lowered[],
  unroll: number,
  named: readonly PlacedAccess[],
): OpenQuestion {
  const { order } = protocol;
  const compared = distinctStarts(cases.flatMap((each) => each.compared));
  const [unmodelled] = cases.flatMap(({ notModelled }) => notModelled);
  if (unmodelled !== undefined)
    return { unknown: unmodelled.message, place: unmodelled.place, compared };
  const bodies = cases.flatMap(({ threads }) => threads.map(({ body }) => body));
  if (bodies.some((body) => nestingOf(body) > MOST_NESTED))
    return { unknown: `branches that stand more than ${MOST_NESTED} deep in others`, compared };
  const fields = new Map(cases.flatMap((each) => [...each.fields]));
  const at = (field: string) =>
    new Set([...fields].flatMap(([location, of]) => (of === field ? [location] : [])));
  const [firsts, seconds] = [at(first), at(second)];
  if (firsts.size === 0 || seconds.size === 0)
    return {
      unknown: `the functions do not both come to ${shownField(firsts.size === 0 ? order.first : order.second)}`,
      isUnreached: true,
      compared,
    };
  const legs: CycleLegs = [
    { thread: 0, first: firsts, last: seconds, kinds: order.kinds[0] },
    { thread: 1, first: seconds, last: firsts, kinds: order.kinds[1] },
  ];
  const isRead = protocol.isInSameOrder ? () => () => true : readsOf(legs);
  const simple = unlike(cases.map((lowered) => simplified(programOf(lowered), isRead)));
  const free = simple.map(withFreeResults);
  const settled = free.map(({ program }) => settleOpenValues(program, []));
  const [open] = settled.flatMap(({ unsettled }) => unsettled);
  if (open !== undefined)
    return { unknown: open.message, ...(open.at.origin && { place: open.at.origin }), compared };
  const programs = withOwnOrigins(
    settled.map(({ program }) => trimmedProgram(withoutFreeBranches(program), isRead)),
  );
  // Where a comparison is not followed, that what was read is tested is all that is known.
  const isFollowed =
    free.every(({ cut }) => cut.length === 0) &&
    !cases.some(({ assumptions }) => assumptions.some(({ kind }) => kind === 'no-dependency'));
  const [one, two] = order.isDecided
    ? legs.map((leg, side) => {
        const meant = side === 0 ? flagLeg(leg, order.accesses[0], { programs }) : leg;
        const isReader = leg.kinds.every((kind) => kind === 'read');
        return isReader && isFollowed ? decidedLeg(meant, { programs }) : meant;
      })
    : order.misplaced === 'second-read'
      ? [legs[0], flagLeg(legs[1], order.accesses[1], { programs })]
      : legs;
  const ownLegs = [one!, two!].map((leg, side) =>
    withoutOtherBits(leg, order.accesses[side]!, { programs }, named),
  ) as [CycleLeg, CycleLeg];
  const areAll = ownLegs[0] === one && ownLegs[1] === two;
  return {
    compared,
    assumptions: [
      ...cases.flatMap(({ assumptions }) => assumptions),
      ...free.flatMap(({ cut }) => cut).flatMap(cutAssumption),
      ...(areAll ? [] : [OTHER_BITS]),
    ],
    isInSameOrder: protocol.isInSameOrder,
    mayDepend: ({ thread, first: from }, { thread: of, of: registers }) =>
      thread === of &&
      cases.some(({ threads }) => {
        const held = registersThatReadOf(threads[thread]!.body, from);
        return registers.some((name) => held.has(name));
      }),
    asked: {
      programs,
      sites: sitesOf(cases),
      names: {
        nameOf: (location) => fields.get(location) ?? location,
        valueOf: (_, value) => value,
      },
      unroll,
    },
    legs: ownLegs,
  };
}

function distinctStarts(values: readonly StartValue[]): readonly StartValue[] {
  const keyed = values.map(
    (value) => [typeof value === 'object' ? value.of : value, value] as const,
  );
  return [...new Map(keyed).values()];
}

/** Whether a read of a location is one of the accesses that a leg of the thread is about. */
type IsRead = (thread: number) => (location: LocationName) => boolean;

function readsOf(legs: CycleLegs): IsRead {
  return (thread) => {
    const { first, last, kinds } = legs[thread]!;
    return (location) =>
      (kinds[0] === 'read' && first.has(location)) || (kinds[1] === 'read' && last.has(location));
  };
}

/** The program without what cannot matter to the cycle. */
function trimmedProgram(program: Program, isRead: IsRead): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    body: trimmed(thread.body, isRead(thread.index)),
  }));
  return { ...program, threads };
}

/** The program without what cannot matter to the cycle, and with one value for what nobody tells apart. */
function simplified(program: Program, isRead: IsRead): Program {
  return trimmedProgram(withAnyUnusedValue(trimmedProgram(program, isRead)), isRead);
}

/** The programs that differ in more than what their locations start with of which nobody uses what is read; of those that are
 *  alike the last. */
function unlike(programs: readonly Program[]): readonly Program[] {
  const key = (program: Program) => {
    const used = usedLocations(program);
    const initial = program.initial.filter(
      ({ target }) => used === undefined || target.kind !== 'location' || used.has(target.name),
    );
    const bodies = program.threads.map(({ body }) => body);
    return textOf([initial, bodies], (name, part) => (name === 'span' ? undefined : part));
  };
  return [...new Map(programs.map((program) => [key(program), program])).values()];
}

function cutAssumption({ at: { origin }, thread, of, onlyDecides }: Cut): Lowered['assumptions'] {
  if (origin === undefined) return [];
  const { file, span } = origin;
  const message = onlyDecides ? NO_CONTROL : NO_DEPENDENCY;
  return [{ kind: 'no-dependency', message, place: { file, span }, dependency: { thread, of } }];
}

function bitOf({ accesses }: SharedOrder, name: string): string | undefined {
  return accesses.flat().find(({ field, bit }) => bit !== undefined && fieldName(field) === name)
    ?.bit;
}

function sitesOf(cases: readonly Lowered[]): Lowered['sites'] {
  const all = cases.flatMap(({ sites }) => sites);
  return [...new Map(all.map((site) => [site.site, site])).values()];
}

function requestOf(
  { order, roots, places, alsoIn, guard }: Protocol,
  fields: readonly string[],
  texts: readonly SourceText[],
  sources: QuestionSources,
): Omit<UnstartedRequest, 'unroll'> {
  const { parse, own } = sources;
  const file = roots[0].file;
  const shared = [...fields, ...(guard === undefined ? [] : [guard.field])];
  const stored = calledByMember(texts, sources);
  const matters = mattersFor(
    shared,
    texts,
    file,
    alsoIn === undefined ? LOOKED_INTO : DEPTH,
    places,
    stored,
  );
  return {
    sources: texts,
    stubs:
      order.start === undefined ? [] : [parse('the start of a function', startStub(order.start))],
    state: parse('', ''),
    actors: roots.map((root, side) => actorOf(root, side === 1 ? order : undefined)),
    parse,
    ...(own && { own }),
    configuration: configurationWith(
      new Set([
        ...requiredBy(places, texts),
        ...shared.flatMap((field) => declaredUnder(field, texts)),
      ]),
      makefileIn(texts),
    ),
    depth: DEPTH,
    accesses: 'marked',
    open: {
      fields: new Set(shared),
      homes: homesOf(shared.flatMap(structOf), texts, outerOf(order)),
      matters: {
        ...matters,
        accesses: (name) => name === order.start?.by || matters.accesses(name),
      },
      stored,
      isBesideAtomic: strengthens(roots, sources),
    },
  };
}

/** The accesses of the texts' functions that name a bit. */
function ofBits(texts: readonly SourceText[], sources: FunctionsOf): readonly PlacedAccess[] {
  return texts.flatMap(({ file }) =>
    (sources.facts(file)?.functions ?? []).flatMap(({ accesses }) =>
      accesses.flatMap((access) => (access.bit === undefined ? [] : { ...access, file })),
    ),
  );
}

/** The functions of the texts to which calls through members lead that the texts make. */
function calledByMember(texts: readonly SourceText[], sources: FunctionsOf): OpenWorld['stored'] {
  const files = new Set(texts.map(({ file }) => file));
  const found = new Map<string, StoredFunction>();
  for (const file of files)
    for (const { calls } of sources.facts(file)?.functions ?? [])
      for (const name of calls) {
        const callee = isMemberName(name) ? calleeOf(name, { file }, sources) : undefined;
        if (callee !== undefined && files.has(callee.file) && !found.has(name))
          found.set(name, { function: callee.fact.name, file: callee.file });
      }
  return found;
}

/** A function as it is called by anybody, or once it was started. */
function actorOf({ file, function: name }: Root, order?: SharedOrder): ActorText {
  if (order?.start === undefined) return { body: `${name}();`, file, offset: 0 };
  const [{ span }] = order.accesses[1];
  const body = `if (smp_load_acquire(&${startedField(name)})) ${name}();`;
  return { body, file, offset: span.start };
}

/** The call that starts a function: it releases what the function begins with an acquire of. */
function startStub({ by, runs }: Started): string {
  const flag = startedField(runs);
  const release = `smp_store_release(&${flag}, 1);`;
  return `int ${flag};
#define ${by}(...) ({ ${START[starts.get(by)!.returns](release)} })
`;
}

const START: Readonly<Record<Returned, (release: string) => string>> = {
  truth: (release) => `${release} any(0, 1);`,
  error: (release) => `int __failed = any(0, -EBUSY); if (!__failed) ${release} __failed;`,
  task: (release) => `${release} current;`,
};

/** Whether what only strengthens an atomic operation has one beside it, in the functions that are asked about. */
function strengthens(roots: Protocol['roots'], { facts, functions }: QuestionSources): boolean {
  const all = roots.flatMap(({ file }) =>
    roots.flatMap((root) => sitesOfFunction(facts(file), root.function)),
  );
  const strengthening = all.filter(({ primitive }) => sideOfAtomic(primitive) !== undefined);
  return strengthening.every((site) => mayBeBesideAtomic(site, functions));
}

/** The structs of which the code says that what it accesses is a part of their objects. */
function outerOf({ accesses }: SharedOrder): ReadonlySet<string> {
  return new Set(accesses.flat().flatMap(({ outer }) => outer ?? []));
}

/** The struct of a field that is a member. */
function structOf(field: string): readonly string[] {
  return field.includes('.') ? [field.slice(0, field.indexOf('.'))] : [];
}

/** One configuration for the same options and Makefile: what was read in it is remembered by it. */
function configurationWith(
  options: ReadonlySet<string>,
  makefile: ConfigurationText | undefined,
): TreeConfiguration {
  const key = [...[...options].sort(), makefile?.text].join();
  const known = configurations.get(key) ?? { required: options, ...(makefile && { makefile }) };
  configurations.set(key, known);
  return known;
}

const configurations = new Map<string, TreeConfiguration>();

/** What the Makefile of the kernel says, which counts as a header of all files below it. */
function makefileIn(texts: readonly SourceText[]): ConfigurationText | undefined {
  return texts.find(({ file }) => file.endsWith('/Makefile'));
}

function programOf({ initial, threads }: Lowered): Program {
  return {
    name: 'open',
    description: '',
    initial,
    threads,
    observed: [],
    condition: { quantifier: 'exists', proposition: { kind: 'true' }, span: NOWHERE },
  };
}
