/**
 * One side of a pairing as the steps of a litmus thread: the access that comes first, what orders, the
 * access that comes second; with the devices that could be taken away.
 */

import { type Access, type FileFacts, fieldName, type Site } from '../facts/file-facts.ts';
import type { AccessOrder, FenceTag, Operation, RmwOrder } from '../kernel/operation.ts';
import type { Primitive } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import type { AccessKind, Partnership, PlacedAccess, PlacedSite } from '../pairing/pairing.ts';
import type { Place } from '../text/span.ts';

/** Something that orders: a site, by the place it has in every copy. */
export interface Device {
  readonly key: string;
  readonly site: PlacedSite;
  /** Whether it lies between the two accesses on every path. */
  readonly isCertain: boolean;
}

/** What a step does; its order is the device's and goes with it. */
export type StepOperation =
  | { readonly kind: 'load'; readonly order: AccessOrder }
  | { readonly kind: 'store'; readonly order: AccessOrder; readonly followedBy?: FenceTag }
  | { readonly kind: 'rmw'; readonly order: RmwOrder };

export interface AccessStep {
  readonly kind: 'access';
  /** `other` is an operation on a third location, there for the order it gives. */
  readonly part: 'first' | 'second' | 'other';
  readonly location: string;
  readonly as: AccessKind;
  readonly operation: StepOperation;
  readonly device?: string;
  readonly place: Place;
  readonly function: string;
}

export interface FenceStep {
  readonly kind: 'fence';
  readonly tag: FenceTag;
  readonly device: string;
  readonly place: Place;
  readonly function: string;
}

export type Step = AccessStep | FenceStep;

/** A side with all that is known to order its two accesses. */
export interface SideThread {
  readonly site: PlacedSite;
  readonly steps: readonly Step[];
  readonly devices: readonly Device[];
  /** The device by which the address of the second access depends on the value of the first. */
  readonly dependency?: string;
  readonly assumptions: readonly string[];
}

/** What cannot be put into a litmus thread. */
export interface NotModelled {
  readonly reason: string;
  readonly place: Place;
}

/** The files a side is read from. */
export interface SideSources {
  readonly facts: (file: string) => FileFacts | undefined;
  readonly text: (file: string) => string | undefined;
  /** The pairings of a site: whoever else meets it can stand between the same accesses. */
  readonly partnerships: (site: PlacedSite) => readonly Partnership[];
}

/** The thread of the side `placed`, whose accesses are `pair` in program order, taken as `kinds`; it meets
 *  `other`. Where its site does not stand between them, `stands` is false and the site orders nothing there. */
export function sideThread(
  placed: PlacedSite,
  other: PlacedSite,
  stands: boolean,
  pair: readonly [PlacedAccess, PlacedAccess],
  kinds: readonly [AccessKind, AccessKind],
  sources: SideSources,
): SideThread | NotModelled {
  const elsewhere = devicesElsewhere(placed, other, pair, sources);
  const devices = [...devicesBetween(placed, pair, sources), ...elsewhere].filter(
    ({ site }) => stands || site.site !== placed.site,
  );
  const assumptions = elsewhere.map(
    ({ site: { site } }) =>
      `${site.primitive}() in ${site.function}() is taken to lie on every way between the two accesses`,
  );
  const accesses = pair.map((access, index) =>
    accessStep(
      access,
      index === 0 ? 'first' : 'second',
      kinds[index]!,
      devices,
      sources,
      placed,
      assumptions,
    ),
  );
  const [first, second] = accesses;
  if (first === undefined || second === undefined) return nothingKnown(placed);
  if (!('kind' in first)) return first;
  if (!('kind' in second)) return second;
  const between: Step[] = [];
  let dependency: string | undefined;
  for (const device of devices) {
    if (isOwn(device, first) || isOwn(device, second)) {
      if (isOwn(device, first) && isDependency(device, pair[1])) dependency = device.key;
      continue;
    }
    const steps = stepsOf(device, first, second, assumptions);
    if ('reason' in steps) {
      if (device.site.site === placed.site) return steps;
      continue;
    }
    between.push(...steps);
  }
  return {
    site: placed,
    steps: [first, ...between, second],
    devices,
    ...(dependency === undefined ? {} : { dependency }),
    assumptions,
  };
}

