/**
 * A site as one side of a pairing: which role it can play and what it orders, field by field, with the
 * accesses of functions in other files that its paths call.
 */

import type { Access, Field, OuterCall, Site } from '../facts/file-facts.ts';
import type { AccessClass, Ordering } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import type { FunctionIndex, PlacedFunction } from './function-index.ts';
import type { PlacedAccess } from './pairing.ts';

/** Which accesses a site keeps in order: a writer's, a reader's, or both. */
export type Role = 'writer' | 'reader' | 'both';

/** What is accessed of one field before or after a site: the nearest read and the nearest write. */
export interface FieldAccesses {
  readonly field: Field;
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

/** The side that `site` of `file` is, with the accesses of outer callees that `functions` knows. */
export function sideOf(file: string, site: Site, functions: FunctionIndex): Side {
  const { before = [], after = [] } = site.outerCalls ?? {};
  const inFile = site.orders.map(({ before, after }) => ({
    before: before.map((access) => ({ ...access, file })),
    after: after.map((access) => ({ ...access, file })),
  }));
  const outer =
    before.length + after.length === 0
      ? []
      : outerOrders(
          site,
          inFile,
          accessesOf(before, file, functions),
          accessesOf(after, file, functions),
        );
  return {
    file,
    site,
    role: roleOf(site),
    orders: [...inFile, ...outer].map(({ before, after }) => ({
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

/** The orderings of the primitive over the accesses of outer callees, against those in the file. */
function outerOrders(
  site: Site,
  inFile: readonly PlacedOrder[],
  before: readonly PlacedAccess[],
  after: readonly PlacedAccess[],
): readonly PlacedOrder[] {
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
  file: string,
  functions: FunctionIndex,
): readonly PlacedAccess[] {
  return calls.flatMap((call) => {
    const callee = functions.called(call.name, file);
    if (callee === undefined) return [];
    return reached(callee, functions)
      .slice(0, MOST_ACCESSES)
      .map(({ access, via, file: home }) => ({
        ...access,
        file: home,
        via: [...call.via, ...via],
        distance: call.distance + 1,
        on: via.length > 1 ? 'some-path' : call.on,
      }));
  });
}

interface Reached {
  readonly access: Access;
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
  const table = new Map<string, { field: Field; read?: PlacedAccess; write?: PlacedAccess }[]>();
  for (const access of accesses) {
    const { field } = access;
    const list = table.get(field.name) ?? [];
    if (list.length === 0) table.set(field.name, list);
    let entry = list.find((other) => other.field.struct === field.struct);
    if (entry === undefined) {
      entry = { field };
      list.push(entry);
    }
    if (access.effect !== 'write') entry.read = nearer(entry.read, access);
    if (access.effect !== 'read') entry.write = nearer(entry.write, access);
  }
  return table;
}

function nearer(known: PlacedAccess | undefined, access: PlacedAccess): PlacedAccess {
  return known === undefined || access.distance < known.distance ? access : known;
}
