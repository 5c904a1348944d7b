/**
 * A site as one side of a pairing: which role it can play and what it orders, field by field, with the
 * accesses of functions in other files that its paths call.
 */

import { extendSite } from '../facts/extend.ts';
import type { Access, Field, Site } from '../facts/file-facts.ts';
import type { Ordering } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import { callersElsewhere, type FunctionIndex } from './function-index.ts';
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
  /** The site with what its paths access in functions of other files. */
  readonly complete: Site;
  readonly role: Role;
  readonly orders: readonly SideOrder[];
}

/** How many calls beyond its own file a side is followed. */
const CALL_DEPTH = 3;

/** The side that `site` of `file` is, with what functions of other files access that it calls, and what
 *  its callers there access before and after the call, as far as `functions` knows them. */
export function sideOf(file: string, site: Site, functions: FunctionIndex): Side {
  const complete =
    site.uncertain || !isDeliberate(site)
      ? site
      : extendSite(
          site,
          file,
          particular(functions),
          (name, home) => callersElsewhere(functions, name, home),
          CALL_DEPTH,
        );
  return {
    file,
    site,
    complete,
    role: roleOf(site),
    orders: complete.orders.map(({ before, after }) => ({
      before: byFieldName(before, file),
      after: byFieldName(after, file),
    })),
  };
}

/** Whether a reader of the code looks for the partner of such a site. Of others only what the own file
 *  shows is known, and of two of them no pair is made. */
export function isDeliberate(site: Site): boolean {
  const { explicit, category, claims } = site;
  return (
    explicit ||
    claims.length > 0 ||
    category === 'rcu-publish' ||
    isRelease(site) ||
    isAcquire(site)
  );
}

/** Whether the operation is a release, also an atomic one that is so by its name. */
export function isRelease({ category, primitive }: Site): boolean {
  return category === 'release' || /release/.test(primitive);
}

/** The same of acquires. */
export function isAcquire({ category, primitive }: Site): boolean {
  return category === 'acquire' || /acquire/.test(primitive);
}

/** What more functions than this call is of general use: what it accesses says nothing about a caller. */
export const GENERAL_USE = 16;

/** Calls as `functions` knows them, those of general use aside. */
function particular(functions: FunctionIndex): FunctionIndex['called'] {
  return (name, from) => {
    const found = functions.called(name, from);
    return functions.callerCount(name) > GENERAL_USE ? undefined : found;
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

/** The nearest read and write of each field. An access that both reads and writes counts as either. */
function byFieldName(accesses: readonly Access[], file: string): ByFieldName {
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
    const isRead = access.effect !== 'write' && isNearer(access, entry.read);
    const isWrite = access.effect !== 'read' && isNearer(access, entry.write);
    if (!isRead && !isWrite) continue;
    const placed = { ...access, file };
    if (isRead) entry.read = placed;
    if (isWrite) entry.write = placed;
  }
  return table;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function isNearer(access: Access, known: PlacedAccess | undefined): boolean {
  return known === undefined || access.distance < known.distance;
}

/** Whether the comment of a site names a field. */
export function isNamed({ comment }: Site, { name }: Field): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return last.length > 2 && new Set(comment?.text.match(/\w+/g)).has(last);
}