function nothingKnown({ file, site }: PlacedSite): NotModelled {
  return { reason: 'the accesses around it are not known', place: { file, span: site.span } };
}

/** The site itself, and every other of its function that orders the same two accesses. */
function devicesBetween(
  placed: PlacedSite,
  [first, second]: readonly [PlacedAccess, PlacedAccess],
  { facts }: SideSources,
): readonly Device[] {
  const here = facts(placed.file)?.sites ?? [];
  const others = here.filter(
    (site) => site.function === placed.site.function && site.id !== placed.site.id,
  );
  return [placed.site, ...others]
    .flatMap((site) => deviceOf(site, placed, first, second) ?? [])
    .sort((a, b) => a.site.site.span.start - b.site.site.span.start);
}

/** Sites of other functions that order the same two accesses on the way of this side: in a function
 *  through which it reaches one of them. They are known by meeting the same `other` side. */
function devicesElsewhere(
  placed: PlacedSite,
  other: PlacedSite,
  pair: readonly [PlacedAccess, PlacedAccess],
  { partnerships }: SideSources,
): readonly Device[] {
  const way = new Set(pair.flatMap(({ via, caller }) => [...via, ...(caller ? [caller] : [])]));
  return partnerships(other).flatMap(({ pairing, side, partner: { file, site } }) => {
    if (site.function === placed.site.function || !way.has(site.function)) return [];
    const orders = pairing.orders.some(({ accesses }) =>
      accesses[side === 0 ? 1 : 0].every((access, index) => isSamePlace(access, pair[index]!)),
    );
    return orders ? [{ key: `${file}:${site.id}`, site: { file, site }, isCertain: true }] : [];
  });
}

function isSamePlace(a: PlacedAccess, b: PlacedAccess): boolean {
  const [left, right] = [placeOf(a), placeOf(b)];
  return (
    left.file === right.file &&
    left.span.start === right.span.start &&
    locationOf(a) === locationOf(b)
  );
}

function deviceOf(
  site: Site,
  placed: PlacedSite,
  first: PlacedAccess,
  second: PlacedAccess,
): Device | undefined {
  const device = { key: `${placed.file}:${site.id}`, site: { file: placed.file, site } };
  if (site.id === placed.site.id) return { ...device, isCertain: true };
  for (const order of site.orders) {
    const before = order.before.find((access) => isSame(access, first));
    const after = order.after.find((access) => isSame(access, second));
    if (before === undefined || after === undefined) continue;
    const isInherent = before.distance === 0 || after.distance === 0;
    return {
      ...device,
      isCertain:
        isInherent ||
        placed.site.meets?.includes(site.span.start) === true ||
        site.guards?.includes(after.span.start) === true,
    };
  }
  return undefined;
}

/** The same access, as two sites of one file see it. */
function isSame(a: Access, b: Access): boolean {
  const [left, right] = [a.inner ?? a.span, b.inner ?? b.span];
  return (
    left.start === right.start &&
    left.end === right.end &&
    a.innerFile === b.innerFile &&
    fieldName(a.field) === fieldName(b.field)
  );
}

/** Where an access really stands. */
export function placeOf(access: PlacedAccess): Place {
  return { file: access.innerFile ?? access.file, span: access.inner ?? access.span };
}

