/**
 * Functions that meet as in store buffering: each stores to what the other one looks at afterwards, without a lock
 * around that look. Unless both have a full barrier in between, both can miss what the other one stored
 * (memory-barriers.txt, "SLEEP AND WAKE-UP FUNCTIONS"; litmus test SB+poonceonces).
 */

import {
  type Access,
  type FunctionAccess,
  type FunctionCall,
  type FunctionFact,
  fieldName,
} from '../facts/file-facts.ts';
import { grouped } from '../facts/grouped.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { primitive } from '../kernel/primitives.ts';
import { remembering } from '../memo/once.ts';
import { isSmall, siteAt } from './as-made.ts';
import type { PlacedFunction } from './function-index.ts';
import type { FunctionsOfTree } from './functions-of-tree.ts';
import { calleeOf, type FunctionsOf, within } from './met-orders.ts';
import type { PlacedAccess, SharedOrder } from './pairing.ts';

/** Two functions, and what they may both miss. */
export interface Meeting {
  readonly functions: readonly [PlacedFunction, PlacedFunction];
  readonly order: SharedOrder;
}

/** A store and what is looked at after it. */
interface Half {
  readonly function: PlacedFunction;
  readonly accesses: readonly [PlacedAccess, PlacedAccess];
  /** Whether the function stores to the field again behind the look: it backs off where it sees the other one. */
  readonly backsOff: boolean;
  readonly isOfSleep: OfSleep;
}

/** Whether a function sleeps, or wakes somebody, itself or in what it calls. */
interface OfSleep {
  readonly sleeps: boolean;
  readonly wakes: boolean;
}

/** Fields that more functions store and look at are common knowledge of their subsystem, not a protocol of two. */
const MOST_HALVES = 12;

/** Looks for functions that meet: all of a tree, or all with a side in a file and maybe others. */
export type FindMeetings = (file?: string) => readonly Meeting[];

/** All functions that meet so, each two of them over each two fields once. */
export function storeBufferings(sources: FunctionsOfTree): FindMeetings {
  const bits = remembering((field: string) => storedBits(field, sources));
  const looked = remembering((field: string) => lookedAt(field, bits, sources));
  const halvesOver = (functions: readonly PlacedFunction[]) =>
    grouped(
      functions.flatMap((each) => halvesOf(each, { looked, bits }, sources)),
      ({ accesses: [first, last] }) => [keyOf(first, last)],
    );
  /** The halves of the functions, and those that others have over the same two fields. */
  const withOthers = (functions: readonly PlacedFunction[]) => {
    const storing = (halves: readonly Access[]) =>
      [...new Map(halves.map((each) => [locationOf(each), each])).values()].flatMap((store) =>
        storersOf(store, sources),
      );
    const own = [...halvesOver(functions).values()].map(([half]) => half!.accesses);
    const looking = halvesOver(storing(own.map(([, look]) => look)));
    const answered = own.filter(([store, look]) => looking.has(keyOf(look, store)));
    return halvesOver(sources.inOrder([...functions, ...storing(answered.flat())]));
  };
  return (file) => {
    const halves =
      file === undefined ? halvesOver(sources.all()) : withOthers(sources.ofFile(file));
    return [...halves.values()].flatMap((list) => {
      const [first, last] = list[0]!.accesses;
      if (locationOf(first) > locationOf(last)) return [];
      const others = halves.get(keyOf(last, first)) ?? [];
      if (list.length > MOST_HALVES || others.length > MOST_HALVES) return [];
      return list.flatMap((one) => others.flatMap((other) => meeting(one, other) ?? []));
    });
  };
}

function keyOf(store: Access, look: Access): string {
  return `${locationOf(store)} ${locationOf(look)}`;
}

/** The functions that may store to a location, themselves or in the small ones that they call. */
function storersOf(location: Access, sources: FunctionsOfTree): readonly PlacedFunction[] {
  const is = (store: Access) => locationOf(store) === locationOf(location);
  return sources
    .accessing(fieldName(location.field))
    .filter((each) => ownOf(each, sources).stores.some(is))
    .flatMap((each) => (isSmall(each.fact) ? [each, ...sources.calling(each.fact.name)] : [each]));
}

