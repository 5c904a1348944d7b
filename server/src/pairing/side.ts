/**
 * A site as one side of a pairing: which role it can play and what it orders, field by field, with the
 * accesses of functions in other files that its paths call.
 */

import type { Access, Field, FunctionAccess, OuterCall, Site } from '../facts/file-facts.ts';
import type { AccessClass, Ordering } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import type { FunctionIndex, PlacedFunction } from './function-index.ts';
import type { PlacedAccess } from './pairing.ts';

/** Which accesses a site keeps in order: a writer's, a reader's, or both. */
export type Role = 'writer' | 'reader' | 'both';

/** What is accessed of one field (or one bit of it) before or after a site: the nearest read and write. */
export interface FieldAccesses {
  readonly field: Field;
  readonly bit?: string;
  readonly read?: PlacedAccess;
  readonly write?: PlacedAccess;
}

/** Accesses by the name of their field; the struct is compared on top, as it can be unknown. */
export type ByFieldName = ReadonlyMap<string, readonly FieldAccesses[]>;

/** One ordering of a side. */
export interface SideOrder {
  readonly before: ByFieldName;
  readonly after: ByFieldName;
}

export interface Side {
  readonly file: string;
  readonly site: Site;
  readonly role: Role;
  readonly orders: readonly SideOrder[];
}

/** The side that `site` of `file` is, with what functions of other files access that it calls, and what
 *  its callers access before and after the call, as far as `functions` knows them. */
export function sideOf(file: string, site: Site, functions: FunctionIndex): Side {
  const inFile = site.orders.map(({ before, after }) => ({
    before: before.map((access) => ({ ...access, file })),
    after: after.map((access) => ({ ...access, file })),
  }));
  return {
    file,
    site,
    role: roleOf(site),
    orders: [...inFile, ...beyond(file, site, inFile, functions)].map(({ before, after }) => ({
      before: byFieldName(before),
      after: byFieldName(after),
    })),
  };
}

/** The role of a site, from what its primitive orders (`kernel/primitives.ts`); of an access that orders
 *  nothing, from its own effect. */
export function roleOf(site: Site): Role {
  const orders = primitive(site.primitive)?.orders ?? [];
  const roles = new Set(orders.map(roleOfOrdering));
  if (roles.size === 0) return roleOfAccess(site.own);
  if (roles.size > 1 || roles.has('both')) return 'both';
  return roles.has('reader') ? 'reader' : 'writer';
}

/** Whether two roles can be the two sides of one pair: never two writers or two readers. */
export function isOpposite(a: Role, b: Role): boolean {
  return a === 'both' || b === 'both' || a !== b;
}

function roleOfOrdering({ before, after }: Ordering): Role {
  if (after === 'dependent') return 'reader';
  if (before === 'writes' && after === 'writes') return 'writer';
  if (before === 'reads' && after === 'reads') return 'reader';
  if (before === 'all' && (after === 'own-write' || after === 'own')) return 'writer';
  if (before === 'own-read') return 'reader';
  return 'both';
}

function roleOfAccess(own: Access | undefined): Role {
  if (own === undefined || own.effect === 'read-write') return 'both';
  return own.effect === 'read' ? 'reader' : 'writer';
}

interface PlacedOrder {
  readonly before: readonly PlacedAccess[];
  readonly after: readonly PlacedAccess[];
}

/** The orderings of the primitive over the accesses beyond the function's file, against all there are. */
function beyond(
  file: string,
  site: Site,
  inFile: readonly PlacedOrder[],
  functions: FunctionIndex,
): readonly PlacedOrder[] {
  if (site.uncertain || inFile.length === 0) return [];
  const calls = site.outerCalls ?? { before: [], after: [] };
  const callers = callerAccesses(file, site, functions);
  const before = [...accessesOf(calls.before, 'before', file, functions), ...callers.before];
  const after = [...accessesOf(calls.after, 'after', file, functions), ...callers.after];
  if (before.length + after.length === 0) return [];
  return (primitive(site.primitive)?.orders ?? []).map((ordering) => ({
    before: ofClass(ordering.before, [...inFile.flatMap((order) => order.before), ...before]),
    after: ofClass(ordering.after, [...inFile.flatMap((order) => order.after), ...after]),
  }));
}

function ofClass(kind: AccessClass, accesses: readonly PlacedAccess[]): readonly PlacedAccess[] {
  switch (kind) {
    case 'reads':
      return accesses.filter(({ effect }) => effect !== 'write');
    case 'writes':
      return accesses.filter(({ effect }) => effect !== 'read');
    case 'all':
      return accesses;
    case 'own':
    case 'own-read':
    case 'own-write':
      return accesses.filter(({ distance }) => distance === 0);
    case 'dependent':
      return [];
  }
}