function accessStep(
  access: PlacedAccess,
  part: 'first' | 'second',
  as: AccessKind,
  devices: readonly Device[],
  sources: SideSources,
  { site }: PlacedSite,
  assumptions: string[],
): AccessStep | NotModelled {
  const place = placeOf(access);
  const own = ownSite(place, sources);
  const row = own === undefined ? primitiveAt(place, sources) : primitive(own.site.primitive);
  const operation = operationOf(access, as, row);
  if ('reason' in operation) return { ...operation, place };
  const location = locationOf(access);
  const name = access.via.at(-1) ?? access.caller ?? site.function;
  if (access.marking === 'plain')
    assumptions.push(`the plain ${as} of ${location} in ${name}() is taken as marked`);
  if (row?.when === 'on-success')
    assumptions.push(`${row.name}() in ${name}() is taken to succeed`);
  if (as === 'read' && operation.order === 'noreturn')
    assumptions.push(
      `no caller of ${name}() has read ${location} before ${row?.name ?? 'it'}(), which gives no value that a barrier could order`,
    );
  const device = devices.find(
    ({ site: { file, site: other } }) =>
      own !== undefined && file === own.file && other.id === own.site.id,
  );
  const ordering =
    own !== undefined && hasOrder(operation)
      ? (device?.key ?? `${own.file}:${own.site.id}`)
      : device?.key;
  return {
    kind: 'access',
    part,
    location,
    as,
    operation,
    ...(ordering === undefined ? {} : { device: ordering }),
    place,
    function: name,
  };
}

/** The location of the litmus test that stands for the field; bits of one word are locations of their own. */
export function locationOf({ field, bit }: Pick<Access, 'field' | 'bit'>): string {
  const name = fieldName(field).replace(/^\?\./, '');
  return bit === undefined ? name : `${name}.${bit}`;
}

function ownSite({ file, span }: Place, { facts }: SideSources): PlacedSite | undefined {
  const site = facts(file)?.sites.find(
    ({ own }) => own !== undefined && own.span.start === span.start && own.span.end === span.end,
  );
  return site === undefined ? undefined : { file, site };
}