function meeting(one: Half, other: Half): Meeting | undefined {
  if (one.function.fact === other.function.fact) return undefined;
  if (![one, other].some(isAtomic) && ![one, other].every(isDekkers)) return undefined;
  const [first, second] = one.accesses;
  if (first.field.struct !== second.field.struct && !areOfSleep(one, other)) return undefined;
  return {
    functions: [one.function, other.function],
    order: {
      shape: 'SB',
      first: first.field,
      second: second.field,
      accesses: [one.accesses, other.accesses],
      kinds: [
        ['write', 'read'],
        ['write', 'read'],
      ],
    },
  };
}

function isAtomic({ accesses: [{ marking }] }: Half): boolean {
  return marking === 'atomic';
}

/** As in Dekker's algorithm: stores so that others see it, and backs off. */
function isDekkers({ accesses: [{ marking }], backsOff }: Half): boolean {
  return backsOff && marking !== 'plain';
}

/** What a function itself stores and looks at. */
interface Own {
  readonly stores: readonly PlacedAccess[];
  readonly looks: readonly PlacedAccess[];
}

const known = new WeakMap<FunctionFact, Own>();

function ownOf({ file, fact }: PlacedFunction, sources: FunctionsOf): Own {
  const before = known.get(fact);
  if (before !== undefined) return before;
  const placed = fact.accesses.map((access) => ({ ...access, file }));
  const looks = placed.filter((access) => isLook(access) || isTaking(access, sources));
  const own = { stores: placed.filter(isStore), looks };
  known.set(fact, own);
  return own;
}

/** The bits of a field that are stored to by their names. */
type BitsOf = (field: string) => ReadonlySet<string>;

/** So many bits of a field are told apart where a look is at all of them. */
const MOST_BITS = 4;

function storedBits(name: string, sources: FunctionsOfTree): ReadonlySet<string> {
  const stores = sources.accessing(name).flatMap((each) => ownOf(each, sources).stores);
  return new Set(
    stores.flatMap(({ field, bit }) =>
      bit !== undefined && fieldName(field) === name ? [bit] : [],
    ),
  );
}

/** The look, and where it reads a whole word of which others store bits, as one at each of these. */
function atBits<Look extends Access>(look: Look, bits: BitsOf): readonly Look[] {
  const stored = look.bit === undefined ? bits(fieldName(look.field)) : undefined;
  if (stored === undefined || stored.size > MOST_BITS) return [look];
  return [look, ...[...stored].map((bit) => ({ ...look, bit }))];
}

/** What is asked of each function of a tree. */
interface Around {
  readonly looked: (field: string) => ReadonlySet<string>;
  readonly bits: BitsOf;
}

/** Where somebody looks at a field: at the whole, or at bits. */
function lookedAt(name: string, bits: BitsOf, sources: FunctionsOfTree): ReadonlySet<string> {
  const looks = sources.accessing(name).flatMap((each) => ownOf(each, sources).looks);
  const own = looks.filter(({ field }) => fieldName(field) === name);
  return new Set(own.flatMap((one) => atBits(one, bits)).map(locationOf));
}

/** Each store of a function with each look behind it at the same object, once for each two fields. */
function halvesOf(
  of: PlacedFunction,
  { looked, bits }: Around,
  sources: FunctionsOf,
): readonly Half[] {
  const all = storesOf(of, sources);
  const stores = all.filter((store) => looked(fieldName(store.field)).has(locationOf(store)));
  if (stores.length === 0) return [];
  const isOfSleep = sleepsOrWakes(of, sources);
  const found = new Map<string, Half>();
  for (const { look: whole, start } of looksOf(of, sources))
    for (const look of atBits(whole, bits))
      for (const store of stores) {
        if (store.span.start >= start || !isOfOne(store, look, isOfSleep)) continue;
        const key = keyOf(store, look);
        const backsOff = all.some(
          (again) => locationOf(again) === locationOf(store) && again.span.start > start,
        );
        found.set(key, { function: of, accesses: [store, look], backsOff, isOfSleep });
      }
  return [...found.values()];
}