/** How far calls are followed, and how much one call may contribute. */
const CALL_DEPTH = 3;
const MOST_ACCESSES = 120;

/** What the outer callees access, as accesses at the call. */
function accessesOf(
  calls: readonly OuterCall[],
  where: 'before' | 'after',
  file: string,
  functions: FunctionIndex,
): readonly PlacedAccess[] {
  return calls.flatMap((call) => {
    const callee = functions.called(call.name, file);
    if (callee === undefined) return [];
    return reached(callee, functions)
      .slice(0, MOST_ACCESSES)
      .map(({ access, via, file: home }) => ({
        ...accessOf(access),
        file,
        span: call.span,
        line: call.line,
        inner: access.inner ?? access.span,
        innerFile: home,
        via: [...call.via, ...via],
        distance: call.distance + (where === 'before' ? access.toExit : access.distance),
        on: via.length > 1 ? 'some-path' : call.on,
      }));
  });
}

function accessOf({
  field,
  bit,
  effect,
  marking,
}: Access): Pick<Access, 'field' | 'bit' | 'effect' | 'marking'> {
  return { field, effect, marking, ...(bit === undefined ? {} : { bit }) };
}

/** A helper that more functions call has no callers in particular. */
const MOST_CALLERS = 4;
/** Steps beyond which what a caller does is another matter. */
const CALLER_REACH = 40;

/** What the callers of the site's function access before and after they call it. */
function callerAccesses(file: string, site: Site, functions: FunctionIndex): PlacedOrder {
  const { fromEntry, toExit } = site;
  const nothing = { before: [], after: [] };
  if (fromEntry === undefined || toExit === undefined) return nothing;
  if (Math.min(fromEntry, toExit) > CALLER_REACH) return nothing;
  const callers = functions.callers(site.function, file);
  if (callers.length > MOST_CALLERS) return nothing;
  const found = callers.flatMap(({ file: home, fact, call }) =>
    fact.accesses.map((access) => {
      const steps = access.distance - call.distance;
      const placed: PlacedAccess = {
        ...accessOf(access),
        file,
        span: site.span,
        line: site.line,
        inner: access.inner ?? access.span,
        innerFile: home,
        caller: fact.name,
        via: [],
        distance: steps < 0 ? fromEntry - steps : toExit + steps,
        on: 'some-path',
      };
      return { steps, placed };
    }),
  );
  const reachable = found.filter(
    ({ steps, placed }) => steps !== 0 && placed.distance <= CALLER_REACH,
  );
  return {
    before: reachable.filter(({ steps }) => steps < 0).map(({ placed }) => placed),
    after: reachable.filter(({ steps }) => steps > 0).map(({ placed }) => placed),
  };
}

interface Reached {
  readonly access: FunctionAccess;
  readonly via: readonly string[];
  readonly file: string;
}

/** The accesses of a function and of those it calls, nearer ones first. */
function reached(start: PlacedFunction, functions: FunctionIndex): readonly Reached[] {
  const seen = new Set<string>();
  const found: Reached[] = [];
  let level: readonly { readonly placed: PlacedFunction; readonly via: readonly string[] }[] = [
    { placed: start, via: [start.fact.name] },
  ];
  for (let depth = 0; depth < CALL_DEPTH && found.length < MOST_ACCESSES; depth++) {
    const fresh = level.filter(({ placed }) => {
      const key = `${placed.file}\n${placed.fact.name}`;
      return !seen.has(key) && seen.add(key);
    });
    for (const { placed, via } of fresh)
      for (const access of placed.fact.accesses) found.push({ access, via, file: placed.file });
    level = fresh.flatMap(({ placed, via }) =>
      placed.fact.calls.flatMap((name) => {
        const callee = functions.called(name, placed.file);
        return callee === undefined ? [] : [{ placed: callee, via: [...via, name] }];
      }),
    );
  }
  return found;
}

/** The nearest read and write of each field. An access that both reads and writes counts as either. */
function byFieldName(accesses: readonly PlacedAccess[]): ByFieldName {
  const table = new Map<string, Mutable<FieldAccesses>[]>();
  for (const access of accesses) {
    const { field, bit } = access;
    const list = table.get(field.name) ?? [];
    if (list.length === 0) table.set(field.name, list);
    let entry = list.find((other) => other.field.struct === field.struct && other.bit === bit);
    if (entry === undefined) {
      entry = bit === undefined ? { field } : { field, bit };
      list.push(entry);
    }
    if (access.effect !== 'write') entry.read = nearer(entry.read, access);
    if (access.effect !== 'read') entry.write = nearer(entry.write, access);
  }
  return table;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function nearer(known: PlacedAccess | undefined, access: PlacedAccess): PlacedAccess {
  return known === undefined || access.distance < known.distance ? access : known;
}