/** The primitive that is called at a place, where it is one that is no site (a void atomic). */
function primitiveAt({ file, span }: Place, { text }: SideSources): Primitive | undefined {
  const name = /^\w+(?=\s*\()/.exec(text(file)?.slice(span.start, span.end) ?? '');
  return name === null ? undefined : primitive(name[0]);
}

/** What the access is in LKMM's terms; plain ones are taken as marked. */
function operationOf(
  { marking, effect }: Access,
  as: AccessKind,
  row: Primitive | undefined,
): StepOperation | Omit<NotModelled, 'place'> {
  const operation = row?.operation;
  switch (operation?.kind) {
    case 'load':
      return { kind: 'load', order: markedOrder(operation.order) };
    case 'store':
      return storeOf(operation);
    case 'rmw':
    case 'cmpxchg':
    case 'add-unless':
      return { kind: 'rmw', order: operation.order };
    case 'fence':
    case 'lock':
    case 'rcu':
    case 'srcu':
      return { reason: `${row!.name}() as an access is not modelled` };
    case undefined:
      return byMarking(marking, effect, as, row);
  }
}

function markedOrder(order: AccessOrder): AccessOrder {
  return order === 'plain' ? 'once' : order;
}

function storeOf(operation: Extract<Operation, { kind: 'store' }>): StepOperation {
  const followedBy = operation.then;
  const order = markedOrder(operation.order);
  return { kind: 'store', order, ...(followedBy === undefined ? {} : { followedBy }) };
}

function byMarking(
  marking: Access['marking'],
  effect: Access['effect'],
  as: AccessKind,
  row: Primitive | undefined,
): StepOperation | Omit<NotModelled, 'place'> {
  switch (marking) {
    case 'release':
      return { kind: 'store', order: 'release' };
    case 'acquire':
      return { kind: 'load', order: 'acquire' };
    case 'atomic':
      if (effect === 'read-write')
        return {
          reason: `${row === undefined ? 'the atomic operation' : `${row.name}()`} is not modelled`,
        };
      return { kind: as === 'read' ? 'load' : 'store', order: 'once' };
    case 'plain':
    case 'marked':
      return { kind: as === 'read' ? 'load' : 'store', order: 'once' };
  }
}

function hasOrder(operation: StepOperation): boolean {
  return (
    operation.order !== 'once' && operation.order !== 'noreturn' && operation.order !== 'plain'
  );
}

function isOwn({ key }: Device, step: AccessStep): boolean {
  return step.device === key;
}

/** Whether the address of `second` comes from what the site reads. */
function isDependency({ site: { site } }: Device, second: PlacedAccess): boolean {
  const orders = primitive(site.primitive)?.orders ?? [];
  return (
    orders.some(({ after }) => after === 'dependent') &&
    site.orders.some(({ after }) => after.some((access) => isSame(access, second)))
  );
}

/** A device between the accesses: a fence, or an operation on a third location that orders. */
function stepsOf(
  { key, site: { file, site } }: Device,
  first: AccessStep,
  second: AccessStep,
  assumptions: string[],
): readonly Step[] | NotModelled {
  const place = { file, span: site.span };
  const fence = (tag: FenceTag): FenceStep => ({
    kind: 'fence',
    tag,
    device: key,
    place,
    function: site.function,
  });
  const operation = primitive(site.primitive)?.operation;
  switch (operation?.kind) {
    case 'fence':
      return besideRmw(fence(operation.tag), file, site, first, second);
    case 'rmw':
    case 'cmpxchg':
    case 'add-unless':
      return [
        { ...third(site, place), device: key, operation: { kind: 'rmw', order: operation.order } },
      ];
    case 'store':
      return [{ ...third(site, place), device: key, operation: storeOf(operation) }];
    case 'load': {
      const load = { kind: 'load', order: markedOrder(operation.order) } as const;
      return [{ ...third(site, place), as: 'read', device: key, operation: load }];
    }
    case 'lock':
    case 'rcu':
    case 'srcu':
    case undefined: {
      const tag = tagOf(site);
      if (tag === undefined) return { reason: `${site.primitive}() is not modelled here`, place };
      assumptions.push(`${site.primitive}() is taken as ${SMP_NAMES[tag]}()`);
      return [fence(tag)];
    }
  }
}

/** Mandatory and device barriers order between CPUs at least what their SMP forms do
 *  (memory-barriers.txt, CPU MEMORY BARRIERS). */
function tagOf({ category }: Site): 'mb' | 'rmb' | 'wmb' | undefined {
  switch (category) {
    case 'full-barrier':
      return 'mb';
    case 'read-barrier':
      return 'rmb';
    case 'write-barrier':
      return 'wmb';
    default:
      return undefined;
  }
}

const SMP_NAMES = { mb: 'smp_mb', rmb: 'smp_rmb', wmb: 'smp_wmb' } as const;

function third(site: Site, place: Place): AccessStep {
  const location = site.own === undefined ? `other_${site.ordinal}` : locationOf(site.own);
  return {
    kind: 'access',
    part: 'other',
    location,
    as: 'write',
    operation: { kind: 'rmw', order: 'once' },
    place,
    function: site.function,
  };
}

/** `smp_mb__before_atomic()` and its kin need the atomic operation beside them: one of the two accesses,
 *  or else the nearest on its side. */
function besideRmw(
  fence: FenceStep,
  file: string,
  site: Site,
  first: AccessStep,
  second: AccessStep,
): readonly Step[] | NotModelled {
  switch (fence.tag) {
    case 'before-atomic':
      return second.operation.kind === 'rmw' ? [fence] : [fence, ...neighbour(file, site, 'after')];
    case 'after-atomic':
      return first.operation.kind === 'rmw' ? [fence] : [...neighbour(file, site, 'before'), fence];
    case 'after-spinlock':
    case 'after-unlock-lock':
    case 'after-srcu-read-unlock':
      return {
        reason: `the lock operation beside ${site.primitive}() is not modelled here`,
        place: fence.place,
      };
    case 'mb':
    case 'rmb':
    case 'wmb':
    case 'barrier':
      return [fence];
  }
}

function neighbour(file: string, site: Site, where: 'before' | 'after'): readonly AccessStep[] {
  const atomic = site.orders
    .flatMap((order) => order[where])
    .filter(({ marking, effect }) => marking === 'atomic' && effect === 'read-write')
    .sort((a, b) => a.distance - b.distance)[0];
  if (atomic === undefined) return [];
  const place = placeOf({ ...atomic, file });
  return [
    {
      ...third(site, place),
      location: locationOf(atomic),
      operation: { kind: 'rmw', order: 'noreturn' },
    },
  ];
}