/** The stores of a function, and of the small ones that it calls. */
function storesOf(of: PlacedFunction, sources: FunctionsOf): readonly PlacedAccess[] {
  const called = of.fact.callSites.flatMap((call) => {
    const callee = calleeOf(call.name, of, sources);
    if (callee === undefined || !isSmall(callee.fact)) return [];
    return ownOf(callee, sources).stores.map((store) =>
      within(of, call, store, callee.file, [call.name]),
    );
  });
  return [...ownOf(of, sources).stores, ...called];
}

/** A look, and where it is made or leads to in the function. */
interface PlacedLook {
  readonly look: PlacedAccess;
  readonly start: number;
}

/** How many calls lead to a look. */
const DEPTH = 2;

/** The looks of a function and of what it calls. */
function looksOf(of: PlacedFunction, sources: FunctionsOf): readonly PlacedLook[] {
  const own = ownOf(of, sources).looks.map((look) => ({ look, start: look.span.start }));
  return [...own, ...of.fact.callSites.flatMap((call) => looksBehind(of, call, sources))];
}

/** The looks that a call of `of` leads to. */
function looksBehind(
  of: PlacedFunction,
  call: FunctionCall,
  sources: FunctionsOf,
): readonly PlacedLook[] {
  const found: PlacedLook[] = [];
  const follow = (name: string, from: PlacedFunction, via: readonly string[]): void => {
    const callee = calleeOf(name, from, sources);
    if (callee === undefined || via.includes(name)) return;
    const names = [...via, name];
    for (const look of ownOf(callee, sources).looks)
      found.push({ look: within(of, call, look, callee.file, names), start: call.span.start });
    if (names.length < DEPTH)
      for (const inner of callee.fact.callSites) follow(inner.name, callee, names);
  };
  follow(call.name, of, []);
  return found;
}

function isStore({ effect, marking, field }: Access): boolean {
  return effect !== 'read' && marking !== 'acquire' && field.struct !== '?';
}

/** Marked, and tested: whoever looks so looks without the lock. */
function isLook({ effect, marking, field, isTested }: FunctionAccess): boolean {
  return effect === 'read' && marking !== 'plain' && isTested === true && field.struct !== '?';
}

/** An atomic operation that takes what it finds free, a bit or a state, and goes on without where it does not. One that then does
 *  nothing orders nothing, either (atomic_t.txt, ORDERING: "unordered on FAILURE"). Counts are no such thing. */
function isTaking(access: PlacedAccess & FunctionAccess, sources: FunctionsOf): boolean {
  const { effect, isTested, field } = access;
  if (effect !== 'read-write' || isTested !== true || field.struct === '?') return false;
  return takes(siteAt(access, sources)?.primitive);
}

/** Whether an operation takes what it finds, or sets it: it neither counts nor stores alone. */
export function takes(name: string | undefined): boolean {
  const operation = primitive(name ?? '')?.operation;
  if (operation?.kind === 'rmw') return operation.apply !== 'add' && operation.apply !== 'sub';
  return operation?.kind === 'cmpxchg' || operation?.kind === 'add-unless';
}

/** Fields, or bits, of one object; of two objects where somebody sleeps or wakes: what is to be done and who is idle. */
function isOfOne(store: Access, look: PlacedAccess, { sleeps, wakes }: OfSleep): boolean {
  const isOne = store.field.struct === look.field.struct;
  return (isOne || sleeps || wakes) && locationOf(store) !== locationOf(look);
}

/** Whether one of the two sleeps and the other one wakes. */
function areOfSleep({ isOfSleep: one }: Half, { isOfSleep: other }: Half): boolean {
  return (one.sleeps && other.wakes) || (one.wakes && other.sleeps);
}

/** A function that only hands on to others sleeps or wakes where these do. */
function sleepsOrWakes(of: PlacedFunction, sources: FunctionsOf): OfSleep {
  const called = of.fact.calls.flatMap((name) => calleeOf(name, of, sources) ?? []);
  const categories = new Set(
    [of, ...called].flatMap(({ file, fact }) =>
      sitesOfFunction(sources.facts(file), fact.name).map(({ category }) => category),
    ),
  );
  return { sleeps: categories.has('sleep'), wakes: categories.has('wake') };
}

function locationOf({ field, bit = '' }: Access): string {
  return `${fieldName(field)}:${bit}`;
}
